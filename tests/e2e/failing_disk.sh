#!/bin/bash
# A disk that fails: one read of a file after another, and a file system that is full after so many pages.  A command
# prints and makes what it does without, or exits with 1 and one true line, and leaves nothing half made.  FAILING_STEPS
# says how many reads and sizes of each command are tried ("all": each).
if [[ ! ${HUBSCOPE_NAMESPACE:-} ]] && unshare -rm true 2>/dev/null; then # in which it may mount
    HUBSCOPE_NAMESPACE=1 exec unshare -rm bash "$0"
fi
source "$TESTS_DIR/tools/check.sh" || exit 1
source "$TESTS_DIR/tools/npy.sh" || exit 1
sanitized && finish # reads are made to fail by a library that must not come before the sanitizer's
small_sample
steps=${FAILING_STEPS:-1} data=${HUBSCOPE_SMALL%/*}/data
RANDOM=${FAILING_SEED:-1}

copy_collection "$HUBSCOPE_SAMPLE" "$work/sample"
grep '^split\|^query' "$data/texts.csv" >"$work/texts.csv"
tables=(--texts-table "$work/texts.csv" --videos-table "$data/videos.csv")
matrices=(--videos "$data/videos.npy" --queries "$data/queries.npy")

places() { # places COUNT: which of them to try
    local step=1 at
    [[ $steps == all ]] || step=$(($1 / steps + 1))
    for ((at = RANDOM % step + 1; at <= $1; at += step)); do
        echo $at
    done
}
one_line() { # one_line PATTERN WHAT: the last run failed with a line that ends so
    checks=$((checks + 1))
    ((status == 1)) && (($(wc -l <"$work/err") == 1)) && grep -Eq "^hubscope: .*($1)\$" "$work/err" ||
        broken "$2 (status $status)"
}

# Reads of the catalog and of other files; none is another program's.
read_at() { # read_at N ARGUMENTS
    local at=$1
    shift
    timeout 60 env FAIL_CALL=read FAIL_AT=$at FAIL_COUNT="$work/count" LD_PRELOAD="$TOOLS_DIR/libfailing_malloc.so" \
        HUBSCOPE_THREADS=1 "$HUBSCOPE" "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
}
reads() { # reads ARGUMENTS
    local at
    read_at 0 "$@"
    holds test "$status" = 0
    mv "$work/out" "$work/whole"
    for at in $(places "$(<"$work/count")"); do
        read_at $at "$@"
        if ((status == 0)); then
            [[ $1 == info ]] && grep -q 'Input/output error' "$work/out" || holds cmp -s "$work/out" "$work/whole"
        elif [[ $1 == check ]]; then # it may list that, as info may
            holds grep -q 'Input/output error' "$work/out" "$work/err"
        else
            one_line 'Input/output error' "read $at of hubscope $*"
        fi
    done
}
for command in info hubs shifts check; do
    reads $command "$work/sample" --format json
done
reads search "$work/sample" yelow toad --rule raw --format csv
reads lists "$work/sample" --rule raw --format csv
reads report "$work/sample" --bootstrap 10 --output "$work/page.html" --replace

# Standard output on a full device.
for command in info check hubs mass shifts bank lists help; do
    timeout 60 "$HUBSCOPE" $command $([[ $command == help ]] || echo "$work/sample") >/dev/full 2>"$work/err" </dev/null
    status=$?
    one_line '(standard output|the lists cannot be written): No space left on device' "hubscope $command >/dev/full"
done

# A small file system.
made=$work/made
mkdir "$made"
if ! mount -t tmpfs -o size=64m disk "$made" 2>/dev/null; then
    echo "no file system could be mounted: full ones are left out"
    finish
fi
trap 'umount "$made"; chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT

pages() { # that are in use
    df --output=used -B4096 "$made" | tail -1 | tr -d ' '
}
fresh() { # fresh PAGES: $made holds a copy of $base, if it is set, and has so many more
    mount -o remount,size=64m "$made"
    find "$made" -mindepth 1 -delete
    [[ ! $base ]] || cp -a "$base" "$made"
    before=$(contents)
    mount -o remount,size=$((($(pages) + $1) * 4096)) "$made"
}
contents() { # what $made holds; a fit may be cached in a catalog
    (cd "$made" && find . -type f ! -name catalog.db -exec cksum {} + && find . ! -type f | sort) | sort
}
full() { # full ARGUMENTS: with one number of free pages after another
    local before after used at
    fresh 8192
    used=$(pages)
    good "$@"
    used=$(($(pages) - used))
    after=$(contents)
    for at in $(places $used); do
        fresh $at
        checks=$((checks + 1))
        timeout 60 "$HUBSCOPE" "$@" >"$work/out" 2>"$work/err" </dev/null
        status=$?
        if ((status == 0)); then
            [[ $(contents) == "$after" ]] || broken "$at pages for hubscope $*: makes something else"
        else
            one_line 'No space left on device' "$at pages for hubscope $*"
            [[ $(contents) == "$before" ]] || broken "$at pages for hubscope $*: leaves something"
        fi
    done
}
base=
full eval "$work/sample" --rule raw --bootstrap 0 --dump "$made/dump"
full eval "$work/sample" --rule raw --bootstrap 0 --output "$made/eval.json"
full lists "$work/sample" --rule raw --rule is --format trec --output "$made/lists.run"
full report "$work/sample" --bootstrap 10 --output "$made/page.html"
for line in export:hubs.csv export:n10.npy dump:vectors screenshot:screen.svg; do
    echo ":${line%:*} $made/${line#*:}" >"$work/script"
    full explore "$work/sample" --no-display --view hubs --rule raw --script "$work/script"
done
# Settings, and where a collection was left: what was kept before stays where there is no room.
base=$work/kept
mkdir -p "$base/hubscope"
printf 'bind z help\n' >"$base/hubscope/config"
XDG_STATE_HOME=$base good explore "$work/sample" --no-display --resume --script /dev/null
keeps() { # keeps LINES...: a script of them fails
    printf '%s\n' "$@" >"$work/script"
    fresh 0
    XDG_CONFIG_HOME=$made/kept XDG_STATE_HOME=$made/kept run explore "$work/sample" --no-display --resume \
        --script "$work/script"
    one_line 'No space left on device' "script $*"
    [[ $(contents) == "$before" ]] || broken "script $*: loses something"
}
keeps ':bind x view-hubs' :save-config
keeps M
base=
for i in {0..59}; do printf -v row '\\x%02x' $((i / 2)) && rows+=("$row"); done
npy "$work/pairs.npy" '|u1' '(60,)' "${rows[@]}"
full train "$work/sample" --pairs "$work/pairs.npy" --epochs 1 --seeds 1 --rate 1e-3 --output "$made/trained" \
    --log "$made/log.csv"
full fit-encoder "$work/sample" --output "$made/encoder"
full import "$made/new" "${tables[@]}" "${matrices[@]}" --thumbnails "$TESTS_DIR/../sample_data" --strip-frames 8
base=$work/sample
full import "$made/sample" --add-bank more="$data/bank_stills.npy"
full import "$made/sample" --add-model more "${matrices[@]}"
full import "$made/sample" --replace "${tables[@]}" "${matrices[@]}" --no-encoder
full fit-encoder "$made/sample" --replace
# A fit that cannot be cached does no harm.
good hubs "$work/sample" --rule ncl
cp "$work/out" "$work/whole"
fresh 0
good hubs "$made/sample" --rule ncl:iterations=5
finish
