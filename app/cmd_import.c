#include "app/command.h"
#include "app/import_print.h"
#include "app/matrix_options.h"
#include "app/progress.h"
#include "engine/collection/collection.h"
#include "engine/fit_encoder/fit_encoder.h"
#include "engine/formats/matrix_selection.h"
#include "engine/formats/table_reader.h"
#include "engine/layouts/layout.h"
#include "engine/results/quality.h"
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME = 64 };

struct named_files { /* [MODEL/]NAME=FILE, split */
    char name[LIST_MOST][NAME], model[LIST_MOST][NAME];
    struct import_bank bank[LIST_MOST];
};

struct import_options {
    const char *directory; /* to create or change; null: named after a file */
    const char *videos_table, *texts_table, *query_split;
    int layout; /* index in layouts[] */
    struct text_list column, bank_texts;
    bool no_header, paragraphs;
    const char *videos, *queries, *sims, *query_mask, *targets;
    struct text_list bank, video_bank, bank_sims;
    const char *thumbnails, *video_files, *encoder;
    int pool;            /* enum array_pool */
    size_t strip_frames; /* 0: not given */
    bool no_encoder, index, replace, dry_run;
    const char *item, *model_name, *name, *model, *licence, *provenance;
    double logit_scale; /* 0: not given */

    struct text_list add_bank, add_video_bank; /* changes */
    bool add_index;
    const char *set_item, *add_encoder, *replace_thumbnails, *add_video_files, *add_model, *remove_model;

    struct named_files banks, video_banks, texts; /* split when settled */
    struct import_column columns[LIST_MOST];
    char ours[LIST_MOST][NAME], destination[256];
};

#define FIELD(name) offsetof(struct import_options, name)

static const char *layout_name(size_t index)
{
    return layouts[index] ? layouts[index]->name : NULL;
}

static const struct option_entry entries[] = {
    {.name = "DIR", .kind = OPTION_OPERAND, .offset = FIELD(directory)},
    {"videos-table", OPTION_TEXT, FIELD(videos_table), "FILE",
     .help = "the videos (those of the texts, in order of first appearance)"},
    {"texts-table", OPTION_TEXT, FIELD(texts_table), "FILE", .help = "captions of queries and banks"},
    {"bank-texts", OPTION_LIST, FIELD(bank_texts), "NAME=FILE",
     .help = "captions of one bank, in the order of its rows; repeatable"},
    {"query-split", OPTION_TEXT, FIELD(query_split), "NAME",
     .help = "the split whose texts are the queries (query); texts of no bank are left out"},
    {"column", OPTION_LIST, FIELD(column), "OURS=THEIRS",
     .help = "a column's name or number in the tables, such as caption=sentence; repeatable"},
    {"no-header", OPTION_FLAG, FIELD(no_header),
     .help = "CSV and TSV tables have no header: columns go by number, as --column caption=2"},
    {"layout", OPTION_CHOICE, FIELD(layout), .help = "layout of the tables (recognised, else hubscope)",
     .unset = NOT_GIVEN, .name_at = layout_name},
    {"paragraphs", OPTION_FLAG, FIELD(paragraphs), .help = "the captions of a video are one query, joined"},
    {"format", OPTION_RENAMED, .argument = "layout"},
    {"videos", OPTION_TEXT, FIELD(videos), "FILE", .help = "embeddings of the videos"},
    {"queries", OPTION_TEXT, FIELD(queries), "FILE", .help = "embeddings of the evaluation queries"},
    {"bank", OPTION_LIST, FIELD(bank), "NAME=FILE", .help = "a query bank; repeatable"},
    {"video-bank", OPTION_LIST, FIELD(video_bank), "NAME=FILE", .help = "a bank of videos; repeatable"},
    {"pool", OPTION_CHOICE, FIELD(pool), "none|mean|max",
     .help = "how several vectors a row, such as those of frames, become one (refused)"},
    {"sims", OPTION_TEXT, FIELD(sims), "FILE",
     .help = "stored similarities, queries x videos, instead of both; tables are optional"},
    {"sims-test", OPTION_RENAMED, .argument = "sims"},
    {"bank-sims", OPTION_LIST, FIELD(bank_sims), "[NAME=]FILE",
     .help = "with --sims: similarities of a query bank, bank x videos; repeatable"},
    {"sims-bank", OPTION_RENAMED, .argument = "bank-sims"},
    {"query-mask", OPTION_TEXT, FIELD(query_mask), "FILE",
     .help = "with --sims: 0 for missing queries, 1 for the others"},
    {"query-masks", OPTION_RENAMED, .argument = "query-mask"},
    {"targets", OPTION_TEXT, FIELD(targets), "FILE",
     .help = "with --sims: row of each query's video (i / (Q / M), or from the texts)"},
    {"thumbnails", OPTION_TEXT, FIELD(thumbnails), "DIR",
     .help = "pictures: files named in the videos table, or KEY.jpg (.png, ...)"},
    {"video-files", OPTION_TEXT, FIELD(video_files), "DIR",
     .help = "the videos: KEY.mp4 (.webm, ...), or the column `file`; gives strips"},
    {"strip-frames", OPTION_COUNT, FIELD(strip_frames), "N", .help = "frames side by side in a strip (width / height)",
     .least = 1},
    {"no-encoder", OPTION_FLAG, FIELD(no_encoder), .help = "do not fit a text encoder to the captions"},
    {"index", OPTION_FLAG, FIELD(index),
     .help = "index the videos: a byte more a number, and the best of very many in less time"},
    {"encoder", OPTION_TEXT, FIELD(encoder), "DIR", .help = "a text encoder to copy in, such as a CLIP model's folder"},
    {"item", OPTION_TEXT, FIELD(item), "WORD[,PLURAL]",
     .help = "what the gallery holds, such as image: messages say it (video, or as the layout says)"},
    {"name", OPTION_TEXT, FIELD(name), "TEXT", .help = "the collection's name (last part of DIR)"},
    {"model-name", OPTION_TEXT, FIELD(model_name), "NAME",
     .help = "what rules call the model (base); with --add-encoder, --add-index: whose it is"},
    {"model", OPTION_TEXT, FIELD(model), "TEXT", .help = "what the embedding model is, for people"},
    {"logit-scale", OPTION_REAL, FIELD(logit_scale), "X", .help = "the model's logit scale (100)"},
    {"licence", OPTION_TEXT, FIELD(licence), "TEXT", .help = "licence of the data"},
    {"provenance", OPTION_TEXT, FIELD(provenance), "TEXT", .help = "where the data come from"},
    {"replace", OPTION_FLAG, FIELD(replace), .help = "replace an existing collection"},
    {"add-model", OPTION_TEXT, FIELD(add_model), "NAME",
     .help = "add a model: its --videos, --queries, banks, --encoder"},
    {"remove-model", OPTION_TEXT, FIELD(remove_model), "MODEL", .help = "remove a model, its matrices and its encoder"},
    {"add-bank", OPTION_LIST, FIELD(add_bank), "[MODEL/]NAME=FILE",
     .help = "add a query bank to a model (the first); repeatable"},
    {"add-video-bank", OPTION_LIST, FIELD(add_video_bank), "[MODEL/]NAME=FILE",
     .help = "add a bank of videos; repeatable"},
    {"add-encoder", OPTION_TEXT, FIELD(add_encoder), "DIR", .help = "add this text encoder"},
    {"add-index", OPTION_FLAG, FIELD(add_index),
     .help = "index a model's videos, as --index does, or index them again"},
    {"replace-thumbnails", OPTION_TEXT, FIELD(replace_thumbnails), "DIR",
     .help = "use these pictures instead, named as for --thumbnails"},
    {"add-video-files", OPTION_TEXT, FIELD(add_video_files), "DIR",
     .help = "add strips of these videos, named as for --video-files"},
    {"set-item", OPTION_TEXT, FIELD(set_item), "WORD[,PLURAL]", .help = "change what the gallery is said to hold"},
    {"dry-run", OPTION_FLAG, FIELD(dry_run), .help = "check everything, list every problem, write nothing"},
    {0},
};

/* Kinds of import: a new collection of embeddings, a new one of similarities, a model of either kind added to an
 * existing one, another change to one. */
enum { EMBEDDED = 1, STORED = 2, CHANGE = 4, MODEL = 8, STORED_MODEL = 16 };

static int kind_of(const struct import_options *options)
{
    bool change = options->add_bank.count || options->add_video_bank.count || options->add_encoder ||
                  options->add_index || options->replace_thumbnails || options->add_video_files || options->set_item ||
                  options->remove_model;
    return change               ? CHANGE
           : options->add_model ? (options->sims ? STORED_MODEL : MODEL)
           : options->sims      ? STORED
                                : EMBEDDED;
}

static bool is_stored(int kind)
{
    return kind & (STORED | STORED_MODEL);
}

/* Refuses options that this kind of import does not take, and requires those it needs. */
static int check_kind(const struct import_options *options, int kind, struct error *error)
{
    const struct {
        const char *name;
        bool given;
        int goes, needed; /* the kinds that take it, the kinds that need it */
    } listed[] = {
        {"texts-table", options->texts_table, EMBEDDED | STORED, EMBEDDED},
        {"videos-table", options->videos_table, EMBEDDED | STORED | CHANGE, 0},
        {"videos", options->videos, EMBEDDED | MODEL, EMBEDDED | MODEL},
        {"queries", options->queries, EMBEDDED | MODEL, EMBEDDED | MODEL},
        {"bank", options->bank.count, EMBEDDED | MODEL, 0},
        {"encoder", options->encoder, EMBEDDED | MODEL, 0},
        {"no-encoder", options->no_encoder, EMBEDDED | MODEL, 0},
        {"index", options->index, EMBEDDED | MODEL, 0},
        {"video-bank", options->video_bank.count, EMBEDDED | MODEL, 0},
        {"sims", options->sims, STORED | STORED_MODEL, STORED | STORED_MODEL},
        {"bank-sims", options->bank_sims.count, STORED | STORED_MODEL, 0},
        {"query-mask", options->query_mask, STORED, 0},
        {"targets", options->targets, STORED, 0},
        {"replace", options->replace, EMBEDDED | STORED, 0},
        {"thumbnails", options->thumbnails, EMBEDDED | STORED, 0},
        {"video-files", options->video_files, EMBEDDED | STORED, 0},
        {"item", options->item, EMBEDDED | STORED, 0},
        {"name", options->name, EMBEDDED | STORED, 0},
        {"add-model", options->add_model, MODEL | STORED_MODEL, 0},
        {"model", options->model, EMBEDDED | STORED | MODEL | STORED_MODEL, 0},
        {"licence", options->licence, EMBEDDED | STORED, 0},
        {"provenance", options->provenance, EMBEDDED | STORED | MODEL | STORED_MODEL, 0},
        {"logit-scale", options->logit_scale != 0, EMBEDDED | STORED | MODEL | STORED_MODEL, 0},
    };
    for (size_t i = 0; i < sizeof listed / sizeof *listed; i++) {
        const char *name = listed[i].name;
        if (!listed[i].given && listed[i].needed & kind)
            return usage_error(error, "--%s is missing", name);
        if (!listed[i].given || listed[i].goes & kind)
            continue;
        if (kind == CHANGE)
            return usage_error(error, "--%s is for new collections, not for changing one", name);
        if (!(listed[i].goes & (MODEL | STORED_MODEL)) && kind & (MODEL | STORED_MODEL))
            return usage_error(error, "--%s is for new collections, not for a model of one", name);
        return usage_error(
            error, listed[i].goes & EMBEDDED ? "--%s cannot be combined with --sims" : "--%s needs --sims", name);
    }
    return 0;
}

/* Copies what precedes the equals sign to `name` and returns what follows; null if either is empty or the name is too
 * long. */
static const char *split_pair(const char *text, char *name)
{
    const char *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : 0;
    if (!length || length >= NAME || !equals[1])
        return NULL;
    memcpy(name, text, length);
    name[length] = '\0';
    return equals + 1;
}

static int split_files(struct named_files *files, const struct text_list *list, const char *option, struct error *error)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *path = split_pair(list->item[i], files->name[i]);
        if (!path)
            return usage_error(error, "--%s takes NAME=FILE, not '%s'", option, list->item[i]);
        files->bank[i] = (struct import_bank){.name = files->name[i], .path = path};
    }
    return 0;
}

/* The same for [MODEL/]NAME=FILE. */
static int split_model_files(struct named_files *files, const struct text_list *list, const char *option,
                             struct error *error)
{
    if (split_files(files, list, option, error))
        return -1;
    for (size_t i = 0; i < list->count; i++) {
        char *slash = strchr(files->name[i], '/');
        if (!slash)
            continue;
        *slash = '\0';
        memcpy(files->model[i], files->name[i], (size_t)(slash - files->name[i]) + 1);
        if (!collection_model_names(files->model[i]))
            return usage_error(error, "--%s takes [MODEL/]NAME=FILE, not '%s'", option, list->item[i]);
        files->bank[i].model = files->model[i];
        files->bank[i].name = slash + 1;
    }
    return 0;
}

/* Assigns each --bank-texts to its bank. */
static int split_texts(struct import_options *options, size_t banks, struct error *error)
{
    const struct text_list *list = &options->bank_texts;
    if (split_files(&options->texts, list, "bank-texts", error))
        return -1;
    for (size_t i = 0; i < list->count; i++) {
        size_t bank = 0;
        while (bank < banks && strcmp(options->banks.name[bank], options->texts.name[i]) != 0)
            bank++;
        if (bank == banks)
            return usage_error(error, "--bank-texts %s: no --bank has that name", list->item[i]);
        options->banks.bank[bank].texts = options->texts.bank[i].path;
    }
    return 0;
}

static int split_columns(struct import_options *options, struct error *error)
{
    const struct text_list *list = &options->column;
    for (size_t i = 0; i < list->count; i++) {
        const char *theirs = split_pair(list->item[i], options->ours[i]);
        if (!theirs)
            return usage_error(error, "--column takes OURS=THEIRS, not '%s'", list->item[i]);
        options->columns[i] = (struct import_column){options->ours[i], theirs};
    }
    return 0;
}

/* The default name of a collection: the file's, without folder, extension, and array or statement. */
static void name_after(const char *file, char *buffer, size_t size)
{
    size_t length = matrix_selection_named(file) ? strcspn(file, "?") : strlen(file);
    const char *slash = memrchr(file, '/', length), *name = slash ? slash + 1 : file;
    snprintf(buffer, size, "%.*s", (int)(length - (size_t)(name - file)), name);
    char *colon = strrchr(buffer, ':');
    if (colon && access(file, F_OK) != 0)
        *colon = '\0';
    char *dot = strrchr(buffer, '.');
    if (dot && dot != buffer)
        *dot = '\0';
}

/* --bank-sims FILE or NAME=FILE.  Banks hold training queries: a single unnamed one is called "train", others are named
 * after their files. */
static int split_stored(struct named_files *banks, const struct text_list *list, struct error *error)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *item = list->item[i], *path = item;
        char *name = banks->name[i];
        if (strchr(item, '=') && access(item, F_OK) != 0)
            path = split_pair(item, name);
        else if (list->count == 1)
            snprintf(name, NAME, "train");
        else
            name_after(item, name, NAME);
        if (!path)
            return usage_error(error, "--bank-sims takes FILE or NAME=FILE, not '%s'", item);
        banks->bank[i] = (struct import_bank){.name = name, .path = path};
    }
    return 0;
}

static const struct text_list *banks_of(const struct import_options *options)
{
    int kind = kind_of(options);
    return kind == CHANGE ? &options->add_bank : is_stored(kind) ? &options->bank_sims : &options->bank;
}

static const struct text_list *video_banks_of(const struct import_options *options)
{
    return kind_of(options) == CHANGE ? &options->add_video_bank : &options->video_bank;
}

static int split_banks(struct import_options *options, struct error *error)
{
    int kind = kind_of(options);
    const struct text_list *banks = banks_of(options), *video_banks = video_banks_of(options);
    if (kind == CHANGE)
        return split_model_files(&options->banks, banks, "add-bank", error) ||
               split_model_files(&options->video_banks, video_banks, "add-video-bank", error);
    return (is_stored(kind) ? split_stored(&options->banks, banks, error)
                            : split_files(&options->banks, banks, "bank", error)) ||
           split_files(&options->video_banks, video_banks, "video-bank", error);
}

static int split(struct import_options *options, struct error *error)
{
    if (split_banks(options, error))
        return -1;
    return split_texts(options, banks_of(options)->count, error) || split_columns(options, error) ? -1 : 0;
}

/* Names of models, and a removal, which stands alone. */
static int settle_model(const struct import_options *options, int kind, struct error *error)
{
    const char *name = options->add_model ? options->add_model : options->model_name;
    if (name && !collection_model_names(name))
        return usage_error(error, "'%s' cannot name a model: 1 to 63 letters, digits, '_', '.' or '-'", name);
    if (options->add_model && options->model_name)
        return usage_error(error, "--add-model names the model already: omit --model-name");
    if (options->remove_model &&
        (options->add_bank.count || options->add_video_bank.count || options->add_encoder || options->add_index ||
         options->replace_thumbnails || options->add_video_files || options->set_item || options->add_model))
        return usage_error(error, "--remove-model cannot be combined with other changes");
    return kind == CHANGE && options->model_name && !options->add_encoder && !options->add_index
               ? usage_error(error, "--model-name is for new collections, or with --add-encoder or --add-index")
               : 0;
}

static int settle(void *values, struct error *error)
{
    struct import_options *options = values;
    int kind = kind_of(options);
    if (kind & (CHANGE | MODEL | STORED_MODEL) && !options->directory)
        return usage_error(error, "name the collection to change");
    if (settle_model(options, kind, error) || check_kind(options, kind, error))
        return -1;
    if (options->targets && options->texts_table)
        return usage_error(error, "--texts-table says which video a query belongs to: omit --targets");
    if (kind == STORED && options->bank_texts.count && !options->texts_table)
        return usage_error(error, "--bank-texts needs --texts-table");
    if (kind == CHANGE && options->videos_table && !options->replace_thumbnails && !options->add_video_files)
        return usage_error(error, "--videos-table only selects the files of --replace-thumbnails and "
                                  "--add-video-files: give one of them");
    if (!options->directory)
        name_after(options->sims ? options->sims : options->videos, options->destination, sizeof options->destination);
    return split(options, error);
}

static struct import import_of(const struct import_options *options)
{
    int kind = kind_of(options);
    bool change = kind == CHANGE;
    return (struct import){
        .destination = options->directory ? options->directory : options->destination,
        .replace = options->replace,
        .dry_run = options->dry_run,
        .change = kind & (CHANGE | MODEL | STORED_MODEL),
        .add_model = options->add_model,
        .remove_model = options->remove_model,
        .model_name = options->add_model ? options->add_model : options->model_name,
        .layout = options->layout < 0 ? NULL : layout_name((size_t)options->layout),
        .paragraphs = options->paragraphs,
        .query_split = options->query_split,
        .no_header = options->no_header,
        .columns = options->columns,
        .column_count = options->column.count,
        .videos_table = options->videos_table,
        .texts_table = options->texts_table,
        .videos = options->videos,
        .queries = options->queries,
        .pool = (enum array_pool)options->pool,
        .sims = options->sims,
        .targets = options->targets,
        .mask = options->query_mask,
        .banks = options->banks.bank,
        .bank_count = banks_of(options)->count,
        .video_banks = options->video_banks.bank,
        .video_bank_count = video_banks_of(options)->count,
        .thumbnails = change ? options->replace_thumbnails : options->thumbnails,
        .video_files = change ? options->add_video_files : options->video_files,
        .encoder = change ? options->add_encoder : options->encoder,
        .item = change ? options->set_item : options->item,
        .name = options->name,
        .model = options->model,
        .licence = options->licence,
        .provenance = options->provenance,
        .logit_scale = options->logit_scale,
        .index = change ? options->add_index : options->index,
        .strip_frames = (int)options->strip_frames,
    };
}

/* An encoder that is fitted before the collection is put in place. */
struct own_encoder {
    const char *model;         /* null: the first */
    struct progress *progress; /* of the import, which runs */
    const char *missing;       /* what is missing for one, or null */
    struct fit_encoder_report fitted;
};

static int fit_own(const struct collection *collection, struct own_encoder *own, char encoder[64], struct error *error)
{
    const struct collection_model *model =
        own->model ? collection_find_model(collection, own->model, error) : collection->model[0];
    const struct fit_encoder_options plain = {.model = model};
    char folder[PATH_MAX];
    if (!model)
        return -1;
    own->missing = fit_encoder_unavailable(collection, model);
    if (own->missing)
        return 0;
    if (collection_model_path(model, collection->path, "encoder", folder, sizeof folder, error))
        return -1;
    if (mkdir(folder, 0777))
        return error_system(error, "%s", folder);
    progress_stop(own->progress);
    progress_start(own->progress, "Fitting an encoder");
    snprintf(encoder, 64, "fitted");
    return fit_encoder(collection, &plain, folder, &own->fitted, &own->progress->job, error);
}

/* Fits an encoder, so that queries can be typed without one from the user, if the captions suffice. */
static int add_own_encoder(const char *staged, char encoder[64], void *context, struct error *error)
{
    struct collection *collection = collection_open(staged, error);
    int failed = collection ? fit_own(collection, context, encoder, error) : -1;
    collection_close(collection);
    return failed;
}

static void print_own_encoder(const struct own_encoder *own)
{
    if (own->missing) {
        printf("no text encoder: %s\n", own->missing);
        return;
    }
    json_t *quality = quality_report(&own->fitted.quality);
    printf("text encoder fitted to %zu captions\n", own->fitted.captions);
    quality_put(stdout, quality, "  ");
    json_decref(quality);
}

static void finish(const struct import *import, const struct import_options *options,
                   const struct import_report *report, const struct findings *findings)
{
    import_put_done(import, report);
    import_put_findings(findings);
    if (import->complete)
        print_own_encoder(import->context);
    if (!options->directory) {
        fputs("open it with: hubscope ", stdout);
        import_put_text(import->destination);
        putchar('\n');
    }
}

static int finish_dry(const struct import *import, const struct import_report *report, const struct findings *findings,
                      struct error *error)
{
    size_t faults = findings->faults;
    import_put_plan(import, report);
    import_put_findings(findings);
    return faults ? error_set(error, ERROR_INPUT, "%zu problem%s, see above; nothing was written", faults,
                              faults == 1 ? "" : "s")
                  : 0;
}

static int run(const void *given, struct error *error)
{
    const struct import_options *options = given;
    struct import import = import_of(options);
    struct import_report report = {0};
    struct findings findings = {0};
    struct progress progress;
    struct own_encoder own = {.model = options->add_model, .progress = &progress};
    if ((!import.change || import.add_model) && !import.encoder && !options->no_encoder) {
        import.complete = add_own_encoder;
        import.context = &own;
    }
    progress_start(&progress, options->dry_run ? "Checking" : "Importing");
    int failed = collection_import(&import, &report, &findings, &progress.job, error);
    progress_stop(&progress);
    if (options->dry_run && (!failed || findings.faults))
        failed = finish_dry(&import, &report, &findings, error);
    else if (!failed)
        finish(&import, options, &report, &findings);
    findings_close(&findings);
    return failed;
}

static void put_files(FILE *out)
{
    fputs("\nTables, by extension or else by content:\n", out);
    for (size_t i = 0; table_readers[i]; i++)
        fprintf(out, "  %-12s%-14s%s\n", table_readers[i]->name, table_readers[i]->extensions, table_readers[i]->help);
    fputs("\nLayouts of tables:\n", out);
    for (size_t i = 0; layouts[i]; i++)
        fprintf(out, "  %-12s%s\n", layouts[i]->name, layouts[i]->help);
    matrix_files_list(out);
}

const struct command command_import = {
    .name = "import",
    .usage =
        "[DIR] --texts-table F --videos F --queries F [options]\n"
        "       hubscope import DIR --add-model NAME --videos F --queries F [--bank NAME=F] ...\n"
        "       hubscope import DIR [--add-bank [MODEL/]NAME=F] [--add-encoder DIR] [--replace-thumbnails DIR] ...",
    .help = "make a collection from tables, matrices and pictures",
    .options =
        {
            .entries = entries,
            .details =
                "Without DIR the collection is named after the videos' file, in the current directory.\n"
                "Table of texts: video (key), caption and, if it lists banks too, split (`query` or a bank's\n"
                "name).\n"
                "Table of videos: key and optionally title, tags, duration_ms, frames, file (of the video),\n"
                "strip or poster (pictures); other columns are kept as details.  Rows of the matrices follow\n"
                "the rows of the tables.\n"
                "Columns of other names: --column caption=sentence, or for one table only texts.caption=... and\n"
                "videos.key=....\n"
                "Similarities alone, like QB-Norm's data: --sims F [--bank-sims F] [--query-mask F], with or\n"
                "without tables; query i belongs to video i / (Q / M) unless --targets or a table of texts\n"
                "says otherwise.\n"
                "A model has embeddings, or similarities, of the collection's videos and captions, row for\n"
                "row, and any of its banks; commands name its rules MODEL/RULE.\n"
                "--add-..., --set-item, --remove-model and --replace-thumbnails change the collection DIR: a copy "
                "that\n"
                "shares its unchanged files replaces it once complete.\n",
            .list = put_files,
            .settle = settle,
        },
    .size = sizeof(struct import_options),
    .run = run,
};
