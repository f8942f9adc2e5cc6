#!/bin/bash
# Which files may include which.  Rooms include only rooms below them; units (a .c with its .h) never include each other
# in a circle; each library is included in one place; the engine has no terminal, prints nothing and never exits.
set -u
cd "${1:-$TESTS_DIR/..}"
failed=0

# From the bottom up: each room may include itself and those before it in this list.
rooms=(
    engine/base engine/glossary engine/kernels engine/matrices
    engine/formats engine/pictures engine/heads engine/catalog engine/encoders engine/layouts
    engine/collection engine/typing engine/fitting engine/rules engine/evaluation engine/study
    engine/results engine/exports engine/page engine/import engine/check engine/fit_encoder engine/learning engine/learned_model
    engine/library engine/library/hubscope
    ui/terminal ui/keys ui/config ui/draw ui/model ui/lessons ui/line ui/views ui/explorer
    app/mpi app app/share
)

# report WHAT LINES: a failure with the places where it was found; nothing if there are none.
report() {
    [[ $2 ]] || return 0
    printf '%s:\n%s\n' "$1" "$2"
    failed=1
}

# forbid WHAT PATTERN FILE...: no file may match the pattern.
forbid() {
    local what=$1 pattern=$2
    shift 2
    report "$what" "$(grep -nE "$pattern" "$@")"
}

# except ROOM FILE...: the files outside ROOM, which may also be a file.
except() {
    local room=$1
    shift
    printf '%s\n' "$@" | grep -v "^$room"
}

shopt -s globstar nullglob
engine=(engine/**/*.[ch])
outside=(ui/**/*.[ch] ui/**/*.def app/**/*.[ch])
all=("${engine[@]}" "${outside[@]}")
((${#engine[@]} > 50 && ${#outside[@]} > 50)) || { echo "cannot find the source files"; exit 1; }

includes=$(grep -oE '^ *# *include *"[^"]+"' "${all[@]}" | sed -E 's/: *# *include *"/ /; s/"$//')
report 'a path that does not start at the top level' \
    "$(awk '$2 !~ /^(engine|ui|app)\//' <<<"$includes")"
report 'a file outside all known rooms' "$(printf '%s\n' "${all[@]}" | awk -v rooms="${rooms[*]}" '
    BEGIN { n = split(rooms, name); for (i = 1; i <= n; i++) known[name[i]] }
    { room = $0; sub(/\/[^\/]*$/, "", room); if (!(room in known)) print }')"
report 'an include that runs upwards between rooms' "$(awk -v rooms="${rooms[*]}" '
    BEGIN { n = split(rooms, name); for (i = 1; i <= n; i++) level[name[i]] = i }
    function room(path) { sub(/\/[^\/]*$/, "", path); return path }
    level[room($2)] > level[room($1)] { print }' <<<"$includes")"
report 'a circle between units' "$(sed -E 's/\.(c|h|def)\b//g' <<<"$includes" | awk '$1 != $2' | sort -u | tsort 2>&1 >/dev/null)"

forbid 'the engine includes curses' '#include <n?curses' "${engine[@]}"
forbid 'the engine prints or exits' '\b(printf|puts|putchar|perror|exit|_exit|abort) ?\(' "${engine[@]}"
forbid 'curses outside the terminal' '#include <n?curses' $(except ui/terminal/ "${outside[@]}")
forbid 'BLAS outside its unit' '#include <cblas' $(except engine/matrices/blas.h "${all[@]}")
forbid 'BLAS beside gemm' 'engine/matrices/blas.h' $(except 'engine/matrices/\(blas\|gemm\)' "${all[@]}")
forbid 'a library loaded by hand' '\bdlopen\(' $(except engine/base/library.c "${all[@]}")
forbid 'the clock read elsewhere' '\bclock_gettime\(' $(except engine/base/clock.c "${all[@]}")
forbid 'SQLite outside the catalog and the reader of other databases' '#include <sqlite3' \
    $(except 'engine/\(catalog/\|formats/matrix_selection.c\)' "${all[@]}")
exit $failed
