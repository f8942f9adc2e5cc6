#!/bin/bash
# Conventions of video to text: captions or videos are ranked, videos without captions are dropped or kept.
source "$TESTS_DIR/tools/check.sh" || exit 1
sanitized && small_sample
source "$TESTS_DIR/tools/npy.sh" || exit 1
published=$TESTS_DIR/golden/published
bare=(--queries "$published/uneven/queries.npy" --videos "$published/input/videos.npy" --bank "$published/input/bank.npy"
    --video-bank "$published/input/video_bank.npy" --targets "$published/uneven/targets.npy")
masked=(--sims "$published/qb-norm-masks/sims.npy" --targets "$published/input/targets.npy"
    --query-mask "$published/qb-norm-masks/mask.npy")

# CLIP4Clip's numbers: R@1 75, R@5 90, R@10 100, MnR 2.
good eval "${bare[@]}" --direction v2t --rule raw --v2t videos
has '^queries.npy: video to text, 20 queries, 20 videos, bank of 16'
has '^v2t videos: each video scored by its best caption'
has '^raw:scale=100 +75\.0 +90\.0 +100\.0 +100\.0 +1\.0 +2\.0 '
holds bash -c "! grep -q 'mass err ' <(grep '^rule' '$work/out')"
good eval "${bare[@]}" --direction v2t --rule raw --v2t videos --format json
has '"convention": ?"videos"'
has '"masked": ?"drop"'
has '"gallery": ?20'
has '"mass": ?null'
good eval "${bare[@]}" --direction v2t --rule raw
has '^v2t captions: the rank of a video.s best caption among all captions$'
has '20 queries, 41 captions'
good eval "${bare[@]}" --direction v2t --rule raw --format json
has '"convention": ?"captions"'
good eval "${bare[@]}" --rule raw --v2t videos --format json
has '"convention": ?null'
cp "$work/out" "$work/t2v"
good eval "${bare[@]}" --rule raw --format json
holds cmp -s "$work/out" "$work/t2v"
good eval "${bare[@]}" --rule all --v2t videos --direction both
has '^v2t videos'

# Every command that lists items now lists videos.
good lists sample --direction v2t --v2t videos --rule ncl --format csv
holds test "$(sed -n 1p "$work/out" | tr -d '\r')" = query,query_key,query_title,spec,rank,row,key,title,score,target
good lists sample --direction v2t --v2t videos --rule ncl --output "$work/videos.run"
good lists sample --direction v2t --v2t videos --output "$work/videos.qrels"
holds awk '$1 != $3 || $4 != 1 { exit 1 }' "$work/videos.qrels"
good eval sample --direction v2t --v2t videos --rule ncl --format csv
found=$(awk 'NR == FNR { own[$1] = $3; next } $4 == 1 { n++; right += own[$1] == $3 } END { printf "%.4f", 100 * right / n }' \
    "$work/videos.qrels" "$work/videos.run")
said=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "metrics.R@1") at = i }
    { gsub(/"[^"]*"/, "x") } NR == 2 { printf "%.4f", $at }' "$work/out")
holds test "$found" = "$said"
good hubs sample --direction v2t --v2t videos --rule ncl --top 3 --measures
has 'videos'
holds bash -c "! grep -v '^v2t' '$work/out' | grep -q captions"
good hubs sample --direction v2t --v2t videos --rule ncl --top 3 --k 20
has '^ *row +key +title +N_1 '
holds bash -c "! grep -q bias '$work/out'"
good shifts sample --direction v2t --v2t videos --top 3
has '^v2t videos'
good bank sample --direction v2t --v2t videos
has '^v2t videos'
good sweep sample --direction v2t --v2t videos --rule ncl --over iterations=1,4
has '^v2t videos'
bad 1 'no probabilities, so no mass' mass sample --direction v2t --v2t videos
good report sample --direction v2t --v2t videos --bootstrap 10 --output "$work/page.html"
holds grep -q -- '--v2t videos' "$work/page.html"
holds bash -c "! grep -q 'id=\"mass\"' '$work/page.html'"
good eval "${bare[@]}" --direction v2t --v2t videos --rule ncl --dump "$work/dump"
holds test -e "$work/dump/ncl.rank.npy" -a ! -e "$work/dump/ncl.mass.npy"
bad 2 '--v2t takes captions\|videos' eval sample --v2t texts

# Threads make no difference.
for threads in 1 3; do
    HUBSCOPE_THREADS=$threads good eval sample --direction v2t --v2t videos --rule all --format json
    cp "$work/out" "$work/threads$threads"
done
holds cmp -s "$work/threads1" "$work/threads3"

# Masked videos: one of 20 has no text left.
good eval "${masked[@]}" --direction v2t --rule raw
has '19 queries, 50 captions'
has '^v2t captions: .*; 1 without captions dropped \(QB-Norm.s code: --masked keep\)$'
good eval "${masked[@]}" --direction v2t --rule raw --masked keep
has '20 queries, 50 captions'
has '1 without captions kept at infinite rank, so MnR is infinite$'
has '^raw:scale=100 +45\.0 +85\.0 +85\.0 +95\.0 +2\.0 '
good eval "${masked[@]}" --direction v2t --rule raw --rule dsl --masked keep --bootstrap 20 --format json
has '"MnR": ?null'
has '"masked": ?"keep"'
has '"without_captions": ?1'
holds bash -c "sed -n '/\"MnR\": {/,/}/p' '$work/out' | grep -Eq '\"difference\": ?-?[0-9]'"
holds bash -c "! sed -n '/\"bootstrap\": {/,/\"hubness\"/p' '$work/out' | grep -q null"
good shifts "${masked[@]}" --direction v2t --rule raw --rule dsl --masked keep
has 'MnR [-+][0-9.]+ ranks .95 % interval [-+][0-9]'
has '^In the difference of MnR infinite ranks count as unchanged'
good shifts "${masked[@]}" --direction v2t --rule raw --rule dsl --masked keep --format json
for count in helped hurt unchanged; do # the video at infinite rank is unchanged in both
    holds test "$(grep -o "\"$count\": *[0-9]*" "$work/out" | sort -u | wc -l)" = 1
done
has '"without_target": ?0'
good eval "${masked[@]}" --direction v2t --rule raw --masked keep --v2t videos
has '20 queries, 20 videos'
for command in hubs mass shifts lists sweep; do
    rule=(--rule raw --rule dsl)
    [[ $command = sweep ]] && rule=(--rule raw --over scale=1,2)
    good $command "${masked[@]}" "${rule[@]}" --direction v2t --masked keep
done
good report "${masked[@]}" --direction v2t --rule raw --rule dsl --masked keep --bootstrap 10 --output "$work/masked.html"
holds grep -q 'v2t captions: the rank of a video&#39;s best caption.*; 1 without captions kept at infinite rank' \
    "$work/masked.html"
# The explorer takes the same, and the page made from it names them.
export TERM=xterm LINES=24 COLUMNS=80
good lists sample --output "$work/own.qrels"
printf ':report %s\n' "$work/explored.html" >"$work/script"
good explore sample --v2t videos --masked keep --gallery-bank train --qrels "$work/own.qrels" --rule raw --rule ncl \
    --rule dualis --no-display --script "$work/script"
holds grep -q -- '--gallery-bank train --qrels own.qrels --v2t videos --masked keep' "$work/explored.html"
holds grep -q 'v2t videos: each video scored by its best caption' "$work/explored.html"
bad 1 "unknown video bank 'nope'" explore sample --gallery-bank nope --no-display --script "$work/script"
bad 1 'has no judgements' explore sample --qrels /dev/null --no-display --script "$work/script"
bad 2 'captions|videos' explore sample --v2t items
good eval "${masked[@]}" --rule raw --masked keep --format json
cp "$work/out" "$work/kept"
good eval "${masked[@]}" --rule raw --format json
holds cmp -s "$work/out" "$work/kept"
finish
