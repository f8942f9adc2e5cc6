#!/bin/bash
# TREC files against trec_eval's own results: tests/golden/published/README.md.
source "$TESTS_DIR/tools/check.sh" || exit 1
folder=$TESTS_DIR/golden/published
bare=(--queries "$folder/uneven/queries.npy" --videos "$folder/input/videos.npy" --bank "$folder/input/bank.npy"
    --video-bank "$folder/input/video_bank.npy" --targets "$folder/uneven/targets.npy")

same_lists() { # same_lists RUN RUN: equal except for the last digits of scores
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

# Several relevant items and grades: nDCG@10 and MAP agree with trec_eval.  Both are absent for ungraded judgements with
# one item per query.
unjudged=("${bare[@]:0:8}")
measure() { # measure NAME: of the only rule of the last output, with four decimals
    sed -n "s/^ *\"$1\": *\([0-9.]*\),\{0,1\}$/\1/p" "$work/out" | awk '{ printf "%.4f", $1 / 100 }'
}
said() { # said NAME DIRECTION RULE[.graded]
    awk -v name="$1" '$1 == name { print $3 }' "$folder/trec_eval/$2.$3.txt"
}
for direction in t2v v2t; do
    for rule in raw ncl; do
        good eval "${unjudged[@]}" --qrels "$folder/trec_eval/$direction.graded.qrels" --direction $direction \
            --rule $rule --format json
        holds test "$(measure nDCG@10)" = "$(said ndcg_cut_10 $direction $rule)"
        holds test "$(measure MAP)" = "$(said map $direction $rule.graded)"
        good eval "${unjudged[@]}" --qrels "$folder/trec_eval/$direction.qrels" --direction $direction \
            --rule $rule --format json
        if [[ $direction = v2t ]]; then
            holds test "$(measure MAP)" = "$(said map $direction $rule)"
        else
            holds test -z "$(measure MAP)$(measure nDCG@10)"
        fi
    done
    good lists "${unjudged[@]}" --qrels "$folder/trec_eval/$direction.graded.qrels" --direction $direction \
        --output "$work/again.$direction.qrels"
    holds cmp -s <(sort "$work/again.$direction.qrels") \
        <(awk '$4 > 0' "$folder/trec_eval/$direction.graded.qrels" | sort)
    for command in 'eval --rule all' hubs mass shifts lists bank 'sweep --rule raw --over scale=1,2'; do
        good $command "${unjudged[@]}" --qrels "$folder/trec_eval/$direction.graded.qrels" --direction $direction
    done
done
good eval "${unjudged[@]}" --qrels "$folder/trec_eval/t2v.graded.qrels" --direction both
has 'nDCG% +MAP%'
has 'MAP counts every grade above 0 alike'
good report "${unjudged[@]}" --qrels "$folder/trec_eval/t2v.graded.qrels" --bootstrap 10 --output "$work/page.html"
holds grep -q -- '--qrels t2v.graded.qrels' "$work/page.html"
holds grep -q '>nDCG</th><th [^>]*>MAP</th><th [^>]*>R@1</th>' "$work/page.html"
good eval "${unjudged[@]}" --qrels "$folder/trec_eval/t2v.graded.qrels" --rule raw --rule dsl --bootstrap 20 --format json
holds test "$(grep -cE '"(nDCG@10|MAP)": ?\{' "$work/out")" = 2
# Metrics shows them where the judgements have grades.
good lists sample --output "$work/own.qrels"
awk '{ print } before && before != $3 { print $1, $2, before, 2 } { before = $3 }' "$work/own.qrels" >"$work/two.qrels"
printf 'R\n:save-display %s\n' "$work/metrics.ansi" >"$work/script"
for judged in --qrels=$work/two.qrels ''; do
    TERM=xterm LINES=24 COLUMNS=80 good explore sample $judged --rule raw --rule ncl --no-display --script "$work/script"
    checks=$((checks + 1))
    sed 's/\x1b\[[0-9;]*m//g' "$work/metrics.ansi" | grep -Eq 'nDCG +MAP +R@1' && found=1 || found=
    [[ $found == ${judged:+1} ]] || broken "nDCG and MAP in Metrics, with '$judged': ${found:-0}"
done
bad 2 'give --targets or --qrels, not both' eval "${bare[@]}" --qrels "$folder/trec_eval/t2v.qrels"
bad 1 ':1: the video is not a row' eval "${unjudged[@]}" --qrels <(echo 0 0 20 1)
bad 1 'has no judgements' eval "${unjudged[@]}" --qrels /dev/null

# For a collection: its own targets come back under the names that lists write; more targets add up.
for direction in t2v v2t; do
    good lists sample --direction $direction --output "$work/own.$direction.qrels"
    good eval sample --direction $direction --rule ncl --format json
    cp "$work/out" "$work/own"
    good eval sample --direction $direction --rule ncl --qrels "$work/own.$direction.qrels" --format json
    holds "$TOOLS_DIR/json_near" 0 "$work/own" "$work/out"
done
head -1 "$work/own.t2v.qrels" | sed 's/^0 0 .* 1$/0 0 nowhere 1/' >"$work/odd.qrels"
bad 1 ':1: the video is not a key of this collection' eval sample --qrels "$work/odd.qrels"

# Rows of targets: the same as judgements without grades.
source "$TESTS_DIR/tools/npy.sh" || exit 1
npy "$work/sims.npy" '<f4' '(2, 3)' "$one" "$half" "$zero" "$zero" "$one" "$half"
npy "$work/rows.npy" '|i1' '(2, 2)' '\x01' '\x02' '\x01' '\xff'
printf '0 0 1 1\n0 0 2 1\n1 0 1 1\n' >"$work/rows.qrels"
good eval --sims "$work/sims.npy" --targets "$work/rows.npy" --rule raw --format json
has '"MAP": ?79.16'
cp "$work/out" "$work/rows"
good eval --sims "$work/sims.npy" --qrels "$work/rows.qrels" --rule raw --format json
holds "$TOOLS_DIR/json_near" 0 "$work/rows" "$work/out"
good eval --sims "$work/sims.npy" --targets "$work/rows.npy" --rule raw --direction v2t --format json
has '"queries": ?2'
finish
