#include "app/bank_options.h"

#define FIELD(name) offsetof(struct bank_options, name)

static int settle_subset(void *values, struct error *error)
{
    const struct bank_options *options = values;
    if (options->size != NOT_GIVEN && options->adversarial != NOT_GIVEN)
        return usage_error(error, "--bank-size and --bank-adversarial do not go together");
    if (options->seed != NOT_GIVEN && options->size == NOT_GIVEN)
        return usage_error(error, "--bank-seed goes with --bank-size");
    return 0;
}

static const struct option_entry subset_entries[] = {
    {"bank-gallery", OPTION_TEXT, FIELD(gallery_bank), "NAME",
     .help = "second bank, of the gallery's own kind, for dualis and dualdis (the first)"},
    {"bank-size", OPTION_COUNT, FIELD(size), "N",
     .help = "a random subset of so many bank queries", .least = 1, .unset = NOT_GIVEN},
    {"bank-seed", OPTION_COUNT, FIELD(seed), "N", .help = "the seed of that subset (0)", .unset = NOT_GIVEN},
    {"bank-adversarial", OPTION_COUNT, FIELD(adversarial), "N",
     .help = "so many bank queries of the items that the bank retrieves most", .least = 1, .unset = NOT_GIVEN},
    {0},
};

/* What both groups have. */
static const struct option_group subset_group = {
    .entries = subset_entries,
    .details = "BANK is a bank's name, or a subset of one: NAME:size=N,seed=S for a random subset,\n"
               "NAME:adversarial=N for the bank queries of the items that the bank retrieves most.  --rule\n"
               "qbnorm:beta=20@NAME fits one rule on it; --bank-size, --bank-seed and --bank-adversarial apply to\n"
               "every bank given by name alone.\n",
    .settle = settle_subset,
};

#define SUBSET {.name = "subset", .kind = OPTION_GROUP, .group = &subset_group}

static const struct option_entry entries[] = {
    {"bank", OPTION_LIST, FIELD(bank), "BANK|FILE", .help = "the query bank (the first); a file with matrices"},
    {"video-bank", OPTION_LIST, FIELD(video_bank), "BANK|FILE",
     .help = "the same for v2t (with a collection: --bank)"},
    SUBSET,
    {0},
};

static const struct option_entry collection_entries[] = {
    {"bank", OPTION_LIST, FIELD(bank), "BANK", .help = "the query bank (the collection's first)"},
    SUBSET,
    {0},
};

const struct option_group bank_group = {.entries = entries};
const struct option_group collection_bank_group = {.entries = collection_entries};

struct bank_subset bank_options_rows(const struct bank_options *options)
{
    return (struct bank_subset){
        .size = options->size == NOT_GIVEN ? 0 : options->size,
        .seed = options->seed == NOT_GIVEN ? 0 : options->seed,
        .adversarial = options->adversarial == NOT_GIVEN ? 0 : options->adversarial,
    };
}
