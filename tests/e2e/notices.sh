#!/bin/bash
# Results come with notices on data that may mislead: logits, shuffled rows, copied rows.
source "$TESTS_DIR/tools/check.sh" || exit 1
make=$TOOLS_DIR/npy_make
cd "$work" || exit 1

lacks() { # lacks PATTERN: the last output has no line that matches
    checks=$((checks + 1))
    grep -Eq "$1" "$work/out" && broken "a line with '$1'"
}

for name in queries=60 videos=60; do
    holds "$make" unit "${name#*=}" ${#name} "${name%=*}.npy"
done
holds "$make" products videos.npy videos.npy sims.npy
holds "$make" spoil 3 3 27.5 sims.npy logits.npy

good eval --sims sims.npy --rule raw --rule sinkhorn
lacks '^note:'
good eval --sims logits.npy --rule raw
has '^note: similarities from .* to 27.5 look like logits: --logit-scale 1 takes them as they are .now times 100'
good eval --sims logits.npy --rule raw --format json
has '"notice": "logits"'
good eval --sims logits.npy --logit-scale 1 --rule raw
lacks '^note:'
bad 1 'nicdm.*needs cosines, but some similarities are above 1' eval --sims logits.npy --bank-sims sims.npy --rule nicdm
good eval --sims sims.npy --bank-sims sims.npy --rule nicdm
good import logits --sims logits.npy
good eval logits --rule raw
has '^note: .*importing with --logit-scale 1'
good import scaled --sims logits.npy --logit-scale 1
good eval scaled --rule raw
lacks '^note:'

good eval --queries queries.npy --videos videos.npy --rule raw
has '^note: results at chance .mean rank .*rows may be in another order than the table'
good eval --queries videos.npy --videos videos.npy --rule raw
lacks '^note:'
run eval --queries queries.npy --videos videos.npy --rule raw --format csv
holds grep -q '^note: results at chance' "$work/err"
lacks note

# Lists in formats of rows alone.
for format in csv trec; do
    run lists --sims logits.npy --rule raw --format $format
    holds grep -q '^note: similarities from' "$work/err"
    lacks note
done
run lists --sims logits.npy --format qrels
holds test ! -s "$work/err"
run lists --sims sims.npy --rule raw --format csv
holds test ! -s "$work/err"

# A row copied over another.
copy_row() { # copy_row FROM TO IN OUT: of 60 rows of float32
    local header=$(($(od -An -tu2 -j8 -N2 "$3") + 10))
    local row=$((($(stat -c %s "$3") - header) / 60))
    cp "$3" "$4" && dd if="$3" of="$4" bs=1 count=$row skip=$((header + $1 * row)) seek=$((header + $2 * row)) \
        conv=notrunc status=none
}
holds copy_row 4 9 videos.npy copied.npy
good eval --queries videos.npy --videos copied.npy --rule raw
has '^note: 2 of 60 videos have the embedding of another, and ranks average over such ties: were rows copied'
good eval --queries videos.npy --videos copied.npy --rule raw --format json
has '"notice": "duplicates"'

# The page says so too.
good report --sims logits.npy --rule raw --bootstrap 10 --output page.html
holds test "$(grep -c '<p class="notice"><b>Note:</b> similarities from .* look like logits' page.html)" = 1
good report --sims sims.npy --rule raw --bootstrap 10 --output page.html --replace
holds test "$(grep -c '<p class="notice">' page.html)" = 0

good hubs sample --top 1 --format json
has '"notices": \[\]'
finish
