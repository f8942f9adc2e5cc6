#!/bin/bash
# Who may know whom: the engine has no terminal, prints nothing and never exits; the rest has neither BLAS nor SQL.
set -u
cd "$TESTS_DIR/.."
failed=0

# forbid WHAT PATTERN FILE...: no file may hold the pattern.
forbid() {
    local what=$1 pattern=$2 hits
    shift 2
    if hits=$(grep -nE "$pattern" "$@"); then
        printf '%s:\n%s\n' "$what" "$hits"
        failed=1
    fi
}

shopt -s globstar nullglob
engine=(engine/**/*.[ch])
outside=(ui/**/*.[ch] ui/**/*.def app/**/*.[ch])
((${#engine[@]} > 50 && ${#outside[@]} > 50)) || { echo "the source files were not found"; exit 1; }

forbid 'the engine includes curses' '#include <n?curses' "${engine[@]}"
forbid 'the engine includes ui/ or app/' '#include "(ui|app)/' "${engine[@]}"
forbid 'the engine prints or exits' '\b(printf|puts|putchar|perror|exit|_exit|abort) ?\(' "${engine[@]}"
forbid 'ui/ includes app/' '#include "app/' ui/**/*.[ch]
forbid 'BLAS outside engine/matrices/gemm.c' '#include <cblas' $(printf '%s\n' "${engine[@]}" | grep -v '^engine/matrices/gemm.c$') "${outside[@]}"
forbid 'SQLite outside the catalog' '#include <sqlite3' $(printf '%s\n' "${engine[@]}" | grep -v '^engine/catalog/') "${outside[@]}"
exit $failed
