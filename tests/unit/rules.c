/* The rules beyond the golden cases: plain loops in double precision, typed queries, refusals. */
#include "engine/base/pool.h"
#include "engine/collection/collection.h"
#include "engine/evaluation/analysis.h"
#include "engine/evaluation/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "made.h"

enum { Q = 70, M = 40, N = 50, K = 9, D = 16 };

struct space {
    float *query, *video, *bank, *clips;
    struct bank banks[1], video_banks[1];
    struct collection collection;
    struct collection_model model, *models[1];
    struct task task;
    double s[Q][M], b[N][M], g[K][M];
};

/* Unit rows that share a direction, so that there are hubs and a mean to subtract. */
static float *make_rows(size_t rows, uint32_t seed)
{
    float *x = made_floats(rows * D, 0, seed);

    for (size_t i = 0; i < rows; i++) {
        double sum = 0;
        x[i * D] += 0.4f;
        for (size_t c = 0; c < D; c++)
            sum += (double)x[i * D + c] * (double)x[i * D + c];
        for (size_t c = 0; c < D; c++)
            x[i * D + c] = (float)((double)x[i * D + c] / sqrt(sum));
    }
    return x;
}

static double product(const float *a, const float *b)
{
    double sum = 0;

    for (size_t c = 0; c < D; c++)
        sum += (double)a[c] * (double)b[c];
    return sum;
}

static void space_open(struct space *space)
{
    memset(space, 0, sizeof *space);
    space->query = make_rows(Q, 1);
    space->video = make_rows(M, 2);
    space->bank = make_rows(N, 3);
    space->clips = make_rows(K, 4);
    memcpy(space->bank + 5 * D, space->query + 8 * D,
           2 * D * sizeof *space->bank); /* two bank queries are queries too */
    struct collection *collection = &space->collection;
    space->model = (struct collection_model){.name = "base",
                                             .logit_scale = 30,
                                             .dimension = D,
                                             .query = matrix_view(space->query, Q, D),
                                             .video = matrix_view(space->video, M, D),
                                             .banks = 1,
                                             .video_banks = 1,
                                             .bank = space->banks,
                                             .video_bank = space->video_banks};
    space->models[0] = &space->model;
    *collection = (struct collection){.queries = Q, .videos = M, .model = space->models, .models = 1};
    strcpy(space->banks[0].name, "train");
    space->banks[0].matrix = matrix_view(space->bank, N, D);
    strcpy(space->video_banks[0].name, "clips");
    space->video_banks[0].matrix = matrix_view(space->clips, K, D);
    collection->target = calloc(Q, sizeof *collection->target);
    for (uint32_t q = 0; q < Q; q++)
        collection->target[q] = q % M;
    assert_int_equal(task_open(&space->task, collection, NULL, T2V, NULL, NULL), 0);
    for (size_t j = 0; j < M; j++) {
        for (size_t q = 0; q < Q; q++)
            space->s[q][j] = product(space->query + q * D, space->video + j * D);
        for (size_t i = 0; i < N; i++)
            space->b[i][j] = product(space->bank + i * D, space->video + j * D);
    }
    for (size_t r = 0; r < K; r++)
        for (size_t j = 0; j < M; j++)
            space->g[r][j] = product(space->clips + r * D, space->video + j * D);
}

static void space_close(struct space *space)
{
    task_close(&space->task);
    free(space->query);
    free(space->video);
    free(space->bank);
    free(space->clips);
    free(space->collection.target);
}

static struct fit *fit_named(const struct space *space, const char *text)
{
    struct rule_spec spec;
    struct fit *fit;
    struct error error;

    assert_int_equal(rule_parse(text, space->task.logit_scale, &spec, &error), 0);
    if (fit_rules(&space->task, &spec, 1, NULL, &fit, NULL, &error))
        fail_msg("%s", error.text);
    return fit;
}

/* Ranks, lists and mass of the fit against those of the logits (scores, if `order_only`). */
static void check(const struct space *space, struct fit *fit, double logit[Q][M])
{
    struct analysis result;
    double mass[M] = {0};

    assert_int_equal(analysis_run(&space->task, &fit, 1, &result, NULL, NULL), 0);
    for (size_t q = 0; q < Q; q++) {
        double most = -INFINITY, sum = 0, rank = 1;
        for (size_t j = 0; j < M; j++)
            most = fmax(most, logit[q][j]);
        for (size_t j = 0; j < M; j++) {
            sum += exp(logit[q][j] - most);
            rank += logit[q][j] > logit[q][q % M];
        }
        for (size_t j = 0; j < M; j++)
            mass[j] += exp(logit[q][j] - most) / sum;
        assert_true(result.rank[q] == rank);
        assert_true(logit[q][result.top[q * result.top_k]] == most);
    }
    assert_int_equal(!result.mass, fit->spec.rule->order_only);
    for (size_t j = 0; result.mass && j < M; j++)
        assert_true(fabs(result.mass[j] - mass[j]) < 1e-4 * mass[j]);
    analysis_close(&result);
}

static double column_lse(double (*bank)[M], size_t rows, size_t j, double beta)
{
    double sum = 0;

    for (size_t i = 0; i < rows; i++)
        sum += exp(beta * bank[i][j]);
    return log(sum);
}

static size_t best_of(const double row[M])
{
    size_t best = 0;

    for (size_t j = 0; j < M; j++)
        best = row[j] > row[best] ? j : best;
    return best;
}

static void two_banks(void **state)
{
    static double logit[Q][M];
    struct space space;
    int states = 0;

    (void)state;
    space_open(&space);
    for (size_t q = 0; q < Q; q++)
        for (size_t j = 0; j < M; j++)
            logit[q][j] = 22 * space.s[q][j] - column_lse(space.b, N, j, 15) - column_lse(space.g, K, j, 7);
    struct fit *fit = fit_named(&space, "dualis:beta_query=15,beta_gallery=7");
    check(&space, fit, logit);
    fit_release(fit);

    bool active[2][M] = {{false}};
    for (size_t i = 0; i < N; i++)
        active[0][best_of(space.b[i])] = true;
    for (size_t r = 0; r < K; r++)
        active[1][best_of(space.g[r])] = true;
    for (size_t q = 0; q < Q; q++) {
        size_t best = best_of(space.s[q]);
        states |= 1 << (active[0][best] + 2 * active[1][best]);
        for (size_t j = 0; j < M; j++)
            logit[q][j] = 22 * space.s[q][j] - (active[0][best] ? column_lse(space.b, N, j, 15) : 0) -
                          (active[1][best] ? column_lse(space.g, K, j, 7) : 0);
    }
    assert_int_equal(states, 15); /* both gates open, either, or none: all occur */
    fit = fit_named(&space, "dualdis:beta_query=15,beta_gallery=7");
    check(&space, fit, logit);
    fit_release(fit);
    space_close(&space);
}

/* A second bank of copies of one item takes that item out of first place where it was; the rule of the first bank alone
 * does not see it. */
static void junk_in_the_second_bank_counts(void **state)
{
    static const char *const names[] = {"dualis:beta_gallery=60", "dualdis:beta_gallery=60"};
    struct space space;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        uint32_t first[2];
        double alone[2];
        space_open(&space);
        size_t item = best_of(space.s[0]);
        for (int junk = 0; junk < 2; junk++) {
            for (size_t r = 0; junk && r < K; r++)
                memcpy(space.clips + r * D, space.video + item * D, D * sizeof *space.clips);
            struct fit *fit = fit_named(&space, names[i]), *is = fit_named(&space, "is");
            struct analysis result;
            assert_int_equal(analysis_run(&space.task, &fit, 1, &result, NULL, NULL), 0);
            first[junk] = result.occurrence[0][item];
            alone[junk] = is->bias[item];
            analysis_close(&result);
            fit_release(fit);
            fit_release(is);
        }
        assert_true(first[0] > 0);
        assert_int_equal(first[1], 0);
        assert_true(alone[1] == alone[0]);
        space_close(&space);
    }
}

static void csls_is_nnn_with_a_half(void **state)
{
    struct space space;
    struct analysis result[2];

    (void)state;
    space_open(&space);
    struct fit *fits[] = {fit_named(&space, "csls:k=5"), fit_named(&space, "nnn:alpha=0.5,k=5")};
    for (size_t j = 0; j < M; j++)
        assert_true(fits[0]->bias[j] == fits[1]->bias[j]);
    assert_int_equal(analysis_run(&space.task, fits, 2, result, NULL, NULL), 0);
    assert_memory_equal(result[0].top, result[1].top, Q * result[0].top_k * sizeof *result[0].top);

    struct pull pulls[N]; /* the mean is over five bank queries, each with a share of a fifth */
    assert_int_equal(search_pulls(&space.task, fits[0], 3, pulls, N, NULL), 5);
    double sum = 0;
    for (size_t i = 0; i < 5; i++) {
        assert_true(pulls[i].share == 0.2 && (i == 0 || pulls[i].similarity <= pulls[i - 1].similarity));
        sum += (double)pulls[i].similarity;
    }
    assert_true(fabs(fits[0]->bias[3] + fits[0]->scale / 2 * sum / 5) < 1e-5);
    for (size_t r = 0; r < 2; r++) {
        analysis_close(&result[r]);
        fit_release(fits[r]);
    }
    fits[0] = fit_named(&space, "nnn:k=4000"); /* more than the bank: all of it */
    assert_int_equal(search_pulls(&space.task, fits[0], 3, pulls, N, NULL), N);
    fit_release(fits[0]);
    space_close(&space);
}

/* Queries 8 and 9 are also in the bank: to the last bit they are not better than themselves. */
static void gc_counts_strictly(void **state)
{
    static double score[Q][M];
    struct space space;

    (void)state;
    space_open(&space);
    for (size_t q = 0; q < Q; q++)
        for (size_t j = 0; j < M; j++) {
            score[q][j] = space.s[q][j] - 1;
            for (size_t i = 0; i < N; i++)
                score[q][j] -= space.b[i][j] > space.s[q][j];
        }
    struct fit *fit = fit_named(&space, "gc");
    check(&space, fit, score);

    for (size_t q = 7; q < 10; q++) { /* the same as a row and as a vector, and in the explanation */
        struct search *row = search_run(&space.task, NULL, q, &fit, 1, M, NULL);
        struct search *typed = search_run(&space.task, space.query + q * D, 0, &fit, 1, M, NULL);
        struct arithmetic arithmetic;
        assert_non_null(row);
        assert_non_null(typed);
        assert_memory_equal(row->list[0].score, typed->list[0].score, M * sizeof(float));
        assert_true(isnan(search_probability(row, 0, 0)) && isnan(row->list[0].log_sum));
        search_explain(&space.task, typed, 0, 3, &arithmetic);
        assert_true(arithmetic.term[1].value == (double)lround(space.s[q][3] - score[q][3]));
        search_free(row);
        search_free(typed);
    }
    fit_release(fit);
    space_close(&space);
}

/* If the budget does not allow keeping columns, counts are kept; if not even these, columns are computed again: with
 * the same scores, places and explanations. */
static void gc_streams_beyond_the_budget(void **state)
{
    struct space space;
    struct rule_spec spec = rule_default(rule_find("gc"), 1);
    struct fit *fit[3];
    struct analysis result[3][1];
    char words[3][200];
    struct arithmetic arithmetic;
    float *typed = make_rows(1, 99);

    (void)state;
    space_open(&space);
    const size_t budget[3] = {N * M * 8, Q * M * 4, Q * M * 4 - 1}; /* for columns, for counts, for neither */
    assert_true(budget[1] < budget[0]);
    for (int w = 0; w < 3; w++) {
        struct fit_options options = {.memory = budget[w]};
        assert_int_equal(fit_rules(&space.task, &spec, 1, &options, &fit[w], NULL, NULL), 0);
        assert_int_equal(analysis_run(&space.task, &fit[w], 1, result[w], NULL, NULL), 0);
    }
    for (int w = 1; w < 3; w++) {
        assert_memory_equal(result[0]->rank, result[w]->rank, Q * sizeof *result[0]->rank);
        assert_memory_equal(result[0]->top, result[w]->top, Q * result[0]->top_k * sizeof *result[0]->top);
    }
    for (size_t q = 0; q <= Q; q++) {
        struct search *search[3];
        for (int w = 0; w < 3; w++) {
            search[w] = search_run(&space.task, q < Q ? NULL : typed, q, &fit[w], 1, M, NULL);
            assert_non_null(search[w]);
            search_explain(&space.task, search[w], 0, (uint32_t)(q % M), &arithmetic);
            assert_true(arithmetic_print(&arithmetic, words[w], sizeof words[w]));
        }
        for (int w = 1; w < 3; w++) {
            assert_memory_equal(search[0]->list->score, search[w]->list->score, M * sizeof(float));
            assert_string_equal(words[0], words[w]);
        }
        for (int w = 0; w < 3; w++)
            search_free(search[w]);
    }
    for (int w = 0; w < 3; w++) {
        analysis_close(result[w]);
        fit_release(fit[w]);
    }
    free(typed);
    space_close(&space);
}

/* A typed query is added to the softmax over the evaluation queries. */
static void dsl_includes_a_typed_query(void **state)
{
    struct space space;
    float *typed = make_rows(1, 99);
    double right[M], row_right[M];

    (void)state;
    space_open(&space);
    struct fit *fit = fit_named(&space, "dsl:scale=10");
    struct search *row = search_run(&space.task, NULL, 4, &fit, 1, M, NULL);
    struct search *search = search_run(&space.task, typed, 0, &fit, 1, M, NULL);
    for (size_t j = 0; j < M; j++) {
        double s = product(typed, space.video + j * D), sum = 0, own = exp(10 * s);
        for (size_t q = 0; q < Q; q++)
            sum += exp(10 * space.s[q][j]);
        right[j] = s * own / (sum + own);
        row_right[j] = space.s[4][j] * exp(10 * space.s[4][j]) / sum;
    }
    for (size_t j = 1; j < M; j++) { /* scores are places in the order of the products */
        assert_int_equal(search->list[0].score[j] > search->list[0].score[j - 1], right[j] > right[j - 1]);
        assert_int_equal(row->list[0].score[j] > row->list[0].score[j - 1], row_right[j] > row_right[j - 1]);
    }
    struct arithmetic arithmetic;
    search_explain(&space.task, search, 0, 0, &arithmetic);
    assert_true(fabs(arithmetic_total(&arithmetic) - (Q + 1) * right[0]) < 1e-4);
    search_free(row);
    search_free(search);
    fit_release(fit);
    free(typed);
    space_close(&space);
}

static void center_gives_the_cosine(void **state)
{
    struct space space;
    double bank[D] = {0}, gallery[D] = {0};

    (void)state;
    space_open(&space);
    for (size_t c = 0; c < D; c++) {
        for (size_t i = 0; i < N; i++)
            bank[c] += (double)space.bank[i * D + c] / N;
        for (size_t j = 0; j < M; j++)
            gallery[c] += (double)space.video[j * D + c] / M;
    }
    struct fit *fit = fit_named(&space, "center");
    struct search *row = search_run(&space.task, NULL, 4, &fit, 1, M, NULL);
    struct search *typed = search_run(&space.task, space.query + 4 * D, 0, &fit, 1, M, NULL);
    for (size_t j = 0; j < M; j++) {
        double both = 0, left = 0, right = 0;
        for (size_t c = 0; c < D; c++) {
            double t = (double)space.query[4 * D + c] - bank[c], g = (double)space.video[j * D + c] - gallery[c];
            both += t * g;
            left += t * t;
            right += g * g;
        }
        assert_true(fabs((double)row->list[0].score[j] - both / sqrt(left * right)) < 1e-6);
        assert_true(fabs((double)typed->list[0].score[j] - (double)row->list[0].score[j]) < 1e-6);
    }
    search_free(row);
    search_free(typed);
    fit_release(fit);

    struct matrix stored = matrix_view(space.query, Q, D); /* stored similarities have no mean to subtract */
    space.task.s.stored = &stored;
    assert_non_null(rule_unavailable(rule_find("center"), &space.task));
    space_close(&space);
}

/* In both directions: v2t maps its queries to rows. */
static void workers_do_not_change_results(void **state)
{
    struct space space;

    (void)state;
    space_open(&space);
    for (enum direction direction = T2V; direction <= V2T; direction++) {
        struct rule_spec specs[RULES_MAX];
        struct fit *fits[2][RULES_MAX];
        struct analysis results[2][RULES_MAX];
        struct task task;
        assert_int_equal(task_open(&task, &space.collection, NULL, direction, NULL, NULL), 0);
        assert_string_equal(task.gallery_bank_name, direction == T2V ? "clips" : "train");
        for (size_t r = 0; r < rules_count; r++)
            specs[r] = rule_default(rules[r], 30);
        for (size_t w = 0; w < 2; w++) {
            pool_set_workers(w + 1);
            assert_int_equal(fit_rules(&task, specs, rules_count, NULL, fits[w], NULL, NULL), 0);
            assert_int_equal(analysis_run(&task, fits[w], rules_count, results[w], NULL, NULL), 0);
        }
        for (size_t r = 0; r < rules_count; r++) {
            struct analysis *one = &results[0][r], *two = &results[1][r];
            assert_memory_equal(one->rank, two->rank, one->queries * sizeof *one->rank);
            assert_memory_equal(one->top, two->top, one->queries * one->top_k * sizeof *one->top);
            if (one->mass)
                assert_memory_equal(one->mass, two->mass, one->gallery * sizeof *one->mass);
            for (size_t w = 0; w < 2; w++) {
                analysis_close(&results[w][r]);
                fit_release(fits[w][r]);
            }
        }
        task_close(&task);
    }
    space_close(&space);
}

static void the_second_bank_is_chosen_by_name(void **state)
{
    struct space space;
    struct error error;

    (void)state;
    space_open(&space);
    assert_int_equal(task_gallery_bank(&space.task, "clips", &error), 0);
    assert_int_equal(task_second_bank(&space.task), K);
    assert_int_equal(task_gallery_bank(&space.task, "stills", &error), -1);
    assert_string_equal(error.text, "unknown video bank 'stills'; known: clips");
    assert_int_equal(task_second_bank(&space.task), K);
    space.collection.model[0]->video_banks = 0;
    struct task task;
    assert_int_equal(task_open(&task, &space.collection, NULL, T2V, NULL, NULL), 0);
    assert_string_equal(task.gallery_bank_name, "");
    assert_non_null(rule_unavailable(rule_find("dualis"), &task));
    task_close(&task);
    space_close(&space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_banks),
        cmocka_unit_test(junk_in_the_second_bank_counts),
        cmocka_unit_test(csls_is_nnn_with_a_half),
        cmocka_unit_test(gc_counts_strictly),
        cmocka_unit_test(gc_streams_beyond_the_budget),
        cmocka_unit_test(dsl_includes_a_typed_query),
        cmocka_unit_test(center_gives_the_cosine),
        cmocka_unit_test(workers_do_not_change_results),
        cmocka_unit_test(the_second_bank_is_chosen_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
