/* Slots of which the least recently used gives way. */
#include "engine/base/lru.h"
#include "engine/base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { SLOTS = 3 };

struct slot {
    int key, value;
    int *closed; /* counts */
};

static void close_slot(void *slot)
{
    ++*((struct slot *)slot)->closed;
}

static bool is_key(const void *slot, const void *key)
{
    return ((const struct slot *)slot)->key == *(const int *)key;
}

static bool is_any(const void *slot, const void *key)
{
    (void)key;
    return ((const struct slot *)slot)->closed != NULL;
}

static struct slot *find(struct lru *lru, int key)
{
    return lru_find(lru, is_key, &key);
}

static struct slot *put(struct lru *lru, int key, int *closed)
{
    struct slot *slot = lru_take(lru);

    assert_null(slot->closed); /* zeroed */
    *slot = (struct slot){.key = key, .value = 10 * key, .closed = closed};
    return slot;
}

static void the_least_recently_used_gives_way(void **state)
{
    int closed = 0;
    struct lru *lru = lru_new(SLOTS, sizeof(struct slot), close_slot);

    (void)state;
    assert_non_null(lru);
    assert_null(find(lru, 0)); /* empty slots match nothing, though they are zero */
    for (int key = 0; key < SLOTS; key++)
        put(lru, key, &closed);
    assert_int_equal(closed, 0);
    assert_int_equal(find(lru, 0)->value, 0);
    put(lru, 3, &closed); /* in place of 1 */
    assert_int_equal(closed, 1);
    assert_null(find(lru, 1));
    assert_int_equal(find(lru, 2)->value, 20);
    put(lru, 4, &closed); /* in place of 0 */
    assert_null(find(lru, 0));
    assert_int_equal(find(lru, 2)->value, 20);
    assert_int_equal(find(lru, 3)->value, 30);
    lru_free(lru);
    assert_int_equal(closed, 2 + SLOTS);
}

static void of_several_the_last_used_is_found(void **state)
{
    int closed = 0;
    struct lru *lru = lru_new(SLOTS, sizeof(struct slot), close_slot);

    (void)state;
    assert_null(lru_find(lru, is_any, NULL));
    for (int key = 0; key < SLOTS; key++)
        put(lru, key, &closed);
    assert_int_equal(((struct slot *)lru_find(lru, is_any, NULL))->key, SLOTS - 1);
    find(lru, 1);
    assert_int_equal(((struct slot *)lru_find(lru, is_any, NULL))->key, 1);
    lru_free(lru);
}

static void a_dropped_slot_is_taken_next(void **state)
{
    int closed = 0;
    struct lru *lru = lru_new(SLOTS, sizeof(struct slot), close_slot);
    struct slot *slot = NULL;

    (void)state;
    for (int key = 0; key < SLOTS; key++)
        slot = put(lru, key, &closed);
    lru_drop(lru, slot);
    assert_int_equal(closed, 1);
    assert_null(find(lru, SLOTS - 1));
    assert_ptr_equal(put(lru, 7, &closed), slot);
    assert_int_equal(closed, 1);
    assert_non_null(find(lru, 0));
    lru_free(lru);
    assert_int_equal(closed, 1 + SLOTS);
}

static void out_of_memory_makes_none(void **state)
{
    (void)state;
    for (long n = 0; n < 3; n++) {
        memory_fail_after(n);
        assert_null(lru_new(SLOTS, sizeof(struct slot), close_slot));
    }
    memory_fail_after(-1);
    lru_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_recently_used_gives_way),
        cmocka_unit_test(of_several_the_last_used_is_found),
        cmocka_unit_test(a_dropped_slot_is_taken_next),
        cmocka_unit_test(out_of_memory_makes_none),
    };
    return cmocka_run_group_tests_name("lru", tests, NULL, NULL);
}
