/* What repaints the screen shows the same as the screen, on a terminal that had the one before. */
#include "screen.h"

#include "engine/base/memory.h"
#include "engine/base/random.h"
#include "ui/terminal/cell.h"
#include "ui/terminal/repaint.h"
#include "ui/terminal/screen.h"

#include <wchar.h>

enum { ROWS = 12, COLUMNS = 40, ANY = 1 << 24 };

static const struct pen_style plain = {.known = true, .foreground = PEN_DEFAULT, .background = PEN_DEFAULT, .set = 'B'};

/* ---- a terminal ---- */

static struct {
    struct cell cell[ROWS][COLUMNS];
    struct look now;
    int y, x;
} shown;

static void set_look(const char *text)
{
    static const attr_t attribute[] = {0, A_BOLD, A_DIM, A_ITALIC, A_UNDERLINE, 0, 0, A_REVERSE};

    for (;;) {
        char *end;
        int p = (int)strtol(text, &end, 10), r, g, b, used;
        int *colour = p / 10 == 3 ? &shown.now.foreground : &shown.now.background;
        if (p == 0)
            shown.now = (struct look){0, -1, -1};
        else if (p < 10)
            shown.now.attributes |= attribute[p];
        else if (p == 22)
            shown.now.attributes &= ~(A_BOLD | A_DIM);
        else if (p < 30)
            shown.now.attributes &= ~attribute[p - 20];
        else if (p % 10 < 8 || p % 10 == 9)
            *colour = p % 10 == 9 ? -1 : p % 10;
        else if (sscanf(end, ";2;%d;%d;%d%n", &r, &g, &b, &used) == 3)
            *colour = r << 16 | g << 8 | b, end += used;
        else
            fail_msg("%s", text);
        if (*end != ';')
            return;
        text = end + 1;
    }
}

static void blank(int from, int to)
{
    for (int x = from; x < to; x++)
        shown.cell[shown.y][x] = (struct cell){L" ", {0, -1, shown.now.background}, 1};
}

static size_t sequence(const char *bytes)
{
    size_t size = 2 + strspn(bytes + 2, "0123456789;") + 1;
    int a = 1, b = 1;

    sscanf(bytes + 2, "%d;%d", &a, &b);
    switch (bytes[size - 1]) {
    case 'm':
        set_look(bytes + 2);
        break;
    case 'H':
        shown.y = a - 1;
        shown.x = b - 1;
        break;
    case 'd':
        shown.y = a - 1;
        break;
    case 'G':
        shown.x = a - 1;
        break;
    case 'C':
        shown.x += a;
        break;
    case 'K':
        blank(shown.x, COLUMNS);
        break;
    case 'X':
        assert_true(shown.x + a <= COLUMNS);
        blank(shown.x, shown.x + a);
        break;
    default:
        fail_msg("%s", bytes);
    }
    assert_in_range(shown.y, 0, ROWS - 1);
    assert_in_range(shown.x, 0, COLUMNS - 1);
    return size;
}

/* Wide characters lose their other half when one is overwritten. */
static void put_character(wchar_t character)
{
    int width = wcwidth(character), last = shown.x + width;

    if (width == 0) {
        int x = shown.x - 1;
        while (x > 0 && !shown.cell[shown.y][x].columns)
            x--;
        wcsncat(shown.cell[shown.y][x].text, &character, 1);
        return;
    }
    assert_true(last <= COLUMNS);
    if (!shown.cell[shown.y][shown.x].columns)
        blank(shown.x - 1, shown.x);
    if (last < COLUMNS && !shown.cell[shown.y][last].columns)
        blank(last, last + 1);
    shown.cell[shown.y][shown.x] = (struct cell){{character, 0}, shown.now, width};
    if (width == 2)
        shown.cell[shown.y][shown.x + 1] = (struct cell){L"", shown.now, 0};
    shown.x = last;
}

static void play(const char *bytes, size_t size)
{
    mbstate_t state;
    wchar_t character;

    memset(&state, 0, sizeof state);
    for (const char *at = bytes, *end = bytes + size; at < end;)
        if (*at == '\033') {
            at += sequence(at);
        } else {
            size_t used = mbrtowc(&character, at, (size_t)(end - at), &state);
            assert_in_range(used, 1, 4);
            put_character(character);
            at += used;
        }
}

/* What is not seen of a cell. */
static struct cell seen(struct cell cell)
{
    bool lit = cell.look.attributes & (A_REVERSE | A_UNDERLINE);

    if (cell.text[0] == L'▀' && !lit && cell.look.background >= 0 && cell.look.foreground == cell.look.background)
        cell.text[0] = L' ';
    if (wcscmp(cell.text, L" ") == 0 && !lit)
        cell.look = (struct look){0, -1, cell.look.background};
    return cell;
}

static void assert_shown(void)
{
    assert_int_equal(shown.y, getcury(stdscr));
    assert_int_equal(shown.x, getcurx(stdscr));
    for (int y = 0; y < ROWS; y++)
        for (int x = 0; x < COLUMNS; x++) {
            const struct cell wanted = seen(cell_at(y, x)), got = seen(shown.cell[y][x]);
            if (wcscmp(wanted.text, got.text) != 0 || wanted.look.attributes != got.look.attributes ||
                wanted.look.foreground != got.look.foreground || wanted.look.background != got.look.background)
                fail_msg("row %d, column %d: '%ls' in %x, %d, %d instead of '%ls' in %x, %d, %d", y, x, got.text,
                         (unsigned)got.look.attributes, got.look.foreground, got.look.background, wanted.text,
                         (unsigned)wanted.look.attributes, wanted.look.foreground, wanted.look.background);
            x += wanted.columns - 1;
        }
    assert_true(shown.now.attributes == 0 && shown.now.foreground == -1 && shown.now.background == -1);
}

/* ---- screens ---- */

static void draw_anything(struct random_state *random)
{
    static const wchar_t *const words[] = {L"frog",  L"a hand",     L"          ", L"▀▀ ▀",
                                           L"顔 顔", L"é│ e\u0301", L"─────"};
    static const int colours[] = {-1, 0xffffff, 0x405060, 0x102030};
    static const attr_t attributes[] = {A_NORMAL, A_NORMAL, A_BOLD, A_DIM, A_ITALIC, A_UNDERLINE, A_REVERSE};

    for (uint64_t i = 1 + random_below(random, 12); i; i--) {
        const wchar_t *word = words[random_below(random, sizeof words / sizeof *words)];
        int y = (int)random_below(random, ROWS), x = (int)random_below(random, COLUMNS - 6);
        attr_set(A_NORMAL, 0, NULL);
        screen_put_coloured(y, x, L'x', colours[random_below(random, 4)], colours[random_below(random, 4)],
                            random_below(random, 2));
        cchar_t cell;
        wchar_t text[CCHARW_MAX + 1];
        attr_t had;
        short narrow;
        int pair;
        mvin_wch(y, x, &cell);
        getcchar(&cell, text, &had, &narrow, &pair);
        attr_set(attributes[random_below(random, 7)], narrow, &pair);
        mvaddnwstr(y, x, word, COLUMNS - x < 8 ? 3 : -1);
    }
    attr_set(A_NORMAL, 0, NULL);
    if (random_below(random, 8) == 0)
        screen_clear();
    move((int)random_below(random, ROWS), (int)random_below(random, COLUMNS));
}

static void start(void)
{
    screen_start("xterm-256color", "C.UTF-8", ROWS, COLUMNS, (struct terminal_options){.colour = COLOUR_DIRECT});
    assert_int_equal(terminal_tier(), TIER_DIRECT);
    shown.now = (struct look){0, -1, -1};
    for (shown.y = 0; shown.y < ROWS; shown.y++)
        blank(0, COLUMNS);
    shown.y = 0;
    repaint_stop();
}

static void any_screen_follows_any_other(void **state)
{
    (void)state;
    struct random_state random = random_start(7, 0);
    size_t size;

    start();
    terminal_refresh();
    assert_null(repaint(&plain, &plain, true, &size)); /* the one before is not known */
    for (int i = 0; i < 400; i++) {
        draw_anything(&random);
        terminal_refresh();
        const char *bytes = repaint(&plain, &plain, true, &size);
        assert_non_null(bytes);
        play(bytes, size);
        assert_shown();
    }
    terminal_stop();
}

static void what_stays_is_left_alone(void **state)
{
    (void)state;
    size_t size;

    start();
    mvaddstr(2, 3, "a frog sits");
    mvaddstr(5, 3, "a frog sits");
    move(0, 0);
    terminal_refresh();
    assert_null(repaint(&plain, &plain, true, &size));
    mvaddstr(2, 5, "toad");
    screen_put_coloured(3, 9, L'x', 0xffffff, -1, false);
    mvaddstr(5, 5, "toad");
    move(0, 0);
    terminal_refresh();
    const char expected[] = "\033[3;6Htoad\033[6;6Htoad\033[4d\033[38;2;255;255;255mx\033[1;1H\033[m";
    const char *bytes = repaint(&plain, &plain, true, &size);
    assert_int_equal(size, sizeof expected - 1);
    assert_memory_equal(bytes, expected, size);
    repaint_forget();
    assert_null(repaint(&plain, &plain, true, &size));
    terminal_stop();
}

static void an_unknown_pen_and_lack_of_memory_leave_it_to_curses(void **state)
{
    (void)state;
    const struct pen_style unknown = {.known = false}, lines = {.known = true, .set = '0'};
    size_t size;

    start();
    terminal_refresh();
    memory_fail_after(0);
    assert_null(repaint(&plain, &plain, true, &size));
    memory_fail_after(-1);
    assert_null(repaint(&plain, &plain, true, &size));
    assert_null(repaint(&unknown, &plain, true, &size));
    assert_null(repaint(&plain, &lines, true, &size));
    assert_non_null(repaint(&plain, &plain, true, &size));
    terminal_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_screen_follows_any_other),
        cmocka_unit_test(what_stays_is_left_alone),
        cmocka_unit_test(an_unknown_pen_and_lack_of_memory_leave_it_to_curses),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    repaint_stop();
    return failed;
}
