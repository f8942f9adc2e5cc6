#!/bin/bash
# Every rule by name; labels of special rules; rules that lack what they need.
source "$TESTS_DIR/tools/check.sh" || exit 1
golden=$TESTS_DIR/golden
sims=(--sims "$golden/case3/sims.npy" --bank-sims "$golden/case3/bank_sims.npy" --targets "$golden/case3/targets.npy")

holds test "$(rules | wc -l)" -ge 11
for rule in $(rules); do
    good search sample crying face --rule "$rule" --top 3
    has "^$rule"
    good hubs sample --rule "$rule" --top 1
    good help eval
    has "^  $rule "
done

good eval sample --rule all
has '^center.* baseline$'
has '^dsl.* transductive$'
has '^Transductive: '
has '^Baseline: '
good eval sample --rule raw --rule ncl
holds bash -c "! grep -Eq 'ransductive|aseline' '$work/out'"
good eval sample --rule dsl --format json
has '"transductive": ?true'
has '"mass": ?null'
good eval sample --rule ncl --format json
has '"transductive": ?false'
good shifts sample --rule raw --rule dsl --top 1
has 'dsl:scale=22.712 \(transductive\)'
good info sample
has 'center \(baseline\), dsl \(transductive\)'

good mass sample --rule raw --rule gc --top 1
bad 1 'gc orders without probabilities' mass sample --rule gc
good eval sample --gallery-bank train --rule dualis --format json
has '"gallery_bank_name": ?"train"'
cp "$work/out" "$work/named"
bad 1 "unknown video bank 'nope'; known: train" eval sample --gallery-bank nope
bad 2 '--bank-gallery is now --gallery-bank' eval sample --bank-gallery train
bad 1 'rule center cannot be used here: needs embeddings' eval "${sims[@]}" --rule center
bad 1 'rule dualis cannot be used here: needs a second bank' eval "${sims[@]}" --rule dualis
good eval "${sims[@]}" --rule all # unavailable rules are left out
holds bash -c "! grep -Eq '^(center|dual)' '$work/out'"
good eval --sims "$golden/case3/sims.npy" --rule all # no bank: raw, and dsl which needs only the queries
has '^dsl'

# A second bank from a file: the same as the collection's own, in both directions; and with matrices.
sample=${HUBSCOPE_SAMPLE:?}
second=$(ls "$sample"/video_bank*.npy "$sample"/*train*video*.npy 2>/dev/null | head -1)
cp "$second" "$work/clips.npy"
good eval sample --gallery-bank "$work/clips.npy" --rule dualis --format json
holds "$TOOLS_DIR/json_near" 0 "$work/named" "$work/out" gallery_bank_name
has '"gallery_bank_name": ?"clips.npy"'
good eval sample --gallery-bank "$work/clips.npy" --rule dbsn --direction both
bad 1 'gone.npy' eval --queries "$sample/queries.npy" --videos "$sample/videos.npy" --gallery-bank "$work/gone.npy"
published=$golden/published/input
bare=(--queries "$published/queries.npy" --videos "$published/videos.npy" --targets "$published/targets.npy"
    --bank "$published/bank.npy")
for rule in dualis dualdis dbsn; do
    good eval "${bare[@]}" --video-bank "$published/video_bank.npy" --rule $rule --format json
    cp "$work/out" "$work/named"
    good eval "${bare[@]}" --gallery-bank "$published/video_bank.npy" --rule $rule --format json
    holds "$TOOLS_DIR/json_near" 0 "$work/named" "$work/out" gallery_bank_name
    good eval "${bare[@]}" --video-bank "$published/video_bank.npy" --gallery-bank "$published/bank.npy" \
        --rule $rule --direction v2t --format json
    has '"gallery_bank": ?24'
done

# Stored similarities of a second bank, with the values of the case.
case7=$golden/case7
stored=(--sims "$case7/sims.npy" --bank-sims "$case7/bank_sims.npy" --targets "$case7/targets.npy")
second=(--gallery-bank-sims "$case7/gallery_bank_sims.npy")
for rule in dualis dualdis; do
    good eval "${stored[@]}" "${second[@]}" --rule $rule --format json
    has '"gallery_bank_name": ?"gallery_bank_sims.npy"'
done
bad 1 'rule dbsn cannot be used here' eval "${stored[@]}" "${second[@]}" --rule dbsn
good eval "${stored[@]}" "${second[@]}" --bank-gallery-sims "$case7/bank_gallery_sims.npy" --rule dbsn --format json
bad 2 '--bank-gallery-sims needs --gallery-bank-sims' eval "${stored[@]}" \
    --bank-gallery-sims "$case7/bank_gallery_sims.npy"
bad 2 'with --sims the second bank is --gallery-bank-sims' eval "${stored[@]}" --gallery-bank "$published/bank.npy"
bad 2 '--gallery-bank-sims needs --sims' eval "${bare[@]}" "${second[@]}"
bad 1 'need stored similarities' eval sample "${second[@]}"
bad 1 'bank_gallery_sims.npy' eval "${stored[@]}" --gallery-bank-sims "$case7/bank_gallery_sims.npy"
good report "${stored[@]}" "${second[@]}" --rule dualis --bootstrap 10 --output "$work/page.html"
holds grep -q -- '--gallery-bank-sims gallery_bank_sims.npy' "$work/page.html"

# Without --rule every command uses raw, qbnorm and ncl, as far as available.
for command in eval hubs mass lists bank 'search --caption 3'; do
    good $command sample --format json
    holds test "$(grep -Eo '"rule": ?"[a-z]+"' "$work/out" | sort -u | cut -d: -f2 | tr -dc '"a-z')" = '"ncl""qbnorm""raw"'
done
good eval --sims "$golden/case3/sims.npy" --format json
holds test "$(grep -Ec '"rule": ?"' "$work/out")" -eq 1
finish
