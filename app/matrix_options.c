#include "app/matrix_options.h"
#include "engine/formats/matrix_file.h"

#define FIELD(name) offsetof(struct matrix_options, name)

static const struct option_entry entries[] = {
    {"queries", OPTION_TEXT, FIELD(queries), "FILE", .help = "matrices: embeddings of the queries"},
    {"videos", OPTION_TEXT, FIELD(videos), "FILE", .help = "matrices: embeddings of the videos"},
    {"sims", OPTION_TEXT, FIELD(sims), "FILE", .help = "matrices: similarities, queries x videos, instead of both"},
    {"bank-sims", OPTION_TEXT, FIELD(bank_sims), "FILE", .help = "matrices: similarities, bank x videos"},
    {"targets", OPTION_TEXT, FIELD(targets), "FILE",
     .help = "matrices: row of each query's video (i / (Q / M)); (Q, R) for several, -1 for none"},
    {"query-mask", OPTION_TEXT, FIELD(query_mask), "FILE",
     .help = "matrices: 1 for queries to keep; the others are dropped and the rows renumbered"},
    {"pool", OPTION_CHOICE, FIELD(pool), "none|mean|max",
     .help = "matrices: how several vectors a row, such as those of frames, become one (refused)"},
    {"logit-scale", OPTION_REAL, FIELD(logit_scale), "X", .help = "matrices: the model's logit scale (100)"},
    {0},
};

void matrix_files_list(FILE *out)
{
    char kinds[MATRIX_FILE_KINDS];
    fprintf(out,
            "\nMatrix files are %s, whatever they are called.\n"
            "FILE:NAME takes one array of several: q.npz:text, v.h5:/feats, d.pt:model/text.  Code in a pickle is\n"
            "never run.  A folder of numbered files, or a pattern such as 'img_emb_*.npy', is one matrix, and so is\n"
            "'FILE?SELECT key, vector FROM TABLE' of an SQLite file.\n",
            matrix_file_kinds(kinds));
}

const struct option_group matrix_group = {.entries = entries, .list = matrix_files_list};

bool matrix_options_any(const struct matrix_options *options)
{
    return options->queries || options->videos || options->sims || options->bank_sims || options->targets ||
           options->query_mask;
}
