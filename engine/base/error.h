/* How the engine reports failure.  A function that can fail returns 0, or -1 after filling the caller's struct error
 * with one line that names the file or value at fault, says what is wrong with it and, unless that is obvious, what to
 * do.  The engine never prints and never exits.  A null struct error pointer is allowed everywhere and drops the
 * text. */
#ifndef HUBSCOPE_ENGINE_BASE_ERROR_H
#define HUBSCOPE_ENGINE_BASE_ERROR_H

enum error_kind {
    ERROR_NONE,
    ERROR_INPUT,    /* a file, option or value is unacceptable */
    ERROR_USAGE,    /* the request is malformed whatever the data: wrong command-line usage */
    ERROR_SYSTEM,   /* the operating system or SQLite refused */
    ERROR_MEMORY,   /* out of memory, or of descriptors: no fault of a file */
    ERROR_CANCELLED /* the job was cancelled by its owner; no text to show */
};

struct error {
    enum error_kind kind;
    char text[512]; /* one line, no final newline, safe to print: control characters are replaced */
};

/* Fills `error`; always returns -1, so that `return error_set(...)` reads well. */
int error_set(struct error *error, enum error_kind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same with the text of errno appended: "...: No such file or directory". */
int error_system(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The kind of a system error: running out of memory or descriptors says nothing about a file. */
enum error_kind error_kind_of(int number);

int error_memory(struct error *error); /* "out of memory" */

#endif
