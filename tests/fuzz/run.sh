#!/bin/bash
# Runs every harness in this folder in turn and prints the runs and findings of each: run.sh BUILD [MINUTES in all].
# Inputs that are found interesting or faulty stay in BUILD/fuzz.  Exits with 1 if anything was found.
set -uo pipefail
build=$1 minutes=${2:-10}
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
harnesses=("$build"/tests/fuzz/fuzz_*)
seconds=$((minutes * 60 / ${#harnesses[@]}))
((seconds > 0)) || seconds=1
found=0

seeds() { # seeds NAME: folders with inputs to begin from
    case $1 in
    npy | safetensors | faiss | selection) echo "$tests/golden/case1" "$tests/matrices" ;;
    npz | hdf5 | pickle | torch | table | layout | parquet) echo "$tests/layouts" "$tests/matrices" ;;
    picture) echo "$tests/pictures" "$tests/../sample_data/strips" ;;
    video) echo "$tests/videos" "$tests/pictures" ;;
    text | model | fitted | clip) echo "$tests/../sample_data/encoder" ;;
    esac
}

printf '%-12s %12s  %s\n' harness runs findings
for harness in "${harnesses[@]}"; do
    [[ -x $harness && -f $harness ]] || continue
    name=${harness##*/fuzz_}
    folder=$build/fuzz/$name
    mkdir -p "$folder/corpus" "$folder/findings"
    options=(-max_total_time=$seconds -max_len=65536 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1)
    [[ $name != hdf5 ]] || options+=(-detect_leaks=0) # libhdf5 leaks on damaged files
    before=$(find "$folder/findings" -type f | wc -l)
    "$harness" "${options[@]}" -artifact_prefix="$folder/findings/" "$folder/corpus" $(seeds "$name") \
        >"$folder/log" 2>&1
    status=$?
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$folder/log" | tail -1)
    count=$(($(find "$folder/findings" -type f | wc -l) - before))
    ((status == 0)) || count=$((count > 0 ? count : 1))
    printf '%-12s %12s  %s\n' "$name" "${runs:-?}" "$count$( ((count)) && echo ": see $folder/log")"
    found=$((found + count))
done
((found == 0))
