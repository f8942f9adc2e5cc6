/** @file
 * How the library reports failure.
 *
 * A function that can fail returns a struct hubscope_error by value: code HUBSCOPE_OK and an empty message, or the
 * kind of failure and one line that names the file or value at fault and says what is wrong with it.  What such a
 * function writes through a pointer is null or unchanged after a failure.  The library never prints and never exits,
 * and keeps no last error.
 */
#ifndef HUBSCOPE_ERROR_H
#define HUBSCOPE_ERROR_H

/** Marks what the library exports. */
#define HUBSCOPE_API __attribute__((visibility("default")))
/** Marks functions whose result must not be ignored. */
#define HUBSCOPE_CHECKED __attribute__((warn_unused_result))

/** The kinds of failure. */
enum hubscope_code {
    HUBSCOPE_OK = 0,       /**< no failure */
    HUBSCOPE_INPUT = 1,    /**< a file or value is unacceptable */
    HUBSCOPE_USAGE = 2,    /**< the request is malformed whatever the data */
    HUBSCOPE_SYSTEM = 3,   /**< the operating system or the catalog's database refused */
    HUBSCOPE_MEMORY = 4,   /**< out of memory or of descriptors */
    HUBSCOPE_CANCELLED = 5 /**< the job was cancelled: see hubscope_job_cancel() */
};

/** Success or failure, returned by value. */
struct hubscope_error {
    int code;          /**< enum hubscope_code; 0: success */
    char message[512]; /**< one line of UTF-8 without a newline and without control characters; "" on success */
};

#endif
