#include "app/command.h"
#include "app/fail.h"
#include "app/progress.h"
#include "engine/import.h"
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
        files->bank[i] = (struct import_bank){files->name[i], equals + 1};
    }
    return -1;
}

int cmd_import(const struct options *options)
{
    static struct named_files banks, video_banks;
    if (!options->operands) {
        return fail_usage("import", "which directory shall the collection be?");
    }
    const struct {
        const char *name, *value;
    } required[] = {{"videos-csv", options->videos_csv},
                    {"texts-csv", options->texts_csv},
                    {"videos", options->videos},
                    {"queries", options->queries}};
    for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
        if (!required[i].value) {
            return fail_usage("import", "--%s is missing", required[i].name);
        }
    }
    int status = split_names(&banks, &options->bank, "bank");
    if (status < 0) {
        status = split_names(&video_banks, &options->video_bank, "video-bank");
    }
    if (status >= 0) {
        return status;
    }
    const struct import import = {
        .destination = options->operand[0],
        .replace = options->replace,
        .videos_csv = options->videos_csv,
        .texts_csv = options->texts_csv,
        .videos = options->videos,
        .queries = options->queries,
        .banks = banks.bank,
        .bank_count = options->bank.count,
        .video_banks = video_banks.bank,
        .video_bank_count = options->video_bank.count,
        .thumbnails = options->thumbnails,
        .encoder = options->encoder,
        .name = options->name,
        .model = options->model,
        .licence = options->licence,
        .provenance = options->provenance,
        .logit_scale = options->logit_scale,
        .strip_frames = (int)options->strip_frames,
    };
    struct import_report report = {0};
    struct progress progress;
    struct error error = {0};
    progress_start(&progress, "Importing");
    int failed = collection_import(&import, &report, &progress.job, &error);
    progress_stop(&progress);
    if (failed) {
        return fail(&error);
    }
    printf("%s: %zu videos, %zu queries", options->operand[0], report.videos, report.queries);
    if (report.queries_without_video) {
        printf(" (%zu without a video)", report.queries_without_video);
    }
    printf(", %zu query banks and %zu video banks with %zu rows, %zu thumbnails\n", report.banks,
           report.video_banks, report.bank_rows, report.thumbnails);
    return STATUS_OK;
}
