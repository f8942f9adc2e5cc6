#!/bin/bash
# A row of NaN or infinite values in a matrix of a collection that was sound when it was imported: every command that
# computes from the matrix refuses it by file and row.
source "$TESTS_DIR/tools/check.sh" || exit 1
source "$TESTS_DIR/tools/npy.sh" || exit 1
small_sample

wild=$work/wild
spoil() { # spoil FILE VALUE: a copy of the collection in which row 7 of the matrix begins with the value
    rm -rf "$wild"
    copy_collection "$HUBSCOPE_SAMPLE" "$wild"
    printf '%b' "$2" | dd of="$wild/$1" bs=1 seek=$((128 + 7 * 128 * 4)) conv=notrunc status=none
}
refuses() { # refuses FILE COMMAND...: one line that names the file and the row
    bad 1 "wild/${1%.npy}\.npy: 1 row holds NaN or infinite values \(row 7, in column 0\)" "${@:2}"
}

minus_infinity='\x00\x00\x80\xff'
spoil videos.npy "$nan"
for command in eval hubs mass shifts lists bank report; do
    case $command in
    report) extra=(--output "$work/page.html") ;;
    lists) extra=(--rule raw) ;;
    *) extra=() ;;
    esac
    refuses videos.npy $command "$wild" "${extra[@]}"
done
refuses videos.npy search "$wild" toad --rule raw
refuses videos.npy sweep "$wild" --rule is --over beta=1,2
refuses videos.npy eval "$wild" --v2t captions
refuses videos.npy fit-encoder "$wild" --output "$work/fitted"
for ((i = 0; i < 60; i++)); do printf -v row '\\x%02x\\x00\\x00\\x00' $((i % 40)) && pair+=("$row"); done
npy "$work/pairs.npy" '<i4' '(60,)' "${pair[@]}"
refuses videos.npy train "$wild" --epochs 1 --seeds 1 --pairs "$work/pairs.npy"
holds test ! -e "$work/page.html" -a ! -e "$work/fitted"
spoil queries.npy "$minus_infinity"
refuses queries.npy eval "$wild" --rule raw
spoil bank_train.npy "$minus_infinity"
for rule in $(rules); do
    run eval "$wild" --rule "$rule"
    ((status == 0)) || refuses bank_train.npy eval "$wild" --rule "$rule"
    refused=$((${refused:-0} + (status != 0)))
done
holds test "$refused" -gt 6 # the rules that use the bank
spoil video_bank_train.npy "$nan"
refuses video_bank_train.npy eval "$wild" --v2t captions --rule qbnorm
finish
