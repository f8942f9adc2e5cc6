#!/bin/bash
# Another process has the catalog locked: the explorer answers keys, says why titles are missing, and catches up.
source "$TESTS_DIR/tools/check.sh" || exit 1
small_sample
source "$TESTS_DIR/tools/tmux.sh" || exit 1
copy_collection "$HUBSCOPE_SAMPLE" "$work/busy"

lock() {
    coproc HOLDER { exec "$TOOLS_DIR/sql" "$work/busy/catalog.db" 'BEGIN EXCLUSIVE' hold; }
    read -r held <&"${HOLDER[0]}"
    holds test "$held" = held
}

unlock() {
    local pid=$HOLDER_PID
    eval "exec ${HOLDER[1]}>&-"
    wait "$pid"
}

# Opening says what is wrong, in one line.
lock
bad 1 'catalog\.db: database is locked' search "$work/busy" frog
unlock

open_window 120x36
explore -- "$work/busy"
expect '[?] help +q quit'
expect 'pulled by'
lock
keys H # views and videos that have not been shown yet
expect '^ *[0-9]+ +video [0-9]+'
expect 'another process has catalog.db locked'
keys R
expect 'R@10'
keys S
expect 'query [0-9]+'
unlock
expect 'catalog.db is no longer locked'
vanish 'query [0-9]+'
keys H
expect 'fair'
vanish '^ *[0-9]+ +video [0-9]+'

# Quitting does not wait for the lock, whatever work is under way.
lock
keys 1 B M
begun=$EPOCHREALTIME
keys q
left 0
took=$(((${EPOCHREALTIME/./} - ${begun/./}) / 1000))
holds test "$took" -lt 3000
unlock
finish
