#!/bin/bash
# One allocation after another fails, the libraries' too: a command prints and makes what it does without, or exits with
# 1 and one line, and leaves nothing half made.  FAILING_STEPS says how many places of each command that allocate are
# tried, spread over all of them ("all": each); FAILING_ONLY names the commands to try, as a pattern.  At every other
# place all later allocations fail, too.
source "$TESTS_DIR/tools/check.sh" || exit 1
source "$TESTS_DIR/tools/npy.sh" || exit 1
sanitized && finish # they have a malloc of their own
small_sample
steps=${FAILING_STEPS:-2} data=${HUBSCOPE_SMALL%/*}/data
RANDOM=${FAILING_SEED:-1}

made=$work/made kept=$work/kept
mkdir "$made" "$kept"
grep '^split\|^query' "$data/texts.csv" >"$work/texts.csv"
copy_collection "$HUBSCOPE_SAMPLE" "$kept/sample"
tables=(--texts-table "$work/texts.csv" --videos-table "$data/videos.csv")
matrices=(--videos "$data/videos.npy" --queries "$data/queries.npy")

fails_at() { # fails_at N [ARGUMENTS]: sets $status; N 0 counts the places, to $places
    local at=$1 on=()
    shift
    ((at % 2 || !at)) || on=(FAIL_ON=1)
    timeout 60 env FAIL_SITES=1 FAIL_AT=$at FAIL_COUNT="$work/places" "${on[@]}" HUBSCOPE_THREADS=1 \
        LD_PRELOAD="$TOOLS_DIR/libfailing_malloc.so" "$HUBSCOPE" "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
}
fresh() { # $made holds what it did before the command
    rm -rf "${made:?}"
    cp -al "$kept/${base:-nothing}" "$made" 2>/dev/null || mkdir "$made"
}
contents() { # what $made holds; a fit may be cached in a catalog
    (cd "$made" && find . -type f ! -name catalog.db -exec cksum {} + && find . ! -type f | sort) | sort
}
tried() { # tried WHAT ARGUMENTS: judges the last run
    local now
    checks=$((checks + 1))
    if ((status == 0)); then
        cmp -s "$work/out" "$work/whole" || broken "$1: other output"
        [[ $(contents) == "$after" ]] || broken "$1: makes something else"
    elif ((status != 1)) || (($(wc -l <"$work/err") != 1)) || ! grep -Eq "$lines" "$work/err"; then
        broken "$1 (status $status)"
    else
        now=$(contents)
        [[ $now == "$before" || $now == "$after" ]] ||
            broken "$1: leaves something: $(diff <(echo "$before") <(echo "$now") | head -3)"
    fi
}
lines='^hubscope: (.*: )?(out of memory|Cannot allocate memory|cannot start a worker thread)$'
each() { # each ARGUMENTS: with what $made holds copied from $base, if it is set
    local at step before after
    [[ "$*" =~ ${FAILING_ONLY:-} ]] || return
    fresh
    before=$(contents)
    fails_at 0 "$@"
    holds test "$status" -eq 0
    cp "$work/out" "$work/whole"
    after=$(contents)
    local places=$(<"$work/places")
    [[ $steps == all ]] && step=1 || step=$((places / steps))
    for ((at = RANDOM % step + 1; at <= places; at += step)); do
        fresh
        fails_at $at "$@"
        tried "place $at of $places of hubscope $*"
    done
}
base=
for command in info check hubs mass shifts bank; do
    each $command "$kept/sample"
done
each info "$kept/sample" --format json
each eval "$kept/sample" --rule raw --bootstrap 0 --format json
each eval "$kept/sample" --rule raw --bootstrap 0 --dump "$made/dump"
each search "$kept/sample" toad --rule raw --format csv
each sweep "$kept/sample" --rule is --over beta=1,2
each lists "$kept/sample" --rule raw --output "$made/lists.csv"
each report "$kept/sample" --bootstrap 10 --output "$made/page.html"
each explore "$kept/sample" --no-display --script /dev/null
for line in export:hubs.csv dump:vectors; do
    echo ":${line%:*} $made/${line#*:}" >"$work/script"
    each explore "$kept/sample" --no-display --view hubs --rule raw --script "$work/script"
done
for i in {0..59}; do printf -v row '\\x%02x' $((i / 2)) && rows+=("$row"); done
npy "$work/pairs.npy" '|u1' '(60,)' "${rows[@]}"
each train "$kept/sample" --pairs "$work/pairs.npy" --epochs 1 --seeds 1 --rate 1e-3 --output "$made/trained"
each fit-encoder "$kept/sample" --output "$made/encoder"
each import "$made/new" "${tables[@]}" "${matrices[@]}"
each import "$made/new" "${tables[@]}" "${matrices[@]}" --encoder "$TESTS_DIR/../sample_data/encoder" \
    --thumbnails "$TESTS_DIR/../sample_data" --strip-frames 8
mkdir "$kept/changed"
copy_collection "$HUBSCOPE_SAMPLE" "$kept/changed/changed"
base=changed
each import "$made/changed" --add-bank more="$data/bank_stills.npy"
each import "$made/changed" --add-model more "${matrices[@]}"
each import "$made/changed" --add-encoder "$TESTS_DIR/../sample_data/encoder" \
    --replace-thumbnails "$TESTS_DIR/../sample_data"
each import "$made/changed" --replace "${tables[@]}" "${matrices[@]}" --no-encoder
each fit-encoder "$made/changed" --replace
finish
