/* Fits cached in the catalog: only found under the same key, and never used if damaged. */
#include "engine/fitting/fit_cache.h"
#include "engine/catalog/write.h"
#include "engine/collection/collection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "made.h"

enum { Q = 4, M = 30, N = 50 };

static char folder[64], path[96];

static void make_catalog(const char *digest)
{
    struct error error = {0};
    struct catalog_writer *writer = catalog_create(path, &error);

    assert_non_null(writer);
    if (digest)
        assert_int_equal(catalog_put_meta(writer, "digest", digest, &error), 0);
    if (catalog_finish(writer, NULL, &error))
        fail_msg("%s", error.text);
}

/* A task whose collection has a catalog in a new folder. */
struct kept {
    struct made made;
    struct collection collection;
    struct collection_model model;
};

static void kept_open(struct kept *kept, const char *digest)
{
    struct error error = {0};

    strcpy(folder, "/tmp/hubscope-fit-XXXXXX");
    assert_true(mkdtemp(folder) && chmod(folder, 0755) == 0);
    snprintf(path, sizeof path, "%s/catalog.db", folder);
    make_catalog(digest);
    made_open(&kept->made, Q, M, N, 0);
    kept->collection = (struct collection){.catalog = catalog_open(path, &error)};
    kept->model = (struct collection_model){.name = "base"};
    snprintf(kept->model.digest, sizeof kept->model.digest, "%s", digest ? digest : "");
    if (!kept->collection.catalog)
        fail_msg("%s", error.text);
    kept->made.task.collection = &kept->collection;
    kept->made.task.model = &kept->model;
    kept->made.task.bank_name = "train";
}

static void kept_close(struct kept *kept)
{
    catalog_close(kept->collection.catalog);
    made_close(&kept->made);
    unlink(path);
    assert_int_equal(rmdir(folder), 0);
}

static struct fit *fitted(const struct kept *kept, const char *text, bool no_cache)
{
    struct fit_options options = {.no_cache = no_cache};
    struct rule_spec spec;
    struct fit *fit;
    struct error error = {0};

    assert_int_equal(rule_parse(text, 100, &spec, &error), 0);
    if (fit_rules(&kept->made.task, &spec, 1, &options, &fit, NULL, &error))
        fail_msg("%s", error.text);
    return fit;
}

static bool same_bits(const void *a, const void *b, size_t size)
{
    return !a == !b && (!a || memcmp(a, b, size) == 0);
}

static bool same(const struct fit *a, const struct fit *b)
{
    return a->m == b->m && a->n == b->n && a->scale == b->scale && a->pull_scale == b->pull_scale &&
           a->pull_top == b->pull_top && same_bits(&a->residual, &b->residual, sizeof a->residual) &&
           strcmp(a->bank, b->bank) == 0 && same_bits(a->bias, b->bias, a->m * sizeof *a->bias) &&
           same_bits(a->shift, b->shift, a->m * sizeof *a->shift) &&
           same_bits(a->row_bias, b->row_bias, a->n * sizeof *a->row_bias) && same_bits(a->active, b->active, a->m);
}

/* Changes the bank's similarities without telling the catalog, so that a new fit differs. */
static void change_bank(struct kept *kept)
{
    for (size_t i = 0; i < N * M; i++)
        kept->made.b_data[i] = -kept->made.b_data[i];
}

/* Whether fitting `text` now gives the cached `before` rather than a new fit. */
static bool is_kept(const struct kept *kept, const char *text, const struct fit *before)
{
    struct fit *now = fitted(kept, text, false), *anew = fitted(kept, text, true);
    bool found = same(now, before);

    assert_true(found || same(now, anew));
    assert_false(same(anew, before));
    fit_release(now);
    fit_release(anew);
    return found;
}

static void found_again(void **state)
{
    static const char *const texts[] = {"is", "qbnorm:k=2", "ncl:iterations=3", "ncl:iterations=0", "csls:k=3"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct kept kept;
        kept_open(&kept, "d1");
        struct fit *before = fitted(&kept, texts[i], false);
        change_bank(&kept);
        assert_true(is_kept(&kept, texts[i], before));
        fit_release(before);
        kept_close(&kept);
    }
}

static void only_under_the_same_key(void **state)
{
    struct kept kept;

    (void)state;
    kept_open(&kept, "d1");
    struct fit *before = fitted(&kept, "is:beta=20", false);
    change_bank(&kept);
    struct fit *other = fitted(&kept, "is:beta=20.5", false), *anew = fitted(&kept, "is:beta=20.5", true);
    assert_true(same(other, anew));
    fit_release(other);
    fit_release(anew);
    kept.made.task.direction = V2T;
    assert_false(is_kept(&kept, "is:beta=20", before));
    kept.made.task.direction = T2V;
    assert_true(is_kept(&kept, "is:beta=20", before));
    kept.made.task.bank_name = "stills";
    other = fitted(&kept, "is:beta=20", false);
    assert_memory_not_equal(other->bias, before->bias, M * sizeof *other->bias);
    fit_release(other);
    fit_release(before);
    kept_close(&kept);
}

static void nothing_is_cached_without_a_digest_or_when_disabled(void **state)
{
    struct kept kept;

    (void)state;
    kept_open(&kept, NULL);
    struct fit *before = fitted(&kept, "is", false);
    change_bank(&kept);
    assert_false(is_kept(&kept, "is", before));
    fit_release(before);
    kept_close(&kept);

    kept_open(&kept, "d1");
    before = fitted(&kept, "is", true);
    change_bank(&kept);
    assert_false(is_kept(&kept, "is", before));
    fit_release(before);
    kept_close(&kept);
}

/* Damages a cached blob of `size` bytes in one of several ways; returns the size to store. */
static size_t spoil(int way, char *blob, size_t size)
{
    static const double nan = NAN;

    switch (way) {
    case 0:
        return 0;
    case 1:
        return 7; /* not even a header */
    case 2:
        return size - 1;
    case 3:
        blob[0] ^= 1; /* magic */
        return size;
    case 4:
        blob[8] ^= 1; /* byte order */
        return size;
    case 5:
        blob[12] ^= 1; /* flags: fewer arrays than there are bytes */
        return size;
    case 6:
        blob[16] ^= 1; /* m */
        return size;
    case 7:
        blob[24] ^= 1; /* n */
        return size;
    default:
        memcpy(blob + size - sizeof nan, &nan, sizeof nan); /* the last bias */
        return size;
    }
}

static void damaged_fits_are_made_again(void **state)
{
    static const char key[] = "3.0 is:beta=20 t2v d1 train";

    (void)state;
    for (int way = 0; way < 9; way++) {
        struct kept kept;
        size_t size;
        kept_open(&kept, "d1");
        struct fit *before = fitted(&kept, "is", false);
        change_bank(&kept);
        char *blob = catalog_fit_load(kept.collection.catalog, key, &size);
        assert_non_null(blob);
        assert_true(is_kept(&kept, "is", before));
        catalog_fit_store(kept.collection.catalog, key, blob, spoil(way, blob, size));
        assert_false(is_kept(&kept, "is", before));
        free(blob);
        fit_release(before);
        kept_close(&kept);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(found_again),
        cmocka_unit_test(only_under_the_same_key),
        cmocka_unit_test(nothing_is_cached_without_a_digest_or_when_disabled),
        cmocka_unit_test(damaged_fits_are_made_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
