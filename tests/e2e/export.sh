#!/bin/bash
# Exports and screenshots from the explorer: they contain what the command line prints.
source "$TESTS_DIR/tools/check.sh" || exit 1
small_sample
copy_collection "$HUBSCOPE_SAMPLE" "$work/sample"
export HUBSCOPE_SAMPLE=$work/sample HOME=$work
files=$work/files
mkdir "$files"
cd "$files" || exit 1

play() { # play LINES...: runs them as a script; writes the screen's last line to $work/out
    printf '%s\n' "$@" ":save-display $work/screen.txt" >"$work/script"
    checks=$((checks + 1))
    LINES=30 COLUMNS=150 TERM=xterm-256color LC_ALL=C.UTF-8 "$HUBSCOPE" "$work/sample" --script "$work/script" \
        --no-display >"$work/out" 2>"$work/err" </dev/null && [[ ! -s $work/err ]] || broken "script $*"
    tail -1 "$work/screen.txt" >"$work/out"
}
refused() { # refused PATTERN LINES...: the last line fails with a matching message
    local want=$1
    shift
    printf '%s\n' "$@" >"$work/script"
    checks=$((checks + 1))
    LINES=30 COLUMNS=150 TERM=xterm-256color LC_ALL=C.UTF-8 "$HUBSCOPE" "$work/sample" --script "$work/script" \
        --no-display >"$work/out" 2>"$work/err" </dev/null && broken "script $* succeeded"
    grep -Eq "$want" "$work/err" || broken "no '$want' after $*"
}
json() { holds "$TOOLS_DIR/json_member" "$@"; }

# Under sanitizers, everything that is exported in one start, and nothing compared.
if sanitized; then
    echo mine >taken.csv
    play H ':export hubs.csv' o K ':export hubs.json' ':export all.run' ':export all.qrels' ':export n10.npy' \
        M ':export mass.csv' ':export mass.npy' e Enter e Enter S ':export shifts.csv' o o ':export hurt.csv' \
        ':export rank.npy' R ':export metrics.json' d ':export metrics-v2t.json' d o ':export best.json' P \
        ':export sweep.csv' F ':filter cat' ':export narrow.csv' ':caption 8' ':export query.csv' ':export query.run' \
        ':export query.qrels' ':query yellow face crying with tears_' w ':export typed.json' ':export typed.run' \
        B ':export banks.csv' ':dump vectors' ':bank stills' H ':export stills.npy' ':export taken.csv' n \
        ':export taken.csv' y ':export ~/home.csv' ':screenshot shot.svg' ':screenshot shot.ansi' ':screenshot shot.txt' \
        ':screenshot shot.svg' y E Enter
    has 'screen written to hubs.svg'
    holds test "$(ls ./*.* "$work/home.csv" | wc -l)" -ge 25
    play H ':' 'type export none/a.csv' Enter ':' 'type export /proc/a.csv' Enter ':' 'type export .' Enter \
        ':' 'type export a.xlsx' Enter ':query crying face' ':' 'type export b.qrels' Enter \
        ':dump vectors'
    has 'vectors/.*npy already exists'
    refused "this table has no format '.run': .csv, .json" B ':export b.run'
    refused 'this view has nothing to export now' ':rule gc' M ':export b.npy'
    refused 'none/a.svg: cannot be written' ':screenshot none/a.svg'
    holds test ! -e a.csv -a ! -e a.xlsx -a ! -e b.qrels -a ! -e b.run
    finish
fi

# Tables: the same rows as on the command line, in the view's order.
play H ':export hubs.csv'
has '120 rows of raw and NCL written to hubs.csv'
good hubs sample --top 0 --rule raw --rule ncl --format csv
holds cmp -s <(sort "$work/out") <(sort hubs.csv)
holds cmp -s <(grep '^raw' "$work/out") <(grep '^raw' hubs.csv)
holds cmp -s <(grep '^raw' hubs.csv | cut -d, -f3) <(grep '^"ncl' hubs.csv | sed 's/^"[^"]*"/x/' | cut -d, -f3)
play H o K ':export hubs5.json'
json k 5 <hubs5.json
play M ':export mass.csv'
good mass sample --top 0 --rule raw --rule ncl --format csv
holds cmp -s <(sort "$work/out") <(sort mass.csv)
play S ':export shifts.csv'
good shifts sample --top 0 --format csv
holds cmp -s "$work/out" shifts.csv
play S o o ':export hurt.csv'
holds cmp -s <(sort shifts.csv) <(sort hurt.csv)
holds test "$(sed -n 2p hurt.csv | tr -d '\r' | sed 's/.*,//')" -lt 0
play R ':export metrics.json' d ':export metrics-v2t.json'
json rules.10.bootstrap.R@1.low <metrics.json
json direction v2t <metrics-v2t.json
play R o ':export best.json' F ':filter cat' ':export narrow.csv'
r1() { grep -o '"R@1": *[0-9.]*' "$1" | grep -o '[0-9.]*$'; }
holds test "$(r1 best.json)" = "$(r1 metrics.json | sort -rn)"
holds grep -q '^"ncl.*,.*[Cc]at' narrow.csv
holds test "$(wc -l <narrow.csv)" -lt 60
holds cmp -s <(grep -o '"low": *[-0-9.]*' metrics.json | sort) <(grep -o '"low": *[-0-9.]*' best.json | sort)
play R P ':export sweep.csv'
has 'rows written to sweep.csv'
holds grep -q '^ncl,' sweep.csv
play B ':export banks.csv'
holds grep -q 'R@1\.is:.*R@1\.qbnorm:.*R@1\.ncl:' banks.csv
good bank sample $(head -1 banks.csv | grep -o 'R@1\.[a-z]*' | sed 's/R@1\./--rule /') --format csv
holds cmp -s "$work/out" banks.csv
play ':caption 8' ':export query.csv' ':export query.run' ':export query.qrels'
good search sample --caption 7 --rule raw --rule ncl --top 200 --format csv
holds cmp -s "$work/out" query.csv
good lists sample --rule ncl --format trec --depth 0
holds cmp -s <(grep '^7 ' "$work/out" | cut -d' ' -f1-4,6) <(cut -d' ' -f1-4,6 query.run)
good lists sample --format qrels
holds cmp -s <(grep '^7 ' "$work/out") query.qrels
play ':query yellow face crying with tears_' w ':export typed.json' ':export typed.run'
json rules.2.results.0.rank 1 <typed.json
holds grep -q '^typed Q0 [^ ]* 1 ' typed.run

# All queries as a run, vectors, and the same directory as eval --dump.
play H ':export all.run' ':export all.qrels' ':export n10.npy' M ':export mass.npy' S ':export rank.npy' ':dump vectors'
good lists sample --rule ncl --output lists.run
holds cmp -s lists.run all.run
holds test "$(wc -l <all.qrels)" -eq 120
good eval sample --rule all --dump dumped
for name in dumped/*; do
    holds cmp -s "$name" "vectors/${name#dumped/}"
done
holds cmp -s n10.npy vectors/ncl.n10.npy
holds cmp -s mass.npy vectors/ncl.mass.npy
holds cmp -s rank.npy vectors/ncl.rank.npy
good eval sample --bank stills --rule ncl --dump stills
play ':bank stills' H ':export stills.npy'
holds cmp -s stills.npy stills/ncl.n10.npy

# A file is replaced only after confirmation.
echo mine >taken.csv
play H ':export taken.csv'
has 'taken.csv exists. Replace it. y/n'
holds grep -q mine taken.csv
play H ':export taken.csv' n
has 'taken.csv is unchanged'
holds grep -q mine taken.csv
play H ':export taken.csv' y
has 'rows of raw and NCL written to taken.csv'
holds cmp -s taken.csv hubs.csv
play M e Enter e Enter e
has 'export mass-raw-ncl-3.csv'
holds cmp -s mass-raw-ncl.csv mass-raw-ncl-2.csv
holds cmp -s mass-raw-ncl.csv mass.csv
play H ':export ~/home.csv'
has 'written to ~/home.csv'
holds cmp -s "$work/home.csv" hubs.csv

# Failures to write are reported in one line.
play H ':' 'type export none/a.csv' Enter
has 'none/a.csv: cannot be written: No such file or directory'
play H ':' 'type export /proc/a.csv' Enter
has '/proc/a.csv: cannot be written'
play H ':' 'type export .' Enter
has "the format of '.' is unknown"
play H ':' 'type export a.xlsx' Enter
has "the format of 'a.xlsx' is unknown"
refused "the format of 'a.xlsx' is unknown" H ':export a.xlsx'
play ':query crying face' ':export b.qrels'
has 'typed text has no judgements'
refused "this table has no format '.run': .csv, .json" B ':export b.run'
refused "this table has no format '.npy': .csv, .json, .txt, .run" R ':export b.npy'
refused 'this view has nothing to export now' ':rule gc' M ':export b.npy'
holds test ! -e b.npy
play H ':dump vectors'
has 'vectors/.*npy already exists'
holds test ! -e a.csv -a ! -e a.xlsx -a ! -e b.qrels -a ! -e b.run

# Screenshots: SVG, and ANSI that matches the screen.
play ':screenshot shot.svg' ':screenshot shot.ansi' ':screenshot shot.txt'
has 'screen written to shot.txt'
holds test "$(head -c 4 shot.svg)" = '<svg'
holds test "$(tail -1 shot.svg)" = '</svg>'
holds test "$(grep -c '<text' shot.svg)" -gt 100
holds test "$(grep -c '<text' shot.svg)" -eq "$(grep -c '</text>$' shot.svg)"
holds test "$(stat -c %s shot.svg)" -lt 200000
holds grep -q '>small</text>' shot.svg
holds test "$(grep -c 'written' shot.ansi shot.txt | tr '\n' ' ')" = 'shot.ansi:0 shot.txt:0 '
holds cmp -s <(sed 's/\x1b\[[0-9;]*m//g; s/ *$//' shot.ansi) shot.txt
refused 'screenshot takes a file' ':screenshot shot.png'
refused 'none/a.svg: cannot be written' ':screenshot none/a.svg'
play E Enter
has 'screen written to search.svg'
play ':screenshot shot.svg' y
has 'screen written to shot.svg'
holds test "$(grep -c 'Replace' shot.svg)" -eq 0
finish
