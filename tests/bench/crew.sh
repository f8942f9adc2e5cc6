#!/bin/bash
# How the time of an evaluation divides into computing and exchanging at 1, 2 and 4 processes, each with one thread, and
# at 4 with the gallery split.
# usage: crew.sh BUILD [QUERIES GALLERY BANK]
set -eu
build=$1 queries=${2:-2000} gallery=${3:-60000} bank=${4:-4000}
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_btl_vader_single_copy_mechanism=none HUBSCOPE_EXCHANGES=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$build/tests/npy_make" unit "$queries" 1 "$work/queries.npy"
"$build/tests/npy_make" unit "$gallery" 2 "$work/videos.npy"
"$build/tests/npy_make" unit "$bank" 3 "$work/bank.npy"
awk -v n="$queries" 'BEGIN { for (q = 0; q < n; q++) print q, 0, q, 1 }' >"$work/qrels"
echo "$queries queries, $gallery videos, a bank of $bank; seconds of the slowest process"
for rule in is qbnorm csls ncl; do
    for setting in 1 2 4 '4 split'; do
        options=(--queries "$work/queries.npy" --videos "$work/videos.npy" --bank "$work/bank.npy"
            --qrels "$work/qrels" --rule $rule --threads 1 --format csv)
        [[ $setting != *split ]] || options+=(--split gallery)
        began=$(date +%s.%N)
        mpirun -n "${setting% *}" "$build/hubscope" eval "${options[@]}" >"$work/all.csv" 2>"$work/err" ||
            { cat "$work/err"; exit 1; }
        took=$(awk -v a="$began" -v b="$(date +%s.%N)" 'BEGIN { printf "%.2f", b - a }')
        [[ $setting != 1 ]] || cp "$work/all.csv" "$work/one.csv"
        cmp -s "$work/one.csv" "$work/all.csv" || { echo "$rule: $setting differs from one process"; exit 1; }
        printf '%-7s %-7s  %6s s  %s\n' "$rule" "$setting" "$took" "$(grep " exchanges of " "$work/err" || true)"
    done
done
