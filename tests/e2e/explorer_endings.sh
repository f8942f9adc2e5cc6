#!/bin/bash
# Other ways to start and end the explorer: signals, a pipe on standard input, limited terminals, no colour.
source "$TESTS_DIR/tools/check.sh" || exit 1
source "$TESTS_DIR/tools/tmux.sh" || exit 1
small_sample

coloured() { # the screen contains a colour sequence
    tm capture-pane -e -p | grep -Pq '\x1b\[([0-9;:]+[;:])?(3[0-8]|4[0-8]|9[0-7]|10[0-7])[;:m]'
}

begin() { # begin [VARIABLE=VALUE...] [-- ARGUMENTS]: from a screen with one line
    keys 'clear; echo earlier text' Enter
    vanish '^left the explorer'
    expect '^earlier text'
    explore "$@"
    expect '[?] help +q quit'
}

gone() { # ended, though nobody may have waited for it
    ! kill -0 "$1" 2>/dev/null || grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null
}

open_window 100x30
declare -A ends=([TERM]=143 [HUP]=129 [INT]=130)
for signal in "${!ends[@]}"; do
    begin
    kill -s "$signal" "$(<"$work/pid")"
    left "${ends[$signal]}"
    expect '^earlier text'
done

# Stopped and continued from outside.  Only the thread of the screen receives signals.
blocked_elsewhere() { # blocked_elsewhere PID: all threads but the first block SIGTSTP (bit 19) and SIGWINCH (bit 27)
    local task mask threads=0
    for task in /proc/"$1"/task/*; do
        [[ ${task##*/} == "$1" ]] && continue
        mask=0x$(sed -n 's/^SigBlk:[[:space:]]*//p' "$task/status")
        ((mask >> 19 & 1 && mask >> 27 & 1)) || return 1
        threads=$((threads + 1))
    done
    ((threads))
}
begin -- --view hubs
expect 'horse'
holds blocked_elsewhere "$(<"$work/pid")"
kill -s TSTP "$(<"$work/pid")"
holds soon reads alternate_on 0
holds soon reads cursor_flag 1
kill -s CONT "$(<"$work/pid")"
holds soon reads alternate_on 1
expect 'horse'
keys M
expect 'fair'

# Stopped by a signal that no handler sees, below a shell that sets its own mode.
keys q
left 0
keys clear Enter
keys "'$HUBSCOPE' sample --view hubs" Enter
expect '[?] help +q quit'
shell=$(tm display-message -p '#{pane_pid}')
kill -s STOP $(<"/proc/$shell/task/$shell/children")
expect 'Stopped'
keys fg Enter
expect 'horse'
holds soon reads cursor_flag 0
keys M
expect 'fair'
keys q
expect '^shell>'
keys 'stty -a' Enter
expect '[^-]icanon'

# Ctrl-C cancels work in progress, and quits if there is none.
begin
for _ in {1..10}; do
    keys C-c
    patience=2 soon shows '^left the explorer' && break
done
left 0

# Standard input is a pipe: keys still come from the terminal.
piped=1 begin
expect 'pulled by bank train'
keys H
expect 'horse'
keys q
left 0

# Standard output is not a terminal.
piped=1 begin -- '>/dev/null'
keys H
expect 'horse'
keys q
left 0

# With and without colours.
begin
holds soon coloured
keys q
left 0
for how in 'NO_COLOR=1' '-- --color never' 'TERM=vt100'; do
    begin $how
    expect 'pulled by bank train'
    keys H
    expect 'horse'
    holds eval '! coloured'
    keys R
    expect 'R@10'
    holds eval '! coloured'
    keys q
    left 0
done

# A terminal that cannot position its cursor gets a clear message.
for name in dumb ''; do
    keys 'clear; echo earlier text' Enter
    vanish '^left the explorer'
    explore TERM=$name
    left 1
    expect '^earlier text'
    holds grep -Eq "^hubscope: .*TERM${name:+=$name}" "$work/err"
    holds test "$(wc -l <"$work/err")" = 1
done

# A terminal that terminfo does not know is taken for one like xterm.
keys clear Enter
explore TERM=no-such-terminal
expect 'TERM=no-such-terminal is not known here'
keys H
expect 'horse'
holds soon coloured
keys q
left 0

# Without UTF-8 only ASCII is drawn.
begin LC_ALL=C
keys H
expect 'horse'
holds eval '! screen | LC_ALL=C grep -q "[^ -~]"'
keys q
left 0

# The terminal is closed.
begin
pid=$(<"$work/pid")
tm kill-server
holds soon gone "$pid"
finish
