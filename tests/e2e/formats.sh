#!/bin/bash
# Every command and every export in every format: it writes the format, or refuses it and names those it supports.
source "$TESTS_DIR/tools/check.sh" || exit 1
small_sample

formats=$(sed -n 's/^[A-Z]*(\([a-z0-9_]*\).*/\1/p' "$TESTS_DIR/../engine/results/formats.def")
read -ra endings <<<"$(echo $formats txt run htm ans xlsx)"
read -ra names <<<"$(echo $formats nosuch)"
(("${#names[@]}" > 9)) || { echo 'cannot find formats.def'; exit 1; }

# looks_like ENDING FILE: the file looks like that format.
looks_like() {
    [[ -s $2 ]] || return 1
    case $1 in
    csv) head -1 "$2" | grep -q ',.*.$' && grep -q $'\r$' "$2" ;;
    json) is_object "$2" ;;
    txt) ! grep -q $'\r$' "$2" && [[ $(head -c 1 "$2") != '{' ]] ;;
    run | trec) grep -q '^[^ ]* Q0 [^ ]* 1 ' "$2" && ! grep -qv ' Q0 ' "$2" ;;
    qrels) grep -q '^[^ ]* 0 [^ ]* 1$' "$2" && ! grep -qv ' 1$' "$2" ;;
    npy) [[ $(head -c 6 "$2" | tail -c 5) == NUMPY ]] ;;
    html | htm) head -c 15 "$2" | grep -qi '^<!doctype html' ;;
    *) true ;;
    esac
}
is_object() { [[ $(head -c 1 "$1") == '{' && $(tail -c 2 "$1") == '}' ]]; }

arguments_of() { # arguments_of COMMAND
    case $1 in
    search) echo 'sample crying face --rule raw' ;;
    sweep) echo 'sample --rule is --over beta=5,10' ;;
    bank | eval | hubs | mass | lists) echo 'sample --rule is' ;;
    report) echo 'sample --rule is --bootstrap 10' ;;
    merge) echo "$work/share" ;;
    *) echo sample ;;
    esac
}

good eval sample --rule is --shard 1/1 --partial "$work/share"
good --help
commands=$(sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' "$work/out")
views='Q H M S R P B'
tried=0
for command in $commands; do
    [[ $command == help ]] && continue
    good "$command" --help
    line=$(grep -o '^  --format [a-z0-9|_]*' "$work/out") # empty if the command has no formats
    has=${line#  --format }
    [[ $has ]] || continue
    tried=$((tried + 1))
    read -ra arguments <<<"$(arguments_of "$command")"
    for name in "${names[@]}"; do
        [[ "|$has|" == *"|$name|"* ]] ||
            bad 2 "--format takes ${has//|/.}, not '$name';" "$command" "${arguments[@]}" --format "$name" --output "$work/x"
    done
    [[ $command == fit-encoder || $command == train ]] && continue # --output is a folder
    written=0
    rm -f "$work"/made.*
    for ending in "${endings[@]}"; do
        made=$work/made.$ending
        run "$command" "${arguments[@]}" --output "$made"
        checks=$((checks + 1))
        if ((status == 0)); then
            holds looks_like "$ending" "$made"
            written=$((written + 1))
        else
            ((status == 2)) && grep -Eq "(has no format|the format of) .*\\.${has%%|*}" "$work/err" ||
                broken "$command --output $made"
            [[ -e $made ]] && broken "$made was left behind"
        fi
    done
    read -ra each <<<"${has//|/ }"
    holds test "$written" -ge "${#each[@]}"
    rm -f "$work/made.trec" "$work/made.htm" "$work/made.xlsx" # as .run and .html
    holds test "$(md5sum "$work"/made.* | cut -d' ' -f1 | sort -u | wc -l)" -eq "$(ls "$work"/made.* | wc -l)"
done
holds test "$tried" -ge 12

# The explorer: each view's export with every ending.
cd "$work" || exit 1
for view in $views; do
    mkdir "$work/$view"
    {
        case $view in
        Q) echo ':caption 8' ;;
        P) printf 'R\nP\n' ;;
        *) echo "$view" ;;
        esac
        for ending in "${endings[@]}"; do
            printf '%s\n' ':' "type export $view/a.$ending" Enter ":save-display $work/$view/screen-$ending"
        done
    } >"$work/script"
    checks=$((checks + 1))
    LINES=30 COLUMNS=150 TERM=xterm-256color "$HUBSCOPE" sample --script "$work/script" --no-display --rule raw \
        --rule ncl >"$work/out" 2>"$work/err" </dev/null && [[ ! -s $work/err ]] || broken "exports of $view"
    written=0
    for ending in "${endings[@]}"; do
        tail -1 "$view/screen-$ending" >"$work/out"
        if [[ -e $view/a.$ending ]]; then
            has "written to $view/a.$ending"
            written=$((written + 1))
            holds looks_like "$ending" "$view/a.$ending"
        else
            has '(has no format|the format of) .*\.csv, \.json'
        fi
    done
    holds test "$written" -ge 3
done

# The page and screenshots refuse other formats.
for line in 'report a.csv' 'screenshot a.csv' 'screenshot a.html' 'export a.svg'; do
    printf 'H\n:%s\n' "$line" >"$work/script"
    checks=$((checks + 1))
    LINES=30 COLUMNS=150 "$HUBSCOPE" sample --script "$work/script" --no-display --rule raw >"$work/out" 2>"$work/err" \
        </dev/null && broken ":$line succeeded"
    holds grep -Eq "has no format '.*': \.[a-z]|takes a file\.svg" "$work/err"
    holds test ! -e "a.${line##*.}"
done
finish
