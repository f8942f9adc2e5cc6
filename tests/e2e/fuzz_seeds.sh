#!/bin/bash
# A short pass of every fuzzing harness over its seeds and mutations of them, always the same; `./run fuzz` is the long
# one.
source "$TESTS_DIR/tools/check.sh" || exit 1
mutations=40 # what they look for is what sanitizers find
sanitized && mutations=80

while read -r harness; do
    mkdir "$work/$harness"
    holds bash "$TESTS_DIR/fuzz/seeds.sh" "$harness" "$TESTS_DIR" "$work/$harness"
    holds "$TOOLS_DIR/replay" "$harness" $mutations "$work/$harness" >"$work/out" 2>"$work/err"
done < <(sed -n 's/HARNESS(\(.*\))/\1/p' "$TESTS_DIR/fuzz/harnesses.def")
finish
