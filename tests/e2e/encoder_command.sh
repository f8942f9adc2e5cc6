#!/bin/bash
# A user's program as the text encoder, on the command line and in the explorer, even if it hangs.
source "$TESTS_DIR/tools/check.sh" || exit 1
source "$TESTS_DIR/tools/tmux.sh" || exit 1

# enc.sh WHAT: a line of 128 numbers, or their bytes, with a one at an index given by the text's length.
cat >"$work/enc.sh" <<'END'
echo $$ >>"$(dirname "$0")/pids"
while read -r line; do
    numbers='' bytes='' i=0
    while [ $i -lt 128 ]; do
        one=0
        [ $i = ${#line} ] && one=1
        numbers="$numbers $one"
        [ $one = 1 ] && bytes="$bytes\0\0\200\077" || bytes="$bytes\0\0\0\0"
        i=$((i + 1))
    done
    [ "$1" = float32 ] && printf "$bytes" || echo "$numbers"
done
END
text=(--encoder-command "sh '$work/enc.sh'" --rule raw --top 3 --format csv)
float32=(--encoder-command "sh '$work/enc.sh' float32" --encoder-output float32 --rule raw --top 3 --format csv)

none_left() { # no program started still runs
    local pid
    for pid in $(cat "$work/pids" 2>/dev/null); do
        kill -0 "$pid" 2>/dev/null && [[ $(sed 's/.*) //; s/ .*//' "/proc/$pid/stat" 2>/dev/null) != Z ]] && return 1
    done
    rm -f "$work/pids"
}

good search sample frog --rule raw --top 3 --format csv
cp "$work/out" "$work/own"
good search sample frog "${text[@]}"
has '^raw'
holds eval '! cmp -s "$work/own" "$work/out"' # it takes precedence over the collection's own
cp "$work/out" "$work/frog"
holds none_left
good search sample toad "${float32[@]}"
holds cmp "$work/frog" "$work/out" # a word of the same length
good search sample $'t\no' "${text[@]}"
good search sample 'two words' "${text[@]}"
holds eval '! cmp -s "$work/frog" "$work/out"'
export HUBSCOPE_ENCODER_COMMAND="sh '$work/enc.sh'"
good search sample frog --rule raw --top 3 --format csv
holds cmp "$work/frog" "$work/out"
holds none_left
good search sample --caption 0 --rule raw # needs no encoder
holds test ! -e "$work/pids"
good search sample frog --rule raw --top 3 --format csv --encoder-command ''
holds cmp "$work/own" "$work/out"
unset HUBSCOPE_ENCODER_COMMAND

# Failures: one line that names the program, says what happened and usually what to do.
fails() { # fails PATTERN COMMAND [OPTION...]
    bad 1 "$1" search sample frog --encoder-command "$2" "${@:3}"
}
fails 'no-such-encoder: not found \(it ended with exit status 127\)' 'no-such-encoder'
fails 'No module named torch' 'echo Traceback >&2; echo ModuleNotFoundError: No module named torch >&2; exit 1'
fails 'it ended with exit status 3 and said nothing' 'exit 3'
fails "printed 'Loading\.\.\.' where a line of 128 numbers" 'echo Loading...; cat'
fails 'answers with 3 numbers, the collection has 128 dim' 'read -r line; echo 1 2 3; cat'
fails 'does not end' 'yes 1 | tr "\n" " "'
fails 'no answer within 0.3 s; it must answer' "echo \$\$ >>'$work/pids'; sleep 1000" --encoder-start 0.3
fails 'no answer within 0.3 s.* it said: e' "echo \$\$ >>'$work/pids'; yes error >&2" --encoder-start 0.3
fails 'no answer' "trap '' TERM INT; echo \$\$ >>'$work/pids'; while :; do sleep 1000; done" --encoder-start 0.3
fails '4 of 512 bytes' 'printf 1234; cat >/dev/null' --encoder-start 0.3 --encoder-output float32
fails 'is zero' "read -r line; yes 0 | head -128 | tr '\n' ' '; echo; cat"
fails 'closed its standard output' "exec >&-; echo \$\$ >>'$work/pids'; sleep 1000"
bad 2 'takes text\|float32' search sample frog --encoder-output npy
bad 2 'number above 0' search sample frog --encoder-timeout 0
holds none_left

# However hubscope ends, the program ends with it, and so does what has left its session.
hang="setsid sh -c \"echo \\\$\\\$ >>'$work/pids'; exec sleep 1000\" & echo \$\$ >>'$work/pids'; trap '' TERM INT HUP; while :; do sleep 1000; done"
for signal in INT TERM HUP KILL; do
    ( exec "$HUBSCOPE" search sample frog --encoder-command "$hang" >/dev/null 2>&1 ) &
    holds soon eval '(($(cat "$work/pids" 2>/dev/null | wc -l) == 2))'
    kill -s $signal $!
    wait $! 2>/dev/null
    holds soon none_left
done

# The explorer: results come from the program, which ends with the explorer.
open_window 100x30
begin() { # begin COMMAND [OPTION...]: in the Search view
    printf 'exec %s' "$1" >"$work/command"
    explore "HUBSCOPE_ENCODER_COMMAND='sh $work/command'" -- sample "${@:2}"
    expect 'query [0-9]+ of 1000'
}
begin "sh $work/enc.sh"
keys /
typed 'frog'
expect '^/ frog .* ms$'
keys Enter q
left 0
holds soon none_left

# A program that hangs: keys still work, the query line says what it waits for, captions can be searched meanwhile, and
# Ctrl-C or quitting stops the waiting.
begin "sh -c 'echo \$\$ >>$work/pids; trap \"\" TERM INT HUP; while :; do sleep 1000; done'"
keys /
typed 'fro'
expect '^/ fro .*encoding, [0-9]+[.][0-9] s  Ctrl-C cancels'
typed 'g'
expect '^/ frog .*encoding'
keys Enter
keys H
expect 'airplane'
keys v
expect 'airplane'
keys F
expect 'encoding, '
keys C-c
expect 'cancelled: keep typing to ask again'
keys n
expect 'query 1 of 1000'
keys /
typed 'toad'
expect '^/ toad .*encoding'
patience=10
keys Enter q
left 0
holds soon none_left
patience=20

# The query line reports failures; the middle keeps the previous result.
begin "sh -c 'echo \"No model here\" >&2; exit 1'"
keys /
typed 'frog'
expect '^/ frog .*sh .*/command: No '
expect 'No model here \(it ended with exit status 1\)'
keys Enter n
expect 'query 1 of 1000'
keys q
left 0
begin "sh -c 'echo \$\$ >>$work/pids; sleep 1000'" --encoder-start 0.5
keys /
typed 'frog'
expect 'no answer within 0.5 s'
keys Enter q
left 0
holds soon none_left

# Killed while waiting.
begin "sh -c 'echo \$\$ >>$work/pids; trap \"\" TERM INT HUP; while :; do sleep 1000; done'"
keys /
typed 'frog'
expect '^/ frog .*encoding'
kill -KILL "$(<"$work/pid")"
holds soon none_left
keys "reset; stty sane" Enter
finish
