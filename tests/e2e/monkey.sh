#!/bin/bash
# Random keys, mouse events and sizes: the explorer must not fail or print anything on standard error.
source "$TESTS_DIR/tools/check.sh" || exit 1
sanitized && small_sample
source "$TESTS_DIR/tools/npy.sh" || exit 1
source "$TESTS_DIR/tools/hostile.sh" || exit 1
cd "$work" || exit 1 # where a random :save-display would write
unset NO_COLOR COLORTERM COLORFGBG

good import hostile "${hostile[@]}" --texts-table hostile_texts.csv
good import banked "${hostile[@]}" --texts-table banked_texts.csv --bank train=hostile_bank.npy

monkey() { # monkey SEED COUNT TERM COLUMNSxROWS COLLECTION ARGUMENTS
    local seed=$1 count=$2 size=$4
    export TERM=$3 COLUMNS=${4%x*} LINES=${4#*x}
    shift 4
    echo "monkey $seed $count" >script
    good "$@" --script script --no-display
    ((status == 0)) || echo "  monkey $seed $count: TERM=$TERM $size $*"
}

monkey 1 120 xterm-256color 120x36 sample
small_sample
monkey 2 100 xterm-256color 80x24 sample --ascii --view hubs
monkey 3 100 vt100 200x60 sample --view mass
monkey 4 60 xterm-direct 100x30 sample --images blocks --bank stills
NO_COLOR=1 monkey 5 60 xterm-256color 60x20 sample --view metrics
monkey 6 60 linux 41x12 sample --view shifts
sanitized || finish # what crashes on hostile text does so there
monkey 11 400 xterm-256color 120x36 hostile
monkey 12 400 vt100 80x24 banked --images ascii
LC_ALL=C monkey 12 200 xterm 40x12 banked
finish
