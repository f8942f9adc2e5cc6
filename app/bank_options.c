#include "app/bank_options.h"

#define FIELD(name) offsetof(struct bank_options, name)

static int settle_second(const struct bank_options *options, struct error *error)
{
    if (options->gallery_bank && (options->gallery_bank_sims || options->bank_gallery_sims))
        return usage_error(error, "--gallery-bank cannot be combined with --gallery-bank-sims or --bank-gallery-sims");
    if (options->bank_gallery_sims && !options->gallery_bank_sims)
        return usage_error(error, "--bank-gallery-sims needs --gallery-bank-sims");
    return 0;
}

static int settle_subset(void *values, struct error *error)
{
    const struct bank_options *options = values;
    if (options->size != NOT_GIVEN && options->adversarial != NOT_GIVEN)
        return usage_error(error, "--bank-size and --bank-adversarial cannot be combined");
    if (options->seed != NOT_GIVEN && options->size == NOT_GIVEN)
        return usage_error(error, "--bank-seed needs --bank-size");
    return settle_second(options, error);
}

static const struct option_entry subset_entries[] = {
    GALLERY_BANK_OPTION(bank_options, gallery_bank),
    {"gallery-bank-sims", OPTION_TEXT, FIELD(gallery_bank_sims), "FILE",
     .help = "stored similarities: second bank x videos, for dualis and dualdis"},
    {"bank-gallery-sims", OPTION_TEXT, FIELD(bank_gallery_sims), "FILE",
     .help = "stored similarities: bank x second bank, for dbsn"},
    {"bank-gallery", OPTION_RENAMED, .argument = "gallery-bank"},
    {"bank-size", OPTION_COUNT, FIELD(size), "N", .help = "a random subset of N bank queries", .least = 1,
     .unset = NOT_GIVEN},
    {"bank-seed", OPTION_COUNT, FIELD(seed), "N", .help = "the seed of that subset (0)", .unset = NOT_GIVEN},
    {"bank-adversarial", OPTION_COUNT, FIELD(adversarial), "N",
     .help = "the N bank queries of the items that the bank retrieves most", .least = 1, .unset = NOT_GIVEN},
    {0},
};

/* Shared by both groups. */
static const struct option_group subset_group = {
    .entries = subset_entries,
    .details = "BANK is a bank's name, or a subset of one: NAME:size=N,seed=S for a random subset,\n"
               "NAME:adversarial=N for the bank queries of the items that the bank retrieves most.  --rule\n"
               "qbnorm:beta=20@NAME fits one rule on it; --bank-size, --bank-seed and --bank-adversarial apply to\n"
               "every bank given by name alone.\n"
               "The second bank is a bank of the collection by name, or a file of embeddings, the same in either\n"
               "direction.\n",
    .settle = settle_subset,
};

#define SUBSET                                                                                                         \
    {                                                                                                                  \
        .name = "subset", .kind = OPTION_GROUP, .group = &subset_group                                                 \
    }

static const struct option_entry entries[] = {
    {"bank", OPTION_LIST, FIELD(bank), "BANK|FILE", .help = "the query bank (the first); a file with matrices"},
    {"video-bank", OPTION_LIST, FIELD(video_bank), "BANK|FILE", .help = "the same for v2t (with a collection: --bank)"},
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
