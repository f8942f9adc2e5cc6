#!/bin/bash
# `hubscope check`: a newly imported collection is clean, and every later damage is found.
source "$TESTS_DIR/tools/check.sh" || exit 1
source "$TESTS_DIR/tools/npy.sh" || exit 1
data=$TESTS_DIR/../sample_data rows=25404 digests=', [0-9a-f]{16}' pictures=500 encoder='motion: static' captions=200
if sanitized; then
    small_sample
    rows=460 digests='' pictures=60 encoder=static captions=120
fi

good check sample
has ': no problems$'
has "^vectors +ok +$rows rows"
has "^digest +ok +[0-9a-f]{16}$digests, as they were imported"
has "^pictures +ok +$pictures decoded"
has "^encoder +ok +$encoder; mean cosine to the stored vectors of $captions captions 1\.0000"
holds eval '! grep -Eq "^[a-z]+ +(wrong|skipped)" "$work/out"'
good info sample
has '^checked +counts, shapes and files'

# A small excerpt of the sample, with everything that a collection can have.
part() { # part NAME FIRST ROWS: those rows of a matrix of the sample
    npy "$work/$1.npy" '<f4' "($3, 128)" ''
    tail -c +129 "$data/${4:-$1}.npy" | tail -c +$(($2 * 512 + 1)) | head -c $(($3 * 512)) >>"$work/$1.npy"
}
part videos 0 6
part queries 0 12
part bank_one 0 8 bank_train
part bank_two 8 8 bank_train
part video_bank_one 0 4 video_bank_train
head -7 "$data/videos.csv" >"$work/videos.csv"
{
    head -13 "$data/texts.csv"
    for bank in one two; do
        for i in {1..8}; do echo "$bank,,caption $i of $bank"; done
    done
} >"$work/texts.csv"
good import "$work/good" --videos-table "$work/videos.csv" --texts-table "$work/texts.csv" --videos "$work/videos.npy" \
    --queries "$work/queries.npy" --bank "one=$work/bank_one.npy" --bank "two=$work/bank_two.npy" \
    --video-bank "one=$work/video_bank_one.npy" --thumbnails "$data" --encoder "$data/encoder" --logit-scale 22
good check "$work/good"
good search "$work/good" frog --rule ncl
good check "$work/good"
has '^fits +ok +1 kept'

fresh() { # a copy to break
    rm -rf "$work/copy" 2>/dev/null || { chmod -R u+w "$work/copy" && rm -rf "$work/copy"; }
    cp -r "$work/good" "$work/copy"
}

finds() { # finds PATTERN...: check fails, every pattern matches a line about a fault, and there are no other faults
    local pattern line wrong='^[a-z]+ +wrong' lines=() rest
    checks=$((checks + 1))
    run check "$work/copy"
    if ((status != 1)) || [[ -s $work/err ]]; then
        broken "check after the damage for '$1' (status $status)"
        return
    fi
    while read -r line; do
        [[ ! $line =~ $wrong ]] || lines+=("$line")
    done <"$work/out"
    for pattern in "$@"; do
        rest=()
        for line in "${lines[@]}"; do
            [[ $line =~ $pattern ]] || rest+=("$line")
        done
        ((${#rest[@]} < ${#lines[@]})) || broken "no fault matches '$pattern'"
        lines=("${rest[@]}")
    done
    ((!${#lines[@]})) || broken "faults beyond '$*': ${lines[*]}"
}

sql() { # sql STATEMENTS: on the copy's catalog
    "$TOOLS_DIR/sql" "$work/copy/catalog.db" "$1" || broken "sql $1"
}

spoil() { # spoil FILE ROW COLUMN VALUE
    "$TOOLS_DIR/npy_make" spoil "$2" "$3" "$4" "$work/good/$1" "$work/copy/$1" || broken "spoil $*"
}

flip() { # flip FILE OFFSET: the lowest bit of a byte
    local byte
    byte=$(od -An -tu1 -j "$2" -N 1 "$work/copy/$1")
    printf "\\x$(printf %02x $((byte ^ 1)))" | dd of="$work/copy/$1" bs=1 seek="$2" conv=notrunc status=none
}

# Matrices.
fresh; flip videos.npy 200
finds 'digest .*wrong +videos.npy: is not the matrix that was imported'
fresh; mv "$work/copy/bank_one.npy" "$work/x"; mv "$work/copy/bank_two.npy" "$work/copy/bank_one.npy"
mv "$work/x" "$work/copy/bank_two.npy"
finds 'digest .*bank_one.npy: is not' 'digest .*bank_two.npy: is not'
fresh; flip videos.npy 200; sql "DELETE FROM meta WHERE key LIKE 'digest %'"
finds 'digest .*the matrices are not those that were imported'
fresh; sql "UPDATE meta SET value = '0123456789abcdef' WHERE key = 'digest'"
finds 'the matrices are not those that were imported .*the catalog has 0123456789abcdef'
fresh; truncate -s -100 "$work/copy/queries.npy"
finds 'matrices .*queries.npy: is truncated'
has '^digest +skipped'
has '^vectors +ok +26 rows'
fresh; rm "$work/copy/video_bank_one.npy"
finds 'matrices .*video_bank_one.npy: No such file'
fresh; cp "$work/videos.npy" "$work/copy/queries.npy"
finds 'queries.npy: has 6 rows, but the catalog lists 12 texts'
fresh; npy "$work/copy/bank_one.npy" '<f4' '(8, 1)' "$one" "$one" "$one" "$one" "$one" "$one" "$one" "$one"
finds 'bank_one.npy: has 1 columns, but the collection has 128 dimensions'
fresh; echo rubbish >"$work/copy/videos.npy"
finds 'matrices .*videos.npy'
fresh; spoil queries.npy 3 7 nan
finds 'vectors .*queries.npy: row 3 holds a NaN or infinite value, in column 7' digest
fresh; spoil bank_two.npy 0 0 inf
finds 'vectors .*bank_two.npy: row 0 holds a NaN or infinite value, in column 0' digest
fresh; spoil videos.npy 5 1 3
finds 'vectors .*videos.npy: row 5 is of length 3\.[0-9]+, not 1' digest
fresh; npy "$work/copy/videos.npy" '<f4' '(6, 128)' ''; head -c 3072 /dev/zero >>"$work/copy/videos.npy"
finds 'videos.npy: row 0 is all zeros' 'row 1 is' 'row 2 is' 'videos.npy: 3 more rows of zeros' digest

# A collection changed in place is as clean as a new one, without what a killed writer left.
fresh; touch "$work/copy/catalog.db-wal" "$work/copy/catalog.db-shm"
good import "$work/copy" --add-bank "new=$work/bank_two.npy" --add-index
good check "$work/copy"
has '^index +ok +1 of videos, with bounds that hold'
holds test ! -e "$work/copy/catalog.db-wal" -a ! -e "$work/copy/catalog.db-shm"
flip bank_new.npy 200
flip videos.index 100
finds 'digest .*wrong +bank_new.npy: is not the matrix that was imported' \
    'index .*videos.index: 1 rows are further from their codes than it says, row 0 first'
flip videos.index 100
flip videos.npy 200
finds 'digest .*bank_new.npy: is not' 'digest .*videos.npy: is not' 'index .*videos.index: is stale'
truncate -s -8 "$work/copy/videos.index"
finds 'digest .*bank_new.npy: is not' 'digest .*videos.npy: is not' 'index .*videos.index: is cut short or damaged'
good info "$work/copy"
has '^index +stale or damaged, and not used'

# The catalog.
fresh; sql 'DELETE FROM videos WHERE row = 2'
finds 'videos .*video 2 is missing' 'states 6 videos and has 5' 'text 4 of "query" belongs to video 2, which does not exist' \
    'text 5 of "query" belongs' 'holds 6 of 5 videos' 'videos.npy: has 6 rows' 'a picture belongs to video 2'
fresh; sql 'DROP INDEX videos_key; UPDATE videos SET key = (SELECT key FROM videos WHERE row = 0) WHERE row = 4'
finds '2 videos have the key "1f300", among them 0 and 4'
fresh; sql "UPDATE videos SET key = '' WHERE row = 3"
finds 'video 3 has no key'
fresh; sql "UPDATE meta SET value = 7 WHERE key = 'queries'"
finds 'counts .*states 7 queries and has 12'
fresh; sql "DELETE FROM meta WHERE key IN ('videos', 'digest', 'dimension')"
finds 'does not state how many videos' 'does not state the dimension' 'has no digest'
fresh; sql "UPDATE meta SET value = -1 WHERE key = 'logit_scale'"
finds 'the logit scale is "-1'
fresh; sql "DELETE FROM texts WHERE split = 'one' AND row = 3"
finds 'texts of "one" do not go on from row 2: the next is 4' 'text 4 of "one" is out of order' \
    'bank_one.npy: has 8 rows, but the catalog lists 7'
fresh; sql "UPDATE texts SET split = 'three' WHERE split = 'two'"
finds '8 texts are of "three", which is not a bank' 'bank "two" says that its texts begin at number'
fresh; sql "UPDATE texts SET video = 77 WHERE split = 'query' AND row = 1"
finds 'text 1 of "query" belongs to video 77'
fresh; sql "UPDATE banks SET name = 'one' WHERE name = 'two'"
finds '2 banks have the name "one"' 'says that its texts' '8 texts are of "two"'
fresh; sql "UPDATE banks SET file = '../good/bank_one.npy' WHERE name = 'one' AND kind = 0"
finds 'names a matrix "../good/bank_one.npy"' 'bank_one.npy: is not part of the collection'
fresh; sql "UPDATE banks SET position = 5 WHERE name = 'two'"
finds 'banks .*bank 1 is missing'
fresh; sql "DELETE FROM caption_words_docsize WHERE id = 3"
finds 'the index of words holds 11 of 12 captions'
fresh; sql "CREATE TRIGGER surprise AFTER INSERT ON fits BEGIN DELETE FROM videos; END"
finds 'has an unexpected trigger "surprise"'
fresh; sql "CREATE TABLE notes(a); CREATE UNIQUE INDEX titles ON videos(title)"
finds 'has an unexpected table "notes"' 'has an unexpected index "titles"'
fresh; sql "PRAGMA user_version = 1"
finds 'has an unexpected table "models"' 'has an unexpected table "model_banks"'
fresh; sql "ALTER TABLE videos ADD COLUMN more TEXT DEFAULT 'x'"
finds 'defines table "videos" in another way than import does'
bad 1 'the catalog is damaged' info "$work/copy"
fresh; sql "ALTER TABLE videos ADD COLUMN slow AS (hex(zeroblob(100000000)))"
finds 'has the computed column "slow" in "videos"' 'defines table "videos" in another way than import does'
bad 1 'the catalog is damaged' info "$work/copy"
fresh; sql "DROP INDEX texts_video" # without it each title would read all captions
finds '^opening +wrong .*the catalog is damaged'
bad 1 'the catalog is damaged' info "$work/copy"
fresh; sql "PRAGMA writable_schema = ON; WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    INSERT INTO sqlite_schema SELECT 'table', 't' || i, 't' || i, (SELECT rootpage FROM sqlite_schema WHERE name = 'fits'),
        'CREATE TABLE t' || i || '(a)' FROM n" # a schema that takes long
bad 1 'the catalog is damaged \(a query takes far more steps' info "$work/copy"
for damage in "UPDATE caption_words_data SET block = randomblob(length(block))" \
    "UPDATE caption_words_data SET block = x'000000030101010087ffffff7f' WHERE id = 10" \
    "DELETE FROM caption_words_data WHERE id > 20" "UPDATE caption_words_config SET v = 99"; do
    fresh; sql "$damage"
    finds '^(words|catalog) +wrong .*catalog.db: the catalog is damaged'
    has '^words +wrong'
done
fresh; sql "UPDATE caption_words_docsize SET sz = x'ff'"
finds '^opening +wrong .*catalog.db: the catalog is damaged'
page() { # page CHILD: an interior page of a table, all four of whose pointers lead to one child
    local to
    printf -v to '\\x%02x' $(($1 >> 24)) $(($1 >> 16 & 255)) $(($1 >> 8 & 255)) $(($1 & 255))
    printf "\x05\0\0\0\x03\x0f\xf1\0$to\x0f\xf1\x0f\xf6\x0f\xfb"
    head -c $((4096 - 18 - 15)) /dev/zero
    printf "$to\x01$to\x01$to\x01"
}
maze() { # maze TABLE: a few pages lead to its only one some 4 ^ 16 times; the file is too large to be checked on opening
    local file=$work/copy/catalog.db root last level
    root=$("$TOOLS_DIR/sql" "$file" "SELECT rootpage FROM sqlite_schema WHERE name = '$1'")
    last=$(($(stat -c %s "$file") / 4096 + 1))
    { tail -c +$(((root - 1) * 4096 + 1)) "$file" | head -c 4096; } >"$work/page"
    for level in {1..15}; do
        page $((last + level - 1)) >>"$work/page"
    done
    cat "$work/page" >>"$file"
    page $((last + 15)) | dd of="$file" bs=4096 seek=$((root - 1)) conv=notrunc status=none
    truncate -s 17M "$file"
    printf '\0\0\x11\0' | dd of="$file" bs=1 seek=28 conv=notrunc status=none # pages
}
fresh; maze caption_words_docsize
finds '^catalog +wrong .*2nd reference' '^words +wrong .*takes far more steps'
fresh; maze videos
bad 1 'the catalog is damaged' search "$work/copy" frogg
fresh; sql "UPDATE fits SET key = replace(key, (SELECT value FROM meta WHERE key = 'digest'), '0123456789abcdef')"
good check "$work/copy"
has '^fits +note +1 cached fits belong to other matrices'
fresh; dd if=/dev/urandom of="$work/copy/catalog.db" bs=4096 seek=3 count=2 conv=notrunc status=none
run check "$work/copy"
holds test $status = 1
has '^catalog +wrong'
fresh; echo rubbish >"$work/copy/catalog.db"
finds 'catalog .*not a hubscope catalog'
has '^matrices +skipped +the catalog cannot be read'
fresh; rm "$work/copy/catalog.db"
bad 1 'is not a collection' check "$work/copy"
bad 1 'No such file' check "$work/nowhere"
bad 2 'name a collection' check

# Pictures, encoder, files.
fresh; sql "UPDATE thumbnails SET image = substr(image, 1, 200) WHERE video = 1; UPDATE thumbnails SET image = '' WHERE video = 2"
finds 'the picture of video 1: ' 'the picture of video 2: is not a JPEG'
fresh; sql 'UPDATE thumbnails SET strip_frames = 7 WHERE video = 0; UPDATE thumbnails SET strip_frames = -1 WHERE video = 3'
finds 'the picture of video 0: .*which 7 frames cannot share' 'the picture of video 3'
fresh; rm "$work/copy/encoder/config.json"
finds 'encoder .*encoder/config.json: No such file'
fresh; echo '{"type":"static","dimension":64}' >"$work/copy/encoder/config.json"
finds 'encoder .*config.json: "dimension" must be 128'
fresh; sql "DELETE FROM meta WHERE key = 'encoder'"
finds 'files .*encoder: is not part of the collection'
fresh; echo note >"$work/copy/notes.txt"; cp "$work/videos.npy" "$work/copy/bank_three.npy"
finds 'notes.txt: is not part of the collection' 'bank_three.npy: is not part'
run info "$work/copy"
has '^checked +.*is not part of the collection.* \(and 1 more\); hubscope check lists'
fresh; printf '\033[31m' >"$work/copy/$(printf 'a\033[31mb')"
finds 'a \[31mb: is not part'
holds eval '! LC_ALL=C grep -q $'"'\\033'"' "$work/out"'

# The check changes nothing, and works on a read-only collection.
fresh; chmod -R a-w "$work/copy"
before=$(cd "$work/copy" && find . -type f -exec cksum {} + | sort)
good check "$work/copy"
holds test "$before" = "$(cd "$work/copy" && find . -type f -exec cksum {} + | sort)"

# A command instead of the encoder; other formats.
run check "$work/good" --encoder-command 'while read -r line; do yes 1 | head -128 | tr "\n" " "; echo; done'
holds test $status = 0
has '^encoder +ok +command; mean cosine to the stored vectors of 12 captions -?0\.'
run check "$work/good" --encoder-command 'exit 3'
holds test $status = 1
has '^encoder +wrong +exit 3: it ended with exit status 3'
good check "$work/good" --format json
holds "$TOOLS_DIR/json_member" ok <"$work/out"
good check "$work/good" --format csv
has '^check,result,what'
has '^counts,ok,"6 videos, 12 queries, 128 dimensions"'

# Stored similarities.
for of in 'queries 12 1' 'videos 6 2' 'bank 8 3'; do
    set -- $of
    "$TOOLS_DIR/npy_make" unit "$2" "$3" "$work/$1_of.npy"
done
"$TOOLS_DIR/npy_make" products "$work/queries_of.npy" "$work/videos_of.npy" "$work/sims.npy"
"$TOOLS_DIR/npy_make" products "$work/bank_of.npy" "$work/videos_of.npy" "$work/bank_sims.npy"
rm -rf "$work/good"
good import "$work/good" --sims "$work/sims.npy" --bank-sims "$work/bank_sims.npy"
good check "$work/good"
has '^vectors +ok +20 rows are finite$'
fresh; flip sims.npy 300
finds 'digest .*wrong +sims.npy: is not the matrix that was imported'
fresh; spoil sims.npy 2 5 nan
finds 'sims.npy: row 2 holds a NaN or infinite value, in column 5' digest
fresh; cp "$work/bank_sims.npy" "$work/copy/sims.npy"
finds 'sims.npy: has 8 rows, but the catalog lists 12 texts'
fresh; cp "$work/queries_of.npy" "$work/copy/sims.npy"
finds 'sims.npy: has 24 columns, but the collection has 6 videos'
fresh; cp "$work/sims.npy" "$work/copy/videos.npy"
finds 'videos.npy: is not part of the collection'
good check "$work/good" --encoder-command cat
has '^encoder +ok +none: stored similarities take none'
bad 1 'stores similarities, so no text can be encoded' search "$work/good" frog --encoder-command cat
finish
