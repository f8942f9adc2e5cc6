# import --dry-run: reports what would be imported and everything wrong, and writes nothing.
. "$TESTS_DIR/tools/check.sh"
data=$TESTS_DIR/../sample_data
import=(--texts-table "$data/texts.csv" --bank "train=$data/bank_train.npy" --bank "stills=$data/bank_stills.npy"
    --bank "keywords=$data/bank_keywords.npy" --video-bank "train=$data/video_bank_train.npy" --queries "$data/queries.npy"
    --encoder "$data/encoder")
sound=("${import[@]}" --no-encoder --videos-table "$data/videos.csv" --videos "$data/videos.npy" --thumbnails "$data")

cd "$work"
good import new "${sound[@]}" --dry-run
has '^new: would be new, vectors of 128 dimensions$'
has '^  videos +500 '
has '^  queries +1000 '
has '^  bank keywords +8264 '
has '^  video bank train +234 '
has '^  thumbnails +500 '
has '^  encoder +static '
holds eval '! grep -q wrong: out'
holds test -z "$(ls | grep -v -e out -e err)"

good import new "${sound[@]}"
before=$(ls -lR --time-style=full-iso new)
good import new "${sound[@]}" --dry-run --replace
has '^new: would be replaced'
holds test "$before" = "$(ls -lR --time-style=full-iso new)"

# Many faults at once: one run reports all of them, and a real import names the first.
{
    head -2 "$data/videos.csv"
    sed -n '2,6p' "$data/videos.csv"
} >twice.csv
mkdir encoder
wrong=("${import[@]}" --videos-table twice.csv --videos gone.npy --thumbnails "$data/strips" --encoder encoder)
run import new "${wrong[@]}" --dry-run
holds test "$status" = 1
holds grep -Eq '^hubscope: [0-9]+ problems, see above' err
has '^wrong: .*new: already exists'
has '^wrong: twice.csv:3: the key ".*" is taken: line 2 has it'
has '^wrong: .*texts.csv: 9.. more texts of unknown videos'
has '^wrong: gone.npy: No such file'
has '^wrong: .*strips: 3 more pictures that cannot be taken'
has '^wrong: encoder/config.json: No such file'
bad 1 'new: already exists.*and [0-9]+ more: --dry-run lists them' import new "${wrong[@]}"
holds test "$before" = "$(ls -lR --time-style=full-iso new)"
finish
