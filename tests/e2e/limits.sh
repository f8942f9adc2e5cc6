#!/bin/bash
# Commands that run out of address space, descriptors or file size: each ends, prints one true line or succeeds, and
# leaves nothing behind.
source "$TESTS_DIR/tools/check.sh" || exit 1
small_sample

made=$work/made
mkdir "$made"
{
    echo video,caption
    for i in {1..60}; do echo "$i,caption $i of all"; done
} >"$work/texts.csv"
exec 3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&- # whatever the test was started with: the limits count on them
limited() { # limited LIMIT ARGUMENTS: runs the program, which may not outlive the deadline; sets $status
    ( # redirected before descriptors are scarce, and without those of the tests' driver
        exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
        ulimit $1 # two words
        shift
        exec timeout 60 "$HUBSCOPE" "$@"
    ) 2>&1 >"$work/out" </dev/null | cat >"$work/err" # a limit of files' sizes leaves pipes alone
    status=${PIPESTATUS[0]}
}
lines='out of memory|Too many open files|File too large|cannot be written|cannot start a worker thread'
within() { # within LIMIT ARGUMENTS: succeeds, or fails with one line that names the limit
    checks=$((checks + 1))
    limited "$@"
    if ((status == 0)); then
        [[ ! -s $work/err ]] || broken "ulimit $*: succeeds with a message"
    elif ((status != 1)) || (($(wc -l <"$work/err") != 1)) || ! grep -Eq "^hubscope: .*($lines)" "$work/err"; then
        broken "ulimit $* (status $status)"
    fi
}
emptied() { # emptied: what was made is whole or absent, with nothing beside it
    holds test -z "$(find "$made" -name '*.importing-*' -o -name '*.replaced-*' -o -name '*.tmp' -o -name '*.encoder*')"
    local collection
    for collection in "$made"/*; do
        [[ ! -e $collection/catalog.db ]] || good check "$collection"
    done
    rm -rf "${made:?}"/*
}
every() { # every LIMIT: all commands
    local command
    for command in info check eval hubs mass shifts bank lists; do
        within "$1" $command "$HUBSCOPE_SAMPLE"
    done
    within "$1" search "$HUBSCOPE_SAMPLE" toad
    within "$1" sweep "$HUBSCOPE_SAMPLE" --rule is --over beta=1,2
    within "$1" report "$HUBSCOPE_SAMPLE" --rule is --bootstrap 10 --output "$made/page.html"
    within "$1" eval "$HUBSCOPE_SAMPLE" --rule raw --dump "$made/dump"
    ((status == 0)) || holds test ! -e "$made/dump"
    sanitized && [[ $1 == '-n 8' ]] || # a long fit, and the import makes one too
        within "$1" fit-encoder "$HUBSCOPE_SAMPLE" --output "$made/encoder"
    within "$1" import "$made/new" --texts-table "$work/texts.csv" --videos "$HUBSCOPE_SAMPLE/videos.npy" \
        --queries "$HUBSCOPE_SAMPLE/videos.npy"
    copy_collection "$HUBSCOPE_SAMPLE" "$made/changed"
    within "$1" import "$made/changed" --add-bank more="$HUBSCOPE_SAMPLE/bank_stills.npy"
    emptied
}

sanitized && descriptors=(6 8) sizes=(1) || descriptors=(4 5 6 7 8 10) sizes=(0 1 30)
for files in "${descriptors[@]}"; do
    every "-n $files"
done
for blocks in "${sizes[@]}"; do # of 1024 bytes
    every "-f $blocks"
done
if ! sanitized; then
    # The explorer: with too few to read the terminal's description it says that, and does not take it for another.
    for files in {5..8}; do
        "$TOOLS_DIR/pty" 80x24 '' '' "$work/sent" -- \
            bash -c "ulimit -n $files; TERM=dumb exec timeout 20 '$HUBSCOPE' explore '$HUBSCOPE_SAMPLE'"
        holds grep -q 'cannot place its cursor\|Too many open files' "$work/sent"
    done
fi
if ! sanitized; then
    limited '-s 64' info "$HUBSCOPE_SAMPLE"
    holds grep -q '^hubscope: stacks are limited to 64 kB' "$work/err"
fi
if ! sanitized; then # sanitizers need terabytes of it
    for kilobytes in 80000 200000; do
        every "-v $kilobytes"
    done
fi
finish
