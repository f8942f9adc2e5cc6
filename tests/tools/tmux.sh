# Sourced after check.sh by tests that need a terminal: watches and types into a shell in a private tmux server.
# Polls for what is expected and never sleeps for a fixed time.
command -v tmux >/dev/null || { echo "tmux is needed: install Debian's tmux"; exit 1; }
patience=60 # seconds to wait for what is expected
mkdir -p "$work/home"
trap 'tm kill-server 2>/dev/null; chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT

tm() { tmux -L "hubscope$$" -f /dev/null "$@"; }

open_window() { # open_window COLUMNSxROWS: a private shell
    env -i PATH="$PATH" HOME="$work/home" XDG_STATE_HOME="$work/home/state" TERM=screen-256color LC_ALL=C.UTF-8 \
        HUBSCOPE_SAMPLE="${HUBSCOPE_SAMPLE:?}" SHELL=/bin/bash TMUX_TMPDIR="$work" \
        tmux -L "hubscope$$" -f /dev/null \
        new-session -d -x "${1%x*}" -y "${1#*x}" 'exec bash --norc --noprofile -i'
    tm set -g status off
    tm set -g default-terminal screen-256color
    tm set -s escape-time 0
    keys "PS1='shell> '" Enter
    expect '^shell>'
}
export TMUX_TMPDIR=$work
unset TMUX

screen() { tm capture-pane -p; }
flag() { tm display-message -p "#{$1}"; }
keys() { tm send-keys -- "$@"; }
typed() { tm send-keys -l -- "$1"; }
resize() { tm resize-window -x "${1%x*}" -y "${1#*x}"; }

soon() { # soon COMMAND...: the command succeeds within $patience seconds
    local until=$((SECONDS + patience))
    until "$@"; do
        ((SECONDS < until)) || return 1
        sleep 0.03
    done
}

shows() { screen | grep -Eq -- "$1"; }
hides() { ! shows "$1"; }

complain() { # complain WHAT: reports a failure with the current screen
    failures=$((failures + 1))
    echo "FAILED: $1"
    screen | sed 's/^/  | /'
}

expect() { # expect PATTERN: waits until a line of the screen matches
    checks=$((checks + 1))
    soon shows "$1" || complain "no line came to match '$1'"
}

vanish() { # vanish PATTERN: waits until no line matches
    checks=$((checks + 1))
    soon hides "$1" || complain "a line still matches '$1'"
}

reads() { [[ $(flag "$1") == "$2" ]]; }

# explore [VARIABLE=VALUE...] [-- ARGUMENTS]: starts the explorer below a shell that leaves the terminal's settings
# alone and notes them before and after.  With piped=1 standard input is a pipe.
explore() {
    local variables=()
    while (($#)) && [[ $1 != -- ]]; do
        variables+=("$1")
        shift
    done
    rm -f "$work"/{before,after,pid,status}
    cat >"$work/start" <<END
stty -g >"$work/before"
${piped:+echo x |} sh -c 'echo \$\$ >"$work/pid"; exec env "\$@"' sh ${variables[*]} "$HUBSCOPE" ${*:2} 2>"$work/err"
echo \$? >"$work/status"
stty -g >"$work/after"
echo left the explorer
END
    keys "sh '$work/start'" Enter
}

left() { # left STATUS: the explorer exits with STATUS and restores the terminal
    checks=$((checks + 1))
    soon test -s "$work/after" || { complain 'the explorer did not end'; return; }
    [[ $(<"$work/status") == "$1" ]] || broken "the explorer's status is $(<"$work/status"), not $1"
    cmp -s "$work/before" "$work/after" || broken "the terminal's settings changed"
    expect '^left the explorer'
    soon reads alternate_on 0 || complain 'the alternate screen was not left'
    soon reads cursor_flag 1 || complain 'the cursor is hidden'
    soon reads keypad_flag 0 || complain 'the keypad still sends codes'
    soon reads mouse_any_flag 0 || complain 'the mouse still reports'
}
