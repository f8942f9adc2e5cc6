#!/bin/bash
# Bad input and wrong usage: the exit status, one clear line on standard error, nothing on standard output.
source "$TESTS_DIR/tools/check.sh" || exit 1
source "$TESTS_DIR/tools/npy.sh" || exit 1
golden=$TESTS_DIR/golden/case1
queries=(--queries "$golden/queries.npy")
videos=(--videos "$golden/videos.npy")
bare=("${queries[@]}" "${videos[@]}" --bank "$golden/bank.npy")

# Wrong usage.
bad 2 "unknown command 'evla'.*--help" evla sample
bad 2 "unknown command .tpo., and no collection.*--help" tpo --rule raw
bad 2 "unknown option '--frobnicate'.*eval --help" eval sample --frobnicate
bad 2 "unknown option '--epochs': only train takes it" eval sample --epochs=3
bad 2 "unknown option '-x'" eval sample -x
bad 2 "did you mean 'eval'.*--help" evla sample
bad 2 "did you mean 'shifts'" shfits
bad 2 "did you mean '--caption'" search sample --captoin=3
bad 2 "unknown option '--caption'" eval sample --caption 3
bad 2 '--rule needs a value' eval sample --rule
bad 2 'name a collection' eval
bad 2 'name a collection' info
bad 2 'name a collection' search
bad 2 'search for' search sample
bad 2 'unexpected argument' eval sample other
bad 2 '--format takes csv.json.text.*, not .xml' eval sample --format xml
bad 2 '--direction takes' hubs sample --direction both
bad 2 '--threads takes a whole number' eval sample --threads 0
bad 2 '--top takes a whole number' hubs sample --top -1
bad 2 '--top takes a whole number' hubs sample --top 3x
bad 2 '--k takes 1 to 100' hubs sample --k 101
bad 2 '--k takes a whole number from 1' hubs sample --k 0
bad 2 '--logit-scale takes a number' eval "${bare[@]}" --logit-scale nan
bad 2 'not both' eval sample "${queries[@]}" "${videos[@]}"
bad 2 'matrices are' eval "${queries[@]}"
bad 2 '--bank-sims needs --sims' eval "${bare[@]}" --bank-sims x.npy
bad 2 'twice' shifts sample --rule ncl
bad 2 'one direction' eval sample --direction both --dump "$work/both"
bad 2 'not both' search sample crying --caption 3
bad 2 'videos is missing' import --texts-table a
bad 2 'takes hubscope.msrvtt.msvd.flickr.*, not .x' import --texts-table a --videos b --queries c --layout x
for renamed in format:layout sims-test:sims sims-bank:bank-sims query-masks:query-mask; do
    bad 2 "--${renamed%:*} is now --${renamed#*:}; see 'hubscope import --help'" import mine "--${renamed%:*}" x
done
bad 2 'OURS=THEIRS' import --texts-table a --videos b --queries c --column caption
bad 2 'no --bank has that name' import --texts-table a --videos b --queries c --bank-texts train=d
bad 2 '--texts-table is missing' import "$work/new"
bad 2 'NAME=FILE' import "$work/new" --videos-table a --texts-table b --videos c --queries d --bank file.npy
bad 2 'unknown command' help nothing
bad 2 "unknown command 'evla', and no collection" evla
bad 2 "the collection's name is empty" ''
for command in eval info check explore; do
    bad 2 "the collection's name is empty" $command ''
done
bad 2 'no-display draws nothing: give the keys with --script' explore --no-display
bad 2 'no-display draws nothing' sample --no-display
views=$(sed -n 's/^VIEW([A-Z_]*, \([a-z_]*\),.*/\1/p' "$TESTS_DIR/../ui/keys/views.def" | paste -sd'|')
bad 2 "--view takes ${views//|/.}, not" sample --view serach
bad 2 "unexpected argument 'other'.*explore --help" sample other
bad 2 'name the command first: hubscope eval' --threads 2 eval sample
bad 2 'name the command first: hubscope info' --threads 2 info
bad 2 '--bootstrap takes at most' eval sample --bootstrap 1000000000
bad 1 'name two with --rule' shifts --queries "$golden/queries.npy" --videos "$golden/videos.npy"

# Rules.
bad 2 'nosuch.*(raw|ncl)' eval sample --rule nosuch
bad 2 'nosuch.*(scale|iterations)' eval sample --rule ncl:nosuch=3
bad 2 'beta' eval sample --rule is:beta=-1
bad 2 'beta' eval sample --rule is:beta=abc
bad 2 'iterations' eval sample --rule ncl:iterations=1.5
bad 2 'nosuch' eval /nonexistent --rule nosuch

# Files that do not exist or are not what they should be.
bad 1 '/nonexistent' eval /nonexistent
bad 1 '/nonexistent' info /nonexistent
bad 1 '/nonexistent' /nonexistent --no-display --script /dev/null
bad 1 'nothere.npy' eval --queries nothere.npy "${videos[@]}"
bad 1 'empty.npy' eval --queries "$(: >"$work/empty.npy" && echo "$work/empty.npy")" "${videos[@]}"
head -c 1000 "$golden/queries.npy" >"$work/short.npy"
bad 1 'short.npy' eval --queries "$work/short.npy" "${videos[@]}"
npy "$work/lying.npy" '<f4' '(4000000000, 4000000000)' "$one"
bad 1 'lying.npy' eval --queries "$work/lying.npy" "${videos[@]}"
npy "$work/negative.npy" '<f4' '(-1, 2)' "$one"
bad 1 'negative.npy' eval --queries "$work/negative.npy" "${videos[@]}"
npy "$work/object.npy" '|O' '(1, 1)' "$one"
bad 1 'object.npy' eval --queries "$work/object.npy" "${videos[@]}"
echo 'no matrix at all' >"$work/text.npy"
bad 1 'text.npy' eval --queries "$work/text.npy" "${videos[@]}"
bad 1 '.' eval --queries "$work" "${videos[@]}"

# Matrices that do not fit.
npy "$work/two.npy" '<f4' '(2, 2)' "$one" "$half" "$half" "$one"
npy "$work/nan.npy" '<f4' '(2, 2)' "$one" "$half" "$nan" "$one"
npy "$work/zero.npy" '<f4' '(2, 2)' "$one" "$half" "$zero" "$zero"
npy "$work/none.npy" '<f4' '(0, 2)' ''
npy "$work/far.npy" '<i4' '(2,)' '\x00\x00\x00\x00\x09\x00\x00\x00'
npy "$work/one.npy" '<i4' '(1,)' '\x00\x00\x00\x00'
two=(--queries "$work/two.npy" --videos "$work/two.npy")
good eval "${two[@]}" --bank "$work/two.npy"
bad 1 'dimension|columns' eval "${queries[@]}" --videos "$work/two.npy"
bad 1 'dimension|columns' eval "${queries[@]}" "${videos[@]}" --bank "$work/two.npy"
bad 1 'nan.npy.*1' eval --queries "$work/nan.npy" --videos "$work/two.npy"
bad 1 'nan.npy.*1' eval "${two[@]}" --bank "$work/nan.npy"
bad 1 'zero.npy.*1' eval --queries "$work/zero.npy" --videos "$work/two.npy"
bad 1 'none.npy' eval "${two[@]}" --bank "$work/none.npy"
bad 1 'none.npy' eval --queries "$work/none.npy" --videos "$work/two.npy"
bad 1 'far.npy' eval "${two[@]}" --targets "$work/far.npy"
bad 1 'one.npy' eval "${two[@]}" --targets "$work/one.npy"
bad 1 'nan.npy' eval --sims "$work/nan.npy"
bad 1 'ncl.*bank' eval "${two[@]}" --rule ncl
bad 1 'k.*2' eval "${two[@]}" --bank "$work/two.npy" --rule qbnorm:k=3
bad 1 '--k 10.*2 items' hubs "${two[@]}"

# Collections.
bad 1 "nobank.*train" eval sample --bank nobank
bad 1 'caption 1000' search sample --caption 1000
bad 1 'knows no word' search sample zzqqxx
collection=${HUBSCOPE_SAMPLE:?}
copy_collection "$collection" "$work/copy"
good info "$work/copy"
mkdir "$work/empty"
bad 1 'empty' eval "$work/empty"
printf 'this is not a database, and never was one' >"$work/empty/catalog.db"
bad 1 'catalog.db' eval "$work/empty"
head -c 5000 "$collection/catalog.db" >"$work/copy/catalog.db"
bad 1 'catalog.db' eval "$work/copy"
cp "$collection/catalog.db" "$work/copy/catalog.db"
matrix=$(cd "$work/copy" && ls *.npy | head -1)
head -c 4000 "$collection/$matrix" >"$work/copy/$matrix"
bad 1 "$matrix" eval "$work/copy"
rm "$work/copy/$matrix"
bad 1 "$matrix" info "$work/copy"

# Import: all or nothing.
data=$TESTS_DIR/../sample_data
import=(--texts-table "$data/texts.csv" --queries "$data/queries.npy" --bank "train=$data/bank_train.npy"
    --bank "stills=$data/bank_stills.npy" --bank "keywords=$data/bank_keywords.npy")
videos_table=(--videos-table "$data/videos.csv")
bad 1 'queries.npy.*1000' import "$work/new" "${import[@]}" "${videos_table[@]}" --videos "$data/queries.npy"
bad 1 'nothere.csv' import "$work/new" "${import[@]}" --videos-table nothere.csv --videos "$data/videos.npy"
bad 1 'texts.csv:[0-9]+.*train' import "$work/new" --texts-table "$data/texts.csv" --queries "$data/queries.npy" \
    "${videos_table[@]}" --videos "$data/videos.npy"
bad 1 'copy.*replace' import "$work/copy" "${import[@]}" "${videos_table[@]}" --videos "$data/videos.npy"
holds test ! -e "$work/new"
HUBSCOPE_SAMPLE=/nonexistent bad 1 '/nonexistent' info sample
bad 1 'dump' eval "${bare[@]}" --dump "$work/text.npy/dump"

# Libraries that are loaded when they are needed, and cannot be.
mkdir "$work/libraries"
: >"$work/libraries/libopenblas.so.0"
: >"$work/libraries/libzip.so.4"
printf 'PK\3\4 and more' >"$work/archive.npz"
LD_LIBRARY_PATH=$work/libraries bad 1 "npz archives cannot be read: .*libzip.*; install Debian's" \
    eval --queries "$work/archive.npz" "${videos[@]}"
LD_LIBRARY_PATH=$work/libraries bad 1 "similarities cannot be computed: .*libopenblas.*; install Debian's" eval "${bare[@]}"
LD_LIBRARY_PATH=$work/libraries good info sample
finish
