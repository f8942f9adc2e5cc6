#!/bin/bash
# A CLIP model folder as the text encoder: imports only the model's files, encodes queries on the command line and typed
# ones in the explorer.
source "$TESTS_DIR/tools/check.sh" || exit 1
source "$TESTS_DIR/tools/tmux.sh" || exit 1
models=$TESTS_DIR/golden/clip

axes() { # axes FILE COLUMNS: 16 rows of COLUMNS numbers, row i with a one at index i
    local row column
    {
        printf '\x93NUMPY\x01\x00\x76\x00'
        printf '%-117s\n' "{'descr': '<f4', 'fortran_order': False, 'shape': (16, $2), }"
        for row in {0..15}; do
            for ((column = 0; column < $2; column++)); do
                ((row == column)) && printf '\0\0\200?' || printf '\0\0\0\0'
            done
        done
    } >"$1"
}

cd "$work" || exit 1
axes axes.npy 16
axes wide.npy 17
{
    echo key,title
    for i in {0..15}; do echo "v$i,axis $i"; done
} >videos.csv
{
    echo split,video,caption
    for i in {0..15}; do echo "query,v$i,along axis $i"; done
} >texts.csv
import=(--videos-table videos.csv --texts-table texts.csv --videos axes.npy --queries axes.npy)

# A downloaded folder contains much more than the encoder reads.
cp -rL "$models/f16_quick" model
echo heavy >model/pytorch_model.bin
echo '{}' >model/tokenizer.json
mkdir model/onnx
good import new "${import[@]}" --encoder model
holds test "$(cd new/encoder && echo *)" = 'config.json merges.txt model.safetensors vocab.json'
holds cmp model/model.safetensors new/encoder/model.safetensors
rm -r model
good info new
has '^encoder +clip'
good check new

# PyTorch's file where there is no other.
good import torch "${import[@]}" --encoder "$models/f16_torch"
holds test "$(cd torch/encoder && echo *)" = 'config.json merges.txt pytorch_model.bin vocab.json'
good check torch

# open_clip's folder: its settings become the collection's, also where timm's stand beside them.
mkdir open
cp "$models"/f32_quick/{vocab.json,merges.txt} open
cp "$models/f32_quick/model.safetensors" open/open_clip_model.safetensors
echo '{"architecture": "vit_base_patch32_clip_224"}' >open/config.json
echo '{"model_cfg": {"embed_dim": 16, "quick_gelu": true, "vision_cfg": {}, "text_cfg": {"context_length": 40,
    "vocab_size": 664, "width": 24, "heads": 3, "layers": 3, "mlp_ratio": 2.3334}}, "preprocess_cfg": {}}' >open/open_clip_config.json
good import opened "${import[@]}" --encoder open
holds test "$(cd opened/encoder && echo *)" = 'config.json merges.txt open_clip_model.safetensors vocab.json'
holds cmp open/open_clip_config.json opened/encoder/config.json
good check opened
has '^encoder +ok +clip;'

# Video i is axis i: the first result is the largest component of the reference's vector.
largest=$(tail -c +129 "$models/f16_quick/vectors.npy" | head -c 64 | od -A n -v -t f4 -w4 |
    awk 'NR == 1 || $1 > most { most = $1; at = NR - 1 } END { print at }')
good search new 'a yellow face crying' --rule raw --top 1 --format csv
has "^raw.*,v$largest,axis $largest,"
good search new 'a yellow face crying' --rule raw --top 1 --format json
holds eval '! "$TOOLS_DIR/json_member" ignored.0 <out >/dev/null 2>&1'
holds eval '! "$TOOLS_DIR/json_member" cut <out >/dev/null 2>&1'
long=$(printf 'xyz %.0s' {1..30})
good search new "$long" --rule raw --top 1
has '\(too long, left out: xyz, xyz'
good search new "$long" --rule raw --top 1 --format json
holds "$TOOLS_DIR/json_member" cut true <out
bad 1 'knows no word' search new '  '

# Invalid folders.
bad 1 'f32_gelu: encodes to 16 dimensions, the matrices have 17' import other --videos-table videos.csv --texts-table texts.csv \
    --videos wide.npy --queries wide.npy --encoder "$models/f32_gelu"
mkdir empty
bad 1 'empty/config.json' import other "${import[@]}" --encoder empty
cp -rL "$models/f32_gelu" torn
head -c 70000 torn/model.safetensors >cut && mv cut torn/model.safetensors
bad 1 'torn/model.safetensors: .*cut short' import other "${import[@]}" --encoder torn
holds test ! -e other

# In the explorer.
open_window 100x24
explore -- new
expect 'N10'
keys /
typed 'a yellow face'
expect '3 of 3 words known'
keys C-u
typed "$long"
expect 'too long: [0-9]+ of 30 words read'
expect 'left out, too long: xyz, xyz'
keys Enter q
left 0
finish
