/* Installing a fitted encoder: into the collection or a folder of its own, all or nothing. */
#include "engine/fit_encoder/fit_encoder.h"

#include "engine/collection/staging.h"
#include "engine/import/import.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* In a folder that the user named, only an encoder of our own may be replaced. */
static int is_fitted(const char *folder, struct error *error)
{
    struct encoder *encoder = encoder_open(folder, NULL);
    bool fitted = encoder && strcmp(encoder_type(encoder), "fitted") == 0;

    encoder_close(encoder);
    return fitted ? 0
                  : error_set(error, ERROR_INPUT,
                              "%s: is not a fitted encoder, so it is not replaced; choose another name", folder);
}

int fit_encoder_install(const struct collection *collection, const struct fit_encoder_options *options,
                        const char *output, bool replace, struct fit_encoder_report *report, struct job *job,
                        struct error *error)
{
    struct staging staging = {0};
    char beside[PATH_MAX];
    const struct collection_model *model = options->model ? options->model : collection->model[0];

    if (!output && model->encoder && !replace)
        return error_set(error, ERROR_INPUT,
                         "%s: has a %s encoder already; ask for it to be replaced, or name another "
                         "folder for the fitted one",
                         collection->path, encoder_type(model->encoder));
    if (!output && snprintf(beside, sizeof beside, "%s.encoder", collection->path) >= (int)sizeof beside)
        return error_set(error, ERROR_INPUT, "%s: the path is too long", collection->path);
    if (staging_open_folder(&staging, output ? output : beside, output && replace ? is_fitted : NULL, error))
        return -1;
    int failed = fit_encoder(collection, options, staging.path, report, job, error);
    if (!failed && output)
        failed = staging_commit(&staging, error);
    else if (!failed) {
        const struct import change = {
            .destination = collection->path, .change = true, .model_name = model->name, .encoder = staging.path};
        failed = collection_import(&change, NULL, NULL, job, error);
    }
    staging_abandon(&staging);
    return failed;
}
