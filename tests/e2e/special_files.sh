#!/bin/bash
# Pipes, devices and symbolic links where a collection or a folder should have regular files: refused by name, and never
# waited for.
source "$TESTS_DIR/tools/check.sh" || exit 1
small_sample

odd=$work/odd
fresh() { # a copy whose files may be replaced
    rm -rf "$odd"
    copy_collection "$HUBSCOPE_SAMPLE" "$odd"
}
run() { # as in check.sh, but what waits for a pipe is ended
    timeout 20 "$HUBSCOPE" "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
}
everywhere() { # everywhere PATTERN: every way in refuses the collection with that line
    local command
    for command in info check hubs bank; do
        bad 1 "$1" $command "$odd"
    done
    bad 1 "$1" search "$odd" toad --rule raw
    bad 1 "$1|contains \"more\"|is not a hubscope collection" import "$odd" --add-bank more="$HUBSCOPE_SAMPLE/bank_stills.npy"
    bad 1 "$1" fit-encoder "$odd" --replace
    bad 1 "$1" explore "$odd" --script /dev/null
}

for name in encoder/config.json encoder/vocab.txt videos.npy catalog.db-journal more; do
    fresh
    rm -f "$odd/$name"
    mkfifo "$odd/$name"
    everywhere "odd/$name: is a pipe, not a file of a collection; remove it\$"
done
fresh
rm "$odd/catalog.db"
mkfifo "$odd/catalog.db"
everywhere 'odd/catalog\.db: is a pipe'

# Links: inside the collection they are followed; out of it or to nothing, refused.
fresh
mv "$odd/queries.npy" "$odd/encoder/kept.npy"
ln -s encoder/kept.npy "$odd/queries.npy"
good hubs "$odd"
fresh
mv "$odd/queries.npy" "$work/elsewhere.npy"
ln -s "$work/elsewhere.npy" "$odd/queries.npy"
everywhere 'odd/queries\.npy: is a symbolic link out of the collection'
ln -sf nothing.npy "$odd/queries.npy"
everywhere 'odd/queries\.npy: is a symbolic link that leads nowhere'
fresh
cp -r "$odd/encoder" "$work/encoder"
rm -r "$odd/encoder"
ln -s ../encoder "$odd/encoder"
everywhere 'odd/encoder: is a symbolic link out of the collection'
rm "$odd/encoder"
ln -s /dev/zero "$odd/encoder"
everywhere 'odd/encoder: is a symbolic link out of the collection'

# Folders that the user names: links to regular files are followed, pipes are refused.
for name in config.json vocab.txt; do
    rm -rf "$work/piped"
    cp -r "$work/encoder" "$work/piped"
    rm "$work/piped/$name"
    mkfifo "$work/piped/$name"
    fresh
    bad 1 "piped/$name: is not a regular file" import "$odd" --add-encoder "$work/piped"
done
mkdir "$work/sharded"
cp "$TESTS_DIR"/golden/clip/{vocab.json,merges.txt,f16_quick/config.json} "$work/sharded"
mkfifo "$work/sharded/model.safetensors.index.json"
bad 1 'sharded/model.safetensors.index.json: is not a regular file' import "$odd" --add-encoder "$work/sharded"
mkdir "$work/linked"
for file in "$work"/encoder/*; do
    ln -s "$file" "$work/linked"
done
fresh
good import "$odd" --add-encoder "$work/linked"
holds test ! -L "$odd/encoder/config.json"
good check "$odd"
mkdir "$work/pictures"
mkfifo "$work/pictures/$("$HUBSCOPE" hubs "$odd" --rule raw --format csv | sed -n '2s/^[^,]*,[^,]*,\([^,]*\),.*/\1/p').png"
run import "$odd" --replace-thumbnails "$work/pictures"
holds test "$status" = 1
holds grep -q 'pictures/.*png: is not a regular file' "$work/err"
finish
