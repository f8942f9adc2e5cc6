#!/bin/bash
# Static checks of all C: lint.sh BUILD_DIRECTORY, which has compile_commands.json.  Prints findings as FILE:LINE and
# exits 1 if there are any.
set -u
build=${1:?the build directory}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cores=$(nproc)
status=0

mapfile -t all < <(git ls-files --cached --others --exclude-standard '*.c' '*.h')
mapfile -t sources < <(git ls-files --cached --others --exclude-standard 'engine/*.c' 'ui/*.c' 'app/*.c')
((${#sources[@]} > 100)) || { echo "lint: cannot find the source files"; exit 1; }

# report TOOL FINDINGS_FILE: prints its distinct lines; succeeds if there are none.
report() {
    sort -u "$2" | sed "s|^$PWD/||" >"$work/lines"
    echo "lint: $1: $(wc -l <"$work/lines") findings"
    [[ -s $work/lines ]] || return 0
    cat "$work/lines"
    status=1
}

printf '%s\0' "${all[@]}" | xargs -0 -P "$cores" -n 50 clang-format --dry-run 2>&1 | grep 'warning:' >"$work/format"
report clang-format "$work/format"

printf '%s\0' "${sources[@]}" | xargs -0 -P "$cores" -n 8 clang-tidy --quiet -p "$build" 2>/dev/null |
    grep -E '(error|warning):' >"$work/tidy"
report clang-tidy "$work/tidy"

# uninitvar, legacyUninitvar: false alarms on objects filled by a callee; gcc and ASan cover these.
# invalidFunctionArg: log(0) is -infinity, as intended.
cppcheck --quiet --enable=warning,performance,portability -j "$cores" -I . -D_GNU_SOURCE --std=c11 \
    --suppress=missingIncludeSystem --suppress=uninitvar --suppress=legacyUninitvar --suppress=invalidFunctionArg \
    --include=tests/cppcheck.h \
    --template='{file}:{line}: {severity}: {message} [{id}]' engine ui app 2>"$work/cppcheck"
report cppcheck "$work/cppcheck"
exit $status
