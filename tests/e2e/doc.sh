#!/bin/bash
# The reference pages match the program's tables, doc/architecture.md describes every room, links between documents lead
# to existing files, the commands shown for the sample work, and README stays short.
source "$TESTS_DIR/tools/check.sh" || exit 1
cd "$TESTS_DIR/.." || exit 1

mkdir "$work/doc"
cp doc/*.md "$work/doc"
"$TOOLS_DIR/reference" "$work"/doc/*.md >"$work/out" 2>"$work/err" || broken 'a page of doc/ lacks a table'
diff -u doc "$work/doc" --exclude='*.png' --exclude='*.svg' --exclude=examples >"$work/out" ||
    broken 'the pages of doc/ do not match the tables: run ./run doc, look at git diff and commit'

for room in $(sed -n '/^rooms=(/,/^)/p' tests/e2e/layers.sh | grep -oE '(engine|ui|app)[a-z_/]*'); do
    holds grep -q "^\*\*\`$room\`\*\*" doc/architecture.md
done

# Every variable of the environment that the sources read.
while read -r variable; do
    holds grep -qF "\`$variable\`" doc/options.md || echo "app/surroundings.c lacks the variable $variable"
done < <(grep -rhoE '(getenv|size_from)\("[A-Z_]+"' app engine ui --include=*.c | cut -d'"' -f2 | sort -u)

# What is promised of collections has every table and every value of one.
while read -r name; do
    holds grep -q "^|.*\`$name\`.*|.*|" doc/collection.md || echo "doc/collection.md lacks '$name'"
done < <("$TOOLS_DIR/sql" "$HUBSCOPE_SAMPLE/catalog.db" "SELECT name FROM sqlite_schema WHERE type = 'table'
        AND name NOT GLOB '*_words_*' AND name NOT GLOB 'sqlite_*';
    SELECT DISTINCT iif(key GLOB 'digest *', 'digest FILE', key) FROM meta WHERE key NOT GLOB 'models/*'")

# Every heading of a column in engine/results is in the glossary.
while read -r heading; do
    holds grep -qF "\`$heading\`" doc/glossary.md || echo "the glossary lacks the heading '$heading'"
done < <(grep -hoE '\{"[^"]+", "[^"]+", [0-9]+, [0-9]+, (true|false)\}' engine/results/*.c | cut -d'"' -f4 | sort -u)

linked() { # linked FILE: everything it links to exists
    local target
    for target in $(grep -oE '\]\([^)#:]+[)#]' "$1" | sed -E 's/^\]\(|[)#]$//g'); do
        holds test -e "$(dirname "$1")/$target"
    done
}
for page in *.md doc/*.md sample_data/*.md; do
    linked "$page"
done

# In a separate folder, as they write files.
while read -r line; do
    [[ $SANITIZED == 1 ]] && break # other tests run these commands there
    read -ra words <<<"$line"
    checks=$((checks + 1))
    (
        [[ ${words[1]} != lists ]] || small_sample # whole lists of all queries are long
        [[ ${words[1]} != train ]] || words+=(--seeds 1) # of five
        mkdir -p "$work/examples" && cd "$work/examples" && run "${words[@]:1}" && ((status == 0))
    ) || broken "$line"
done < <(sed -nE 's/^    (hubscope [a-z-]+ sample.*)/\1/; T; s/ *#.*//; p' README.md doc/*.md | sort -u)

holds test "$(wc -c <README.md)" -le 12000
finish
