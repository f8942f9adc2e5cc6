#include "engine/page/parts.h"

void page_table_open(struct html *html, const char *class)
{
    html_print(html, "<div class=\"scroll\"><table%s%s%s>\n<thead><tr>", *class ? " class=\"" : "", class,
               *class ? "\"" : "");
}

void page_table_body(struct html *html)
{
    html_put(html, "</tr></thead>\n<tbody>\n");
}

void page_table_close(struct html *html)
{
    html_put(html, "</tbody></table></div>\n");
}

void page_fold_open(struct html *html, bool is_long)
{
    html_print(html, "<details open=\"\"%s><summary><h3>", is_long ? " class=\"long\"" : "");
}

void page_fold_body(struct html *html)
{
    html_put(html, "</h3></summary>\n");
}

void page_fold_close(struct html *html)
{
    html_put(html, "</details>\n");
}
