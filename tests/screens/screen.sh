#!/bin/bash
# One golden screen: plays NAME.keys in the explorer without a display and compares the screen at its end, colours and
# attributes included, with NAME.ansi.
#
#   screen.sh NAME             compare; prints both screens and their difference when they differ
#   screen.sh --record NAME    make NAME.ansi anew: look at it (tests/tools/shoot.sh --ansi) before it is committed
#
# The first line of NAME.keys says how the program is started:
#   # 24x80 [STORED=CASE] [VARIABLE=value ...] [--option ...]
# STORED=case4 opens a collection of that golden case's stored similarities instead of the sample.
# Needs HUBSCOPE (the program) and HUBSCOPE_SAMPLE (the sample collection, which is not changed).
set -u
: "${HUBSCOPE:?the program to test}" "${HUBSCOPE_SAMPLE:?the sample collection}"
here=$(cd "$(dirname "$0")" && pwd)
record=''
[[ ${1:-} == --record ]] && { record=1; shift; }
name=${1:?the name of a screen}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

read -r mark size settings <"$here/$name.keys"
[[ $mark == '#' && $size =~ ^[0-9]+x[0-9]+$ ]] || { echo "$name.keys: the first line must be '# ROWSxCOLUMNS ...'"; exit 1; }
variables=() options=() stored=''
for word in $settings; do
    case $word in
    STORED=*) stored=${word#STORED=} ;;
    --*) options+=("${word//+/ }") ;;
    *) variables+=("$word") ;;
    esac
done

# A copy, as the explorer keeps fits in the catalog.  The arithmetic is pinned to what every x86-64 has, so that no last
# digit and no tie depends on the machine.
if [[ -n $stored ]]; then
    files=$here/../matrices/$stored
    "$HUBSCOPE" import "$work/sample" --name "$stored" --sims-test "${files}_sims.pkl" \
        --sims-bank train="${files}_bank_sims.pkl" --targets "$here/../golden/$stored/targets.npy" >/dev/null || exit 1
else
    cp -r "$HUBSCOPE_SAMPLE" "$work/sample"
fi
{ cat "$here/$name.keys"; echo; echo ":save-display $work/screen.ansi"; } >"$work/script"
env -i HOME="$work" PATH="$PATH" TZ=UTC LC_ALL=C.UTF-8 TERM=xterm-256color LINES="${size%x*}" COLUMNS="${size#*x}" \
    OPENBLAS_CORETYPE=Nehalem HUBSCOPE_ISA=generic ASAN_OPTIONS="${ASAN_OPTIONS:-}" "${variables[@]}" \
    "$HUBSCOPE" "$work/sample" --script "$work/script" --no-display "${options[@]}" </dev/null 2>"$work/errors" >&2
status=$?
if ((status != 0)) || [[ -s $work/errors || ! -s $work/screen.ansi ]]; then
    echo "$name: status $status"
    cat "$work/errors"
    exit 1
fi
if [[ -n $record ]]; then
    cp "$work/screen.ansi" "$here/$name.ansi"
    exit 0
fi
cmp -s "$work/screen.ansi" "$here/$name.ansi" && exit 0
plain() { sed 's/\x1b\[[0-9;]*m//g' "$1"; }
echo "$name: the screen is not as it was"
echo "--- expected"; plain "$here/$name.ansi"
echo "--- shown"; plain "$work/screen.ansi"
echo "--- difference (with attributes)"; diff "$here/$name.ansi" "$work/screen.ansi" | cat -v | head -20
exit 1
