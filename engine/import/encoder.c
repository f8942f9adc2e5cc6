/* The text encoder: tried in place, so that errors name a path that the user knows, then copied. */
#include "engine/encoders/encoder.h"
#include "engine/collection/tree.h"
#include "engine/formats/file.h"
#include "engine/import/making.h"
#include "engine/import/parts.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

static int check_encoder(struct making *making, struct error *error)
{
    const char *dir = making->import->encoder;
    struct import_report *report = making->report;
    struct error reason = {0};

    if (!dir)
        return 0;
    struct encoder *encoder = encoder_open(dir, &reason);
    if (!encoder)
        return findings_take(making->findings, dir, NULL, &reason, error);
    snprintf(report->encoder, sizeof report->encoder, "%s", encoder_type(encoder));
    if (report->dimension && encoder_dimension(encoder) != report->dimension)
        findings_fault(making->findings, dir, NULL, "%s: encodes to %zu dimensions, the matrices have %zu", dir,
                       encoder_dimension(encoder), report->dimension);
    encoder_close(encoder);
    if (making->model[making->own].encoder)
        findings_remark(making->findings, "%s: its encoder is replaced", making->import->destination);
    return 0;
}

/* Copies only the files the encoder reads: its folder may hold much else. */
static int write_encoder(struct making *making, struct error *error)
{
    const char *from = making->import->encoder;
    char folder[PATH_MAX], source[PATH_MAX], to[PATH_MAX], target[PATH_MAX];
    int failed = 0;

    if (!from)
        return 0;
    struct encoder *encoder = encoder_open(from, error);
    if (!encoder)
        return -1;
    if (import_model_folder(making, &making->model[making->own], folder, sizeof folder, error) ||
        file_join(to, sizeof to, folder, "encoder", error))
        failed = -1;
    else if (mkdir(to, 0777))
        failed = error_system(error, "%s", to);
    for (const char *const *file = encoder_files(encoder); !failed && *file; file++)
        if (file_join(source, sizeof source, from, *file, error) ||
            file_join(target, sizeof target, to, *file, error) || tree_copy_file(source, target, error))
            failed = -1;
    encoder_close(encoder);
    return failed;
}

const struct import_part import_part_encoder = {.name = "encoder", .check = check_encoder, .write = write_encoder};
