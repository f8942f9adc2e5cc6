#!/bin/bash
# A collection whose gallery holds something other than videos: commands, page and explorer say that word instead.
source "$TESTS_DIR/tools/check.sh" || exit 1
small_sample
data=$(dirname "$HUBSCOPE_SAMPLE")/data
cd "$work" || exit 1

# silent FILE...: nothing speaks of videos but options and their values, files, columns and a paper's title.
silent() {
    checks=$((checks + 1))
    local left
    left=$(sed -E 's/\x1b\[[0-9;:]*m//g; s/--[a-z-]*video[a-z-]*|[a-z_]*videos?[a-z_]*\.(npy|csv|json)|v2t videos//g
        s/"video"|text-video retrieval//g' "$@" | grep -i video)
    [[ -z $left ]] || broken "videos in $*: $(head -3 <<<"$left")"
}

files=(--texts-table "$data/texts.csv" --videos-table "$data/videos.csv" --videos "$data/videos.npy"
    --queries "$data/queries.npy" --video-bank "train=$data/video_bank_train.npy")
for bank in train stills keywords; do
    files+=(--bank "$bank=$data/bank_$bank.npy")
done
good import mine "${files[@]}" --item image --dry-run
silent out
good import mine "${files[@]}" --item image --encoder "$HUBSCOPE_SAMPLE/encoder"
has '^mine: 60 images, 120 queries, 3 query banks and 1 image bank with '
silent out
bad 1 'an item is a word' import other "${files[@]}" --item '<b>' --no-encoder

# A layout knows what its dataset's galleries hold; a collection can be given another word.
layouts=$TESTS_DIR/layouts
good import clotho --texts-table "$layouts/clotho_captions_evaluation.csv" --videos "$layouts/v.npy" \
    --queries "$layouts/q30.npy" --no-encoder
has '^clotho: 6 audio clips, 30 queries'
good import clotho --set-item Mouse,mice
has '^clotho: now with mice in its gallery$'
good info clotho --format json
has '"item": "mouse"'
good import clotho --set-item video
good info clotho
has '^videos +6$'

good info mine
has '^images +60$'
has '^train +40 +images'
silent out
while read -r line; do
    # shellcheck disable=SC2086
    good ${line%% *} mine ${line#* }
    silent out
done <<'END'
eval --direction both
eval --direction v2t --v2t videos
hubs --measures
hubs --direction v2t
mass --measures
shifts --top 5
bank --direction t2v
search yellow face
search yellow face --why 1f300
sweep --rule is --over beta=5,20
END
good check mine
has '^images +ok +60 keys$'
silent out
for direction in t2v v2t; do
    good report mine --direction $direction --output page.html --replace
    silent page.html
done
run mass mine --direction v2t --v2t videos
silent err
run search mine yellow face --why nowhere
silent err
run eval mine --qrels "$data/texts.csv"
silent err

# Every view, its help and its messages: the keys that lead to the recorded screens.
awk 'FNR == 1 { print "Esc"; print "Esc"; print "Esc"; print ":resize 36x120"; next }
    $1 == "===" { print ":save-display " ++shown ".screen"; next }
    $1 == ":caption" { $2 = ($2 - 1) % 100 + 1 }
    { print }' \
    "$TESTS_DIR"/screens/{search,hubs,mass,shifts,metrics,banks,learning,conventions,help,commands,lists,sums}.keys >script
holds "$HUBSCOPE" mine --no-display --script script
holds test "$(ls ./*.screen | wc -l)" -ge 50
holds grep -q 'selected image' ./*.screen
silent ./*.screen
finish
