#!/bin/bash
# Titles, tags and captions with escape sequences, C1 controls, newlines, bidi overrides, wide and stacked characters:
# no control reaches the terminal, and the layout holds.
source "$TESTS_DIR/tools/check.sh" || exit 1
source "$TESTS_DIR/tools/npy.sh" || exit 1
source "$TESTS_DIR/tools/hostile.sh" || exit 1
source "$TESTS_DIR/tools/tmux.sh" || exit 1

good import "$work/hostile" "${hostile[@]}" --texts-table "$work/hostile_texts.csv" --name "$(printf "$escape")"
good import "$work/banked" "${hostile[@]}" --texts-table "$work/banked_texts.csv" \
    --bank "train=$work/hostile_bank.npy" --model "$(printf "$escape $bidi")"

# Characters from files that must not reach a terminal: C1, direction marks and overrides, separators.
unwanted=$'[\u0080-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]'
clean() { # clean FILE: a stream of bytes for a terminal contains none of them
    ! grep -aPq "$unwanted" "$1" && ! grep -aPq '\x1b\]|\x1b\[31mred|\x07|\x0b' "$1"
}
holds eval '! clean "$work/hostile_texts.csv" && ! clean "$work/hostile_videos.csv"'

# Output of the command line.
prints_clean() { # prints_clean ARGUMENTS
    good "$@"
    holds clean "$work/out"
    holds eval '! LC_ALL=C grep -q "[[:cntrl:]]" "$work/out"'
}
for caption in 0 1 2 3; do
    prints_clean search "$work/banked" --caption $caption
done
prints_clean info "$work/banked"
prints_clean info "$work/hostile"
prints_clean hubs "$work/banked" --k 1
prints_clean hubs "$work/hostile" --direction v2t --rule raw --k 1
prints_clean mass "$work/banked"
prints_clean mass "$work/hostile" --direction v2t --rule raw
prints_clean shifts "$work/banked"
bad 2 'unknown command' "$(printf "$escape")"
holds clean "$work/err"
bad 1 'nowhere' info "$(printf "nowhere$c1$bidi")"
holds clean "$work/err"

# In every format a terminal gets no control, and files and pipes get the bytes.
good lists "$work/hostile" --rule raw --format csv
holds eval '! clean "$work/out"'
good lists "$work/hostile" --rule raw --format json
holds eval '! clean "$work/out"'
for format in csv json text qrels; do
    "$TOOLS_DIR/pty" 200x40 '' '' "$work/sent" -- "$HUBSCOPE" lists "$work/hostile" --rule raw --format $format
    holds clean "$work/sent"
    holds eval '[[ $format == qrels ]] || grep -q "漢字😀 漢字😀" "$work/sent"'
    holds eval '! tr -d "\r\n\t" <"$work/sent" | LC_ALL=C grep -q "[[:cntrl:]]"'
done
"$TOOLS_DIR/pty" 200x40 '' '' "$work/sent" -- "$HUBSCOPE" info "$work/banked" --format csv --output /dev/tty
holds clean "$work/sent"
holds grep -q '31mred' "$work/sent"

# A screen as a picture is XML.
printf ':screenshot %s\nq\n' "$work/screen.svg" >"$work/keys"
good explore "$work/hostile" --script "$work/keys" --no-display
holds xmllint --noout "$work/screen.svg"
holds grep -q ']]&gt;' "$work/screen.svg"
rm -f "$work/sent"

# The explorer: what it sends, and its layout.
open_window 100x24
tm pipe-pane -O "cat >>'$work/sent'"

bottom_is() { screen | tail -1 | grep -Eq "$1"; }

widths() { # the width of every line in cells
    while IFS= read -r line; do wc -L <<<"$line"; done
}

columns_line_up() { # the first column's probabilities are aligned on all three rows
    local widths
    widths=$(screen | grep -oP '^(◉| ) +[123] .+?(~0|1\.00|\.\d{3})(?= +→)' | widths)
    (($(wc -l <<<"$widths") == 3 && $(sort -u <<<"$widths" | wc -l) == 1))
}

explore -- "$work/banked"
expect ' ]0;owned  \[31mred \[2J frog'
expect '漢字😀 漢字😀'
expect 'two lines  drow'
for query in 1 2 3 4; do
    expect "query $query of 4"
    holds soon columns_line_up
    holds bottom_is 'q quit$'
    keys n
done
for size in 120x36 80x24 41x12 100x24; do
    resize $size
    holds soon bottom_is '[?] help  q quit$'
done
for view in H M S R F; do
    keys $view
    holds soon bottom_is '[?] help'
    holds test "$(screen | wc -L)" -le 100
done
keys H
expect '^ +[0-9]+ .*漢字😀'
keys v
holds soon bottom_is '[?] help'
keys v f
typed 'owl'
expect '^│ owl .* │$'
holds test "$(screen | sed -n 4,6p | widths | sort -u)" = 100
keys Enter
keys q
left 0

# A paste is as hostile as a file.
explore -- sample
expect 'query [0-9]+ of 1000'
tm set-buffer "$(printf "frog $escape $c1 $bidi $wide")"
keys /
tm paste-buffer -p
expect '^/ frog .*漢字😀'
keys Enter
expect 'words known'
keys q
left 0
holds test "$(flag pane_title)" != owned
holds test -s "$work/sent"
# Its own question for the background is an OSC too.
grep -v 'PS1=' "$work/sent" | sed 's/\x1b]11;?\x1b\\//' >"$work/screens"
holds clean "$work/screens"
finish
