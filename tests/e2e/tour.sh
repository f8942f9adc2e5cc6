#!/bin/bash
# The keys that the lesson `tour` names, pressed by hand, in order: its claims are on the screen without it too, at 80x24
# and at 120x36.
source "$TESTS_DIR/tools/check.sh" || exit 1

tour=$(tr '\n' ' ' <"$TESTS_DIR/../sample_data/lessons/1-tour.lesson" | tr -s ' ')
copy_collection "${HUBSCOPE_SAMPLE:?}" "$work/sample" || exit 1
screens=0
: >"$work/keys"
claims=()

says() { # says TEXT: the lesson contains the words, ignoring line breaks
    checks=$((checks + 1))
    [[ $tour == *"$1"* ]] || broken "the lesson does not say '$1'"
}

sizes=(24x80 36x120)
press() { # press SCRIPT-LINE...: the keys that lead to the next screen, which is kept at every size
    local size
    screens=$((screens + 1))
    printf '%s\n' "$@" >>"$work/keys"
    for size in "${sizes[@]:1}" "${sizes[0]}"; do
        printf '%s\n' ":resize $size" ":screenshot $size/$screens.txt" >>"$work/keys"
    done
}

sees() { # sees PATTERN...: the screen has lines that match
    local pattern
    for pattern in "$@"; do
        claims+=("$screens $pattern")
    done
}

rules=() # those that the lesson names
for rule in raw ncl qbnorm is center sinkhorn; do
    rules+=(--rule "$rule")
done
play() {
    checks=$((checks + 1))
    (cd "$work" && mkdir "${sizes[@]}" && env -i HOME="$work" PATH="$PATH" LC_ALL=C.UTF-8 TERM=xterm-256color \
        LINES="${sizes[0]%x*}" COLUMNS="${sizes[0]#*x}" OPENBLAS_CORETYPE=Nehalem HUBSCOPE_ISA=generic \
        ASAN_OPTIONS="${ASAN_OPTIONS:-}" "$HUBSCOPE" "$work/sample" --script keys --no-display "${rules[@]}") \
        >"$work/out" 2>"$work/err" </dev/null || broken 'the tour fails'
}

claimed() { # claimed ROWSxCOLUMNS: every claim is on its screen
    local claim
    for claim in "${claims[@]}"; do
        checks=$((checks + 1))
        grep -Eq -- "${claim#* }" "$work/$1/${claim%% *}.txt" && continue
        failures=$((failures + 1))
        echo "FAILED: at $1 the tour's screen ${claim%% *} has no line that matches '${claim#* }'"
        sed 's/^/  | /' "$work/$1/${claim%% *}.txt"
    done
}

says 'On the left, raw similarity ranks it {rank versus}; on the right, NCL ranks it {rank}.'
says 'NCL adds a bias to its logit.'
press
sees '\(1 raw\) \[2 NCL\]' '◉ frog +rank 18 → 1 +▲17' '─ raw .*▸ NCL' '18 frog' '\+ ?0\.80' 'pulled by bank train'

says "Key 3 puts QB-Norm in NCL's place, 2 brings NCL back, r lists all rules."
says "QB-Norm corrects only where raw's first is also the first of some bank caption; that gate is {gate} here."
press 3
sees '\[3 QB-Norm\]' '─ raw .*▸ QB-Norm.*gate open' '◉ frog +rank 18 → 1 '
press 2 r
sees '─ current rule ─' 'QB-Norm +inverted softmax'
press Esc w
sees '\[2 NCL\]'
press w w
sees '─ raw .*▸ NCL'

says '/ lets you type a query'
says 'NCL lifts {title} from {rank versus} to {rank}.'
press / 'type yellow face crying with tears' Enter
sees ' 6 loudly crying face .*▲15'
press 3
sees 'gate shut' 'The gate is shut: QB-Norm leaves this' 'gate shut: "crying face", raw.s first, is'

says 'H counts in how many top-10 lists each video is. The {title} is in {N10 versus} under raw, where {fair-N10} would be fair'
press 2 H g
sees '^ +1 ◆ airplane +76 → +31' 'N10 +76 → 31 +\(fair 20\)' 'raw: in 76 of 1000 lists, ! above their own: 42' '^.* ! '

says 'M adds up the probability that each video gets from all captions.'
says 'The {title} holds {mass versus} under raw and {mass} under NCL'
press M
sees '▸ airplane +11\.0 → +4\.69' 'raw +normalisation error 0\.814' 'NCL +normalisation error 0\.555'

says 'NCL helps {helped} and hurts {hurt}; a ▲ marks the gains that are beyond chance. o changes the order.'
press S
sees '▲ 397 helped +▼ 301 hurt' 'R@1 +\+2\.8 \[\+0\.5 \+5\.1\] ▲' 'better than raw beyond chance' 'biggest change first'
press o
sees '1000 queries, helped most first'
press Enter
sees '─ raw .*▸ NCL' 'query [0-9]+ of 1000'

says 'R sets all rules side by side.'
says "P draws it over the rule's parameter."
press R
sees '^ +raw +24\.8' '▸ NCL +27\.6▲'
press P
sees 'NCL scale 22\.71: R@1 27\.6, raw 24\.8'
press [
sees 'NCL scale 18\.[0-9]+: R@1'
press ] Esc
sees '▸ NCL +27\.6▲'

says 'B compares banks.'
says "NCL falls to {R@1}, below raw's {R@1 versus}"
says 'QB-Norm still gains.'
press B Down
sees '^ +stills +2236 .* 23\.5' "Its hubs are not the queries' hubs" 'QB-Norm \+0\.9, NCL -1\.3'
press Enter
sees 'bank stills|stills +2236'

says "X trains small heads over the embeddings by NCL's loss"
says 'R@1 on clips held out from training goes from {frozen-R@1} to {learned-R@1}'
press X Enter
sees 'held-out R@1 60\.2 → 67\.6' 'Enter compares'
press Left Enter
sees '━ InfoNCE .* NCL 67\.6' 'Enter compares'
press Enter
sees 'infonce-linear/NCL' '▲ [0-9]+ helped +▼ [0-9]+ hurt'

play
for size in "${sizes[@]}"; do
    claimed "$size"
done
finish
