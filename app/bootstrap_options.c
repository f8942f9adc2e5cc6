#include "app/bootstrap_options.h"
#include "engine/evaluation/bootstrap.h"

static const struct option_entry entries[] = {
    {"bootstrap", OPTION_COUNT, offsetof(struct bootstrap_options, samples), "N",
     .help = "samples for 95 % intervals of differences; 0 for none", .unset = NOT_GIVEN},
    {"bootstrap-mass", OPTION_FLAG, offsetof(struct bootstrap_options, mass),
     .help = "intervals for measures of mass as well, which takes longer"},
    SEED_OPTION(bootstrap_options, seed),
    {0},
};

static int settle(void *values, struct error *error)
{
    const struct bootstrap_options *options = values;
    if (options->samples != NOT_GIVEN && options->samples > BOOTSTRAP_SAMPLES_MOST)
        return usage_error(error, "--bootstrap takes at most %d samples", BOOTSTRAP_SAMPLES_MOST);
    if (options->mass && options->samples == 0)
        return usage_error(error, "--bootstrap-mass needs samples: omit --bootstrap 0");
    return 0;
}

size_t bootstrap_options_samples(const struct bootstrap_options *options, size_t usual)
{
    if (options->samples != NOT_GIVEN)
        return options->samples;
    return options->mass && !usual ? BOOTSTRAP_SAMPLES : usual;
}

const struct option_group bootstrap_group = {
    .entries = entries,
    .details = "Intervals come from a paired bootstrap over queries: the middle 95 % of N samples drawn with\n"
               "replacement; p is twice the share of samples on the side of 0 that has fewer, (count + 1) / (N + 1).\n"
               "Measures of mass take all probabilities again, and N multiplications for each, under every rule.\n",
    .settle = settle,
};
