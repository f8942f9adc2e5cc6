/* The text encoder: tried in place, so that errors name a path that the user knows, then copied. */
#include "engine/encoders/encoder.h"
#include "engine/collection/tree.h"
#include "engine/encoders/clip_config.h"
#include "engine/formats/file.h"
#include "engine/heads/head_file.h"
#include "engine/import/making.h"
#include "engine/import/parts.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has_file(const char *dir, const char *name, char *path, size_t size)
{
    return !file_join(path, size, dir, name, NULL) && access(path, F_OK) == 0;
}

/* The path of the head in a folder without an encoder of its own; false for other folders. */
static bool is_head_alone(const char *dir, char *path, size_t size)
{
    return !has_file(dir, ENCODER_CONFIG, path, size) && !has_file(dir, CLIP_OPEN_CONFIG, path, size) &&
           has_file(dir, ENCODER_HEAD, path, size);
}

/* Opens the folder's encoder, or its head, for the dimension; an encoder's type goes into the report. */
static int open_folder(const char *dir, struct import_report *report, size_t *dimension, struct error *error)
{
    char path[PATH_MAX];
    struct head head;

    if (is_head_alone(dir, path, sizeof path)) {
        if (head_read(&head, path, error))
            return -1;
        snprintf(report->encoder, sizeof report->encoder, ENCODER_COMMAND);
        *dimension = head.dimension;
        head_close(&head);
        return 0;
    }
    struct encoder *encoder = encoder_open(dir, error);
    if (!encoder)
        return -1;
    snprintf(report->encoder, sizeof report->encoder, "%s", encoder_type(encoder));
    *dimension = encoder_dimension(encoder);
    encoder_close(encoder);
    return 0;
}

static int check_encoder(struct making *making, struct error *error)
{
    const char *dir = making->import->encoder;
    struct import_report *report = making->report;
    struct error reason = {0};
    size_t dimension;

    if (!dir)
        return 0;
    if (open_folder(dir, report, &dimension, &reason))
        return findings_take(making->findings, dir, NULL, &reason, error);
    if (report->dimension && dimension != report->dimension)
        findings_fault(making->findings, dir, NULL, "%s: encodes to %zu dimensions, the matrices have %zu", dir,
                       dimension, report->dimension);
    if (making->model[making->own].encoder)
        findings_remark(making->findings, "%s: its encoder is replaced", making->import->destination);
    return 0;
}

static int copy_file(const char *from, const char *name, const char *to, const char *new_name, struct error *error)
{
    char source[PATH_MAX], target[PATH_MAX];

    return file_join(source, sizeof source, from, name, error) ||
                   file_join(target, sizeof target, to, new_name, error) || tree_copy_file(source, target, error)
               ? -1
               : 0;
}

static int copy_files(const struct encoder *encoder, const char *from, const char *to, struct error *error)
{
    const char *const *file = encoder_files(encoder);

    for (size_t i = 0; file[i]; i++)
        if (copy_file(from, file[i], to, i ? file[i] : ENCODER_CONFIG, error))
            return -1;
    return 0;
}

/* Copies only the files the encoder reads: its folder may hold much else. */
static int write_encoder(struct making *making, struct error *error)
{
    const char *from = making->import->encoder;
    char folder[PATH_MAX], to[PATH_MAX], path[PATH_MAX];
    struct encoder *encoder = NULL;
    int failed = 0;

    if (!from)
        return 0;
    bool alone = is_head_alone(from, path, sizeof path);
    if (!alone && !(encoder = encoder_open(from, error)))
        return -1;
    if (import_model_folder(making, &making->model[making->own], folder, sizeof folder, error) ||
        file_join(to, sizeof to, folder, "encoder", error))
        failed = -1;
    else if (mkdir(to, 0777))
        failed = error_system(error, "%s", to);
    if (!failed)
        failed = alone ? copy_file(from, ENCODER_HEAD, to, ENCODER_HEAD, error) : copy_files(encoder, from, to, error);
    encoder_close(encoder);
    return failed;
}

const struct import_part import_part_encoder = {.name = "encoder", .check = check_encoder, .write = write_encoder};
