#!/bin/bash
# A picture of a terminal window: runs a command in xterm on a virtual display and saves the window's contents.
#
#   shoot.sh OUT.png COLUMNSxROWS [option...] -- COMMAND [argument...]
#   shoot.sh OUT.png COLUMNSxROWS [option...] --ansi FILE     a screen saved by :save-display FILE.ansi
#
#   --light        light background (default: dark)
#   --term NAME    TERM for the command (default: xterm-256color; xterm-direct for true colour)
#   --keys "..."   keys to send once the window is drawn, by X names: "slash f o x Return"; "wait" waits for it again
#   --type TEXT    text to type after the keys
#   --font SIZE    point size (default 11)
#
# Waits until the window stops changing, at most 10 s: open the explorer with --still, as playing film strips never do.
# Needs xvfb, xterm, imagemagick, xdotool and fonts-dejavu-core.
set -euo pipefail

usage() { sed -n '2,14s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ $# -ge 3 ] || usage
out=$1 geometry=$2
shift 2
paper='#101216' ink='#d8dde6' colours='15;0' term=xterm-256color keys='' text='' font=11
while [ $# -gt 0 ]; do
    case $1 in
    --light) paper='#fafafa' ink='#24292f' colours='0;15' ;;
    --term) term=$2; shift ;;
    --keys) keys=$2; shift ;;
    --type) text=$2; shift ;;
    --font) font=$2; shift ;;
    --ansi) set -- -- head -c -1 "$2" ;&
    --) shift; break ;;
    *) usage ;;
    esac
    shift
done
[ $# -gt 0 ] || usage

work=$(mktemp -d)
terminal='' server=''
finish() {
    [ -n "$terminal" ] && kill "$terminal" 2>/dev/null || true
    [ -n "$server" ] && kill "$server" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

Xvfb -displayfd 3 -screen 0 3000x2200x24 -nolisten tcp 3>"$work/display" 2>/dev/null &
server=$!
for _ in $(seq 100); do [ -s "$work/display" ] && break; sleep 0.05; done
DISPLAY=:$(cat "$work/display")
export DISPLAY

# The window stays open when the command ends, with the cursor hidden.
xterm -tn "$term" -fa 'DejaVu Sans Mono' -fs "$font" -geometry "$geometry+0+0" -b 4 -bw 0 +sb \
    -bg "$paper" -fg "$ink" -title shoot \
    -xrm 'XTerm*VT100.allowBoldFonts: true' -xrm 'XTerm*VT100.boldColors: false' \
    -xrm 'XTerm*VT100.directColor: true' \
    -e env "COLORFGBG=$colours" sh -c '"$@"; printf "\033[?25l"; exec sleep 60' sh "$@" 2>/dev/null &
terminal=$!

window=''
for _ in $(seq 600); do
    window=$(xdotool search --onlyvisible --name shoot 2>/dev/null | tail -1 || true)
    [ -n "$window" ] && break
    sleep 0.05
done
[ -n "$window" ] || { echo "shoot.sh: no window appeared" >&2; exit 1; }

look() { import -window "$window" "$1"; }
settle() {
    local last='' now colours
    for _ in $(seq 50); do
        sleep 0.2
        look "$work/now.png"
        now=$(identify -format '%#' "$work/now.png")
        colours=$(identify -format '%k' "$work/now.png")
        [ "$now" = "$last" ] && [ "$colours" -gt 1 ] && return
        last=$now
    done
}
settle
xdotool mousemove --window "$window" 20 20 # without a window manager the keyboard follows the pointer
for key in $keys; do
    if [ "$key" = wait ]; then settle; else xdotool key --clearmodifiers "$key"; fi
done
[ -n "$text" ] && xdotool type --delay 5 -- "$text"
[ -n "$keys$text" ] && settle
mv "$work/now.png" "$out"
