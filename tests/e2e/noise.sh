#!/bin/bash
# Random bytes in random pieces, whatever they begin and do not end: the explorer still answers Esc Esc q.
source "$TESTS_DIR/tools/check.sh" || exit 1
small_sample
count=50000
sanitized && count=8000
export TERM=xterm-256color
unset NO_COLOR COLORTERM COLORFGBG ESCDELAY TMUX

typed() { # typed SEED keys|commands: where a random export would write
    mkdir "$work/$2" && cd "$work/$2" || return
    HOME=$work/$2 XDG_STATE_HOME=$work/$2 "$TOOLS_DIR/noise" "$1" $count "$2" "$HUBSCOPE" sample
}
typed 1 keys & # at once, as most of the time is pauses
keys=$!
typed 2 commands &
commands=$!
holds wait $keys
holds wait $commands
finish
