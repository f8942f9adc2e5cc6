#!/bin/bash
# Two models in the explorer: what it exports is what the command line prints for MODEL/RULE, and the command shown on its
# page makes the same page again.
source "$TESTS_DIR/tools/check.sh" || exit 1
copy_collection "$HUBSCOPE_SAMPLE" "$work/sample"
cd "$work" || exit 1
offered=()

play() { # play LINES...: runs them as a script; writes the screen's last line to $work/out
    printf '%s\n' "$@" ":save-display $work/screen.txt" >"$work/script"
    checks=$((checks + 1))
    LINES=30 COLUMNS=150 TERM=xterm-256color LC_ALL=C.UTF-8 "$HUBSCOPE" "$work/sample" --script "$work/script" \
        --no-display "${offered[@]}" >"$work/out" 2>"$work/err" </dev/null && [[ ! -s $work/err ]] || broken "script $*"
    tail -1 "$work/screen.txt" >"$work/out"
}

# Some rules, as metrics and page count them all.
five=(raw ncl qbnorm is gc)
offered=("${five[@]/#/--rule=}")
play ':model ridge' S ':export shifts.csv' H ':export hubs.csv' ':export all.run' R ':export metrics.csv' F ':caption 8' \
    ':export query.csv' ':query yellow face crying with tears' ':export typed.csv' ':dump vectors' S ':export again.csv'
has '1000 rows of motion/raw and ridge/NCL written to again.csv'
good shifts "$work/sample" --top 0 --rule raw --rule ridge/ncl --format csv
holds cmp -s out shifts.csv
good hubs "$work/sample" --top 0 --rule raw --rule ridge/ncl --format csv
holds cmp -s <(sort out) <(sort hubs.csv)
good lists "$work/sample" --rule ridge/ncl --output lists.run
holds cmp -s <(cut -d' ' -f1-5 lists.run) <(cut -d' ' -f1-5 all.run)
good search "$work/sample" --caption 7 --rule raw --rule ridge/ncl --top 200 --format csv
holds cmp -s out query.csv
good search "$work/sample" "yellow face crying with tears" --rule raw --rule ridge/ncl --top 200 --format csv
holds cmp -s out typed.csv
holds grep -q '^raw,' metrics.csv
holds test "$(grep -c 'ridge/' metrics.csv)" -eq ${#five[@]}
good eval "$work/sample" --rule raw --rule ridge/raw --rule ncl --rule ridge/ncl --dump dumped --bootstrap 0
for name in dumped/*; do
    holds cmp -s "$name" "vectors/${name#dumped/}"
done
offered=(--rule raw --rule ncl)
play ':model ridge' S e
has 'export shifts-motion-raw-ridge-ncl.csv'

# The page compares the current model's rule with the compared model's raw similarity.
offered=(--rule raw --rule ncl)
play ':model ridge' ':model-versus ridge' ':hubs' 'monkey 11 1' ':model motion' 'monkey 12 1' # two rules and no third one
offered=(--rule raw --rule ncl --rule is)
play ':model ridge' ":report $work/page.html"
mv page.html first.html
holds grep -q 'rule ridge/ncl:scale=20,iterations=4' first.html
read -ra words <<<"$(xmllint --html --xpath 'string(//section[@id = "method"]/pre)' first.html 2>/dev/null)"
"$HUBSCOPE" "${words[@]:1}" >out 2>err
holds cmp -s first.html page.html

# A rule offered for one model only, and one that no model has.
good explore "$work/sample" --rule raw --rule ridge/ncl --script /dev/null --no-display
offered=(--rule ridge/ncl) # of the second model alone: the explorer begins there
play H ':export offered.csv'
has '500 rows of NCL written to offered.csv'
holds grep -q '^"ridge/ncl' offered.csv
bad 1 'has no model|known' explore "$work/sample" --rule clip/ncl --script /dev/null --no-display
bad 1 'fitted to one bank' explore "$work/sample" --rule ncl@stills --script /dev/null --no-display
finish
