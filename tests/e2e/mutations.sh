#!/bin/bash
# Collections with one thing mutated, in files, tables and pages: what passes `check` opens, and nothing crashes, hangs
# or leaves anything half.  `./run fuzz` tries many more (tests/mutate).
source "$TESTS_DIR/tools/check.sh" || exit 1

mkdir "$work/begin" "$work/in"
cd "$work/begin" || exit 1
holds bash "$TESTS_DIR/mutate/collections.sh" "$HUBSCOPE" "$TESTS_DIR/../sample_data"
places=2 seed=1
sanitized && seed=2
holds "$TOOLS_DIR/mutate" "$work/in" "$PWD/script" "$PWD/two" "$PWD/stored" --each $places --seed $seed --pace brief \
    >"$work/out" 2>"$work/err"
cat "$work/out"
finish
