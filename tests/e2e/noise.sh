#!/bin/bash
# Random bytes in random pieces, whatever they begin and do not end: the explorer still answers Esc Esc q.
source "$TESTS_DIR/tools/check.sh" || exit 1
small_sample
count=50000
sanitized && count=8000
cd "$work" || exit 1 # where a random export would write
mkdir home
export HOME=$work/home XDG_STATE_HOME=$work/home TERM=xterm-256color
unset NO_COLOR COLORTERM COLORFGBG ESCDELAY TMUX

holds "$TOOLS_DIR/noise" 1 $count keys "$HUBSCOPE" sample
holds "$TOOLS_DIR/noise" 2 $count commands "$HUBSCOPE" sample
finish
