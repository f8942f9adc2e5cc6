/* Time that never goes back, and moments in the future. */
#include "engine/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void time_never_goes_back(void **state)
{
    double seconds = clock_seconds();
    long ms = clock_ms();

    (void)state;
    for (int i = 0; i < 1000; i++) {
        double now = clock_seconds();
        assert_true(now >= seconds);
        seconds = now;
    }
    assert_true(clock_ms() >= ms);
    assert_true((double)clock_ms() / 1e3 <= clock_seconds());
}

static void a_moment_later_is_that_much_later(void **state)
{
    static const double WAIT[] = {0, 0.1, 0.999, 1.75, 3600.5};

    (void)state;
    for (size_t i = 0; i < sizeof WAIT / sizeof *WAIT; i++) {
        double before = clock_seconds();
        struct timespec then = clock_after(WAIT[i]);
        double passed = (double)then.tv_sec + (double)then.tv_nsec / 1e9 - before;
        assert_in_range(then.tv_nsec, 0, 999999999);
        assert_true(passed > WAIT[i] - 1e-6);
        assert_true(passed < WAIT[i] + 60);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_never_goes_back),
        cmocka_unit_test(a_moment_later_is_that_much_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
