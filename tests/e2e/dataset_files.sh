#!/bin/bash
# Datasets' own files from outside: what is said of them, and what is refused by name.
source "$TESTS_DIR/tools/check.sh" || exit 1
files=$TESTS_DIR/layouts
cd "$work" || exit 1
take() { # take VIDEOS QUERIES TEXTS ARGUMENTS: imports with embeddings of that many rows
    good import mine --replace --no-encoder --videos "$files/$1" --queries "$files/$2" --texts-table "$files/$3" "${@:4}"
    sanitized && return # e2e.check does it there
    cp out imported
    good check mine
    cp imported out
}
refuse() { # refuse PATTERN TEXTS ARGUMENTS
    bad 1 "$1" import none --no-encoder --videos "$files/v.npy" --queries "$files/q6.npy" --texts-table "$files/$2" "${@:3}"
}

# Parquet is a table and its matrices, of whatever compression this build reads.
good --version
codecs=$(cat out)
for file in "$files"/parquet/{arrow,duckdb}_*.parquet; do
    [[ $file == *groups* ]] && continue
    codec=${file##*_} codec=${codec%.parquet} codec=${codec/v2/zstd}
    extra=(--column video=key)
    [[ $file == *duckdb* ]] && extra+=(--query-split test)
    case $codec in
    none | uncompressed) ;;
    *) [[ $codecs == *"$codec"* ]] || {
        bad 1 "is compressed by .*, which this build does not read" import none --no-encoder --texts-table "$file" "${extra[@]}" \
            --videos "$file:embedding" --queries "$files/q6.npy"
        continue
    } ;;
    esac
    good import mine --replace --no-encoder --texts-table "$file" "${extra[@]}" --videos "$file:embedding" --queries "$file:fixed"
    sanitized || good check mine # e2e.check does it there
done

[[ ${ONLY:-} == parquet ]] && finish # for a build that differs in what it decompresses

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

# Layouts, chosen by themselves where there is no doubt, and said.
for file in vatex.json:q30 didemo_test_data.json:q18 activitynet_val_1.json:q12 captions_val2017.json:q12 results_2M_val.csv:q6 \
    clotho_captions_evaluation.csv:q30 audiocaps_test.csv:q12 raw-captions.pkl:q12 MSRVTT_JSFUSION_test_semicolon.csv:q6; do
    take v.npy "${file#*:}.npy" "${file%:*}"
    has "${file%:*}: is read by the layout [a-z]*; --layout hubscope reads it as a plain table"
done
take v.npy q6.npy didemo_test_data.json --paragraphs
take v.npy q12.npy raw-captions.pkl --videos-table "$files/test_list.txt" --layout msvd
bad 1 'nan.json: has no "videoID", so it is not VATEX.s file; it has: video, caption, score' import none --no-encoder --videos "$files/v.npy" \
    --queries "$files/q6.npy" --texts-table "$files/nan.json" --layout vatex

# Dumps of vectors: a tensor, a dict of one vector a key, frames to be pooled, shards.
texts=(--texts-table "$files/MSRVTT_JSFUSION_test.csv" --layout msrvtt)
imports() { # imports VIDEOS ARGUMENTS: with the videos' vectors from this file
    good import mine --replace --no-encoder "${texts[@]}" --queries "$files/q6.npy" --videos "$1" "${@:2}"
    sanitized || good check mine # e2e.check does it there
}
imports "$files/v.npy"
mv mine plain
for videos in v.pt v_f64.pt v_strided.pt v_offset.pt v_legacy.pth per_video.pth per_video.pkl per_video.h5 list_of_arrays.pkl \
    feats.pt:video_features dict.pkl v_row3d.npy flat.faiss vectors.csv vectors.csv:embedding; do
    imports "$files/$videos"
    holds cmp plain/videos.npy mine/videos.npy
done
imports "$files/v_half.pt"
imports "$files/v_bf16.pt"
imports "$files/frames3d.npy" --pool mean
imports "$files/frames.h5" --pool max

# What import reads, --add-model, --add-bank, --add-video-bank and bare eval read too; rows of bare matrices need an order.
vectors=$TESTS_DIR/matrices/vectors.db
: >keyed.db
"$TOOLS_DIR/sql" keyed.db "CREATE TABLE t(key, list); $(awk -F, 'NR > 1 { key = $1; sub(/^[^[]*/, ""); sub(/"[^"]*$/, "")
    print "INSERT INTO t VALUES(\047" key "\047, \047" $0 "\047);" }' "$files/vectors.csv")"
imports "$work/keyed.db?SELECT key, list FROM t"
holds cmp plain/videos.npy mine/videos.npy
keyed=' per_video.pth per_video.pkl per_video.h5 vectors.csv '
number=0
forms=(v.npy v.pt v_half.pt v_bf16.pt v_f64.pt v_strided.pt v_offset.pt v_legacy.pth list_of_arrays.pkl v_row3d.npy flat.faiss
    feats.pt:video_features dict.pkl parquet/{arrow_none,duckdb_uncompressed}.parquet:embedding $keyed)
sanitized && forms=(v.npy v.pt flat.faiss dict.pkl parquet/arrow_none.parquet:embedding per_video.pth) # all were read above
for form in "${forms[@]}"; do
    number=$((number + 1))
    good import mine --add-model "m$number" --videos "$files/$form" --queries "$files/q6.npy" --bank "train=$files/v.npy" --no-encoder
    good import mine --add-bank "b$number=$files/$form" --add-video-bank "v$number=$files/$form"
    if [[ $keyed == *" $form "* ]]; then
        has "${form#*/}: has a vector for each key; its rows are in the order of the file"
        bad 1 'nothing says which row each is' eval --queries "$files/q6.npy" --videos "$files/$form"
    else
        good eval --queries "$files/$form" --videos "$files/v.npy" --bank "$files/$form" --rule is
    fi
done
good import mine --add-model sql --videos "keyed.db?SELECT key, list FROM t" --queries "keyed.db?SELECT list FROM t" --no-encoder
good import mine --add-bank "sql=keyed.db?SELECT list FROM t"
good eval --queries "$files/q6.npy" --videos "keyed.db?SELECT list FROM t" --bank "keyed.db?SELECT key, list FROM t" --rule is
bad 1 'selects no rows' eval --queries "$vectors?SELECT vector FROM t WHERE 0" --videos "$files/v.npy"
good import mine --add-bank more="$files/clip_retrieval/img_emb"
good import mine --add-bank pooled="$files/frames3d.npy" --pool mean
good check mine
bad 1 'frames.h5: holds 6 2-D arrays of floats; say which as FILE:NAME, or give --pool mean or max' import none --no-encoder \
    "${texts[@]}" --queries "$files/q6.npy" --videos "$files/frames.h5"
bad 1 'list.pt: holds a list of dicts' import none "${texts[@]}" --queries "$files/q6.npy" --videos "$files/list.pt"
head -4 "$files/MSRVTT_JSFUSION_test.csv" >three.csv
good import three --no-encoder --texts-table three.csv --layout msrvtt --videos "$files/per_video.pth" --queries "$files/per_video.pkl" --dry-run
has 'per_video.pth: 3 of its keys are not in three.csv and are left out: "video7013", "video7015", "video7014"'
sed 's/video7012/video9999/' "$files/MSRVTT_JSFUSION_test.csv" >missing.csv
bad 1 'per_video.pth: has no vector for 1 of the 6 keys of missing.csv: "video9999"' import none --no-encoder \
    --texts-table missing.csv --layout msrvtt --videos "$files/per_video.pth" --queries "$files/q6.npy"

# README's three commands.
rows() { # rows FILE N: its first N rows, in a safetensors file
    local bytes=$(($2 * 32 * 4)) header
    header="{\"a\":{\"dtype\":\"F32\",\"shape\":[$2,32],\"data_offsets\":[0,$bytes]}}"
    printf '%b' "\\x$(printf %x ${#header})\\0\\0\\0\\0\\0\\0\\0$header"
    tail -c +129 "$1" | head -c $bytes
}
rows "$files/v.npy" 4 >four.npy
rows "$files/q30.npy" 20 >twenty.npy
good import coco --no-encoder --texts-table "$files/dataset_coco.json" --videos "$work/four.npy" --queries "$work/twenty.npy"
good check coco
good import clips --no-encoder --texts-table "$files/MSRVTT_JSFUSION_test.csv" --videos "$files/feats.pt:video_features" \
    --queries "$files/feats.pt:text_features"
good check clips
mkdir img_emb text_emb metadata # as clip-retrieval names its folders
for shard in 0 1 2; do
    rows "$files/v.npy" $((shard < 2 ? 6 : 3)) >img_emb/img_emb_$shard.npy
    rows "$files/q6.npy" $((shard < 2 ? 6 : 3)) >text_emb/text_emb_$shard.npy
    sed "s/video70/video7$shard/g" "$files/parquet/arrow_none.parquet" >metadata/metadata_$shard.parquet # plain, uncompressed
done
shards=(import shards --no-encoder --texts-table metadata/ --column video=key --videos img_emb/ --queries text_emb/)
bad 1 'img_emb/img_emb_2.npy: has 3 rows, but metadata/metadata_2.parquet has 6 videos' "${shards[@]}" --videos img_emb/
rows "$files/v.npy" 6 >img_emb/img_emb_2.npy
bad 1 'text_emb/text_emb_2.npy: has 3 rows, but metadata/metadata_2.parquet has 6 texts of queries' "${shards[@]}"
rows "$files/q6.npy" 6 >text_emb/text_emb_2.npy
good "${shards[@]}"
good check shards
good info shards
has '^videos *18$'

# The same in bare matrices, where nothing gives an order of keys.
"$HUBSCOPE" eval --queries "$files/q6.npy" --videos "$files/v.npy" --bank "$files/v.npy" --rule ncl >wanted
for videos in v.pt v_legacy.pth list_of_arrays.pkl v_row3d.npy feats.pt:video_features; do
    sanitized && [[ $videos != v.pt ]] && continue
    good eval --queries "$files/q6.npy" --videos "$files/$videos" --bank "$files/per_video.h5" --rule ncl
    holds diff <(grep -v '^bank\|per_video' out | tail -5) <(grep -v '^bank\|v.npy' wanted | tail -5)
done
good eval --queries "$files/q6.npy" --videos "$files/frames3d.npy" --pool mean
good eval --queries "$files/clip_retrieval/img_emb" --videos "$files/clip_retrieval/img_emb/img_emb_*.npy"
bad 1 'nothing says which row each is' eval --queries "$files/q6.npy" --videos "$files/per_video.pth"
mkdir gap && cp "$files/clip_retrieval/img_emb/"img_emb_{0,1,3}.npy gap
bad 1 'gap: no file has the number 2, but one has 3' eval --queries "$files/q6.npy" --videos gap
finish
