#!/bin/bash
# Runs every harness in this folder in turn, then mutations of whole collections (tests/mutate), and prints the runs and
# findings of each: run.sh BUILD MUTATE_BUILD MINUTES_IN_ALL [HARNESS...].  A third of the time goes to the collections.
# Inputs that are found interesting or faulty stay in BUILD/fuzz.  Exits with 1 if anything was found.
set -uo pipefail
build=$1 mutate=$2 minutes=$3
shift 3
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
names=("$@")
if ((!${#names[@]})); then
    for harness in "$build"/tests/fuzz/fuzz_*; do
        [[ ! -x $harness || ! -f $harness ]] || names+=("${harness##*/fuzz_}")
    done
    names+=(collections)
fi
readers=0 others=0
for name in "${names[@]}"; do
    [[ $name == collections ]] && others=1 || readers=$((readers + 1))
done
seconds=$((minutes * 60)) found=0

report() { # report NAME RUNS FINDINGS LOG
    printf '%-12s %12s  %s\n' "$1" "${2:-?}" "$3$( (($3)) && echo ": see $4")"
    found=$((found + $3))
}

fuzz() { # fuzz NAME SECONDS
    local folder=$build/fuzz/$1 before count status
    mkdir -p "$folder/corpus" "$folder/findings" "$folder/seeds"
    bash "$tests/fuzz/seeds.sh" "$1" "$tests" "$folder/seeds"
    local options=(-max_total_time="$2" -max_len=131072 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1)
    local leaks=1
    [[ $1 != hdf5 ]] || leaks=0 # libhdf5 leaks on damaged files
    options+=(-detect_leaks=$leaks)
    before=$(find "$folder/findings" -type f | wc -l)
    ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=$leaks \
        "$build/tests/fuzz/fuzz_$1" "${options[@]}" -artifact_prefix="$folder/findings/" "$folder/corpus" "$folder/seeds" \
        >"$folder/log" 2>&1
    status=$?
    count=$(($(find "$folder/findings" -type f | wc -l) - before))
    ((status == 0)) || count=$((count > 0 ? count : 1))
    report "$1" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$folder/log" | tail -1)" "$count" "$folder/log"
}

collections() { # collections SECONDS
    local folder=$build/fuzz/collections work status
    work=$(mktemp -d)
    rm -rf "$folder/begin"
    mkdir -p "$folder/begin" "$folder/findings"
    (cd "$folder/begin" && bash "$tests/mutate/collections.sh" "$mutate/hubscope" "$tests/../sample_data" learned) &&
        "$mutate/tests/mutate" "$work" "$folder/begin/script" "$folder/begin"/{two,stored,learned} \
            --seconds "$1" --seed "$RANDOM" --pace brief --keep "$folder/findings" >"$folder/log" 2>&1
    status=$?
    rm -rf "$work"
    local count
    count=$(grep -c '^FOUND' "$folder/log")
    ((status == 0)) || count=$((count > 0 ? count : 1))
    report collections "$(sed -n 's/^\([0-9]*\) of .* tried.*/\1/p' "$folder/log")" "$count" "$folder/log"
}

printf '%-12s %12s  %s\n' harness runs findings
for name in "${names[@]}"; do
    if [[ $name == collections ]]; then
        collections $((readers ? seconds / 3 : seconds))
    else
        fuzz "$name" $(((others ? seconds * 2 / 3 : seconds) / readers + 1))
    fi
done
((found == 0))
