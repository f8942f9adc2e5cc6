#!/bin/bash
# A tenth of the sample collection, for tests that need a whole collection but not that one: small_sample.sh BUILD_DIR
# makes BUILD_DIR/small/sample of the first rows of everything, from what it leaves in BUILD_DIR/small/data.
set -eu
build=$(cd "${1:?the build directory}" && pwd)
data=$(dirname "${BASH_SOURCE[0]}")/../../sample_data
work=$build/small/data
source "$(dirname "${BASH_SOURCE[0]}")/copy.sh"
mkdir -p "$work"

declare -A rows=([videos]=60 [queries]=120 [bank_train]=60 [bank_stills]=80 [bank_keywords]=100 [video_bank_train]=40)
for name in "${!rows[@]}"; do
    first_rows ${rows[$name]} "$data/$name.npy" "$work/$name.npy"
done
head -n $((rows[videos] + 1)) "$data/videos.csv" >"$work/videos.csv"
head -n 1 "$data/texts.csv" >"$work/texts.csv"
for split in query:queries train:bank_train stills:bank_stills keywords:bank_keywords; do
    grep "^${split%:*}," "$data/texts.csv" | sed "${rows[${split#*:}]}q" >>"$work/texts.csv"
done

"$build/hubscope" import "$build/small/sample" --replace --videos-table "$work/videos.csv" --texts-table "$work/texts.csv" \
    --videos "$work/videos.npy" --queries "$work/queries.npy" --bank "train=$work/bank_train.npy" \
    --bank "stills=$work/bank_stills.npy" --bank "keywords=$work/bank_keywords.npy" \
    --video-bank "train=$work/video_bank_train.npy" --thumbnails "$data" --strip-frames 8 --encoder "$data/encoder" \
    --name small --logit-scale 22.712
