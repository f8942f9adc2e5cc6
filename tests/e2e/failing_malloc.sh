#!/bin/bash
# One allocation after another fails, the libraries' too: a command prints and makes what it does without, or exits with
# 1 and one line, and leaves nothing half made.  FAILING_STEPS says how many places of each command that allocate are
# tried, spread over those whose innermost callers no command before had ("new": all of these, alone and with all later
# allocations; "all": every place of every command, in both ways); FAILING_ONLY names the commands to try, as a pattern.
# Otherwise all later allocations fail at every other place.
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
sample=$kept/sample
tables=(--texts-table "$work/texts.csv" --videos-table "$data/videos.csv")
matrices=(--videos "$data/videos.npy" --queries "$data/queries.npy")

fails_at() { # fails_at N ARGUMENTS: allocation N fails, with $way FAIL_ON=1 all later ones; N 0 lists; sets $status
    local at=$1
    shift
    ((at)) || local way="FAIL_SITES=1 FAIL_LIST=$work/sites"
    timeout 60 env FAIL_AT=$at ${way:-} HUBSCOPE_THREADS=1 LD_PRELOAD="$TOOLS_DIR/libfailing_malloc.so" \
        "$HUBSCOPE" "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
}
fresh() { # $made holds what it did before the command
    [[ $base ]] || compgen -G "$made/*" >/dev/null || return
    rm -rf "${made:?}"
    cp -al "$kept/${base:-nothing}" "$made" 2>/dev/null || mkdir "$made"
}
contents() { # sets $now to what $made holds; a fit may be cached in a catalog
    now=
    [[ ! $base ]] && ! compgen -G "$made/*" >/dev/null ||
        now=$(cd "$made" && (find . -type f ! -name catalog.db -exec cksum {} + && find . ! -type f | sort) | sort)
}
tried() { # tried WHAT: judges the last run
    local now line
    checks=$((checks + 1))
    contents
    mapfile -t line <"$work/err"
    if ((status == 0)); then
        [[ $alike == no ]] || cmp -s "$work/out" "$work/whole" || broken "$1: other output"
        [[ $now == "$after" ]] || broken "$1: makes something else"
    elif ((status != 1 || ${#line[@]} != 1)) || [[ ! ${line[0]} =~ $lines ]]; then
        broken "$1 (status $status)"
    else
        [[ $now == "$before" || $now == "$after" ]] ||
            broken "$1: leaves something: $(diff <(echo "$before") <(echo "$now") | head -3)"
    fi
}
lines='^hubscope: (.*: )?(out of memory|Cannot allocate memory|cannot start a worker thread|a library crashed or hung, .*)$'
echo none >"$work/seen"
choose() { # sets $chosen to the allocations to try
    [[ $steps == all ]] || awk 'NR == FNR { seen[$1] } NR > FNR && !($1 in seen)' "$work/seen" "$work/sites" >"$work/new"
    [[ $steps != all ]] || cp "$work/sites" "$work/new"
    cat "$work/new" >>"$work/seen"
    mapfile -t chosen < <(cut -d ' ' -f 2 "$work/new")
    [[ ! ${FAILING_VERBOSE:-} ]] || echo "${#chosen[@]} places of $(wc -l <"$work/sites"): hubscope $*"
    [[ $steps != [0-9]* ]] || ((${#chosen[@]} <= steps)) || {
        local few=() step=$((${#chosen[@]} / steps)) i
        for ((i = RANDOM % step; i < ${#chosen[@]}; i += step)); do
            few+=(${chosen[i]})
        done
        chosen=(${few[@]})
    }
}
each() { # each ARGUMENTS: with what $made holds copied from $base, if it is set
    local at before after now way ways=('' FAIL_ON=1) chosen
    [[ "$*" =~ ${FAILING_ONLY:-} ]] || return
    fresh
    contents
    before=$now
    fails_at 0 "$@"
    holds test "$status" -eq 0
    cp "$work/out" "$work/whole"
    contents
    after=$now
    choose "$@"
    for at in "${chosen[@]}"; do
        [[ $steps != [0-9]* ]] || ways=("$( ((RANDOM % 2)) || echo FAIL_ON=1)")
        for way in "${ways[@]}"; do
            fresh
            fails_at "$at" "$@"
            tried "allocation $at${way:+ and all later ones} of hubscope $*"
        done
    done
}
base= alike=
for command in info check hubs mass shifts bank; do
    each $command "$sample"
done
each eval "$sample" --rule raw --bootstrap 0 --format json
each eval "$sample" --rule raw --bootstrap 0 --dump "$made/dump"
each search "$sample" toad --rule raw --format csv
each sweep "$sample" --rule is --over beta=1,2
each lists "$sample" --rule raw --output "$made/lists.csv"
each report "$sample" --bootstrap 10 --output "$made/page.html"
each explore "$sample" --no-display --script /dev/null
for line in export:hubs.csv dump:vectors; do
    echo ":${line%:*} $made/${line#*:}" >"$work/script"
    each explore "$sample" --no-display --view hubs --rule raw --script "$work/script"
done
for i in {0..59}; do printf -v row '\\x%02x' $((i / 2)) && rows+=("$row"); done
npy "$work/pairs.npy" '|u1' '(60,)' "${rows[@]}"
each train "$sample" --pairs "$work/pairs.npy" --epochs 1 --seeds 1 --rate 1e-3 --output "$made/trained"
each import "$made/new" "${tables[@]}" "${matrices[@]}"
each import "$made/new" "${tables[@]}" "${matrices[@]}" --encoder "$TESTS_DIR/../sample_data/encoder" \
    --thumbnails "$TESTS_DIR/../sample_data" --strip-frames 8

# Files of fits and shares, and indexes.
each fit "$sample" --rule ncl --rule qbnorm --output "$made/fits"
good fit "$sample" --rule ncl --output "$kept/fits"
each eval "$sample" --fit "$kept/fits" --bootstrap 10
each eval "$sample" --rule is --rule raw --bootstrap 10 --shard 1/2 --partial "$made/share"
for i in 1 2; do
    good eval "$sample" --rule is --rule raw --bootstrap 10 --shard $i/2 --partial "$kept/share$i"
done
each merge "$kept"/share[12] --format json
copy_collection "$sample" "$kept/indexed"
good import "$kept/indexed" --add-index
each search "$kept/indexed" toad --brief

if [[ $steps != [0-9]* ]]; then # more of each kind
    each merge "$kept"/share[12] --output "$made/merged.csv"
    each check "$kept/indexed"
    each eval "$sample" --rule all --gallery-bank train --bootstrap 10 --format csv
    each eval "$sample" --rule all --direction v2t --v2t videos --bootstrap 10 --bootstrap-mass
    each eval "$sample" --rule ncl --where tags=man --bootstrap 0 --format csv --output "$made/where.csv"
    for rule in gc csls nnn dualdis dbsn mp center dsl sinkhorn; do
        each eval "$sample" --rule $rule --bootstrap 0 --dump "$made/dump"
    done
    for command in hubs mass shifts bank info check; do
        each $command "$sample" --format csv --output "$made/$command.csv" --csv-safe
        each $command "$sample" --format json
    done
    each shifts "$sample" --rule raw --rule ncl --direction v2t
    each search "$sample" toad --why 1f300
    each search "$sample" --caption 3 --format json
    each lists "$sample" --format json --rule ncl
    each lists "$sample" --format qrels --output "$made/qrels"
    good lists "$sample" --format qrels --output "$kept/qrels"
    each eval "$sample" --qrels "$kept/qrels" --rule raw
    each sweep "$sample" --rule ncl --over iterations=0,1,2 --format csv --output "$made/sweep.csv"
    each eval "${matrices[@]}" --bank "$data/bank_train.npy" --rule ncl
    each import "$made/new" --texts-table "$data/texts.csv" --videos-table "$data/videos.csv" "${matrices[@]}" \
        --bank "train=$data/bank_train.npy" --bank "stills=$data/bank_stills.npy" \
        --bank "keywords=$data/bank_keywords.npy" --index --no-encoder
    each fit-encoder "$sample" --output "$made/encoder"
    each help
    each help eval
    each lesson
    each explore --print-config
    for view in mass shifts metrics banks search; do
        echo ":export $made/$view.csv" >"$work/script"
        each explore "$sample" --no-display --view $view --script "$work/script"
    done
fi
mkdir "$kept/changed"
copy_collection "$HUBSCOPE_SAMPLE" "$kept/changed/changed"
base=changed
each import "$made/changed" --add-bank more="$data/bank_stills.npy"
each import "$made/changed" --add-model more "${matrices[@]}"
each import "$made/changed" --add-encoder "$TESTS_DIR/../sample_data/encoder" \
    --replace-thumbnails "$TESTS_DIR/../sample_data"
each import "$made/changed" --replace "${tables[@]}" "${matrices[@]}" --no-encoder
each fit-encoder "$made/changed" --replace
each import "$made/changed" --add-index
if [[ $steps != [0-9]* ]]; then
    each import "$made/changed" --add-video-bank "more=$data/video_bank_train.npy"
    each import "$made/changed" --set-item image,images
    each import "$made/changed" --replace "${tables[@]}" "${matrices[@]}" --index
fi
base= alike=no # it names the libraries that are loaded
each --version --verbose
finish
