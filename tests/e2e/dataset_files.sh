#!/bin/bash
# Datasets' own files from outside: what is said of them, and what is refused by name.
source "$TESTS_DIR/tools/check.sh" || exit 1
files=$TESTS_DIR/layouts
cd "$work" || exit 1
take() { # take VIDEOS QUERIES TEXTS ARGUMENTS: imports with embeddings of that many rows
    good import mine --replace --no-encoder --videos "$files/$1" --queries "$files/$2" --texts-table "$files/$3" "${@:4}"
    good check mine
}
refuse() { # refuse PATTERN TEXTS ARGUMENTS
    bad 1 "$1" import none --no-encoder --videos "$files/v.npy" --queries "$files/q6.npy" --texts-table "$files/$2" "${@:3}"
}

# A list of captions in a field is a caption each.
take v.npy q12.npy caption_lists.json
take v.npy q30.npy vatex.json --column video=videoID --column caption=enCap
run import mine --replace --no-encoder --videos "$files/v.npy" --queries "$files/q12.npy" --texts-table "$files/caption_lists.json"
has 'caption_lists.json: 6 rows hold lists of captions, 12 in all: each is a text of its own'
good search mine kite
take v.npy q30.npy clotho_captions_evaluation.csv --column video=file_name

# Without a header: by number, or refused with what to give.
take v.npy q6.npy LSMDC16_challenge_1000.csv --no-header --column video=1 --column caption=6
take v.npy q6.npy LSMDC16_challenge_1000.csv --layout lsmdc
refuse "if that row is data, give --no-header" LSMDC16_challenge_1000.csv --column video=1 --column caption=6
refuse "fields between tabs after the key, not a caption .is it LSMDC's. --layout lsmdc" LSMDC16_challenge_1000.csv --layout msvd
printf 'video1\ta cat\nvideo2\ta dog\nvideo3\ta cow\n' >plain.tsv
bad 1 'plain.tsv: the first row holds values such as "video1".*--no-header.*--column video=1' import none --no-encoder \
    --videos "$files/v.npy" --queries "$files/q6.npy" --texts-table plain.tsv --column video=video1 --column 'caption=a cat'

# What is not a caption is refused, not stored.
printf '[{"video": "a", "caption": "x"}, {"video": "b", "caption": null}, {"video": "c"}]' >null.json
run import none --dry-run --no-encoder --videos "$files/v.npy" --queries "$files/q6.npy" --texts-table null.json
has '^wrong: null.json:1 .row 2.: the caption is null'
has '^wrong: null.json:1 .row 3.: the caption is missing'
take v.npy q6.npy nan.json
refuse 'row 1.: the caption is not a text .NaN' nan.json --column caption=score
refuse 'holds a list of something else than texts' dataset_coco.json --column video=filename --column caption=sentences
finish
