#include "engine/page/parts.h"

#include "engine/page/script_text.h" /* made of script.js by CMake */

void page_script_source(struct html *html)
{
    html_put(html, "'sha256-");
    html_base64(html, script_hash, sizeof script_hash);
    html_put(html, "'");
}

void page_script(struct html *html)
{
    html_put(html, "<script>");
    for (size_t i = 0; i < sizeof script / sizeof *script; i++)
        html_put(html, script[i]);
    html_put(html, "</script>\n");
}
