#!/bin/bash
# Fits in files, and shares of an evaluation: merged they are what one run prints; what does not belong is refused.
source "$TESTS_DIR/tools/check.sh" || exit 1
small_sample
cd "$work" || exit 1
data=$HUBSCOPE_SAMPLE
bare=(--queries "$data/queries.npy" --videos "$data/videos.npy" --bank "$data/bank_keywords.npy"
    --video-bank "$data/video_bank_train.npy")

# shares N ARGUMENTS: evaluates N shares, as share1, share2, ...
shares() {
    local of=$1
    shift
    for ((i = 1; i <= of; i++)); do
        good eval "$@" --shard "$i/$of" --partial "share$i" --replace
    done
}
merges() { # merges FORMAT ARGUMENTS: merging share* gives what eval ARGUMENTS prints
    local format=$1
    shift
    good eval "$@" --format "$format"
    mv "$work/out" whole
    good merge share* --format "$format"
    holds cmp whole "$work/out"
}
one_pass=(--rule raw --rule is --rule qbnorm --rule csls --rule nnn --rule dualis --rule dualdis)
both=("${bare[@]}" "${one_pass[@]}" --rule gc --rule dsl --direction both --bootstrap 50)
shares 3 "${both[@]}"
for format in text json csv; do
    merges $format "${both[@]}"
done
cp share2 second
good eval "${both[@]}" --shard 2/3 --partial second --replace
holds cmp share2 second # two runs of a share are the same file
good merge share3 second share1 share2 # in any order, twice
good eval "${bare[@]}" --rule raw --shard 2/3 --partial other
bad 1 'other options than' merge share1 other
bad 1 'of 3 shares 1, 3 are missing' merge second
head -c 3000 share1 >cut
bad 1 'damaged or incomplete' merge cut share2 share3
printf '\001' | dd of=second bs=1 seek=4000 conv=notrunc 2>/dev/null
bad 1 'damaged or incomplete' merge share1 second share3
bad 1 'not a share' merge whole
for rule in ncl dbsn sinkhorn; do # their fits take more than a pass
    bad 1 "$rule walks the whole bank again and again, which shares cannot: use mpirun, or a fit made elsewhere" \
        eval "${bare[@]}" --rule raw --rule $rule --gallery-bank "$data/video_bank_train.npy" --shard 1/2 --partial no
done
bad 2 'go together' eval sample --shard 1/2
bad 2 'takes I/N' eval sample --shard 3/2 --partial no
bad 1 'already exists' eval sample --shard 1/2 --partial share1
holds test ! -e no
rm share*

# A collection, a subset, the videos of video to text, more shares than there are groups of queries.
good fit sample --rule ncl --output ncl.fit
shares 5 sample --rule ncl --rule raw --where tags=man --fit ncl.fit
merges text sample --rule ncl --rule raw --where tags=man
rm share*
good fit sample --rule ncl --direction v2t --output ncl.fit --replace
shares 2 sample --rule ncl --v2t videos --direction v2t --fit ncl.fit
merges json sample --rule ncl --v2t videos --direction v2t
rm share*

# Fits, whole and of shares of the banks.
kept=("${bare[@]}" "${one_pass[@]:2}") # a fit of raw would be none
good fit "${kept[@]}" --output one.fit
for of in 2 5; do
    for ((i = 1; i <= of; i++)); do
        good fit "${kept[@]}" --shard "$i/$of" --partial "share$i" --replace
    done
    good merge share* --output merged.fit --replace
    holds cmp one.fit merged.fit
done
bad 1 'of 5 shares 1, 2, 5 are missing' merge share3 share4 --output no
bad 2 'output is missing' merge share*
bad 1 'already exists' merge share* --output merged.fit
good eval "${bare[@]}" --rule raw --shard 1/5 --partial other --replace
bad 1 'other options than' merge share1 other --output no
bad 1 'ncl walks the whole bank' fit "${bare[@]}" --rule is --rule ncl --shard 1/2 --partial no
bad 1 'gc: has no fit that a file can hold' fit "${bare[@]}" --rule is --rule gc --shard 1/2 --partial no
bad 2 'name --output when merging' fit "${bare[@]}" --rule is --shard 1/2 --partial no --output no
holds test ! -e no
good fit "${bare[@]}" --rule all --output all.fit
good fit "${bare[@]}" --rule all --output again.fit
holds cmp all.fit again.fit
for command in 'eval --rule all' 'hubs --rule all' 'mass --rule qbnorm' 'shifts --rule raw --rule csls' 'lists --rule ncl'; do
    good $command "${bare[@]}" --format json
    mv "$work/out" fitted
    good $command "${bare[@]}" --format json --fit all.fit
    holds cmp fitted "$work/out"
done
good eval "${bare[@]}" --fit all.fit # all that it has
has '^sinkhorn:'
bad 1 'has no fit of base/ncl:scale=100,iterations=7@bank; it has base/is' eval "${bare[@]}" --fit all.fit \
    --rule ncl:iterations=7
bad 1 'fits of other data' eval sample --fit all.fit
bad 1 'fits for t2v, not v2t' eval "${bare[@]}" --fit all.fit --direction v2t
bad 1 'not a file of fits' eval "${bare[@]}" --fit whole
bad 1 'already exists' fit "${bare[@]}" --output all.fit
bad 1 'none of these rules has a fit' fit "${bare[@]}" --rule raw --output raw.fit
bad 2 'output is missing' fit "${bare[@]}"
holds test ! -e raw.fit
finish
