#!/bin/bash
# Inputs to begin with: seeds.sh HARNESS TESTS FOLDER copies or makes those of one harness in this folder into an
# existing FOLDER.  Several harnesses take a byte first that says what the rest is.
set -eu
harness=$1 tests=$2 out=$3
most=131072
take() { # take FILE...: those that are small enough
    local file
    for file; do
        [[ ! -f $file ]] || (($(stat -c %s "$file") > most)) || cp -n "$file" "$out"
    done
}
mark() { # mark BYTE FILE...: with that byte, for printf, before it
    local byte=$1 file name
    shift
    for file; do
        name=$(basename "$(dirname "$file")")_${file##*/}_${byte#\\}
        (($(stat -c %s "$file") >= most)) || { printf '%b' "$byte" && cat "$file"; } >"$out/$name"
    done
}
tensor() { # tensor TYPE SHAPE OFFSETS: one of a header
    echo "{\"dtype\":\"$1\",\"shape\":[$2],\"data_offsets\":[$3]}"
}
tensors() { # tensors NAME JSON FLOATS: a file of safetensors with that header, and ones
    printf "\\x$(printf %02x ${#2})\\0\\0\\0\\0\\0\\0\\0%s" "$2" >"$out/$1" # shorter than 256 bytes
    for ((i = 0; i < $3; i++)); do printf '\0\0\x80\x3f'; done >>"$out/$1"
}

case $harness in
npy) take "$tests"/golden/case1/*.npy "$tests"/layouts/*.npy ;;
npz) take "$tests"/matrices/*.npz ;;
hdf5) take "$tests"/matrices/*.h5 "$tests"/layouts/*.{h5,mat} ;;
pickle) take "$tests"/matrices/*.pkl "$tests"/layouts/*.pkl ;;
torch) take "$tests"/layouts/*.{pt,pth} ;;
faiss) take "$tests"/layouts/*.faiss "$tests"/layouts/vectors.* ;;
table | layout) take "$tests"/layouts/*.{csv,tsv,json,jsonl,txt} ;;
parquet) take "$tests"/layouts/parquet/* ;;
safetensors | head)
    tensors embeddings "{\"embeddings\":$(tensor F32 3,2 0,24)}" 6
    tensors several "{\"a\":$(tensor F16 4 0,8),\"embeddings\":$(tensor F32 1,2 8,16)}" 4
    tensors linear "{\"linear.weight\":$(tensor F32 2,2 0,16)}" 4
    tensors adapter "{\"down.weight\":$(tensor F32 1,2 0,8),\"up.weight\":$(tensor F32 2,1 8,16),\"ratio\":$(
        tensor F32 1,1 16,20)}" 5
    ;;
share)
    word() { printf '%b%*s' "$1" $(($2 - ${#1})) '' | tr ' ' '\0'; } # padded with zeros
    head='\4\3\2\1\1\0\0\0'
    { word hubscope 8 && word fit 8 && printf "$head" && word rule.0 24 && printf '\6\0\0\0\0\0\0\0' && word 'is 0' 8 &&
        word fit.0 24 && printf '\110\0\0\0\0\0\0\0' && word 'hubfit' 7 && printf '\n\0' | head -c 1 &&
        printf "\4\3\2\1\1\0\0\0" && word '' 64 && word '' 32; } >"$out/fit"
    { word hubscope 8 && word share 8 && printf "$head" && word share 24 && printf '\20\0\0\0\0\0\0\0' &&
        printf '\0\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0' && word command 24 && printf '\5\0\0\0\0\0\0\0' && word eval 8 &&
        word word.0 24 && printf '\5\0\0\0\0\0\0\0' && word data 8 && word '' 32; } >"$out/share"
    ;;
selection)
    for query in 'SELECT vector FROM t' 'SELECT key, list FROM t ORDER BY key' 'WITH a AS (SELECT 1) SELECT 1'; do
        for file in "$tests"/matrices/*.db; do
            { echo "$query" && cat "$file"; } >"$out/${#query}_${file##*/}"
        done
    done
    ;;
picture) take "$tests"/pictures/* "$tests"/../sample_data/strips/1f30*.jpg ;;
video) take "$tests"/videos/* "$tests"/pictures/* ;;
text) mark '\100' "$tests"/layouts/*.txt "$tests"/golden/clip/texts.json ;;
answer)
    printf '\2[0.5, -1e3]\n' >"$out/list"
    printf '\3 1 2\t3\r\n' >"$out/blanks"
    printf '\2{"vector": [1, 2]}\nmore\n' >"$out/json"
    ;;
clip)
    mark '\0' "$tests"/golden/clip/vocab.json
    mark '\1' "$tests"/golden/clip/merges.txt
    mark '\2' "$tests"/golden/clip/*/config.json
    printf '\3A yellow dog, isn'"'"'t it? 4 of them; caf\303\251 \360\237\230\200' >"$out/text"
    ;;
model)
    mark '\0' "$tests"/golden/clip/f16_torch/pytorch_model.bin "$tests"/golden/clip/f32_quick/model.safetensors
    printf '\1{"weight_map":{"token_embedding.weight":"part","positional_embedding":"part"}}' >"$out/index"
    mark '\2' "$tests"/golden/clip/*/config.json
    ;;
fitted)
    printf '\0{"type":"fitted","version":1,"table":64,"ngrams":[3,5],"gram_weight":1,"unknown_idf":5}' >"$out/config"
    printf '\1cat\ndog\n' >"$out/vocabulary"
    tensors tensors "{\"bias\":$(tensor F32 1,2 0,8),\"words\":$(tensor F32 2,2 8,24)}" 6
    { printf '\2' && cat "$out/tensors"; } >"$out/marked"
    printf '\3the cat'"'"'s dogs' >"$out/text"
    ;;
esac
