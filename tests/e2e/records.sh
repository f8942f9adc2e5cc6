#!/bin/bash
# Files of fits and shares that someone has changed, whose hash is right: each is taken or refused with one line.
# RECORDS is how many of each are tried, RECORDS_SEED the first.
source "$TESTS_DIR/tools/check.sh" || exit 1
small_sample
cd "$work" || exit 1
tries=${RECORDS:-8} seed=${RECORDS_SEED:-1}
sanitized && tries=${RECORDS:-2}
bare=(--queries "$HUBSCOPE_SAMPLE/queries.npy" --videos "$HUBSCOPE_SAMPLE/videos.npy"
    --bank "$HUBSCOPE_SAMPLE/bank_train.npy")

tried() { # tried FILE ARGUMENTS: the command with FILE changed, as `changed`
    local file=$1 i
    shift
    for ((i = seed; i < seed + tries; i++)); do
        holds "$TOOLS_DIR/record_mutate" "$file" $i changed
        checks=$((checks + 1))
        timeout 60 "$HUBSCOPE" "$@" >"$work/out" 2>"$work/err" </dev/null
        status=$?
        ((status == 0)) && [[ ! -s err ]] ||
            { ((status == 1)) && (($(wc -l <err) == 1)) && grep -q '^hubscope: ' err; } ||
            broken "change $i of $file: hubscope $* (status $status)"
    done
}
rules=(--rule is --rule qbnorm --rule csls --bootstrap 10)
good fit "${bare[@]}" --rule all --output fits
tried fits eval "${bare[@]}" --bootstrap 0 --fit changed
for i in 1 2; do
    good eval "${bare[@]}" "${rules[@]}" --shard $i/2 --partial share$i
done
tried share1 merge changed share2 --format json
tried share2 merge share1 changed
finish
