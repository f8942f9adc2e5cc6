#include "app/output.h"
#include "app/command.h"
#include "app/fail.h"

FILE *output_stream(void)
{
    return stdout;
}

int report_show(struct report *report, int format)
{
    struct error error = {0};
    int failed = report_write(report, (enum format)format, output_stream(), &error);
    report_close(report);
    return failed ? fail(&error) : STATUS_OK;
}
