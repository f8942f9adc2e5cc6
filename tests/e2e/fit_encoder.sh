#!/bin/bash
# The sample without its encoder gets a fitted one, whose quality is reported identically everywhere.
source "$TESTS_DIR/tools/check.sh" || exit 1
data=$TESTS_DIR/../sample_data captions=3704 cosine=0.9 least=0.5 kept=0.8
guessed='yelow, cryng\)  \(unknown, ignored: qxzzk' found='crying face'
if sanitized; then # a fit takes a minute there
    small_sample
    data=${HUBSCOPE_SMALL%/*}/data captions=260 cosine=0. least=0.3 kept=0.5
    guessed='yelow, tears\)  \(unknown, ignored: cryng, qxzzk' found=face
fi
bare=(--videos-table "$data/videos.csv" --texts-table "$data/texts.csv" --videos "$data/videos.npy"
    --queries "$data/queries.npy" --bank "train=$data/bank_train.npy" --bank "stills=$data/bank_stills.npy"
    --query-split query) # without the captions of the largest bank, which come last

member() { # member PATH FILE: a number of a JSON file
    tr -d ' \n' <"$2" | grep -o "\"$1\":[-0-9.e]*" | head -1 | cut -d: -f2
}

good import "$work/bare" "${bare[@]}" --no-encoder
good info "$work/bare"
has '^encoder +none'

good import "$work/fitted" "${bare[@]}"
has "text encoder fitted to $captions captions"
has "cosine ${cosine/./\\.}[0-9]+ to the true vectors, keeps [0-9.]+ % of R@10 and [0-9.]+ % of the true top 10"
cp "$work/out" "$work/import"
good info "$work/fitted"
grep -o 'cosine 0.*top 10' "$work/import" >"$work/of_import"
grep -o 'cosine 0.*top 10' "$work/out" >"$work/of_info"
holds cmp "$work/of_import" "$work/of_info"
good info "$work/fitted" --format json
for number in cosine recall_at_10 recall_at_10_kept overlap_at_10; do
    stored=$(member $number "$work/fitted/encoder/config.json") shown=$(member $number "$work/out")
    holds awk -v a="$stored" -v b="$shown" 'BEGIN { exit !(a > 0 && a - b < 1e-9 && b - a < 1e-9) }'
done
# More than half of the true encoder's top 10, on unseen captions.
holds awk -v x="$(member overlap_at_10 "$work/out")" -v least=$least 'BEGIN { exit !(x > least) }'
holds awk -v x="$(member recall_at_10_kept "$work/out")" -v kept=$kept 'BEGIN { exit !(x > kept && x < 1.2) }'

# Typed queries: typing errors are guessed, random letters ignored.
good search "$work/fitted" yelow face cryng with tears qxzzk --rule raw --top 20
has "guessed from parts: $guessed"
has "$found"
bad 1 'knows no word' search "$work/fitted" qxzzk
good search "$work/fitted" "$(head -c 100000 /dev/zero | tr '\0' a) cat" --rule raw --top 1

bad 1 'has a fitted encoder already' fit-encoder "$work/fitted"
bad 2 'name a collection' fit-encoder
bad 1 'fewer than 60|no collection|No such' fit-encoder "$work/nowhere"
finish
