#!/bin/bash
# Every rule by name; the marks of those that are no ordinary rule; rules that lack what they need.
source "$TESTS_DIR/tools/check.sh" || exit 1
golden=$TESTS_DIR/golden
sims=(--sims "$golden/case3/sims.npy" --bank-sims "$golden/case3/bank_sims.npy" --targets "$golden/case3/targets.npy")

holds test "$(rules | wc -l)" -ge 11
for rule in $(rules); do
    good search sample crying face --rule "$rule" --top 3
    has "^$rule"
    good hubs sample --rule "$rule" --top 1
    good help eval
    has "^  $rule "
done

good eval sample --rule all
has '^center.* baseline$'
has '^dsl.* transductive$'
has '^Transductive: '
has '^Baseline: '
good eval sample --rule raw --rule ncl
holds bash -c "! grep -Eq 'ransductive|aseline' '$work/out'"
good eval sample --rule dsl --format json
has '"transductive": ?true'
has '"mass": ?null'
good eval sample --rule ncl --format json
has '"transductive": ?false'
good shifts sample --rule raw --rule dsl --top 1
has 'dsl:scale=22.712 \(transductive\)'
good info sample
has 'center \(baseline\), dsl \(transductive\)'

good mass sample --rule raw --rule gc --top 1
bad 1 'gc orders without probabilities' mass sample --rule gc
good eval sample --bank-gallery train --rule dualis --format json
has '"gallery_bank_name": ?"train"'
bad 1 "unknown video bank 'nope': known are train" eval sample --bank-gallery nope
bad 1 'rule center cannot be used here: needs embeddings' eval "${sims[@]}" --rule center
bad 1 'rule dualis cannot be used here: needs a second bank' eval "${sims[@]}" --rule dualis
good eval "${sims[@]}" --rule all # those that cannot be used are left out
holds bash -c "! grep -Eq '^(center|dual)' '$work/out'"
good eval --sims "$golden/case3/sims.npy" --rule all # no bank: raw, and dsl which asks the queries alone
has '^dsl'

# Without --rule every command takes raw, qbnorm and ncl, or those of them that can be used.
for command in eval hubs mass lists bank 'search --caption 3'; do
    good $command sample --format json
    holds test "$(grep -Eo '"rule": ?"[a-z]+"' "$work/out" | sort -u | cut -d: -f2 | tr -dc '"a-z')" = '"ncl""qbnorm""raw"'
done
good eval --sims "$golden/case3/sims.npy" --format json
holds test "$(grep -Ec '"rule": ?"' "$work/out")" -eq 1
finish
