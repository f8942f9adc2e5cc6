# import --add-*: a collection changed in place behaves like one imported complete; kill -9 leaves a whole one.
. "$TESTS_DIR/tools/check.sh"
small_sample
data=${HUBSCOPE_SMALL%/*}/data thumbnails=$TESTS_DIR/../sample_data encoder=$TESTS_DIR/../sample_data/encoder
cd "$work"
plain=(--no-encoder --texts-table "$data/texts.csv" --videos-table "$data/videos.csv" --videos "$data/videos.npy"
    --queries "$data/queries.npy" --bank "train=$data/bank_train.npy" --bank "stills=$data/bank_stills.npy"
    --bank "keywords=$data/bank_keywords.npy")
good import mine "${plain[@]}"
good eval mine --rule is@train --rule raw --bootstrap 0
cp out eval.before
good info mine
holds eval '! grep -q "^encoder *static" out'

# Everything at once; existing contents stay.
sed -n '1p;/^train,/p' "$data/texts.csv" | cut -d, -f3- >captions.csv
change=(--add-bank "again=$data/bank_train.npy" --bank-texts again=captions.csv
    --add-video-bank "train=$data/video_bank_train.npy" --add-encoder "$encoder"
    --replace-thumbnails "$thumbnails" --videos-table "$data/videos.csv")
before=$(ls -lR --time-style=full-iso mine)
good import mine "${change[@]}" --dry-run
has '^mine: would be changed, vectors of 128 dimensions$'
has '^  bank again +60 '
has '^  video bank train +40 '
has '^  thumbnails +60 '
holds test "$before" = "$(ls -lR --time-style=full-iso mine)"
good import mine "${change[@]}"
has '^mine: now with bank again of 60 rows, video bank train of 40 rows, 60 thumbnails, an encoder .static.$'
good eval mine --rule is@train --rule raw --bootstrap 0
holds cmp -s out eval.before
good info mine
has '^again +60 +yes +queries'
has '^train +40 +videos'
good search mine yellow face crying --rule is@again --rule is@train --format csv
holds eval "[[ \$(grep ',is:beta=20@again,' out | cut -d, -f4-) == \$(grep ',is:beta=20@train,' out | cut -d, -f4-) ]]"
good check mine

# An index changes no result; a stale one is not used.
good search mine yellow face crying --rule raw --rule is --rule gc --brief --format csv
cp out brief
good import mine --add-index
has '^mine: now with an index of 60 videos$'
good info mine
has '^index +of 8 bits a number'
good search mine yellow face crying --rule raw --rule is --rule gc --brief --format csv
holds cmp -s out brief
good search mine yellow face crying --rule raw --rule is --brief --format csv
holds eval 'grep -v ^gc brief | cmp -s - out'
bad 2 'why explains' search mine yellow --why 1f622 --brief

# Additions that do not fit change nothing.
before=$(ls -lR --time-style=full-iso mine)
bad 1 'has a query bank "again" already' import mine --add-bank "again=$data/bank_train.npy"
bad 1 'has 60 rows, but .* has 59' import mine --add-bank "more=$data/bank_train.npy" \
    --bank-texts more=<(head -60 captions.csv)
bad 1 'nowhere' import nowhere --add-encoder "$encoder"
bad 2 'for new collections' import mine --add-encoder "$encoder" --videos "$data/videos.npy"
bad 2 'name the collection to change' import --add-encoder "$encoder"
bad 2 'replace-thumbnails' import mine --add-encoder "$encoder" --videos-table "$data/videos.csv"
holds test "$before" = "$(ls -lR --time-style=full-iso mine)"

# Killed at many points: each time the collection is the old or the new one, and opens.
old=0 new=0 rounds=24 signals=(INT TERM HUP QUIT XCPU PIPE ALRM)
sanitized && rounds=6 signals=(INT PIPE)
for round in $(seq 1 $rounds); do
    reached=$(($(stat -c %s mine/catalog.db) * round * 24 / rounds / 20))
    "$HUBSCOPE" import mine --add-bank "k$round=$data/bank_stills.npy" >/dev/null 2>&1 &
    pid=$!
    while kill -0 $pid 2>/dev/null && [[ $(stat -c %s mine.importing-$pid/catalog.db 2>/dev/null || echo 0) -lt \
        $reached ]]; do :; done
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    good info mine
    if grep -q "^k$round " out; then new=$((new + 1)); else old=$((old + 1)); fi
done
holds test $((old + new)) = $rounds -a $old -gt 0
good import mine --add-bank "last=$data/bank_stills.npy"
good check mine
holds test "$(ls -d mine*)" = mine

# Asked to end in the middle, as by Ctrl-C, a closed terminal or a system that shuts down: nothing stays.
for signal in "${signals[@]}"; do
    env --default-signal=INT --default-signal=QUIT "$HUBSCOPE" import "asked$signal" "${plain[@]:1}" >/dev/null 2>&1 & # fits an encoder
    pid=$!
    while kill -0 $pid 2>/dev/null && [[ ! -e asked$signal.importing-$pid/catalog.db ]]; do :; done
    kill -$signal $pid 2>/dev/null
    wait $pid 2>/dev/null
    status=$?
    holds test "$status" -gt 128 -o -e "asked$signal/encoder/config.json" # or it was done
    holds test "$status" -le 128 -o -z "$(ls -d "asked$signal"* 2>/dev/null)"
done
"$HUBSCOPE" eval mine --bootstrap 0 --dump dumped >/dev/null 2>&1 &
pid=$!
while kill -0 $pid 2>/dev/null && [[ ! -e dumped ]]; do :; done
kill -PIPE $pid 2>/dev/null
wait $pid 2>/dev/null
holds test -z "$(find dumped -name '*.tmp')" -a -e dumped/raw.mass.npy
finish
