/** @file
 * The scoring rules that the library knows: raw similarity, QB-Norm, NCL and others.
 *
 * Everything here is constant: texts live as long as the process, and any thread may call any function at any time.
 */
#ifndef HUBSCOPE_RULES_H
#define HUBSCOPE_RULES_H

#include <hubscope/error.h>

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A rule. */
struct hubscope_rule {
    const char *name;    /**< as it is written in a request: "ncl" */
    const char *title;   /**< as it is shown: "NCL" */
    const char *brief;   /**< what it is, in a few words */
    const char *formula; /**< one line of plain text */
    const char *about;   /**< one or two sentences for newcomers */
    const char *source;  /**< where the formula comes from */
    int needs_bank;      /**< 1: it is fitted to a bank */
    int transductive;    /**< 1: it uses all evaluation queries at once */
    int order_only;      /**< 1: its scores only order a list, so there are neither probabilities nor mass */
    size_t parameters;   /**< how many parameters it has: see hubscope_rule_parameter() */
};

/** A parameter of a rule. */
struct hubscope_parameter {
    const char *name;    /**< as it is written in a request: "beta" */
    const char *meaning; /**< a few words */
    double value;        /**< its default; NaN: the model's logit scale */
    double least;        /**< the smallest value accepted */
    double most;         /**< the largest value accepted */
    int whole;           /**< 1: whole numbers only */
};

/** The number of rules. */
HUBSCOPE_API size_t hubscope_rules(void);

/** Rule `rule`, of 0 to hubscope_rules() - 1; all members null or 0 past the last. */
HUBSCOPE_API struct hubscope_rule hubscope_rule(size_t rule);

/** Parameter `parameter` of rule `rule`; all members null or 0 past the last. */
HUBSCOPE_API struct hubscope_parameter hubscope_rule_parameter(size_t rule, size_t parameter);

/** The version of the library in use: "1.0.0". */
HUBSCOPE_API const char *hubscope_version(void);

#ifdef __cplusplus
}
#endif

#endif
