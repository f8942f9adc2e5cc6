#!/bin/bash
# --output: what would be printed, completely or not at all, in the format of the file's ending.
source "$TESTS_DIR/tools/check.sh" || exit 1
small_sample
out=$work/files
mkdir "$out"
# Other tests cache fits in the original, which would change what check reports.
copy_collection "${HUBSCOPE_SAMPLE:?}" "$work/sample"
export HUBSCOPE_SAMPLE=$work/sample

# same FORMAT ENDING ARGUMENTS: the file contains what the command prints.
same() {
    local format=$1 file=$out/result.$2
    shift 2
    good "$@" --format "$format"
    cp "$work/out" "$work/printed"
    good "$@" --output "$file"
    holds test ! -s "$work/out"
    holds cmp -s "$work/printed" "$file"
    rm -f "$file"
}
good eval sample --rule is --shard 1/1 --partial "$work/share"
declare -A arguments=(
    [search]='sample crying face' [eval]='sample --rule raw' [hubs]='sample --k 7' [mass]='sample --measures'
    [shifts]=sample [bank]='sample --rule is' [sweep]='sample --rule is --over beta=5,10' [info]=sample
    [check]=sample [lists]='sample --rule raw' [merge]="$work/share"
)
declare -A ending=([text]=txt [json]=json [csv]=csv [trec]=run [qrels]=qrels)
good --help
for command in $(sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' "$work/out"); do
    good help "$command"
    formats=$(sed -n 's/^ *--format \([a-z|]*\).*/\1/p' "$work/out")
    # Skips commands without --output, and what is not printed: pages, and fits, which have no format.
    grep -q '^ *--output FILE' "$work/out" && [[ $formats && $formats != html ]] || continue
    holds test -v "arguments[$command]" || continue
    for format in ${formats//|/ }; do
        same "$format" "${ending[$format]:-$format}" "$command" ${arguments[$command]}
    done
done
same trec trec lists sample --rule is

# Faults found by check go to the file too, and its exit status is the same.
cp -r "$work/sample" "$work/wrong"
touch "$work/wrong/notes.txt"
for format in text json csv; do
    run check "$work/wrong" --format $format
    cp "$work/out" "$work/printed"
    run check "$work/wrong" --output "$out/wrong.${ending[$format]}"
    holds test "$status" -eq 1
    holds test ! -s "$work/out"
    holds grep -q 'notes.txt' "$out/wrong.${ending[$format]}"
    holds cmp -s "$work/printed" "$out/wrong.${ending[$format]}"
    rm -f "$out/wrong.${ending[$format]}"
done

# Texts that a spreadsheet would take for formulas, on request; never numbers.
copy_collection "$HUBSCOPE_SAMPLE" "$work/formulas"
number=0
for begin in = + - @ $'\t' $'\r' $'\n'; do
    "$TOOLS_DIR/sql" "$work/formulas/catalog.db" \
        "UPDATE texts SET caption = '${begin}1+1, ' || row WHERE split = 'query' AND row = $number"
    number=$((number + 1))
done
good lists "$work/formulas" --rule raw --depth 1 --format csv
holds test "$(grep -c "\"'" "$work/out")" -eq 0
holds grep -q '^0,"=1+1, 0",' "$work/out"
good lists "$work/formulas" --rule raw --depth 1 --format csv --csv-safe
holds test "$(grep -c "\"'" "$work/out")" -eq 7
holds grep -q "^0,\"'=1+1, 0\"," "$work/out"
holds grep -Eq ',-?[0-9.]+(,[^,]*)?.$' "$work/out"
good shifts "$HUBSCOPE_SAMPLE" --format csv --csv-safe
holds eval "grep -q ',-' '$work/out' && ! grep -q \"'[-0-9]\" '$work/out'"

# Only --replace overwrites; --format overrides the ending.
good hubs sample --rule raw --output "$out/a.csv"
bad 1 'a.csv already exists: give another name, or --replace' hubs sample --rule is --output "$out/a.csv"
bad 1 'a.csv already exists' lists sample --rule is --output "$out/a.csv"
holds grep -q '^raw:' "$out/a.csv"
good hubs sample --rule is --output "$out/a.csv" --replace
holds grep -q '^is:' "$out/a.csv"
good hubs sample --rule is --output "$out/a.csv" --replace --format json
holds "$TOOLS_DIR/json_member" rules.0.rule is <"$out/a.csv"
good hubs sample --rule raw --format json --output "$out/noending"
holds test -s "$out/noending"

# Invalid destinations are reported before any work.
bad 2 "format of '.*/x.tsv' is unknown" eval sample --output "$out/x.tsv"
bad 2 "format of '.*/x' is unknown" eval sample --output "$out/x"
bad 2 "--output has no format '.run': .csv, .json" eval sample --output "$out/x.run"
bad 2 '--format takes csv.json.text.*, not .trec' eval sample --format trec
bad 1 'none/x.csv: cannot be written: No such file' eval sample --output "$out/none/x.csv"
bad 1 'none/x.run: cannot be written: No such file' lists sample --rule raw --output "$out/none/x.run"
bad 1 'cannot be written: it is a directory' eval sample --format csv --replace --output "$out"
if ((EUID != 0)); then
    mkdir -m 500 "$out/closed"
    bad 1 'closed/x.csv: cannot be written: Permission denied' eval sample --output "$out/closed/x.csv"
fi
bad 1 '/proc/x.csv: cannot be written' eval sample --output /proc/x.csv
# A command that fails or is interrupted leaves no file.
bad 1 'more than the .* items' hubs --sims "$TESTS_DIR/golden/case3/sims.npy" --targets "$TESTS_DIR/golden/case3/targets.npy" \
    --k 100 --rule raw --output "$out/failed.csv"
bad 2 'nosuch' lists sample --rule nosuch --output "$out/failed.run"
holds test "$(ls "$out" | sort | tr '\n' ' ')" = "a.csv $([[ -d $out/closed ]] && echo 'closed ')noending "

# A device is written to directly.
"$HUBSCOPE" eval sample --rule raw --format csv --output /dev/stdout 2>"$work/err" | cat >"$work/piped"
holds test ! -s "$work/err"
holds grep -q '^raw,' "$work/piped"
if [[ -c /dev/full ]]; then
    bad 1 '/dev/full: cannot be written: No space left' eval sample --format csv --output /dev/full
    holds test -c /dev/full
fi
finish
