#!/bin/bash
# README's tour of the sample: presses every key it names, in order, and checks that every claim is in README and on the
# screen, at 80x24 and at 120x36.
source "$TESTS_DIR/tools/check.sh" || exit 1

readme=$(tr '\n' ' ' <"$TESTS_DIR/../README.md" | tr -s ' ')
copy_collection "${HUBSCOPE_SAMPLE:?}" "$work/sample" || exit 1
screens=0
: >"$work/keys"
claims=()

says() { # says TEXT: README contains the words, ignoring line breaks
    checks=$((checks + 1))
    [[ $readme == *"$1"* ]] || broken "README's tour does not say '$1'"
}

press() { # press SCRIPT-LINE...: the keys that lead to the next screen
    screens=$((screens + 1))
    printf '%s\n' "$@" ":screenshot $screens.txt" >>"$work/keys"
}

sees() { # sees PATTERN...: the screen has lines that match
    local pattern
    for pattern in "$@"; do
        claims+=("$screens $pattern")
    done
}

play() { # play ROWSxCOLUMNS
    local claim
    mkdir "$work/$1"
    checks=$((checks + 1))
    (cd "$work/$1" && env -i HOME="$work" PATH="$PATH" LC_ALL=C.UTF-8 TERM=xterm-256color LINES="${1%x*}" \
        COLUMNS="${1#*x}" OPENBLAS_CORETYPE=Nehalem HUBSCOPE_ISA=generic ASAN_OPTIONS="${ASAN_OPTIONS:-}" \
        "$HUBSCOPE" "$work/sample" --script ../keys --no-display) >"$work/out" 2>"$work/err" </dev/null ||
        broken "the tour fails at $1"
    for claim in "${claims[@]}"; do
        checks=$((checks + 1))
        grep -Eq -- "${claim#* }" "$work/$1/${claim%% *}.txt" && continue
        failures=$((failures + 1))
        echo "FAILED: at $1 the tour's screen ${claim%% *} has no line that matches '${claim#* }'"
        sed 's/^/  | /' "$work/$1/${claim%% *}.txt"
    done
}

says '`./run` opens on the query that NCL helps most.'
says "*frog*, the query's own (\`◉\`), goes from rank 18 to 1 (\`▲17\`)"
says 'plus a bias of +0.80, and the bank captions'
press
sees '\(1 raw\) \[2 NCL\]' '◉ frog +rank 18 → 1 +▲17' '─ raw .*▸ NCL' '18 frog' '\+ ?0\.80' 'pulled by bank train'

says 'Press `3`: QB-Norm takes NCL'"'"'s place. The query passes its gate (`gate open`), so the frog comes first here too.'
press 3
sees '\[3 QB-Norm\]' '─ raw .*▸ QB-Norm.*gate open' '◉ frog +rank 18 → 1 '
says 'Press `2` to return to NCL. `r` lists and explains all rules; `w` shows one, two or three side by side.'
press 2 r
sees '─ current rule ─' 'QB-Norm +inverted softmax'
press Esc w
sees '\[2 NCL\]'
press w w
sees '─ raw .*▸ NCL'

says 'Press `/`, type `yellow face crying with tears`, press `Enter`.'
says 'Under NCL *loudly crying face* rises 15 places to rank 6.'
press / 'type yellow face crying with tears' Enter
sees ' 6 loudly crying face .*▲15'
says 'Press `3` again: this time the gate is shut and QB-Norm keeps raw'"'"'s order'
says "because no bank query has raw's first, *crying face*, as its first. Press \`2\`."
press 3
sees 'gate shut' 'The gate is shut: QB-Norm leaves this' 'gate shut: "crying face", raw.s first, is'

says 'Press `H`, then `g` for the first row.'
says '*airplane* is in 76 top-10 lists under raw, where 20 would be fair; NCL takes it to 31.'
says '`!` marks those where it ranks above their own video'
press 2 H g
sees '^ +1 ◆ airplane +76 → +31' 'N10 +76 → 31 +\(fair 20\)' 'raw lists it for 76 queries, ! before their own' '^.* ! '

says 'Press `M`. The airplane is still selected: its probability mass falls from 11.0 to 4.69, where 2 is fair.'
says 'the normalisation error falls from 0.814 to 0.555'
press M
sees '▸ airplane +11\.0 → +4\.69' 'raw +normalisation error 0\.814' 'NCL +normalisation error 0\.555'

says 'Press `S`: NCL helps 397 queries and hurts 301.'
says '`R@1 +2.8 [+0.5 +5.1] ▲` is a gain beyond chance'
press S
sees '▲ 397 helped +▼ 301 hurt' 'R@1 +\+2\.8 \[\+0\.5 \+5\.1\] ▲' 'better than raw beyond chance' 'biggest change first'
says '`o` changes the order; `Enter` opens a query in Search.'
press o
sees '1000 queries, helped most first'
press Enter
sees '─ raw .*▸ NCL' 'query [0-9]+ of 1000'

says 'Press `R` for all rules side by side: R@1 is 24.8 under raw and 27.6 under NCL.'
press R
sees '^ +raw +24\.8' '▸ NCL +27\.6▲'
says "\`P\` draws the measure as a curve over the rule's parameter, \`[\` and \`]\` move along it, and \`Esc\` returns."
press P
sees 'NCL scale 22\.71: R@1 27\.6, raw 24\.8'
press [
sees 'NCL scale 18\.[0-9]+: R@1'
press ] Esc
sees '▸ NCL +27\.6▲'

says 'Press `B`, then `Down` to `stills`'
says "Its hubs are not the queries' hubs, and NCL fitted on it falls to 23.5, below raw, while QB-Norm still gains 0.9"
press B Down
sees '^ +stills +2236 .* 23\.5' "Its hubs are not the queries' hubs" 'QB-Norm \+0\.9, NCL -1\.3'
says '`Enter` uses the bank everywhere.'
press Enter
sees 'bank stills|stills +2236'

says 'Press `X`, then `Enter`'
says 'you watch held-out R@1 rise from 60.2 to 67.6. `Left` and `Enter` learn by InfoNCE on the same axes'
says '`Enter` again compares what was learned with the frozen model'
press X Enter
sees 'held-out R@1 60\.2 → 67\.6' 'Enter compares'
press Left Enter
sees '━ InfoNCE .* NCL 67\.6' 'Enter compares'
press Enter
sees 'infonce-linear/NCL' '▲ [0-9]+ helped +▼ [0-9]+ hurt'

play 24x80
play 36x120
finish
