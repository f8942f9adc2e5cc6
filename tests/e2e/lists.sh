#!/bin/bash
# Lists of all queries in every format; TREC files against an independent evaluation.
source "$TESTS_DIR/tools/check.sh" || exit 1
queries=1000
if sanitized; then
    small_sample
    queries=120
fi
golden=$TESTS_DIR/golden
bare=(--queries "$golden/case6/queries.npy" --videos "$golden/case6/videos.npy" --bank "$golden/case6/bank.npy"
    --targets "$golden/case6/targets.npy" --logit-scale 20)

success() { awk -f "$TESTS_DIR/tools/trec_success.awk" "$@" 2>&1; }
json() { holds "$TOOLS_DIR/json_member" "$@" <"$work/out"; }
metric() { # metric RULE NAME: of the last eval --format csv
    awk -F, -v name="$2" -v rule="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i }
        { gsub(/"[^"]*"/, "x") } $1 == rule { printf "%.1f", $at }' "$work/out"
}

# eval agrees with what trec_eval would find, also for rules with tied scores and without probabilities.
for direction in t2v v2t; do
    good lists sample --direction $direction --rule all --depth 20 --output "$work/$direction.run"
    good lists sample --direction $direction --output "$work/$direction.qrels"
    good eval sample --rule all --direction $direction --format csv
    for rule in raw qbnorm ncl gc dsl; do
        wanted="$(metric $rule metrics.R@1) $(metric $rule metrics.R@10)"
        found=$(success "$work/$direction.qrels" "$work/$direction.$rule.run")
        holds test "$wanted" = "$found"
    done
done
holds test "$(wc -l <"$work/t2v.qrels")" -eq $queries
holds test "$(wc -l <"$work/t2v.ncl.run")" -eq $((20 * queries))
sanitized || holds grep -q '^0 Q0 1f42c 1 0\.2427[0-9]* ncl:scale=22.712,iterations=4$' "$work/t2v.ncl.run"
holds grep -q '^1f300 0 1 1$' "$work/v2t.qrels"
# Scores strictly fall and ranks count from 1.
holds awk '$1 != query { query = $1; rank = 0 } $4 != ++rank || (rank > 1 && $5 + 0 >= score) { exit 1 } { score = $5 + 0 }' "$work/t2v.gc.run"

# Two fits of one rule, and one on another bank, get different names.
good lists sample --rule ncl --rule ncl:iterations=1@stills --rule is --depth 3 --output "$work/two.run"
holds test -s "$work/two.ncl_scale=22.712_iterations=4.run"
holds test -s "$work/two.ncl_scale=22.712_iterations=1@stills.run"
holds test -s "$work/two.is.run"
good lists sample --rule raw --format trec --depth 2
holds test "$(wc -l <"$work/out")" -eq $((2 * queries))
bad 2 'a run holds one rule' lists sample --format trec

# Text, CSV and JSON.
good lists sample --depth 3
has '^query 5: '
has '^qbnorm:beta=20,k=1, gate (open|shut)'
holds test "$(grep -c '^query ' "$work/out")" -eq $queries
good lists sample --format json --rule raw --rule ncl --depth 2 --direction v2t
json depth 2
json lists.0.key 1f300
json lists.0.targets.1 1
json lists.0.rules.1.results.1.rank 2
json rules.1.rule ncl
good lists "${bare[@]}" --format csv --rule raw --depth 1
has '^query,spec,rank,row,score,target'
good lists "${bare[@]}" --output "$work/bare.qrels"
good lists "${bare[@]}" --rule is --output "$work/bare.run"
good eval "${bare[@]}" --format csv --rule is
holds test "$(metric is metrics.R@1) $(metric is metrics.R@10)" = "$(success "$work/bare.qrels" "$work/bare.run")"

# All of the gallery, of a tenth of the sample.
small_sample
good lists sample --format csv --rule raw --depth 0
has '^query,query_caption,spec,rank,row,key,title,score,target'
holds test "$(wc -l <"$work/out")" -eq $((120 * 60 + 1))
holds test "$(grep -c ',true.$' "$work/out")" -eq 120

# The same lists for any number of workers.
good lists sample --rule all --format csv --threads 1
cp "$work/out" "$work/one"
good lists sample --rule all --format csv --threads 3
holds cmp -s "$work/one" "$work/out"

# Keys with blanks, with only a percent sign, and beyond ASCII.
mkdir "$work/in"
printf 'key,title\n"a b",first\n%%,second\n\xc3\xa9\xc2\xa0x,third\n' >"$work/in/videos.csv"
printf 'split,video,caption\nquery,a b,one\nquery,%%,two\nquery,\xc3\xa9\xc2\xa0x,three\n' >"$work/in/texts.csv"
source "$TESTS_DIR/tools/npy.sh"
three='\x00\x00\x80\x3f\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x3f\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x3f'
npy "$work/in/v.npy" '<f4' '(3, 3)' "$three"
good import "$work/keys" --videos-table "$work/in/videos.csv" --texts-table "$work/in/texts.csv" \
    --videos "$work/in/v.npy" --queries "$work/in/v.npy"
good lists "$work/keys" --rule raw --format trec --depth 1
holds cmp -s "$work/out" <(printf '0 Q0 a%%20b 1 1 raw:scale=100\n1 Q0 %%25 1 1 raw:scale=100\n2 Q0 \xc3\xa9%%C2%%A0x 1 1 raw:scale=100\n')
finish
