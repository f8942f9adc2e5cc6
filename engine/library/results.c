#include "engine/library/handles.h"
#include "engine/results/measure_table.h"
#include <hubscope/results.h>

#include <math.h>
#include <string.h>

static const struct study_key *key_of(const struct hubscope_study *study, size_t entry)
{
    return entry < study->study.entries ? &study->study.key[entry] : NULL;
}

static const struct fit *fit_of(const struct hubscope_study *study, size_t entry)
{
    return entry < study->study.entries ? study->study.fit[entry] : NULL;
}

const char *hubscope_result_rule(const struct hubscope_study *study, size_t entry)
{
    const struct study_key *key = key_of(study, entry);

    return key ? key->spec.rule->name : NULL;
}

double hubscope_result_parameter(const struct hubscope_study *study, size_t entry, const char *parameter)
{
    const struct study_key *key = key_of(study, entry);

    return key ? rule_value(&key->spec, parameter) : (double)NAN;
}

const char *hubscope_result_model(const struct hubscope_study *study, size_t entry)
{
    const struct study_key *key = key_of(study, entry);

    return key ? key->model : NULL;
}

const char *hubscope_result_bank(const struct hubscope_study *study, size_t entry)
{
    const struct fit *fit = fit_of(study, entry);

    return fit ? fit->bank : NULL;
}

size_t hubscope_measures(void)
{
    return measures_count;
}

/* Names least and largest mass apart from those of N_k. */
static const char *name_of(const struct measure *measure)
{
    if (measure->group != MEASURE_MASS)
        return measure->key;
    return strcmp(measure->key, "min") == 0 ? "mass_min" : strcmp(measure->key, "max") == 0 ? "mass_max" : measure->key;
}

const char *hubscope_measure_name(size_t measure)
{
    return measure < measures_count ? name_of(&measure_table[measure]) : NULL;
}

const char *hubscope_measure_title(size_t measure)
{
    return measure < measures_count ? measure_table[measure].title : NULL;
}

double hubscope_result_measure(const struct hubscope_study *study, size_t entry, const char *measure)
{
    const struct analysis *analysis = handles_analysis(study, entry);

    for (size_t i = 0; analysis && i < measures_count; i++)
        if (strcmp(name_of(&measure_table[i]), measure) == 0) {
            struct measured measured = measured_of(analysis, study->study.options.direction);
            return measure_table[i].value(&measured);
        }
    return NAN;
}

const double *hubscope_result_bias(const struct hubscope_study *study, size_t entry)
{
    const struct fit *fit = fit_of(study, entry);

    return fit ? fit->bias : NULL;
}

const double *hubscope_result_ranks(const struct hubscope_study *study, size_t entry)
{
    const struct analysis *analysis = handles_analysis(study, entry);

    return analysis ? analysis->rank : NULL;
}

const double *hubscope_result_mass(const struct hubscope_study *study, size_t entry)
{
    const struct analysis *analysis = handles_analysis(study, entry);

    return analysis ? analysis->mass : NULL;
}

const uint8_t *hubscope_result_gate(const struct hubscope_study *study, size_t entry)
{
    const struct analysis *analysis = handles_analysis(study, entry);

    return analysis ? analysis->gate : NULL;
}

const uint32_t *hubscope_result_lists(const struct hubscope_study *study, size_t entry, size_t *places)
{
    const struct analysis *analysis = handles_analysis(study, entry);

    *places = analysis ? analysis->top_k : 0;
    return analysis ? analysis->top : NULL;
}

const uint32_t *hubscope_result_occurrences(const struct hubscope_study *study, size_t entry, size_t k)
{
    const struct analysis *analysis = handles_analysis(study, entry);

    for (size_t i = 0; analysis && i < ANALYSIS_KS; i++)
        if (analysis_k[i] == k)
            return analysis->occurrence[i];
    return NULL;
}
