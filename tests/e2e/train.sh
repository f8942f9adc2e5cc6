#!/bin/bash
# Heads learned from a bank become a model that every command knows; evaluation data is refused; nothing is left behind.
source "$TESTS_DIR/tools/check.sh" || exit 1
source "$TESTS_DIR/tools/npy.sh" || exit 1
cd "$work" || exit 1
small=${HUBSCOPE_SMALL:?} # made by small_sample.sh
small_data=${small%/*}/data few=(--epochs 3 --seeds 2)

# Its bank has 60 captions of its first 30 clips, and 40 clips.
rows=()
for ((i = 0; i < 60; i++)); do rows+=("\\x$(printf %02x $((i / 2)))"); done
npy rows.npy '|u1' '(60,)' "${rows[@]}"
pairs=(--pairs rows.npy "${few[@]}")

# A copy of the collection with a model.
good train "$small" --output new --model heads "${pairs[@]}" --log log.csv
has '^linear heads over model base by NCL, scale 22.712 \(fixed\), batches of at most 11$'
has '^learned from 60 captions of 30 clips: bank train, video bank train, paired by --pairs$'
has '^held out: 7 of these clips, with 14 captions$'
has 'chosen on the held-out clips, never on evaluation queries'
has '^held-out R@1: .* frozen, .* with heads \(mean of 2 seeds, standard deviation'
has '^   1 .* 22.71 '
has '^added to new as model heads, of seed [01]; next:$'
next=$(sed -n 's/^  hubscope //p' out)
holds test "$next" = 'eval new --rule base/raw --rule heads/raw --rule heads/ncl'
holds test "$(wc -l <log.csv)" = 20 # a head, the frozen model, 2 seeds of 3 rates and 3 epochs
holds grep -Eqx '0,,,0,,22.712,,[0-9.]+,[0-9.]+,[0-9.]+,-?[0-9.]+,1' log.csv
holds grep -Eqx '1,0.001,4,3,[0-9.]+,22.712(,-?[0-9.]+){5},[01]' log.csv
good $next --bootstrap 0
has '^heads/ncl:scale=22.712,iterations=4 '
good check new
has 'base: static; .*; heads: static and head; mean cosine to the stored vectors of 120 captions 1.0000, least 1.0000'
good info new --format json
has '"description": "linear heads over base, learned by NCL of 4 iterations"'
has '"provenance": "hubscope train: .*seed [01] of 0 to 1, rate .*never on evaluation queries"'
good search new crying face --rule heads/ncl --rule base/raw
has '^heads/ncl:scale=22.712,iterations=4$'
bad 1 'new: already exists' train "$small" --output new --model heads "${pairs[@]}"
bad 1 'log.csv: exists|log.csv' train "$small" --output other --model heads "${pairs[@]}" --log log.csv
holds test ! -e other

# The same seed gives the same bytes, whatever the number of threads; another seed, loss or head gives others.
good train "$small" --output again --replace --model heads "${pairs[@]}" --log log2.csv --threads 3
holds cmp log.csv log2.csv
good train "$small" --output again --replace --model heads "${pairs[@]}" --threads 1
holds diff -r new/models again/models
for how in '--seed 7' '--loss infonce' '--head mlp' '--decay 0.1' '--scale learned' '--iterations 0,1'; do
    good train "$small" --output other --replace --model heads "${pairs[@]}" $how
    holds test "$(cmp new/models/heads/queries.npy other/models/heads/queries.npy)"
    sanitized || good check other # it is checked above and below
done

# In place, named after loss and head; not over heads, and not twice.
cp -r "$small" mine
good train mine --loss infonce --head mlp "${pairs[@]}" --decay 0 --format json
holds "$TOOLS_DIR/json_member" model infonce-mlp <out
holds "$TOOLS_DIR/json_member" pairs.clips_held_out 7 <out
holds "$TOOLS_DIR/json_member" chosen_on 'held-out clips of the bank' <out
holds "$TOOLS_DIR/json_member" seeds.1.seed 1 <out
good check mine
cp mine/catalog.db before.db
bad 1 'already has a model "infonce-mlp"' train mine --loss infonce --head mlp "${pairs[@]}"
bad 1 'model infonce-mlp was made by heads' train mine --from infonce-mlp "${pairs[@]}"
bad 1 '"a b" cannot name a model' train mine --model 'a b' "${pairs[@]}"
bad 1 "unknown model 'nobody'; known: base, infonce-mlp" train mine --from nobody "${pairs[@]}"

# Banks that do not pair, and such that hold evaluation captions or videos.
bad 1 'its 60 captions are not a multiple of the 40 clips of video bank train: --pairs' train mine
bad 1 "unknown query bank 'nothing'; known: train, stills, keywords" train mine --text-bank nothing
bad 1 "unknown video bank 'stills'; known: train" train mine --text-bank stills
bad 1 '60 pairs are given, but it has 80 captions' train mine --text-bank stills --video-bank train "${pairs[@]}"
bad 1 'No such file' train mine --pairs nothing.npy
good import mine --add-bank "leak=$small_data/queries.npy" --add-video-bank "leak=$small_data/videos.npy" \
    --add-video-bank "clips=$small_data/video_bank_train.npy"
bad 1 'bank leak: 120 of its 120 rows equal evaluation captions, the first in row 0; .*--leave-out' train mine \
    --text-bank leak --video-bank clips "${few[@]}"
bad 1 'video bank leak: 60 of its 60 rows equal evaluation videos' train mine --video-bank leak "${few[@]}"
bad 1 '0 clips with captions are too few' train mine --text-bank leak --leave-out "${few[@]}"

# A collection that is not to be written, or holds no embeddings, is refused before any work.
HUBSCOPE_SAMPLE=$small bad 1 'the built-in sample is never changed: --output DIR' train sample "${pairs[@]}"
HUBSCOPE_SAMPLE=$small bad 1 'the built-in sample is never changed' train "$small" "${pairs[@]}"
touch mine/notes.txt
bad 1 'contains "notes.txt", .*; --output DIR adds the model to a copy' train mine "${pairs[@]}"
rm mine/notes.txt
"$TOOLS_DIR/npy_make" products "$small_data/queries.npy" "$small_data/videos.npy" sims.npy
good import stored --sims sims.npy
bad 1 'model base stores similarities, and heads are learned from embeddings' train stored
bad 2 'takes ncl|takes infonce' train mine --loss triplet
bad 2 '--iterations goes with --loss ncl' train mine --loss infonce --iterations 4
bad 2 "--rate takes numbers above 0 separated by commas, not '1e-3,x'" train mine --rate 1e-3,x
bad 2 '--iterations takes whole numbers' train mine --iterations 1.5
bad 2 "--decay takes a number from 0, not '-1'" train mine --decay -1
bad 2 '--decay takes at most 1 number' train mine --decay 0,1
bad 2 '--replace goes with' train mine --replace
bad 2 'name a collection' train

# Without an encoder of its own, the model's is an encoder command followed by the head.
good import plain --no-encoder --videos-table "$small_data/videos.csv" --texts-table "$small_data/texts.csv" \
    --videos "$small_data/videos.npy" --queries "$small_data/queries.npy" --query-split query \
    --bank "train=$small_data/bank_train.npy" --video-bank "train=$small_data/video_bank_train.npy"
good train plain --model heads "${pairs[@]}"
good check plain
has 'base: none.*; heads: a head for an encoder command, 128 dimensions'
vector=$(tail -c +$((129 + 3 * 512)) "$small_data/queries.npy" | head -c 512 | od -An -v -tf4 -w512)
answer="while read -r line; do echo '$vector'; done"
for rule in base/raw heads/raw; do
    good search plain --caption 3 --rule $rule --format csv
    mv out by_caption
    good search plain any words --rule $rule --format csv --encoder-command "$answer"
    holds test "$(cut -d, -f 1-4 out)" = "$(cut -d, -f 1-4 by_caption)"
done
good check plain --encoder-command "$answer"
has '; heads: command and head; mean cosine'

# Ctrl-C leaves nothing, or with --keep-best the best so far.
interrupted() { # interrupted ARGUMENTS: runs until the signal is caught, and sends it; sets $status
    local caught
    "$HUBSCOPE" "$@" >out 2>err </dev/null &
    until caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' /proc/$!/status 2>/dev/null) && ((0x${caught:-0} & 2)); do
        kill -0 $! 2>/dev/null || break
        sleep 0.02
    done
    sleep 0.3
    kill -INT $!
    wait $!
    status=$?
}
long=(--pairs rows.npy --seeds 1000)
interrupted train "$small" --output cut "${long[@]}" --log cut.csv
holds test "$status" = 130 -a ! -s out
holds test -z "$(find . -name 'cut*')"
if ! sanitized; then
    cp mine/catalog.db before.db
    interrupted train mine "${long[@]}"
    holds test "$status" = 130
    holds cmp mine/catalog.db before.db
    holds test -z "$(find . -name '*importing*')"
fi
interrupted train "$small" --output cut "${long[@]}" --log cut.csv --keep-best
holds test "$status" = 0 -a -s cut.csv
has '^interrupted: the best so far is kept$'
good check cut

sanitized && finish

# On the sample heads gain points, and more with test-time NCL: the mean of five seeds.  For InfoNCE see unit.learning.
mean() { awk '{ sum += $1 } END { print sum / NR }'; }
for seed in 0 1 2 3 4; do
    good train sample --output five --replace --loss ncl --model heads --seed $seed --seeds 1
    good eval five --rule heads/raw --rule heads/ncl --format csv --bootstrap 0
    tr -d '\r' <out | awk -F, '$2 ~ /^heads.raw/ { print $3 }' >>raw
    tr -d '\r' <out | awk -F, '$2 ~ /^"heads.ncl/ { print $4 }' >>ncl # its name has a comma
done
echo "raw $(mean <raw), ncl $(mean <ncl)"
holds test "$(wc -l <raw)" = 5 -a "$(wc -l <ncl)" = 5
holds awk -v x="$(mean <raw)" 'BEGIN { exit !(x >= 27) }'
holds awk -v x="$(mean <ncl)" 'BEGIN { exit !(x >= 28.8) }'
finish
