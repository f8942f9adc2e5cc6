#!/bin/bash
# Golden screens: plays GROUP.keys in the explorer without a display and compares every screen it names with
# GROUP/NAME.ansi, including colours and attributes.
#
#   screen.sh GROUP             compare; prints each screen that differs, the expected one and the difference
#   screen.sh --record GROUP    record GROUP/*.ansi again: look at them (tests/tools/shoot.sh --ansi) before committing
#   screen.sh --play GROUP      play the keys on whatever HUBSCOPE_SAMPLE is and compare nothing: for sanitizers
#
# GROUP.keys is a script of the explorer (see ui/keys/script.h).  Its first line says how the program is started:
#   # 24x80 [STORED=CASE] [RULES=raw,ncl] [VARIABLE=value ...] [--option ...]
# STORED=case4 opens a collection of that golden case's stored similarities instead of the sample; those of case7
# are logits.  RULES offers those alone, which takes less time, where no others are on the screens.  The line
#   === NAME [whole|rules|end]
# comes before the keys that lead from the previous screen to this one.  The header's two rows are left out, so that a
# new view does not change every screen; `rules` keeps the second row, `whole` both, `end` both without the tabs.  For
# the same reason only the rules listed below are offered, or RULES, whatever others exist.
# Needs HUBSCOPE (the program) and HUBSCOPE_SAMPLE (the sample collection, which is not changed).
set -u
: "${HUBSCOPE:?the program to test}" "${HUBSCOPE_SAMPLE:?the sample collection}"
here=$(cd "$(dirname "$0")" && pwd)
TOOLS_DIR=$(dirname "$HUBSCOPE")/tests
source "$here/../tools/copy.sh" || exit 1
record='' play=''
[[ ${1:-} == --record ]] && { record=1; shift; }
[[ ${1:-} == --play ]] && { play=1; shift; }
group=${1:?the name of a group of screens}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

die() { echo "$group: $1"; exit 1; }

read -r mark size settings <"$here/$group.keys"
[[ $mark == '#' && $size =~ ^[0-9]+x[0-9]+$ ]] || die "the first line must be '# ROWSxCOLUMNS ...'"
variables=() options=() stored='' rules=raw,is,qbnorm,ncl,csls,nnn,gc,dualis,dualdis,center,dsl
for word in $settings; do
    case $word in
    STORED=*) stored=${word#STORED=} ;;
    RULES=*) rules=${word#RULES=} ;;
    --*) options+=("${word//+/ }") ;;
    *) variables+=("$word") ;;
    esac
done
for rule in ${rules//,/ }; do
    options+=(--rule "$rule")
done

# The script without its marks; each screen is saved where the next one begins.
mkdir "$work/shown"
awk -v work="$work" -v play="$play" '
    function save() { if (name) print ":save-display " work "/shown/" name ".ansi" }
    $1 == "===" { save(); name = $2; print name, $3 >(work "/names"); next }
    play && $1 == ":caption" { $2 = ($2 - 1) % 100 + 1 } # whatever the number of queries
    { print }
    END { save() }' "$here/$group.keys" >"$work/script"

# A copy, as the explorer caches fits in the catalog.  The arithmetic is pinned to what every x86-64 has, so that
# neither last digits nor ties depend on the machine.
if [[ -n $stored ]]; then
    files=$here/../matrices/$stored
    golden=$here/../golden/$stored
    sims=${files}_sims.pkl bank=${files}_bank_sims.pkl
    [[ -e $sims ]] || sims=$golden/sims.npy bank=$golden/bank_sims.npy
    "$HUBSCOPE" import "$work/sample" --name "$stored" --sims "$sims" --bank-sims train="$bank" \
        --targets "$golden/targets.npy" >/dev/null || exit 1
else
    copy_collection "$HUBSCOPE_SAMPLE" "$work/sample" || exit 1
fi
env -i HOME="$work" PATH="$PATH" TZ=UTC LC_ALL=C.UTF-8 TERM=xterm-256color LINES="${size%x*}" COLUMNS="${size#*x}" \
    OPENBLAS_CORETYPE=Nehalem HUBSCOPE_ISA=generic ASAN_OPTIONS="${ASAN_OPTIONS:-}" "${variables[@]}" \
    "$HUBSCOPE" "$work/sample" --script "$work/script" --no-display "${options[@]}" </dev/null 2>"$work/errors" >&2
status=$?
if ((status != 0)) || [[ -s $work/errors ]]; then
    cat "$work/errors"
    die "status $status"
fi

if [[ -n $record ]]; then
    rm -rf "${here:?}/$group"
    mkdir "$here/$group"
fi
plain() { sed 's/\x1b\[[0-9;]*m//g' "$1"; }
failed=0
while read -r name header; do
    shown=$work/shown/$name.ansi expected=$here/$group/$name.ansi
    [[ -s $shown ]] || die "the script ended before $name"
    [[ -z $play ]] || continue
    case $header in
    whole) ;;
    rules) sed -i 1d "$shown" ;;
    end) sed -i '1s/.*[^0-9]\([0-9][0-9]* videos\)/\1/' "$shown" ;;
    *) sed -i 1,2d "$shown" ;;
    esac
    if [[ -n $record ]]; then
        cp "$shown" "$expected"
    elif ! cmp -s "$shown" "$expected"; then
        failed=1
        echo "$group/$name: the screen differs"
        echo "--- expected"; plain "$expected"
        echo "--- shown"; plain "$shown"
        echo "--- difference (with attributes)"; diff "$expected" "$shown" | cat -v | head -20
    fi
done <"$work/names"
for expected in "$here/$group"/*.ansi; do
    [[ -e $work/shown/${expected##*/} ]] || { echo "$group.keys names no ${expected##*/}"; failed=1; }
done
exit $failed
