#!/bin/bash
# --memory: streaming gives the same results, bit for bit, as keeping similarities.
source "$TESTS_DIR/tools/check.sh" || exit 1
queries=600 videos=300 bank=800
if sanitized; then
    small_sample
    queries=120 videos=60 bank=80
fi
data=$HUBSCOPE_SAMPLE

# Bare matrices have no catalog with cached fits.  Their similarities take more than half of what is allowed below.
first_rows $queries "$data/queries.npy" "$work/queries.npy"
first_rows $videos "$data/videos.npy" "$work/videos.npy"
first_rows $bank "$data/bank_stills.npy" "$work/bank.npy"
bare=(--queries "$work/queries.npy" --videos "$work/videos.npy" --bank "$work/bank.npy" --rule ncl
    --rule ncl:iterations=1 --rule is --rule qbnorm --rule gc --bootstrap 100)
good eval "${bare[@]}" --dump "$work/kept" --format json
cp "$work/out" "$work/kept.json"
for size in 1M 300k 1 0.5G 2g 1000000; do
    good eval "${bare[@]}" --dump "$work/$size" --format json --memory "$size"
    holds cmp -s "$work/kept.json" "$work/out"
    holds diff -r "$work/kept" "$work/$size"
done
holds test -s "$work/1M/ncl_scale=100_iterations=1.bias.npy"

# On a collection without cached fits.
copy_collection "${HUBSCOPE_SAMPLE:?}" "$work/fresh"
"$HUBSCOPE" eval "$work/fresh" --rule ncl:iterations=3 --memory 1M >"$work/streamed" || broken 'eval --memory 1M'
copy_collection "$HUBSCOPE_SAMPLE" "$work/other"
good eval "$work/other" --rule ncl:iterations=3
holds cmp -s "$work/streamed" "$work/out"
good eval sample --rule all --memory 1M --direction both --bootstrap 100
cp "$work/out" "$work/first"
good eval sample --rule all --direction both --bootstrap 100
holds cmp -s "$work/first" "$work/out"

# The explorer, each time on a collection without cached fits, with a rule of each kind.
for size in 1 4G; do
    copy_collection "$HUBSCOPE_SAMPLE" "$work/explored$size"
    printf 'b\nR\n:save-display %s/screen%s.ansi\n' "$work" "$size" >"$work/script"
    LINES=36 COLUMNS=120 TERM=xterm-256color "$HUBSCOPE" "$work/explored$size" --memory "$size" --script "$work/script" \
        --no-display --rule raw --rule ncl --rule qbnorm --rule csls --rule gc >"$work/out" 2>"$work/err" </dev/null ||
        broken "the explorer with --memory $size"
done
holds grep -q GC "$work/screen1.ansi"
holds cmp -s "$work/screen1.ansi" "$work/screen4G.ansi"
for command in search eval hubs mass shifts bank sweep explore; do
    good help "$command"
    has '^  --memory SIZE '
done
for size in '' 0 -1 2X G 1GB 1.2.3 0x10 1e3 inf 99999999T; do
    bad 2 "--memory takes a size such as 2G" eval sample --memory "$size"
done
bad 2 '--memory takes a size' --memory lots
finish
