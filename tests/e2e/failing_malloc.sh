#!/bin/bash
# One allocation after another fails, the libraries' too: a command prints what it prints without, or exits with 1 and
# one line.  FAILING_STEPS says how many allocations of each command, spread over all that it makes.
source "$TESTS_DIR/tools/check.sh" || exit 1
sanitized && finish # they have a malloc of their own
small_sample
preload=$TOOLS_DIR/libfailing_malloc.so
steps=${FAILING_STEPS:-12}

copy_collection "$HUBSCOPE_SAMPLE" "$work/sample"
fails_at() { # fails_at N ARGUMENTS: sets $status
    local at=$1
    shift
    FAIL_AT=$at LD_PRELOAD=$preload HUBSCOPE_THREADS=1 timeout 60 "$HUBSCOPE" "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
}
each() { # each ARGUMENTS
    local at last step
    fails_at 0 "$@"
    holds test "$status" -eq 0
    cp "$work/out" "$work/whole"
    last=${FAILING_LAST:-3000}
    step=$((last / steps))
    for ((at = RANDOM % step + 1; at <= last; at += step)); do
        checks=$((checks + 1))
        fails_at $at "$@"
        if ((status == 0)); then
            cmp -s "$work/out" "$work/whole" || broken "allocation $at of hubscope $*: other output"
        elif grep -q 'failed to get page' "$work/out"; then
            : # SQLite's own check of pages does not say why it could not read one
        elif ((status != 1)) || (($(wc -l <"$work/err") != 1)); then
            broken "allocation $at of hubscope $* (status $status)"
        fi
    done
}
RANDOM=${FAILING_SEED:-1}
each info "$work/sample" --format json
each eval "$work/sample" --rule raw --bootstrap 0 --format json
each search "$work/sample" toad --rule raw
each check "$work/sample"
finish
