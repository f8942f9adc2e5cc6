#!/bin/bash
# Query masks: masked queries are dropped, as if they had never existed.
source "$TESTS_DIR/tools/check.sh" || exit 1
source "$TESTS_DIR/tools/npy.sh" || exit 1

# Four queries on two videos: 0 and 1 belong to video 0, 2 and 3 to video 1; query 1 finds the wrong one.
npy "$work/sims.npy" '<f4' '(4, 2)' "$one" "$zero" "$zero" "$one" "$zero" "$one" "$zero" "$one"
npy "$work/all.npy" '|b1' '(4,)' '\x01' '\x01' '\x01' '\x01'
npy "$work/mask.npy" '|b1' '(4,)' '\x01' '\x00' '\x01' '\x01'
npy "$work/bytes.npy" '|i1' '(4,)' '\x01' '\x00' '\x01' '\x01'
npy "$work/two.npy" '|i1' '(4,)' '\x01' '\x00' '\x02' '\x01'
npy "$work/none.npy" '|i1' '(4,)' '\x00' '\x00' '\x00' '\x00'
npy "$work/short.npy" '|i1' '(3,)' '\x01' '\x01' '\x01'
good eval --sims "$work/sims.npy" --rule raw
has '^raw:scale=100 +75.0'
good eval --sims "$work/sims.npy" --rule raw --query-mask "$work/all.npy"
has '^raw:scale=100 +75.0'
for mask in mask bytes; do
    good eval --sims "$work/sims.npy" --rule raw --query-mask "$work/$mask.npy"
    has '3 queries, 2 videos'
    has '^raw:scale=100 +100.0'
done
good eval --sims "$work/sims.npy" --rule raw --direction v2t --query-mask "$work/mask.npy"
has '2 queries, 3 captions'
bad 1 'two.npy: element 2 is neither 0 nor 1' eval --sims "$work/sims.npy" --query-mask "$work/two.npy"
bad 1 'none.npy: masks every query' eval --sims "$work/sims.npy" --query-mask "$work/none.npy"
bad 1 'short.npy: masks 3 queries, but there are 4' eval --sims "$work/sims.npy" --query-mask "$work/short.npy"
bad 1 'nothere.npy' eval --sims "$work/sims.npy" --query-mask nothere.npy
bad 2 'not both' eval sample --query-mask "$work/mask.npy"

# The same as if they had never existed, for every rule, source and direction; here every third is masked.
dropped() { # dropped COMMAND ARGUMENTS: MASKED and THINNED give the same
    good "$@" "${masked[@]}" --query-mask mask.npy --format json
    cp out whole
    good "$@" "${thinned[@]}" --format json
    holds "$TOOLS_DIR/json_near" 0 whole out collection
}
cd "$work" || exit 1
for case in $(sanitized && echo 3 6 || echo 2 3 6); do
    dir=$TESTS_DIR/golden/case$case
    for name in queries sims targets; do
        [[ -f $dir/$name.npy ]] && holds "$TOOLS_DIR/npy_make" thin "$dir/$name.npy" "$name.npy"
    done
    rest=(--videos "$dir/videos.npy" --bank "$dir/bank.npy")
    ((case == 2)) && rest+=(--video-bank "$dir/video_bank.npy")
    masked=(--queries "$dir/queries.npy" "${rest[@]}") thinned=(--queries queries.npy "${rest[@]}") rows=270
    ((case == 6)) && rows=101
    if ((case == 3)); then
        masked=(--sims "$dir/sims.npy" --bank-sims "$dir/bank_sims.npy")
        thinned=(--sims sims.npy --bank-sims "$dir/bank_sims.npy")
        rows=60
    fi
    masked+=(--targets "$dir/targets.npy") thinned+=(--targets targets.npy)
    holds "$TOOLS_DIR/npy_make" mask $rows mask.npy
    for direction in t2v v2t; do
        dropped eval --rule all --direction $direction
        dropped hubs --rule all --direction $direction --top 0 --k 7
        dropped mass --rule raw --direction $direction --top 0
        dropped shifts --rule raw --rule dsl:scale=20 --direction $direction --top 0
    done
done

good mass sample --rule raw --format json
has '"false_positive_rate"'
has '"lorenz"'
finish
