#include "app/command.h"
#include <string.h>

#define DATA (OPTIONS_RULES | OPTIONS_MATRICES | OPTIONS_BANK)
#define ANALYSIS (OPTIONS_REPORT | DATA)

/* What --bank and --rule take, for the help of every command that has them. */
#define BANKS                                                                                                          \
    "BANK is a bank's name, or part of one: NAME:size=N,seed=S for a random subset, NAME:adversarial=N for the\n"       \
    "bank queries of the items that the bank retrieves most.  --rule qbnorm:beta=20@NAME fits one rule on it;\n"        \
    "--bank-size, --bank-seed and --bank-adversarial choose so of every bank that says no more than its name.\n"

#define INTERVALS                                                                                                      \
    "Intervals are those of a paired bootstrap over queries: of N samples with replacement the middle 95 %; p is\n"     \
    "twice the share of samples on the side of 0 that has fewer, (count + 1) / (N + 1).\n"

#define MATRIX_FILES                                                                                                   \
    "Matrix files are .npy, .npz, .safetensors, HDF5 or a pickled numpy array, whatever they are called; FILE:NAME\n"   \
    "takes one array of several, as q.npz:text or v.h5:/feats.  Nothing in a pickle is run.\n"

#define ENCODER                                                                                                        \
    "An encoder command is run by /bin/sh and kept running: for each line of UTF-8 text on its standard input it\n"     \
    "prints one vector.  HUBSCOPE_ENCODER_COMMAND names one for every start; a collection never does.\n"

const struct command commands[] = {
    {
        .name = "explore",
        .usage = "[COLLECTION] [options]",
        .help = "open the explorer (the command when none is named)",
        .details = "COLLECTION is a directory made by import, or `sample` (the default).\n" ENCODER,
        .options = OPTIONS_EXPLORE | OPTIONS_ENCODER,
        .operands = 1,
        .run = cmd_explore,
    },
    {
        .name = "info",
        .usage = "COLLECTION [--format NAME]",
        .help = "what a collection holds",
        .details = "",
        .options = OPTIONS_FORMAT,
        .contents = FORMAT_REPORT,
        .operands = 1,
        .run = cmd_info,
    },
    {
        .name = "check",
        .usage = "COLLECTION [--format NAME]",
        .help = "verify a collection: everything that is wrong with it, at once",
        .details = "The catalog's pages and indexes, counts, keys, captions and banks; the matrices' shapes, vectors and\n"
                   "digest; pictures; the encoder and how well it makes the stored vectors; files that are no part of\n"
                   "the collection.  The exit status is 1 when something is wrong.\n" ENCODER,
        .options = OPTIONS_FORMAT | OPTIONS_ENCODER,
        .contents = FORMAT_REPORT,
        .operands = 1,
        .run = cmd_check,
    },
    {
        .name = "search",
        .usage = "COLLECTION TEXT... | COLLECTION --caption ROW",
        .help = "the best videos for a text under each rule",
        .details = "Without a text encoder the best matching stored caption is used.  A shift is the rank under\n"
                   "the first rule minus the rank under this one: +3 moved up three places.\n"
                   "Only rules that are named are fitted, and what is fitted is kept in the collection.\n"
                   BANKS ENCODER,
        .options = OPTIONS_REPORT | OPTIONS_RULES | OPTIONS_SEARCH | OPTIONS_BANK | OPTIONS_ENCODER,
        .contents = FORMAT_REPORT,
        .operands = SIZE_MAX,
        .run = cmd_search,
    },
    {
        .name = "eval",
        .usage = "COLLECTION | MATRICES [--rule NAME[:p=v,...]]...",
        .help = "recall, ranks, hubness and mass of every rule",
        .details = BANKS INTERVALS MATRIX_FILES,
        .options = OPTIONS_FORMAT | DATA | OPTIONS_EVAL | OPTIONS_BOOTSTRAP,
        .contents = FORMAT_REPORT,
        .operands = 1,
        .run = cmd_eval,
    },
    {
        .name = "hubs",
        .usage = "COLLECTION | MATRICES [--k K] [--top N] [--measures]",
        .help = "items by how many top-k lists they stand in",
        .details = "The fair share is k Q / M lists.  Listed as hubs are items with twice that, the measure hub_count keeps\n"
                   "to the published 2 k; an antihub is in no list.\n",
        .options = ANALYSIS | OPTIONS_DIRECTION | OPTIONS_HUBS | OPTIONS_REVERSE | OPTIONS_MEASURES,
        .contents = FORMAT_REPORT,
        .operands = 1,
        .run = cmd_hubs,
    },
    {
        .name = "mass",
        .usage = "COLLECTION | MATRICES [--top N] [--measures]",
        .help = "items by the retrieval probability they hold",
        .details = "Mass is an item's probability summed over all queries; its fair share is Q / M.  False positives are first\n"
                   "places that an item takes wrongly, false negatives queries that ask for it and get another first.\n",
        .options = ANALYSIS | OPTIONS_DIRECTION | OPTIONS_REVERSE | OPTIONS_MEASURES,
        .contents = FORMAT_REPORT,
        .operands = 1,
        .run = cmd_mass,
    },
    {
        .name = "shifts",
        .usage = "COLLECTION | MATRICES [--rule FROM --rule TO]",
        .help = "queries by how far their target moves between two rules",
        .details = "Compares the first --rule (raw) with the last (ncl).  A shift is the rank under the first\n"
                   "minus the rank under the last: +3 helped by three places.\n" INTERVALS,
        .options = ANALYSIS | OPTIONS_DIRECTION | OPTIONS_BOOTSTRAP,
        .contents = FORMAT_REPORT,
        .operands = 1,
        .run = cmd_shifts,
    },
    {
        .name = "bank",
        .usage = "COLLECTION | MATRICES [--bank BANK]... [--rule NAME[:p=v,...]]...",
        .help = "how well banks stand for the queries, and R@1 with each",
        .details = BANKS,
        .options = OPTIONS_FORMAT | DATA | OPTIONS_DIRECTION,
        .contents = FORMAT_REPORT,
        .operands = 1,
        .run = cmd_bank,
    },
    {
        .name = "sweep",
        .usage = "COLLECTION | MATRICES --rule NAME[:p=v,...] --over P=A:B:[log]N|P=V,... [--tune MEASURE --on bank]",
        .help = "a rule at many values of its parameters",
        .details = "--over beta=1:100:log20 takes 20 values equal factors apart, beta=0:1:11 equal steps, k=1,2,5 these.\n"
                   "--tune chooses on the bank alone: half of its videos, drawn by --seed, are the gallery, their\n"
                   "captions the queries and the other captions the bank.  That needs the videos of the bank's\n"
                   "captions: in the gallery as the catalog has them, or in the video bank of the same name, which\n"
                   "--bank-targets says: a file of rows, or `order` (equally many captions a video, in its order).\n"
                   BANKS,
        .options = OPTIONS_FORMAT | DATA | OPTIONS_DIRECTION | OPTIONS_SWEEP,
        .contents = FORMAT_REPORT,
        .operands = 1,
        .run = cmd_sweep,
    },
    {
        .name = "report",
        .usage = "COLLECTION | MATRICES --output FILE.html [--rule NAME[:p=v,...]]...",
        .help = "all of it as one HTML page: words, tables, charts, pictures",
        .details = "The page needs no network, runs nothing and prints well; the same input gives the same bytes.\n"
                   "Charts and lists set ncl against raw, or the first --rule that is not raw.\n" BANKS INTERVALS,
        .options = OPTIONS_PAGE | DATA | OPTIONS_BOOTSTRAP,
        .contents = FORMAT_PAGE,
        .operands = 1,
        .run = cmd_report,
    },
    {
        .name = "lists",
        .usage = "COLLECTION | MATRICES [--rule NAME]... [--depth K] [--output FILE.run|FILE.qrels|...]",
        .help = "the top lists of all evaluation queries, for trec_eval and others",
        .details = "A TREC run holds one rule: of several, FILE.run becomes\n"
                   "FILE.RULE.run for each.  Queries are named by their rows, videos by their keys (blanks and % as %XX).\n"
                   "Scores are what orders the list, lowered where they would tie.  qrels need no rule.\n"
                   BANKS,
        .options = OPTIONS_LISTS | DATA | OPTIONS_DIRECTION,
        .contents = FORMAT_LISTS,
        .operands = 1,
        .run = cmd_lists,
    },
    {
        .name = "import",
        .usage = "[DIR] --texts-table F --videos F --queries F [options]\n"
                 "       hubscope import DIR [--add-bank NAME=F] [--add-encoder DIR] [--replace-thumbnails DIR] ...",
        .help = "make a collection from tables, matrices and pictures",
        .details = "Without DIR the collection is named after the videos' file, in the current directory.\n"
                   "Table of texts: video (key), caption and, where it tells banks too, split (`query` or a bank's name).\n"
                   "Table of videos: key and optionally title, tags, duration_ms, frames, file (of the video), strip or\n"
                   "poster (pictures); other columns are kept as details.  Rows of the matrices follow the rows of the tables.\n"
                   "Tables are CSV, TSV, JSON (FILE:MEMBER is an array of objects within it), JSON lines or, as .txt, a\n"
                   "caption a line.  Columns of other names: --column caption=sentence, or texts.caption=... and\n"
                   "videos.key=... of one table only.\n"
                   "Similarities alone, as QB-Norm's data: --sims-test F [--sims-bank F] [--query-masks F], with or without\n"
                   "tables; query i belongs to video i / (Q / M) unless --targets or a table of texts tells.\n"
                   "--add-... and --replace-thumbnails change the collection DIR in place: the copy that is made shares\n"
                   "its unchanged files, and takes its place when it is whole.\n" MATRIX_FILES,
        .options = OPTIONS_IMPORT,
        .operands = 1,
        .run = cmd_import,
    },
    {
        .name = "fit-encoder",
        .usage = "COLLECTION [--output DIR] [--replace] [--format NAME]",
        .help = "learn a text encoder from the collection's captions and their embeddings",
        .details = "So that queries can be typed where the model is not at hand: words and parts of words, each with a\n"
                   "vector, learnt from the evaluation captions and the query banks that have captions.  Five sixths of the\n"
                   "evaluation captions are each encoded by a fit that has not seen them nor another caption of their\n"
                   "video; the numbers are of these.  What is kept is then learnt from all.\n"
                   "--vectors: rows of NaN are captions that were not measured.\n",
        .options = OPTIONS_FORMAT | OPTIONS_FIT_ENCODER,
        .contents = FORMAT_REPORT,
        .operands = 1,
        .run = cmd_fit_encoder,
    },
};

const size_t commands_count = sizeof commands / sizeof *commands;
const struct command *const command_default = &commands[0];

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < commands_count; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}
