#!/bin/bash
# A signal ends the program while it writes files: all of them are in place, or none and nothing is left.
source "$TESTS_DIR/tools/check.sh" || exit 1
small_sample
copy_collection "$HUBSCOPE_SAMPLE" "$work/sample"
mkdir "$work/made"
cd "$work/made" || exit 1

# ended SIGNAL CALL AT ARGUMENTS: SIGNAL comes while CALL number AT is on its way, and ends the program; sets $status
ended() {
    local signal=$1 call=$2 at=$3
    shift 3
    checks=$((checks + 1))
    rm -rf "${work:?}"/made/*
    { # without the shell's own line
        SLOW_CALL="$call" SLOW_AT="$at" SLOW_SIGNAL=$(kill -l "$signal") SLOW_NAMED=1 \
            LD_PRELOAD="$TOOLS_DIR/libslow_files.so" "$HUBSCOPE" "$@" >"$work/out" 2>"$work/err" </dev/null
    } 2>/dev/null
    status=$?
    ((status == ${want:-128 + $(kill -l "$signal")})) || broken "$signal at $call $at of hubscope $* (status $status)"
}
nothing() { # nothing is left
    checks=$((checks + 1))
    local left
    left=$(find "$work/made" -mindepth 1)
    [[ ! $left ]] || broken "left behind: $left"
}

all() { # all vectors are in place
    holds test "$(ls new | tr '\n' ' ')" = 'ncl.bias.npy ncl.mass.npy ncl.n10.npy ncl.rank.npy '
}

# Too late to cancel: the command does not stop at its last step.
want=0 ended TERM fsync 3 eval "$work/sample" --rule ncl --bootstrap 0 --dump new
all
ended HUP fsync 1 lists "$work/sample" --rule raw --rule ncl --output lists.csv
nothing
ended XCPU renameat2 1 fit "$work/sample" --rule ncl --output fits
good eval "$work/sample" --fit fits --bootstrap 0

# play SIGNAL CALL AT COMMAND: the same in the explorer
play() {
    echo "$4" >"$work/script"
    ended "$1" "$2" "$3" "$work/sample" --view hubs --rule ncl --no-display --script "$work/script"
}
play TERM fsync 3 ':dump new'
nothing
play HUP renameat2 2 ':dump new'
all
play INT fsync 1 ':export hubs.csv'
nothing
play TERM fsync 1 ':screenshot screen.svg'
nothing
play INT fsync 1 ':report page.html'
nothing
finish
