/* A screen without a terminal: started at a given size, drawn on, read back as text. */
#ifndef HUBSCOPE_TESTS_SCREEN_H
#define HUBSCOPE_TESTS_SCREEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/draw/draw.h"
#include "ui/terminal/screenshot.h"
#include "ui/terminal/terminal.h"
#include "ui/terminal/theme.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SCREEN_BYTES = 1 << 20 };

/* `locale` is C.UTF-8 or C; fails the test if the terminal does not start. */
static inline struct rect screen_start(const char *term, const char *locale, int rows, int columns,
                                       struct terminal_options options)
{
    char number[16];
    struct error error = {0};

    setenv("TERM", term, 1);
    setenv("LC_ALL", locale, 1);
    unsetenv("NO_COLOR");
    unsetenv("COLORFGBG");
    unsetenv("COLORTERM");
    snprintf(number, sizeof number, "%d", rows);
    setenv("LINES", number, 1);
    snprintf(number, sizeof number, "%d", columns);
    setenv("COLUMNS", number, 1);
    options.no_display = true;
    if (terminal_start(&options, &error))
        fail_msg("%s", error.text);
    theme_start();
    assert_int_equal(terminal_rows(), rows);
    assert_int_equal(terminal_columns(), columns);
    return (struct rect){0, 0, rows, columns};
}

/* What screenshot_save writes, in one static buffer; `suffix` is "" or ".ansi". */
static inline const char *screen_text(const char *suffix)
{
    static char text[SCREEN_BYTES];
    char path[64];
    struct error error = {0};

    snprintf(path, sizeof path, "/tmp/screen-%ld%s", (long)getpid(), suffix);
    if (screenshot_save(path, &error))
        fail_msg("%s", error.text);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t size = fread(text, 1, sizeof text - 1, file);
    text[size] = 0;
    fclose(file);
    unlink(path);
    return text;
}

#endif
