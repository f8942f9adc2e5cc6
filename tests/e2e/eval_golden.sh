#!/bin/bash
# `eval` on bare matrices and on the sample gives the reference's numbers.
source "$TESTS_DIR/tools/check.sh" || exit 1
known=(raw is qbnorm ncl csls nnn gc dsl center)

compare() { # compare EXPECTED PATH ARGUMENTS
    local expected=$1 path=$2 spec rules=()
    shift 2
    while read -r spec; do
        rules+=(--rule "$spec")
    done < <("$TOOLS_DIR/eval_json" specs "$expected" "$path" "${known[@]}")
    good eval --format json "${rules[@]}" "$@"
    holds "$TOOLS_DIR/eval_json" check "$expected" "$path" "${known[@]}" <"$work/out"
}

for case in 1 2 3 4 5 6; do
    dir=$TESTS_DIR/golden/case$case
    if [[ -f $dir/sims.npy ]]; then
        compare "$dir/expected.json" t2v --sims "$dir/sims.npy" --bank-sims "$dir/bank_sims.npy" \
            --targets "$dir/targets.npy"
    else
        compare "$dir/expected.json" t2v --queries "$dir/queries.npy" --videos "$dir/videos.npy" \
            --bank "$dir/bank.npy" --targets "$dir/targets.npy"
    fi
done
dir=$TESTS_DIR/golden/case2
compare "$dir/expected.json" v2t --direction v2t --queries "$dir/queries.npy" --videos "$dir/videos.npy" \
    --bank "$dir/bank.npy" --video-bank "$dir/video_bank.npy" --targets "$dir/targets.npy"

expected=$TESTS_DIR/../sample_data/expected.json
for bank in train stills keywords; do
    compare "$expected" "expected/$bank" --bank "$bank" sample
done
compare "$expected" expected_v2t/train --direction v2t --bank train sample
finish
