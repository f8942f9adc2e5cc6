#!/bin/bash
# Every instruction set gives the same ranks, lists, counts and gates, and the same biases and masses up to rounding.
source "$TESTS_DIR/tools/check.sh" || exit 1

analyse() { # analyse SET: every golden case, both directions, into $work/SET
    local case dir inputs
    mkdir "$work/$1"
    for case in 1 2 3 4 5 6; do
        dir=$TESTS_DIR/golden/case$case
        inputs=(--queries "$dir/queries.npy" --videos "$dir/videos.npy" --bank "$dir/bank.npy")
        [[ -f $dir/video_bank.npy ]] && inputs+=(--video-bank "$dir/video_bank.npy")
        [[ -f $dir/sims.npy ]] && inputs=(--sims "$dir/sims.npy" --bank-sims "$dir/bank_sims.npy")
        for direction in t2v v2t; do
            HUBSCOPE_ISA=$1 good eval "${inputs[@]}" --targets "$dir/targets.npy" --logit-scale 20 --rule all \
                --direction $direction --dump "$work/$1/$case.$direction" --format json
            cp "$work/out" "$work/$1/$case.$direction.json"
        done
    done
}

analyse generic
for set in avx2 avx512; do # if the processor lacks one, hubscope uses the best it has
    analyse $set
    compared=0
    for file in "$work"/generic/*/*.{rank,n10,gate}.npy; do
        [[ -e $file ]] || continue
        compared=$((compared + 1))
        holds cmp "$file" "$work/$set/${file#"$work/generic/"}"
    done
    holds test $compared -gt 150
    for file in "$work"/generic/*.json; do
        holds "$TOOLS_DIR/json_near" 1e-5 "$file" "$work/$set/${file##*/}"
    done
done
# The sets really differ: they sum in another order.
grep -qw avx2 /proc/cpuinfo && holds bash -c "! cmp -s '$work/generic/1.t2v/raw.mass.npy' '$work/avx2/1.t2v/raw.mass.npy'"
finish
