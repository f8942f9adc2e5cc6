#!/bin/bash
# Makes what `mutate` begins from, in the current folder: collections.sh HUBSCOPE DATA [learned].
# `two` has two models, the first with an index, banks, pictures, encoders of both kinds and cached fits; `stored` has
# similarities, `learned` a learned head, too.
set -eu
hubscope=$1 data=$2
run() { "$hubscope" "$@" </dev/null >/dev/null; }
rows() { # rows MATRIX ROWS BYTES: the first rows of one of the sample's matrices, a row having so many bytes
    local type='<f4'
    (($3 == 512)) || type='<f2'
    head -c 10 "$data/$1.npy"
    printf '%-117s\n' "{'descr': '$type', 'fortran_order': False, 'shape': ($2, 128), }"
    tail -c +129 "$data/$1.npy" | head -c $(($2 * $3))
}
rows videos 30 512 >videos.npy
rows queries 60 512 >queries.npy
rows bank_train 20 512 >bank_train.npy
rows bank_stills 16 512 >bank_stills.npy
rows video_bank_train 20 512 >video_bank_train.npy
rows bank_keywords 14 512 >two.npy
rows ridge/queries 60 256 >ridge_queries.npy
rows ridge/bank_train 20 256 >ridge_train.npy
{
    head -4 "$data/videos.csv" # with a strip
    sed -n '5,31s/,[^,]*$/,/p' "$data/videos.csv"
} >videos.csv
head -1 "$data/texts.csv" >texts.csv
for split in query:60 train:20 stills:16; do
    grep "^${split%:*}," "$data/texts.csv" | sed "${split#*:}q" >>texts.csv
done
mkdir encoder # the sample's second, with few words
words=300
cp "$data/ridge/encoder/config.json" encoder
head -n $words "$data/ridge/encoder/vocab.txt" >encoder/vocab.txt
{
    header="{\"embeddings\": {\"dtype\": \"F16\", \"shape\": [$words, 128], \"data_offsets\": [0, $((words * 256))]}}"
    printf "\\x$(printf %x 96)\\0\\0\\0\\0\\0\\0\\0%-96s" "$header"
    tail -c +97 "$data/ridge/encoder/model.safetensors" | head -c $((words * 256))
} >encoder/model.safetensors

run import two --videos-table videos.csv --texts-table texts.csv --videos videos.npy --queries queries.npy \
    --bank train=bank_train.npy --bank stills=bank_stills.npy --video-bank train=video_bank_train.npy \
    --thumbnails "$data" --strip-frames 1 --name small --logit-scale 22.7
run import two --add-model ridge --videos videos.npy --queries ridge_queries.npy --bank train=ridge_train.npy \
    --encoder encoder
run import two --add-index
run eval two --rule ncl --rule qbnorm --rule ridge/is --bootstrap 0
head -c 128 videos.npy >sims.npy # 60 x 30 of whatever numbers
printf '%-117s\n' "{'descr': '<f4', 'fortran_order': False, 'shape': (60, 30), }" |
    dd of=sims.npy bs=1 seek=10 conv=notrunc status=none
tail -c +129 queries.npy | head -c $((60 * 30 * 4)) >>sims.npy
sed 's/(60, 30)/(20, 30)/' sims.npy | head -c $((128 + 20 * 30 * 4)) >bank_sims.npy
sed '/^query\|^split/!d' texts.csv >queries.csv
run import stored --sims sims.npy --bank-sims bank_sims.npy --videos-table videos.csv --texts-table queries.csv
cp bank_sims.npy stored.npy
run eval stored --rule ncl --bootstrap 0
if [[ ${3:-} == learned ]]; then
    run train two --model learned --seeds 1 --epochs 2 --rate 1e-3 --output learned
    run import learned --remove-model ridge
    cp two.npy learned.npy
fi
printf '%s\n' :hubs Down Enter Esc :mass Down :shifts Down Enter :metrics :banks :learning :search Tab Down Down \
    Enter '/' 'type blue spiral' Enter Down '?' Esc >script
