#!/bin/bash
# usage: film.sh HUBSCOPE OUT.svg [LESSON [SECONDS]]: plays a lesson on the sample and makes one moving picture of it, each
# stop shown for SECONDS (6 by default).  An SVG moves by its own style sheet, in any browser, without a script; where people prefer
# less motion it stays at the first stop.
set -euo pipefail
hubscope=$(realpath "$1") out=$2 lesson=${3:-tour} seconds=${4:-6}
lessons=$(dirname "${BASH_SOURCE[0]}")/../../sample_data/lessons
stops=$(grep -c '^==' "$lessons"/*-"$lesson".lesson)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

{
    for ((stop = 0; stop < stops; stop++)); do
        ((stop == 0)) || echo Enter
        printf ':screenshot %s/%02d.svg\n' "$work" "$stop"
    done
    echo q
} >"$work/keys"
LINES=30 COLUMNS=104 TERM=xterm-256color LC_ALL=C.UTF-8 XDG_STATE_HOME=$work XDG_CONFIG_HOME=$work "$hubscope" lesson "$lesson" \
    --script "$work/keys" --no-display --color direct --images blocks --background dark --still

# The first picture's frame holds all of them.
{
    head -1 "$work/00.svg"
    echo "<title>hubscope: the lesson $lesson</title>"
    awk -v stops="$stops" -v seconds="$seconds" 'BEGIN {
        printf "<style>.stop{visibility:hidden;animation:stop %ds step-end infinite}", stops * seconds
        printf "@keyframes stop{0%%{visibility:visible}%.4f%%{visibility:hidden}}", 100 / stops
        for (i = 0; i < stops; i++) printf ".s%d{animation-delay:%ds}", i, i * seconds
        print "@media (prefers-reduced-motion:reduce){.stop{animation:none}.s0{visibility:visible}}</style>"
    }'
    for ((stop = 0; stop < stops; stop++)); do
        echo "<g class=\"stop s$stop\">"
        sed -e '1d' -e '/^<title>/d' -e '/^<\/svg>/d' "$work/$(printf %02d "$stop").svg"
        echo '</g>'
    done
    echo '</svg>'
} >"$out"
