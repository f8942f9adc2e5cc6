/** @file
 * Studies: rules fitted to banks of a collection, and analysed over its queries.
 *
 * Open a study, add rules, fit, analyse, read the results (hubscope/results.h), close.  A study is of one direction;
 * its entries are the rules that were added, numbered from 0 in that order.
 *
 * Shapes: the gallery has M items and Q queries search it, as hubscope_study_gallery() and hubscope_study_queries()
 * count them: in video to text the gallery is the captions.
 *
 * Ownership: the caller closes a study before its collection.
 *
 * Threads: different studies may be used by different threads at the same time, whether they are of the same collection
 * or of two.  hubscope_study_add(), _fit() and _analyse() change their study: no other thread may use it meanwhile.
 * All other functions only read it, so several threads may call them at once.
 *
 * Work is distributed over threads of the process that all studies have in common: as many as the processors that the
 * process may use, or as the environment's HUBSCOPE_THREADS says when the first work begins.  No result depends on
 * their number.  OpenBLAS is set to compute on the calling thread alone, in all of the process.
 */
#ifndef HUBSCOPE_STUDY_H
#define HUBSCOPE_STUDY_H

#include <hubscope/collection.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A set of rules on banks of one collection. */
struct hubscope_study;

/** Watches long work from another thread, or ends it. */
struct hubscope_job;

/** How a study looks at its collection.  Zero it, set `size` and what differs from the defaults. */
struct hubscope_study_options {
    size_t size;                       /**< sizeof(struct hubscope_study_options) */
    enum hubscope_direction direction; /**< HUBSCOPE_T2V by default */
    const char *model;                 /**< a model's name; null: the first */
    const char *bank;                  /**< the bank of rules that name none; null: the first of the direction */
    const char *second_bank;           /**< the bank of the gallery's own modality; null: the first */
    int rank_videos;                   /**< 1: video to text ranks videos by their best captions, not captions */
    int keep_masked;                   /**< 1: video to text keeps videos without captions, at infinite rank */
};

/** Opens a study without entries.
 *
 * @param collection borrowed until the study is closed
 * @param options null: text to video, of the first model, with its first bank
 * @param[out] study the study, or null after a failure
 * @return HUBSCOPE_INPUT for an unknown model or bank; the message lists the known ones */
HUBSCOPE_API HUBSCOPE_CHECKED struct hubscope_error hubscope_study_open(const struct hubscope_collection *collection,
                                                                        const struct hubscope_study_options *options,
                                                                        struct hubscope_study **study);

/** Closes a study and all its results; null is fine. */
HUBSCOPE_API void hubscope_study_close(struct hubscope_study *study);

/** Adds the rules that a request names, at most 64 in all.
 *
 * @param study the study
 * @param request "RULE", "RULE:parameter=value,...", "RULE@BANK", or "all" for every rule that can be used; with
 *   "MODEL/" before it, of another model.  "ncl", "qbnorm:beta=30,k=2@stills", "ridge/all"
 * @return HUBSCOPE_INPUT for an unknown rule, parameter, model or bank, and for a rule that needs what the collection
 *   does not have; entries that were there stay */
HUBSCOPE_API HUBSCOPE_CHECKED struct hubscope_error hubscope_study_add(struct hubscope_study *study,
                                                                       const char *request);

/** The number of entries. */
HUBSCOPE_API size_t hubscope_study_entries(const struct hubscope_study *study);

/** The number of queries that search. */
HUBSCOPE_API size_t hubscope_study_queries(const struct hubscope_study *study);

/** The number of items that are ranked. */
HUBSCOPE_API size_t hubscope_study_gallery(const struct hubscope_study *study);

/** Fits the entries that are not fitted yet, with as few passes over each bank as possible.
 *
 * Fits of a collection's directory are kept in its catalog, where that can be written, and taken from there the next
 * time.
 *
 * @param study the study
 * @param job counts the steps of the work; may be null */
HUBSCOPE_API HUBSCOPE_CHECKED struct hubscope_error hubscope_study_fit(struct hubscope_study *study,
                                                                       struct hubscope_job *job);

/** Analyses the fitted entries that are not analysed yet, in one pass over all queries.
 *
 * @param study the study
 * @param places length of the lists that are kept, 10 to 100; 0: 10
 * @param job counts the steps of the work; may be null */
HUBSCOPE_API HUBSCOPE_CHECKED struct hubscope_error hubscope_study_analyse(struct hubscope_study *study, size_t places,
                                                                           struct hubscope_job *job);

/** Scores the whole gallery for one query under a fitted entry.
 *
 * @param study the study
 * @param entry the entry
 * @param vector (d) embedding of a query, of any length but 0; null: query `query` of the study
 * @param query the row of a query; ignored with a vector
 * @param[out] scores (M) larger is better.  In the unit of similarities, for a rule that has probabilities
 * @return HUBSCOPE_INPUT for a query or entry that does not exist, for an entry that is not fitted, and for a vector
 *   where the model stores similarities */
HUBSCOPE_API HUBSCOPE_CHECKED struct hubscope_error hubscope_study_score(const struct hubscope_study *study,
                                                                         size_t entry, const float *vector,
                                                                         size_t query, float *scores);

/** Finds the best items for one query under a fitted entry: see hubscope_study_score().
 *
 * @param study the study
 * @param entry the entry
 * @param vector (d) embedding of a query, or null
 * @param query the row of a query; ignored with a vector
 * @param places how many to find, at most M
 * @param[out] items (places) gallery rows, best first, ties to the smaller row
 * @param[out] probabilities (places) softmax over the gallery, NaN for a rule without; may be null */
HUBSCOPE_API HUBSCOPE_CHECKED struct hubscope_error hubscope_study_search(const struct hubscope_study *study,
                                                                          size_t entry, const float *vector,
                                                                          size_t query, size_t places, uint32_t *items,
                                                                          double *probabilities);

/** Makes a job; null when out of memory.  It may be used for several calls in turn. */
HUBSCOPE_API struct hubscope_job *hubscope_job_new(void);

/** Frees a job; null is fine.  No call may be using it. */
HUBSCOPE_API void hubscope_job_free(struct hubscope_job *job);

/** Ends the call that uses the job, which then returns HUBSCOPE_CANCELLED, as later ones with this job do.  Any thread
 * may call it. */
HUBSCOPE_API void hubscope_job_cancel(struct hubscope_job *job);

/** The steps done and to do so far; the latter grow as phases begin.  Any thread may call it. */
HUBSCOPE_API void hubscope_job_progress(const struct hubscope_job *job, size_t *done, size_t *total);

#ifdef __cplusplus
}
#endif

#endif
