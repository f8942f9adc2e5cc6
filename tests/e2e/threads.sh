#!/bin/bash
# Any number of threads gives the same bytes.
source "$TESTS_DIR/tools/check.sh" || exit 1
dir=$TESTS_DIR/golden/case2
bare=(--queries "$dir/queries.npy" --videos "$dir/videos.npy" --bank "$dir/bank.npy" --video-bank "$dir/video_bank.npy"
    --targets "$dir/targets.npy")

same() { # same ARGUMENTS: with 1, 2 and 5 threads, or with those in $counts
    local threads
    for threads in ${counts:-1 2 5}; do
        good "$@" --threads $threads
        cp "$work/out" "$work/of_$threads"
    done
    holds test -s "$work/of_1"
    [[ ${counts:-2} != *2* ]] || holds cmp "$work/of_1" "$work/of_2"
    holds cmp "$work/of_1" "$work/of_5"
}

# Matrices without a collection, which would cache the first fit: of the sample, what still makes several tiles of a pass
# in each direction.
declare -A rows=([queries]=600 [videos]=300 [bank_stills]=800 [bank_keywords]=6400 [video_bank_train]=120)
for name in "${!rows[@]}"; do
    first_rows ${rows[$name]} "$HUBSCOPE_SAMPLE/$name.npy" "$work/$name.npy"
done
sample=(--queries "$work/queries.npy" --videos "$work/videos.npy" --bank "$work/bank_stills.npy"
    --video-bank "$work/video_bank_train.npy")
for direction in t2v v2t; do
    for data in sample bare; do
        declare -n inputs=$data
        for command in 'eval --rule all --bootstrap 200' 'bank --rule all'; do
            same $command "${inputs[@]}" --direction $direction --format json
        done
        for command in 'hubs --rule all --top 0' 'mass --rule all --top 0' 'shifts --top 0'; do # of the same analyses
            counts='1 5' same $command "${inputs[@]}" --direction $direction --format json
        done
        same sweep "${inputs[@]}" --direction $direction --rule qbnorm --over beta=1:100:log5 --over k=1,3 --format json
        same sweep "${inputs[@]}" --direction $direction --rule ncl --over iterations=0,4 --format json
    done
done
same eval "${sample[@]}" --rule ncl --rule gc --memory 1 --format json
for bank in "--bank $work/bank_keywords.npy" "--bank-adversarial 100" "--bank-size 500 --bank-seed 3"; do
    same eval "${sample[@]}" --rule all --bootstrap 0 $bank --format json
done
for threads in 1 2 5; do
    good eval "${sample[@]}" --rule all --bootstrap 0 --dump "$work/dump_$threads" --threads $threads
done
holds test "$(ls "$work/dump_1" | wc -l)" -gt 30
for file in "$work"/dump_1/*; do
    holds cmp "$file" "$work/dump_2/${file##*/}"
    holds cmp "$file" "$work/dump_5/${file##*/}"
done
finish
