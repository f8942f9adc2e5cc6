#!/bin/bash
# Matrices from every kind of file: the same analysis as from .npy, and a one-line error for unreadable ones.
source "$TESTS_DIR/tools/check.sh" || exit 1
files=$TESTS_DIR/matrices
cd "$work" || exit 1

golden() { # golden CASE INPUTS...: eval gives the same for them as for the case's .npy files
    local dir=$TESTS_DIR/golden/$1
    if [[ -f $dir/sims.npy ]]; then
        good eval --sims "$dir/sims.npy" --bank-sims "$dir/bank_sims.npy" --targets "$dir/targets.npy" --rule all --format json
    else
        good eval --queries "$dir/queries.npy" --videos "$dir/videos.npy" --bank "$dir/bank.npy" \
            --targets "$dir/targets.npy" --rule all --format json
    fi
    cp out first
    good eval "${@:2}" --rule all --format json
    holds "$TOOLS_DIR/json_near" 0 first out collection
}
golden case1 --queries "$files/case1.npz:text" --videos "$files/case1_videos.pkl" --bank "$files/case1.npz:bank" \
    --targets "$files/case1.npz"
golden case1 --queries "$files/case1.npz:text.npy" --videos "$TESTS_DIR/golden/case1/videos.npy" \
    --bank "$files/case1.npz:bank" --targets "$files/case1.npz:rows"
good eval --queries "$files/one.h5:/feats" --videos "$files/stored.npz" --rule raw
has "^raw:scale=100 +100.0"
for case in case3 case4; do
    golden $case --sims "$files/${case}_sims.pkl" --bank-sims "$files/${case}_bank_sims.pkl" \
        --targets "$TESTS_DIR/golden/$case/targets.npy"
done

bad 1 'case1.npz: holds 2 2-D arrays of floats; say which as FILE:NAME: text \(.*\), bank \(' \
    eval --queries "$files/case1.npz" --videos "$files/case1_videos.pkl"
bad 1 'bad_p4_system.pkl: holds code: posix.system; none of it was run' eval --sims "$files/bad_p4_system.pkl"
bad 1 'bad_p4_tuple.pkl: holds 2 2-D arrays of floats; say which as FILE:NAME' \
    eval --sims "$files/bad_p4_tuple.pkl"
finish
