#!/bin/bash
# TREC files against what trec_eval itself says of them: tests/golden/published/README.md.
source "$TESTS_DIR/tools/check.sh" || exit 1
folder=$TESTS_DIR/golden/published
bare=(--queries "$folder/uneven/queries.npy" --videos "$folder/input/videos.npy" --bank "$folder/input/bank.npy"
    --video-bank "$folder/input/video_bank.npy" --targets "$folder/uneven/targets.npy")

same_lists() { # same_lists RUN RUN: but for the last digits of scores
    [[ $(wc -l <"$1") -eq $(wc -l <"$2") ]] &&
        paste -d ' ' <(sort -k 1,1 -k 3,3 "$1") <(sort -k 1,1 -k 3,3 "$2") | awk '
        $1 != $7 || $3 != $9 || $6 != $12 || $5 - $11 > 1e-6 || $11 - $5 > 1e-6 { exit 1 }'
}

for direction in t2v v2t; do
    good lists "${bare[@]}" --direction $direction --output "$work/$direction.qrels"
    holds cmp -s "$work/$direction.qrels" "$folder/trec_eval/$direction.qrels"
    good lists "${bare[@]}" --direction $direction --rule raw --rule ncl --output "$work/$direction.run"
    for rule in raw ncl; do
        holds same_lists "$work/$direction.$rule.run" "$folder/trec_eval/$direction.$rule.run"
        good eval "${bare[@]}" --direction $direction --rule $rule --format csv
        for k in 1 5 10; do
            said=$(awk -v name=success_$k '$1 == name { printf "%.2f", 100 * $3 }' \
                "$folder/trec_eval/$direction.$rule.txt")
            found=$(awk -F, -v name="metrics.R@$k" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i }
                { gsub(/"[^"]*"/, "x") } NR == 2 { printf "%.2f", $at }' "$work/out")
            holds test "$said" = "$found"
        done
    done
done
finish
