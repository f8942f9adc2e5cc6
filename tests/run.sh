#!/bin/bash
# usage: run.sh BUILD_DIR... [-- CTEST_ARGUMENTS]: builds each configured folder and runs its tests, all folders at the
# same time; the last line says how many passed and failed (a failed build counts as one failure).
set -uo pipefail
failed=0 passed=0
builds=() running=()
while (($#)) && [[ $1 != -- ]]; do
    builds+=("$1")
    shift
done
shift || true

# Tests must not see the user's settings.
unset NO_COLOR COLORTERM LINES COLUMNS HUBSCOPE_SAMPLE HUBSCOPE_THREADS HUBSCOPE_ISA

# Two tests or compilers a core: while one waits, another computes.
jobs=$(((2 * $(nproc) + ${#builds[@]} - 1) / ${#builds[@]}))
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# The shell starts these with SIGINT and SIGQUIT ignored.  Where the build fails, the tests of what there is follow.
build_and_test() { # build_and_test BUILD_DIR CTEST_ARGUMENTS...
    local build=$1
    shift
    if ! env --default-signal=INT,QUIT ninja -C "$build" --quiet -j "$jobs"; then
        echo 'building failed; see above'
        touch "$work/${build##*/}.failed"
    fi
    rm -f "$build/tests.xml"
    exec env --default-signal=INT,QUIT ctest --test-dir "$build" --output-on-failure --no-tests=error --timeout 600 \
        -j "$jobs" --output-junit tests.xml "$@"
}
for build in "${builds[@]}"; do
    : >"$work/${build##*/}" # tail must find it
    build_and_test "$build" "$@" >>"$work/${build##*/}" 2>&1 &
    running+=($!)
done
for i in "${!builds[@]}"; do
    build=${builds[i]} report=${builds[i]}/tests.xml
    echo "== ${build##*/}: build and tests"
    tail -n +1 -f --pid="${running[i]}" "$work/${build##*/}"
    wait "${running[i]}"
    status=$?
    head=$(grep -m 1 -A 10 '<testsuite ' "$report" 2>/dev/null | tr '\n' ' ')
    tests=$(sed -n 's/.*[^a-z]tests="\([0-9]*\)".*/\1/p' <<<"$head")
    failures=$(sed -n 's/.*[^a-z]failures="\([0-9]*\)".*/\1/p' <<<"$head")
    skipped=$(sed -n 's/.*[^a-z]skipped="\([0-9]*\)".*/\1/p' <<<"$head")
    if [[ -z $tests || -z $failures ]]; then
        tests=1 failures=1
    elif ((status != 0 && failures == 0)); then # a program is missing, which ctest counts as skipped
        failures=1 skipped=$((skipped > 0 ? skipped - 1 : 0))
    fi
    [[ ! -e $work/${build##*/}.failed ]] || failed=$((failed + 1))
    passed=$((passed + tests - failures - ${skipped:-0}))
    failed=$((failed + failures))
done
echo "$passed passed, $failed failed"
((failed == 0))
