#include "engine/study/fit_share.h"

#include "engine/collection/fingerprint.h"

static int keep(void *context, size_t exchange, const void *own, size_t bytes)
{
    struct fit_share *share = context;

    record_put(share->writer, own, bytes, "found.%zu", exchange);
    return 0;
}

static const void *find(void *context, size_t exchange, size_t rank, size_t bytes, struct error *error)
{
    const struct fit_share *share = context;
    const struct record_file *file = partials_file(share->partials, rank);
    const void *found = record_find(file, bytes, "found.%zu", exchange);

    if (!found)
        error_set(error, ERROR_INPUT, "%s: does not have what these rules need", file->path);
    return found;
}

void fit_share_make(struct fit_share *share, struct record_writer *writer, struct partial_share of,
                    const struct collection *collection)
{
    const uint64_t fingerprint = collection_fingerprint(collection);

    *share = (struct fit_share){
        .store = {.rank = of.index, .size = of.of, .keep = keep, .find = find, .context = share}, .writer = writer};
    record_put(writer, &fingerprint, sizeof fingerprint, "data");
    crew_divide(&share->store);
}

int fit_share_take(struct fit_share *share, const struct partials *partials, const struct collection *collection,
                   struct error *error)
{
    const uint64_t own = collection_fingerprint(collection);
    size_t of = partials->share[0].of;

    for (size_t i = 0; i < of; i++) {
        const struct record_file *file = partials_file(partials, i);
        const uint64_t *fingerprint = record_find(file, sizeof *fingerprint, "data");
        if (!fingerprint || *fingerprint != own)
            return error_set(error, ERROR_INPUT, "%s: is of other data than %s", file->path, collection->name);
    }
    *share = (struct fit_share){.store = {.rank = of, .size = of, .keep = keep, .find = find, .context = share},
                                .partials = partials};
    crew_divide(&share->store);
    return 0;
}

void fit_share_end(void)
{
    crew_divide(NULL);
}
