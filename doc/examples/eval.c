/* Prints what `hubscope eval COLLECTION` prints, in short.
 *
 *     cc eval.c $(pkg-config --cflags --libs hubscope) -o eval && ./eval COLLECTION */
#include <hubscope/hubscope.h>
#include <stdio.h>

static const char *const rules[] = {"raw", "qbnorm", "ncl", NULL};
static const char *const measures[] = {"R@1", "R@5", "R@10", "MdR", "MnR", "skewness", "normalization_error", NULL};

int main(int argc, char **argv)
{
    struct hubscope_collection *collection;
    struct hubscope_study *study = NULL;
    struct hubscope_error error = hubscope_collection_open(argc > 1 ? argv[1] : ".", &collection);

    if (!error.code)
        error = hubscope_study_open(collection, NULL, &study);
    for (size_t i = 0; rules[i] && !error.code; i++)
        error = hubscope_study_add(study, rules[i]);
    if (!error.code)
        error = hubscope_study_fit(study, NULL);
    if (!error.code)
        error = hubscope_study_analyse(study, 0, NULL);
    for (size_t entry = 0; !error.code && entry < hubscope_study_entries(study); entry++) {
        printf("%-8s", hubscope_result_rule(study, entry));
        for (size_t m = 0; measures[m]; m++)
            printf(" %s=%.10g", measures[m], hubscope_result_measure(study, entry, measures[m]));
        putchar('\n');
    }
    if (error.code)
        fprintf(stderr, "%s\n", error.message);
    hubscope_study_close(study);
    hubscope_collection_close(collection);
    return error.code != 0;
}
