#!/bin/bash
# usage: run.sh FAILED_BUILDS BUILD_DIR... [-- CTEST_ARGUMENTS]: runs the tests of every build; the last line says how
# many passed and failed (a failed build counts as one failure).
set -uo pipefail
failed=$1 passed=0
shift
builds=()
while (($#)) && [[ $1 != -- ]]; do
    builds+=("$1")
    shift
done
shift || true

# Tests must not see the user's settings.
unset NO_COLOR COLORTERM LINES COLUMNS HUBSCOPE_SAMPLE HUBSCOPE_THREADS HUBSCOPE_ISA

for build in "${builds[@]}"; do
    report=$build/tests.xml
    rm -f "$report"
    echo "== tests of ${build##*/}"
    ctest --test-dir "$build" --output-on-failure --no-tests=error --timeout 600 -j "$(($(nproc) + 1))" \
        --output-junit "$report" "$@"
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
