#include "ui/terminal/cell.h"

struct cell cell_at(int y, int x)
{
    struct cell cell = {.text = L" ", .look = {0, -1, -1}, .columns = 1};
    cchar_t raw;
    attr_t attributes;
    short narrow;
    int pair = 0;

    if (mvin_wch(y, x, &raw) == ERR || getcchar(&raw, cell.text, &attributes, &narrow, &pair) == ERR ||
        cell.text[0] < L' ')
        wcscpy(cell.text, L" ");
    else
        cell.look.attributes = attributes & (A_BOLD | A_DIM | A_ITALIC | A_UNDERLINE | A_REVERSE);
    if (pair > 0)
        extended_pair_content(pair, &cell.look.foreground, &cell.look.background);
    if (wcwidth(cell.text[0]) == 2)
        cell.columns = 2;
    return cell;
}
