#!/bin/bash
# usage: run.sh FAILED_BUILDS BUILD_DIR... [-- CTEST_ARGUMENTS]: runs the tests of all builds at the same time; the last
# line says how many passed and failed (a failed build counts as one failure).
set -uo pipefail
failed=$1 passed=0
shift
builds=() running=()
while (($#)) && [[ $1 != -- ]]; do
    builds+=("$1")
    shift
done
shift || true

# Tests must not see the user's settings.
unset NO_COLOR COLORTERM LINES COLUMNS HUBSCOPE_SAMPLE HUBSCOPE_THREADS HUBSCOPE_ISA

# Two tests a core: while one waits, another computes.
jobs=$(((2 * $(nproc) + ${#builds[@]} - 1) / ${#builds[@]}))
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# The shell starts them with SIGINT and SIGQUIT ignored.
for build in "${builds[@]}"; do
    rm -f "$build/tests.xml"
    env --default-signal=INT,QUIT ctest --test-dir "$build" --output-on-failure --no-tests=error --timeout 600 \
        -j "$jobs" --output-junit tests.xml "$@" >"$work/${build##*/}" 2>&1 &
    running+=($!)
done
for i in "${!builds[@]}"; do
    build=${builds[i]} report=${builds[i]}/tests.xml
    echo "== tests of ${build##*/}"
    tail -n +1 -f --pid="${running[i]}" "$work/${build##*/}"
    wait "${running[i]}"
    status=$?
    head=$(grep -m 1 -A 10 '<testsuite ' "$report" 2>/dev/null | tr '\n' ' ')
    tests=$(sed -n 's/.*[^a-z]tests="\([0-9]*\)".*/\1/p' <<<"$head")
    failures=$(sed -n 's/.*[^a-z]failures="\([0-9]*\)".*/\1/p' <<<"$head")
    skipped=$(sed -n 's/.*[^a-z]skipped="\([0-9]*\)".*/\1/p' <<<"$head")
    if [[ -z $tests || -z $failures ]]; then
        tests=1 failures=1
    elif ((status != 0 && failures == 0)); then
        failures=1
    fi
    passed=$((passed + tests - failures - ${skipped:-0}))
    failed=$((failed + failures))
done
echo "$passed passed, $failed failed"
((failed == 0))
