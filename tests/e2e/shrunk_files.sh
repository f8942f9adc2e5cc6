#!/bin/bash
# A matrix that shrinks while the program reads it: one line that names it, and the terminal as it was.
source "$TESTS_DIR/tools/check.sh" || exit 1
small_sample
source "$TESTS_DIR/tools/tmux.sh" || exit 1

# An encoder is asked once the collection is open: this one truncates a matrix before it answers.
cat >"$work/encoder.sh" <<'END_OF_ENCODER'
while read -r line; do
    truncate -s 200 "$1"
    printf '1%s\n' "$(printf ' 0%.0s' {1..127})"
done
END_OF_ENCODER

collection() { # collection NAME: a copy that may be spoilt
    copy_collection "$HUBSCOPE_SAMPLE" "$work/$1"
}

for threads in 1 4; do
    collection spoilt$threads
    bad 1 'spoilt[14]/videos\.npy changed while it was open$' search "$work/spoilt$threads" toad --rule raw \
        --threads $threads --encoder-command "bash '$work/encoder.sh' '$work/spoilt$threads/videos.npy'"
done

open_window 100x30
keys 'stty -echo' Enter # the explorer may end before it reads the key below
for file in videos bank_stills; do
    collection shown
    explore -- "$work/shown"
    expect '[?] help +q quit'
    truncate -s 200 "$work/shown/$file.npy"
    keys B
    left 1
    holds grep -q "^hubscope: .*shown/$file.npy changed while it was open\$" "$work/err"
    holds test "$(wc -l <"$work/err")" = 1
    rm -rf "$work/shown"
    keys C-u clear Enter
    vanish '^left the explorer'
done
finish
