#!/bin/bash
# The explorer's Learning view from outside: what was learned is saved into the collection or a copy, all or nothing; what
# cannot be written, and data that must not be learned from, is refused in one line.
source "$TESTS_DIR/tools/check.sh" || exit 1
copy_collection "${HUBSCOPE_SAMPLE:?}" "$work/mine" || exit 1
cd "$work" || exit 1

script() { # script LINE...: makes the script that opens Learning and goes on; each `shot` is screen N.txt
    local line screens=0
    rm -f ./*.txt
    echo X >script
    for line in "$@"; do
        [[ $line == shot ]] && line=":save-display $((++screens)).txt"
        echo "$line" >>script
    done
}
play=(--script script --no-display --rule raw --rule ncl)
export COLUMNS=200 LINES=40 TERM=xterm-256color

shows() { # shows N PATTERN...: a line of screen N matches
    local pattern screen=$1
    shift
    for pattern in "$@"; do
        checks=$((checks + 1))
        grep -Eq -- "$pattern" "$screen.txt" && continue
        failures=$((failures + 1))
        echo "FAILED: no line of screen $screen matches '$pattern'"
        sed 's/^/  | /' "$screen.txt"
    done
}

models() { # the names of a collection's models
    "$HUBSCOPE" info "$1" --format json | sed -nE '/^ "models"/,/^ \]/s/^   "name": "([^"]*)".*/\1/p' | tr '\n' ' '
}

train=(Down Down Right Right Enter) # with one rate
script "${train[@]}" shot ':save-model copy/better' shot ':save-model' shot ':rule ncl:iterations=7'
good mine "${play[@]}"
shows 1 'ncl-linear: held-out R@1 [0-9.]+ → [0-9.]+, rate 3e-4, epoch [0-9]+; evaluation queries were never looked at'
shows 2 'better saved with a copy of the collection in copy'
shows 3 'ncl-linear saved into the collection'
holds test "$(models copy)" = 'motion ridge better '
holds test "$(models mine)" = 'motion ridge ncl-linear '
later="SELECT count(*) > 0 FROM fits WHERE key LIKE '%iterations=7 %'" # kept in the new catalog, not in the replaced one
holds test "$("$TOOLS_DIR/sql" mine/catalog.db "$later")" = 1
holds test "$("$TOOLS_DIR/sql" copy/catalog.db "$later")" = 0
good eval mine --rule motion/ncl --rule ncl-linear/ncl
good check mine
good check copy

sanitized && finish # the rest trains again and again

# Learned again, it has another name, and so it is saved beside the first; a taken name is refused.
script "${train[@]}" ':save-model ncl-linear' shot ':save-model' shot
good mine "${play[@]}"
shows 1 'already has a model "?ncl-linear'
shows 2 'ncl-linear-2 saved into the collection'
holds test "$(models mine)" = 'motion ridge ncl-linear ncl-linear-2 '

# Quitting mentions an unsaved model once.
copy_collection "$HUBSCOPE_SAMPLE" "$work/other" || exit 1
script "${train[@]}" q shot q shot
good other "${play[@]}"
shows 1 'ncl-linear is not saved: :save-model saves it, q quits without it'
holds test ! -e 2.txt

refuses() { # refuses COLLECTION PLACE PATTERN: with the pattern in one line
    script "${train[@]}" ":save-model $2"
    bad 1 "$3" "$1" "${play[@]}"
}
refuses other copy/again 'copy: already exists'
refuses other 'a/b c' "'b c' cannot name a model"
echo mine >other/notes # replacing the collection would lose it
refuses other '' 'other: .*; :save-model DIR/ncl-linear adds it to a copy$'
if [[ $(realpath "$HUBSCOPE_SAMPLE") == $(realpath "$(dirname "$HUBSCOPE")/sample") ]]; then
    refuses sample '' 'the built-in sample is never changed: :save-model DIR/ncl-linear saves a copy with the model'
fi
script ':save-model'
bad 1 'no model was learned yet: X opens Learning, where Enter trains one' other "${play[@]}"
holds test -z "$(find . -name '*.importing-*' -o -name '*.model*' -o -name '*.replaced-*')"
holds test "$(models other)" = 'motion ridge '
finish
