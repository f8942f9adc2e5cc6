#include "app/command.h"
#include "app/fail.h"
#include "app/progress.h"
#include "engine/fit_encoder/fit_encoder.h"
#include "engine/import/import.h"
#include "engine/layouts/layout.h"
#include "engine/results/quality.h"
#include "engine/base/text.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct named_files { /* NAME=FILE, taken apart */
    char name[LIST_MOST][64];
    struct import_bank bank[LIST_MOST];
};

static int split_names(struct named_files *files, const struct text_list *list, const char *option)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *equals = strchr(list->item[i], '=');
        size_t length = equals ? (size_t)(equals - list->item[i]) : 0;
        if (!length || !equals[1] || length >= sizeof files->name[i]) {
            return fail_usage("import", "--%s takes NAME=FILE, not '%s'", option, list->item[i]);
        }
        memcpy(files->name[i], list->item[i], length);
        files->name[i][length] = '\0';
        files->bank[i] = (struct import_bank){.name = files->name[i], .path = equals + 1};
    }
    return -1;
}

/* --bank-texts NAME=FILE, each to its bank; -1, or the exit status. */
static int add_texts(struct named_files *banks, size_t count, const struct text_list *list)
{
    static struct named_files texts;
    int status = split_names(&texts, list, "bank-texts");
    for (size_t i = 0; status < 0 && i < list->count; i++) {
        size_t bank = 0;
        while (bank < count && strcmp(banks->name[bank], texts.name[i]) != 0) {
            bank++;
        }
        if (bank == count) {
            return fail_usage("import", "--bank-texts %s: no --bank is named so", list->item[i]);
        }
        banks->bank[bank].texts = texts.bank[i].path;
    }
    return status;
}

/* --column OURS=THEIRS, taken apart; -1, or the exit status. */
static int split_columns(struct import_column *columns, char ours[][64], const struct text_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *equals = strchr(list->item[i], '=');
        size_t length = equals ? (size_t)(equals - list->item[i]) : 0;
        if (!length || !equals[1] || length >= 64) {
            return fail_usage("import", "--column takes OURS=THEIRS, not '%s'", list->item[i]);
        }
        memcpy(ours[i], list->item[i], length);
        ours[i][length] = '\0';
        columns[i] = (struct import_column){ours[i], equals + 1};
    }
    return -1;
}

/* The collection's name where none is given: the file's, without folder, extension and the array within it. */
static void name_after(const char *file, char *buffer, size_t size)
{
    const char *slash = strrchr(file, '/');
    snprintf(buffer, size, "%s", slash ? slash + 1 : file);
    char *colon = strrchr(buffer, ':');
    if (colon && access(file, F_OK) != 0) {
        *colon = '\0';
    }
    char *dot = strrchr(buffer, '.');
    if (dot && dot != buffer) {
        *dot = '\0';
    }
}

/* --sims-bank FILE or NAME=FILE.  Banks are made of training queries: a lone one without a name
 * is called "train", others after their files. */
static int name_stored_banks(struct named_files *banks, const struct text_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *item = list->item[i], *equals = strchr(item, '=');
        char *name = banks->name[i];
        size_t size = sizeof banks->name[i];
        banks->bank[i] = (struct import_bank){.name = name, .path = item};
        if (equals && access(item, F_OK) != 0) {
            if (equals == item || !equals[1] || (size_t)(equals - item) >= size) {
                return fail_usage("import", "--sims-bank takes FILE or NAME=FILE, not '%s'", item);
            }
            snprintf(name, size, "%.*s", (int)(equals - item), item);
            banks->bank[i].path = equals + 1;
        } else if (list->count == 1) {
            snprintf(name, size, "train");
        } else {
            name_after(item, name, size);
        }
    }
    return -1;
}

static void put_text(const char *text)
{
    char clean[1024];
    text_clean(clean, sizeof clean, text);
    fputs(clean, stdout);
}

/* "  videos        500  from videos.npy"; what could not be counted is a question mark. */
static void put_count(const char *what, const char *name, size_t count, const char *source)
{
    char label[80], number[24] = "?";
    snprintf(label, sizeof label, "%s%s%s", what, *name ? " " : "", name);
    if (count) {
        snprintf(number, sizeof number, "%zu", count);
    }
    fputs("  ", stdout);
    put_text(label);
    printf("%*s %8s  ", (int)(20 - (strlen(label) < 20 ? strlen(label) : 20)), "", number);
    put_text(source);
    putchar('\n');
}

static void put_plan(const struct import *import, const struct import_report *report)
{
    char dimensions[32] = "?";
    if (report->dimension) {
        snprintf(dimensions, sizeof dimensions, "%zu", report->dimension);
    }
    put_text(import->destination);
    printf(": would be %s, ",
           import->change     ? "changed"
           : report->replaces ? "replaced"
                              : "new");
    if (report->stored) {
        puts("stored similarities");
    } else {
        printf("vectors of %s dimensions\n", dimensions);
    }
    if (!import->change) {
        put_count("videos", "", report->videos, import->sims ? import->sims : import->videos);
        put_count("queries", "", report->queries, import->sims ? import->sims : import->queries);
    }
    for (size_t i = 0; i < report->banks && i < IMPORT_BANKS_MAX; i++) {
        put_count("bank", import->banks[i].name, report->bank_row[i], import->banks[i].path);
    }
    for (size_t i = 0; i < report->video_banks && i < IMPORT_BANKS_MAX; i++) {
        put_count("video bank", import->video_banks[i].name, report->video_bank_row[i], import->video_banks[i].path);
    }
    if (import->thumbnails) {
        put_count("thumbnails", "", report->thumbnails, import->thumbnails);
    }
    if (import->video_files) {
        put_count("video files", "", report->video_files, import->video_files);
    }
    if (import->encoder) {
        printf("  %-20s %8s  ", "encoder", *report->encoder ? report->encoder : "?");
        put_text(import->encoder);
        putchar('\n');
    }
}

static void put_video_files(const struct import *import, const struct import_report *report)
{
    if (import->video_files) {
        printf(", %zu video files", report->video_files);
    }
    if (report->videos_left_out) {
        printf(" (%zu left out)", report->videos_left_out);
    }
}

static void put_done(const struct import *import, const struct import_report *report)
{
    put_text(import->destination);
    if (import->change) {
        const char *before = ": now with ";
        for (size_t i = 0; i < report->banks; i++, before = ", ") {
            printf("%sbank %s of %zu rows", before, import->banks[i].name, report->bank_row[i]);
        }
        for (size_t i = 0; i < report->video_banks; i++, before = ", ") {
            printf("%svideo bank %s of %zu rows", before, import->video_banks[i].name, report->video_bank_row[i]);
        }
        if (import->thumbnails || import->video_files) {
            printf("%s%zu thumbnails", before, report->thumbnails);
            before = ", ";
        }
        put_video_files(import, report);
        if (import->encoder) {
            printf("%san encoder (%s)", before, report->encoder);
        }
        putchar('\n');
        return;
    }
    printf(": %zu videos, %zu queries", report->videos, report->queries);
    if (report->queries_without_video) {
        printf(" (%zu without a video)", report->queries_without_video);
    }
    printf(", %zu query banks and %zu video banks with %zu rows, %zu thumbnails", report->banks,
           report->video_banks, report->bank_rows, report->thumbnails);
    put_video_files(import, report);
    putchar('\n');
}

static void put_findings(const struct findings *findings)
{
    char line[FINDINGS_LINE];
    bool remark;
    for (size_t i = 0; i < findings->lines; i++) {
        findings_line(findings, i, line, sizeof line, &remark);
        printf("%s%s\n", remark ? "note: " : "wrong: ", line);
    }
    if (findings->hidden) {
        printf("wrong: %zu more\n", findings->hidden);
    }
}

static bool changes(const struct options *options)
{
    return options->add_bank.count || options->add_video_bank.count || options->add_encoder ||
           options->replace_thumbnails || options->add_video_files;
}

/* What an option is for: a new collection of embeddings, one of similarities, a change of one. */
enum { EMBEDDED = 1, STORED = 2, CHANGE = 4 };

/* Options that do not go together, and those that are missing; -1, or the exit status. */
static int check_options(const struct options *options)
{
    const struct {
        const char *name;
        bool given;
        int goes, needed; /* with which it goes, for which it must be there */
    } listed[] = {
        {"texts-table", options->texts_table, EMBEDDED | STORED, EMBEDDED},
        {"videos", options->videos, EMBEDDED, EMBEDDED},
        {"queries", options->queries, EMBEDDED, EMBEDDED},
        {"bank", options->bank.count, EMBEDDED, 0},
        {"encoder", options->encoder, EMBEDDED, 0},
        {"no-encoder", options->no_encoder, EMBEDDED, 0},
        {"video-bank", options->video_bank.count, EMBEDDED, 0},
        {"sims-test", options->sims, STORED, STORED},
        {"sims-bank", options->sims_bank.count, STORED, 0},
        {"query-masks", options->query_mask, STORED, 0},
        {"targets", options->targets, STORED, 0},
        {"replace", options->replace, EMBEDDED | STORED, 0},
        {"thumbnails", options->thumbnails, EMBEDDED | STORED, 0},
        {"video-files", options->video_files, EMBEDDED | STORED, 0},
        {"name", options->name, EMBEDDED | STORED, 0},
        {"model", options->model, EMBEDDED | STORED, 0},
        {"licence", options->licence, EMBEDDED | STORED, 0},
        {"provenance", options->provenance, EMBEDDED | STORED, 0},
        {"logit-scale", options->logit_scale != 0, EMBEDDED | STORED, 0},
    };
    bool change = changes(options);
    int kind = change ? CHANGE : options->sims ? STORED : EMBEDDED;
    if (change && !options->operands) {
        return fail_usage("import", "which collection shall be changed?");
    }
    for (size_t i = 0; i < sizeof listed / sizeof *listed; i++) {
        if (!listed[i].given && listed[i].needed & kind) {
            return fail_usage("import", "--%s is missing", listed[i].name);
        }
        if (listed[i].given && !(listed[i].goes & kind)) {
            return fail_usage("import",
                              change                  ? "--%s is for new collections, not for changing one"
                              : listed[i].goes == STORED ? "--%s goes with --sims-test"
                                                         : "--%s does not go with --sims-test",
                              listed[i].name);
        }
    }
    if (options->targets && options->texts_table) {
        return fail_usage("import", "--texts-table tells which video a query belongs to: leave --targets away");
    }
    if (options->sims && options->bank_texts.count && !options->texts_table) {
        return fail_usage("import", "--bank-texts needs --texts-table");
    }
    if (change && options->videos_table && !options->replace_thumbnails && !options->add_video_files) {
        return fail_usage("import", "--videos-table changes nothing but which --replace-thumbnails and "
                                    "--add-video-files are taken");
    }
    if (options->layout && !layout_find(options->layout)) {
        char names[120];
        layout_names(names, sizeof names);
        return fail_usage("import", "--format takes %s, not '%s'", names, options->layout);
    }
    return -1;
}

/* -1, or the exit status. */
static int fill(struct import *import, const struct options *options)
{
    static struct named_files banks, video_banks;
    static struct import_column columns[LIST_MOST];
    static char ours[LIST_MOST][64], destination[256];
    bool change = changes(options);
    const struct text_list *bank = change          ? &options->add_bank
                                   : options->sims ? &options->sims_bank
                                                   : &options->bank;
    const struct text_list *video_bank = change ? &options->add_video_bank : &options->video_bank;
    int status = !change && options->sims ? name_stored_banks(&banks, bank)
                                          : split_names(&banks, bank, change ? "add-bank" : "bank");
    if (status < 0) {
        status = split_names(&video_banks, video_bank, change ? "add-video-bank" : "video-bank");
    }
    if (status < 0) {
        status = add_texts(&banks, bank->count, &options->bank_texts);
    }
    if (status < 0) {
        status = split_columns(columns, ours, &options->column);
    }
    if (status >= 0) {
        return status;
    }
    if (!options->operands) {
        name_after(options->sims ? options->sims : options->videos, destination, sizeof destination);
    }
    *import = (struct import){
        .destination = options->operands ? options->operand[0] : destination,
        .replace = options->replace,
        .dry_run = options->dry_run,
        .change = change,
        .format = options->layout,
        .query_split = options->query_split,
        .columns = columns,
        .column_count = options->column.count,
        .videos_table = options->videos_table,
        .texts_table = options->texts_table,
        .videos = options->videos,
        .queries = options->queries,
        .sims = options->sims,
        .targets = options->targets,
        .mask = options->query_mask,
        .banks = banks.bank,
        .bank_count = bank->count,
        .video_banks = video_banks.bank,
        .video_bank_count = video_bank->count,
        .thumbnails = change ? options->replace_thumbnails : options->thumbnails,
        .video_files = change ? options->add_video_files : options->video_files,
        .encoder = change ? options->add_encoder : options->encoder,
        .name = options->name,
        .model = options->model,
        .licence = options->licence,
        .provenance = options->provenance,
        .logit_scale = options->logit_scale,
        .strip_frames = (int)options->strip_frames,
    };
    return -1;
}

/* Typed queries for who brought no encoder, where the captions are enough to learn from.  The collection is there
 * already, and stays as it is if this is interrupted.  -1, or the exit status. */
static int fit_an_encoder(const char *destination)
{
    const struct fit_encoder_options plain = {0};
    struct fit_encoder_report fitted;
    struct progress progress;
    struct error error = {0};
    struct collection *collection = collection_open(destination, &error);
    if (!collection) {
        return fail(&error);
    }
    int failed = 0;
    const char *missing = fit_encoder_unavailable(collection);
    if (missing) {
        printf("no text encoder: %s\n", missing);
    } else {
        progress_start(&progress, "Fitting an encoder");
        failed = fit_encoder_install(collection, &plain, NULL, false, &fitted, &progress.job, &error);
        progress_stop(&progress);
    }
    if (!missing && !failed) {
        json_t *quality = quality_report(&fitted.quality);
        printf("text encoder fitted to %zu captions\n", fitted.captions);
        quality_put(stdout, quality, "  ");
        json_decref(quality);
    }
    collection_close(collection);
    return failed ? fail(&error) : -1;
}

int cmd_import(const struct options *options)
{
    struct import import;
    int status = check_options(options);
    if (status < 0) {
        status = fill(&import, options);
    }
    if (status >= 0) {
        return status;
    }
    struct import_report report = {0};
    struct findings findings = {0};
    struct progress progress;
    struct error error = {0};
    progress_start(&progress, options->dry_run ? "Checking" : "Importing");
    int failed = collection_import(&import, &report, &findings, &progress.job, &error);
    progress_stop(&progress);
    if (options->dry_run && (!failed || findings.faults)) {
        put_plan(&import, &report);
        put_findings(&findings);
        status = findings.faults ? fail_text("%zu thing%s wrong, see above; nothing was written", findings.faults,
                                             findings.faults == 1 ? " is" : "s are")
                                 : STATUS_OK;
    } else if (failed) {
        status = fail(&error);
    } else {
        put_done(&import, &report);
        put_findings(&findings);
        if (!import.change && !import.encoder && !options->no_encoder) {
            status = fit_an_encoder(import.destination);
        }
        if (status < 0 && !options->operands) {
            fputs("open it with: hubscope ", stdout);
            put_text(import.destination);
            putchar('\n');
        }
        status = status < 0 ? STATUS_OK : status;
    }
    findings_close(&findings);
    return status;
}
