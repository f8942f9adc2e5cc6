#include "engine/results/lists_write.h"
#include "engine/results/describe.h"

struct pass {
    const struct lists_writer *writer;
    struct lists_output output;
};

static int take(void *context, size_t query, const struct list *lists, struct error *error)
{
    struct pass *pass = context;
    struct lists_output *output = &pass->output;
    if (pass->writer->query(output, query, lists, error))
        return -1;
    for (size_t i = 0; i < (pass->writer->one_rule ? output->count : 1); i++)
        if (ferror(output->out[i]))
            return error_system(error, "the lists cannot be written");
    return 0;
}

static int take_all(struct pass *pass, struct job *job, struct error *error)
{
    const struct lists_output *output = &pass->output;
    if (!pass->writer->no_rules)
        return lists_run(output->rules, output->count, output->depth, take, pass, job, error);
    for (size_t query = 0; query < task_queries(output->task); query++)
        if (take(pass, query, NULL, error))
            return -1;
    return 0;
}

int lists_write(const struct task *task, const struct ruled *ruled, size_t count, size_t depth,
                const struct format *format, FILE *const *out, size_t *rows, struct job *job, struct error *error)
{
    size_t gallery = task_items(task);
    struct pass pass = {
        format->lists,
        {.task = task, .rules = ruled, .count = count, .depth = depth < gallery ? depth : gallery, .out = out}};
    for (size_t r = 0; r < count && !pass.writer->no_rules; r++) /* before anything is written */
        if (task_check(ruled[r].task, job, error))
            return -1;
    int status = pass.writer->begin(&pass.output, error);
    status = status ? status : take_all(&pass, job, error);
    status = status ? status : describe_check_read(task, NULL, error);
    pass.writer->end(&pass.output, status == 0);
    *rows = pass.output.rows;
    return status;
}

int lists_write_one(const struct ruled *ruled, size_t query, const struct list *list, const struct format *format,
                    FILE *out, size_t *rows, struct error *error)
{
    struct pass pass = {
        format->lists, {.task = ruled->task, .rules = ruled, .count = 1, .depth = list ? list->count : 0, .out = &out}};
    int status = pass.writer->begin(&pass.output, error);
    status = status ? status : take(&pass, query, list, error);
    status = status ? status : describe_check_read(ruled->task, NULL, error);
    pass.writer->end(&pass.output, status == 0);
    *rows = pass.output.rows;
    return status;
}
