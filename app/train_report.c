#include "app/train_report.h"
#include "engine/base/item.h"
#include "engine/page/command.h"

static json_t *measures_report(const struct held_out_measures *held)
{
    json_t *report = json_object();
    json_object_set_new(report, "R@1", report_real(held->r1));
    json_object_set_new(report, "MRR", report_real(held->mrr));
    json_object_set_new(report, "normalization_error", report_real(held->error));
    json_object_set_new(report, "skewness", report_real(held->skewness));
    return report;
}

static json_t *seed_report(const struct learn *learn, size_t index)
{
    const struct train_seed *seed = &learn->result.seed[index];
    json_t *report = json_object();
    json_object_set_new(report, "seed", report_count((size_t)seed->seed));
    json_object_set_new(report, "rate", seed->epoch ? report_real(seed->rate) : json_null());
    json_object_set_new(report, "iterations",
                        seed->epoch && learn->train.loss == LOSS_NCL ? report_count(seed->iterations) : json_null());
    json_object_set_new(report, "epoch", report_count(seed->epoch));
    json_object_set_new(report, "scale", report_real(seed->scale));
    json_object_set_new(report, "held_out", measures_report(&seed->held));
    json_object_set_new(report, "kept", json_boolean(index == learn->result.best));
    return report;
}

static json_t *pairs_report(const struct learn *learn)
{
    static const char *const sources[] = {
        [BANK_PAIRS_ROWS] = "rows", [BANK_PAIRS_KEYS] = "keys", [BANK_PAIRS_ORDER] = "order"};
    const struct bank_pairs *pairs = &learn->pairs;
    const struct train_result *result = &learn->result;
    json_t *report = json_object();
    json_object_set_new(report, "text_bank", report_text(pairs->texts));
    json_object_set_new(report, "video_bank", pairs->videos ? report_text(pairs->videos) : json_null());
    json_object_set_new(report, "by", json_string(sources[pairs->source]));
    json_object_set_new(report, "captions", report_count(pairs->captions));
    json_object_set_new(report, "captions_left_out", report_count(pairs->left_out));
    json_object_set_new(report, "captions_held_out", report_count(result->held_captions));
    json_object_set_new(report, "clips", report_count(result->clips + result->held_clips));
    json_object_set_new(report, "clips_held_out", report_count(result->held_clips));
    return report;
}

/* The command that shows what the heads changed. */
static json_t *next_report(const struct learn *learn, const char *where)
{
    struct page_command command;
    char rule[COLLECTION_MODEL_NAME + 8];
    page_command_begin(&command, "hubscope eval");
    page_command_word(&command, where);
    for (int i = 0; i < 3; i++) {
        snprintf(rule, sizeof rule, "%s/%s", i ? learn->name : learn->from->name, i < 2 ? "raw" : "ncl");
        page_command_word(&command, "--rule");
        page_command_word(&command, rule);
    }
    return report_text(command.text);
}

static json_t *tree(const struct learn *learn, const char *where)
{
    const struct train_options *train = &learn->train;
    const struct train_result *result = &learn->result;
    json_t *report = json_object(), *seeds = json_array();
    for (size_t i = 0; i < result->seeds; i++)
        json_array_append_new(seeds, seed_report(learn, i));
    json_object_set_new(report, "collection", report_text(where));
    json_object_set_new(report, "model", report_text(learn->name));
    json_object_set_new(report, "from", report_text(learn->from->name));
    json_object_set_new(report, "loss", json_string(learn_loss_name[train->loss]));
    json_object_set_new(report, "head", json_string(learn_head_name[train->head]));
    json_object_set_new(report, "scale_learned", json_boolean(train->learn_scale));
    json_object_set_new(report, "logit_scale", report_real(result->scale));
    json_object_set_new(report, "decay", report_real(train->decay));
    json_object_set_new(report, "batch", report_count(result->batch));
    json_object_set_new(report, "epochs", report_count(train->epochs));
    json_object_set_new(report, "cancelled", json_boolean(result->cancelled));
    json_object_set_new(report, "pairs", pairs_report(learn));
    json_object_set_new(report, "chosen_on", json_string("held-out clips of the bank"));
    json_object_set_new(report, "frozen", measures_report(&result->frozen));
    json_object_set_new(report, "R@1_mean", report_real(result->r1_mean));
    json_object_set_new(report, "R@1_spread", report_real(result->r1_spread));
    json_object_set_new(report, "kept_seed", report_count((size_t)result->seed[result->best].seed));
    json_object_set_new(report, "seeds", seeds);
    json_object_set_new(report, "next", next_report(learn, where));
    return report;
}

static const char *string_of(const json_t *report, const char *member)
{
    const char *text = json_string_value(json_object_get(report, member));
    return text ? text : "";
}

static void put_pairs(FILE *out, const json_t *pairs)
{
    const char *by = string_of(pairs, "by");
    double left_out = report_get_real(pairs, "captions_left_out");
    fprintf(out, "learned from %.0f captions of %.0f clips: bank ", report_get_real(pairs, "captions"),
            report_get_real(pairs, "clips"));
    report_put_text(out, pairs, "text_bank");
    if (*by == 'k') {
        fputs(item_text(", videos of the gallery that no evaluation query belongs to\n"), out);
    } else {
        fputs(item_text(", video bank "), out);
        report_put_text(out, pairs, "video_bank");
        fprintf(out, ", paired %s\n", *by == 'o' ? "in order" : "by --pairs");
    }
    if (left_out > 0)
        fprintf(out, item_text("left out: %.0f captions that are evaluation captions or of evaluation videos\n"),
                left_out);
    fprintf(out, "held out: %.0f of these clips, with %.0f captions\n", report_get_real(pairs, "clips_held_out"),
            report_get_real(pairs, "captions_held_out"));
}

static void put_title(FILE *out, const json_t *report)
{
    size_t seeds = json_array_size(json_object_get(report, "seeds"));
    bool ncl = *string_of(report, "loss") == 'n';
    fprintf(out, "%s heads over model ", string_of(report, "head"));
    report_put_text(out, report, "from");
    fprintf(out, " by %s, scale %g %s, batches of at most %.0f\n", ncl ? "NCL" : "InfoNCE",
            report_get_real(report, "logit_scale"),
            json_is_true(json_object_get(report, "scale_learned")) ? "(learned)" : "(fixed)",
            report_get_real(report, "batch"));
    put_pairs(out, json_object_get(report, "pairs"));
    fputs("rate, iterations, epoch and seed were chosen on the held-out clips, never on evaluation queries\n", out);
    fprintf(out, "held-out R@1: %.1f frozen, %.1f with heads",
            report_get_real(json_object_get(report, "frozen"), "R@1"), report_get_real(report, "R@1_mean"));
    if (seeds > 1)
        fprintf(out, " (mean of %zu seeds, standard deviation %.1f)", seeds, report_get_real(report, "R@1_spread"));
    fputs("\n\n", out);
}

static void put_footer(FILE *out, const json_t *report)
{
    const json_t *seeds = json_object_get(report, "seeds"), *seed;
    size_t index;
    if (json_is_true(json_object_get(report, "cancelled")))
        fputs("\ninterrupted: the best so far is kept\n", out);
    json_array_foreach ((json_t *)seeds, index, seed)
        if (json_is_true(json_object_get(seed, "kept")) && !(report_get_real(seed, "epoch") > 0))
            fputs("\nno epoch was better than the frozen model: the new model is a copy of it\n", out);
    fprintf(out, "\nadded to ");
    report_put_text(out, report, "collection");
    fputs(" as model ", out);
    report_put_text(out, report, "model");
    fprintf(out, ", of seed %.0f; next:\n  ", report_get_real(report, "kept_seed"));
    report_put_text(out, report, "next");
    fputc('\n', out);
}

struct report train_report(const struct learn *learn, const char *where)
{
    static const struct column columns[] = {
        {"seed", "seed", 0, 0, false},
        {"rate", "rate", 5, 0, false},
        {"iterations", "iterations", 0, 0, false},
        {"epoch", "epoch", 0, 0, false},
        {"scale", "scale", 2, 0, false},
        {"held_out.R@1", "held-out R@1", 1, 0, false},
        {"held_out.MRR", "MRR", 3, 0, false},
        {"held_out.normalization_error", "normalisation error", 3, 0, false},
        {"held_out.skewness", "skewness N10", 2, 0, false},
        {"kept", "kept", 0, 0, false},
    };
    return (struct report){
        .tree = tree(learn, where),
        .layout = {.rows = "seeds",
                   .columns = columns,
                   .count = sizeof columns / sizeof *columns,
                   .title = put_title,
                   .footer = put_footer},
    };
}
