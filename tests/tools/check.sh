# Sourced by the end-to-end tests: runs commands and counts failed checks.
# Needs HUBSCOPE (the program), TESTS_DIR and TOOLS_DIR; makes $work and removes it at the end.
set -u
: "${HUBSCOPE:?the program to test}" "${TESTS_DIR:?tests/}" "${TOOLS_DIR:?where the test tools were built}"
work=$(mktemp -d)
trap 'rm -rf "$work" 2>/dev/null || { chmod -R u+w "$work" && rm -rf "$work"; }' EXIT
checks=0 failures=0
source "$TESTS_DIR/tools/copy.sh" || exit 1
unset HUBSCOPE_THREADS
export XDG_CONFIG_HOME=$work/config XDG_STATE_HOME=$work/state # not the developer's own

small_sample() { # the collection is a tenth of the sample: 60 videos, 120 queries (tests/tools/small_sample.sh)
    export HUBSCOPE_SAMPLE=${HUBSCOPE_SMALL:?}
}

sanitized() { # the program has sanitizers, which make it slow
    [[ ${SANITIZED:-0} == 1 ]]
}

broken() { # broken WHAT: reports a failed check with the last command's output
    failures=$((failures + 1))
    echo "FAILED: $1"
    sed 's/^/  out: /' "$work/out" 2>/dev/null | head -5
    sed 's/^/  err: /' "$work/err" 2>/dev/null | head -5
}

run() { # run ARGUMENTS: runs the program; sets $work/out, $work/err and $status
    "$HUBSCOPE" "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
}

rules() { # the names of all rules, one per line
    "$HUBSCOPE" info sample --format json | sed -n 's/^ *"rule": *"\(.*\)",\{0,1\}$/\1/p'
}

good() { # good ARGUMENTS: must succeed and print nothing on standard error
    checks=$((checks + 1))
    run "$@"
    ((status == 0)) && [[ ! -s $work/err ]] || broken "hubscope $* (status $status)"
}

bad() { # bad STATUS PATTERN ARGUMENTS: must fail with STATUS and print only one line, which matches
    local want=$1 pattern=$2
    shift 2
    checks=$((checks + 1))
    run "$@"
    local lines
    mapfile lines <"$work/err"
    if ((status != want)) || ((${#lines[@]} != 1)) || [[ ${lines[0]} != *$'\n' || -s $work/out ]] ||
        [[ ! ${lines[0]%$'\n'} =~ ^${HUBSCOPE##*/}:\ .*($pattern) ]]; then
        broken "hubscope $* (status $status; wanted $want and one line with '$pattern')"
    fi
}

has() { # has PATTERN: the last output has a line that matches
    local lines line
    checks=$((checks + 1))
    mapfile -tn 40 lines <"$work/out"
    if ((${#lines[@]} < 40)); then # for few lines a program costs more than the shell
        for line in "${lines[@]}"; do
            [[ $line =~ $1 ]] && return
        done
    else
        grep -Eq -- "$1" "$work/out" && return
    fi
    broken "no line matches '$1'"
}

holds() { # holds COMMAND...: the command succeeds
    checks=$((checks + 1))
    "$@" || broken "$*"
}

finish() {
    echo "$checks checks, $failures failed"
    ((failures == 0))
    exit
}
