#include "app/report.h"
#include "app/output.h"
#include <stdlib.h>

void report_print(json_t *tree, const struct format *format, const struct layout *layout)
{
    struct report report = {.tree = tree, .layout = *layout};
    int status = report_show(&report, format);
    if (status) {
        exit(status);
    }
}
