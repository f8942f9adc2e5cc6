#!/bin/bash
# Every subcommand in every format, on the sample and on bare matrices.
source "$TESTS_DIR/tools/check.sh" || exit 1
videos=500 queries=1000 train=468 keywords=8264 whole=$HUBSCOPE_SAMPLE
if sanitized; then
    small_sample
    videos=60 queries=120 train=60 keywords=100
fi
golden=$TESTS_DIR/golden

bare=(--queries "$golden/case6/queries.npy" --videos "$golden/case6/videos.npy" --bank "$golden/case6/bank.npy"
    --targets "$golden/case6/targets.npy" --logit-scale 20)
sims=(--sims "$golden/case3/sims.npy" --bank-sims "$golden/case3/bank_sims.npy" --targets "$golden/case3/targets.npy")

columns_agree() { # every CSV line has as many fields as the first (no field is quoted)
    awk -F, '/"/ { next } NR == 1 { n = NF } NF != n { exit 1 }' "$work/out"
}

json() { holds "$TOOLS_DIR/json_member" "$@" <"$work/out"; }

good --version
has '^hubscope [0-9]'
for command in $(sanitized || echo explore search eval hubs mass shifts) info import; do
    good --help
    has "^  $command "
    good help "$command"
    has "^usage: hubscope $command "
    cp "$work/out" "$work/first"
    good "$command" --help
    holds cmp -s "$work/first" "$work/out"
done
good help eval
has '^  ncl '

good info sample
has "^videos +$videos\$"
has "^queries +$queries\$"
has "^train +$train "
good info sample --format json
json logit_scale 22.712
json banks.2.rows $keywords
json banks.3.kind videos
good info sample --format csv
has '^name,path,model,'

good search sample crying face
has '^ *rank +key +title'
has '^ncl:'
holds test "$(grep -Ec '^(raw|qbnorm|ncl):' "$work/out"),$(grep -Ec '^(is|csls|nnn|gc|dsl)' "$work/out")" = 3,0
good search sample zzqqxx crying face
has 'unknown, ignored: zzqqxx'
good search sample crying face --rule all
has '^gc$'
has '^dsl:.*transductive'
good search sample crying face --rule raw --rule ncl@stills --rule ncl --rule is@train --rule gc@stills --format json
json rules.1.spec 'ncl:scale=22.712,iterations=4@stills'
json rules.1.bank stills
json rules.2.spec 'ncl:scale=22.712,iterations=4'
json rules.3.bank train
json rules.4.rule gc
good search sample crying face --rule raw --rule ncl@stills --rule is --rule ncl@train --format csv
grep '@stills",' "$work/out" | cut -d'"' -f3 >"$work/mixed"
good search sample crying face --rule raw --rule ncl --bank stills --format csv
grep '^"ncl' "$work/out" | cut -d'"' -f3 >"$work/alone"
holds test "$(wc -l <"$work/alone")" -eq 10
holds cmp -s "$work/mixed" "$work/alone"
good search sample crying face --rule ncl@stills:size=50,seed=2 --rule all@keywords --format csv
has '^"ncl:scale=22.712,iterations=4@stills:size=50,seed=2",1,'
has '^"qbnorm:.*@keywords",1,'
good search sample crying face --top 3 --format json --rule raw --rule ncl --bank keywords
json rules.1.rule ncl
json rules.1.results.2.rank 3
json bank $keywords
good search sample --caption 0 --format json
json target 0
json query 'a thick blue spiral spinning around its centre'
json rules.0.rule raw
if sanitized; then
    good search sample --caption 8 --rule ncl --rule gc --why 1f31f
    has '^ncl:.*, this video at rank 1 of 60$'
else
    good search sample --caption 163 --rule ncl --rule gc --why 1f438
    has '^why this video: frog$'
    has '^ncl:.*, this video at rank 1 of 500$'
    has '^\+  bias +0\.80[0-9]  0 is average$'
    has '^-  rank of query +-16\.000  15 of 468 nearer$'
fi
bad 1 "no video with the key 'nope'" search sample frog --why nope
good search sample --caption 5 --format csv --rule raw --rule qbnorm:beta=30,k=2
has '^spec,rank,row,key,title,'
has '^"qbnorm:beta=30,k=2",1,'

good eval sample
holds test "$(grep -Ec '^(raw|qbnorm|ncl):' "$work/out"),$(grep -Ec '^(is|csls|nnn|gc|dsl)' "$work/out")" = 3,0
if ! sanitized; then
    has '^raw:scale=22.712 +24\.8 +53\.2 '
    has '^ncl:scale=22.712,iterations=4 +27\.6 '
fi
good eval sample --direction both
has 'text to video'
has 'video to text'
good eval sample --rule all --direction both --format json
json directions.1.direction v2t
good eval sample --format csv --rule raw --rule is
has '^rule,spec,metrics.R@1,'
good eval "${bare[@]}" --format json

# What follows needs no numbers of the sample: a tenth of it, if it is not that already.
export HUBSCOPE_SAMPLE=$HUBSCOPE_SMALL
videos=60 queries=120
for command in eval hubs mass shifts; do
    for format in text json csv; do
        sanitized && [[ $format == text ]] && continue # as elsewhere
        good "$command" sample --format "$format" --bank stills
        sanitized && [[ $format == csv ]] && continue # the same numbers as in JSON
        good "$command" sample --format "$format" --direction v2t
        [[ $command == shifts ]] || good "$command" sample --format "$format" --rule all
        good "$command" "${bare[@]}" --format "$format"
        [[ $format == csv ]] && holds columns_agree
        good "$command" "${sims[@]}" --format "$format" --threads 1
    done
done

good hubs sample --format json --k 5 --top 3 --rule raw
json k 5
json fair_share 10
json rules.0.items.2.hub false
if ! sanitized; then
    good hubs "$whole" --format json --k 5 --top 3 --rule raw
    json rules.0.items.2.hub true
fi
json rules.0.hubness.k 5
json rules.0.measures.0.measure skewness
all_rules=$(rules | wc -l)
for k in $(sanitized || echo 1 23 $((videos / 5))) 7; do
    good hubs sample --k $k --rule raw --rule ncl --format json --top 1
    json k $k
    json fair_share $((2 * k))
    json rules.1.hubness.groupie_ratio
    json rules.1.measures.9.reading
    json "rules.1.items.0.N_$k"
    good hubs sample --rule all --k $k --measures
    for measure in skewness kurtosis robin_hood gini atkinson max groupie_ratio antihub_rate fair_hub_count fair_hub_occurrence; do
        holds test "$(grep -Ec "^  $measure +-?[0-9.]+  [a-z0-9]" "$work/out")" -eq "$all_rules"
    done
    has "% of the videos are never retrieved: they are in no top-$k list"
done
good hubs sample --measures --format csv --rule raw --rule is
has '^spec,measure,value,reading'
holds test "$(wc -l <"$work/out")" -eq 21
good hubs sample --k 7 --format csv --rule raw
has '^spec,row,key,title,N_1,N_5,N_10,N_7,hub,mass'
good hubs sample --rule raw --top 2
has '^  antihub_rate  .* never retrieved'
good mass sample --rule raw --measures
has '^  quantile_0.5 .*50 % of the videos hold less than'
has '^  lorenz_0.90 .*the poorest 90 % of the videos hold'
has '^  false_positive_over .* are wrong$'
has '^  false_negative_under .* rank another first$'
good mass sample --rule raw --measures --format csv
has '^raw:scale=22.712,lorenz_0.37,'
good mass sample --rule raw --measures --format json
json rules.0.measures.0.measure normalization_error
good hubs sample --format csv --top 0 --rule raw
holds test "$(wc -l <"$work/out")" -eq $((videos + 1))
good hubs sample --top 1 --reverse --rule raw
good mass sample --format json --rule ncl --top 1
json fair_share 2
good shifts sample --format json
json from.rule raw
json to.rule ncl
good shifts sample --rule is --rule qbnorm --format json --top 0
json from.rule is
json shifts.$((queries - 1)).caption

good eval sample --rule raw --rule ncl --rule qbnorm:k=1 --rule qbnorm:k=2 --dump "$work/dump"
for name in raw.mass raw.n10 raw.rank ncl.bias ncl.mass ncl.n10 ncl.rank qbnorm_beta=20_k=2.gate; do
    holds test -s "$work/dump/$name.npy"
done
holds test "$(stat -c %s "$work/dump/ncl.bias.npy")" -eq $((128 + videos * 8))

# All files of a dump, or none.
mkdir -p "$work/taken/raw.rank.npy"
bad 1 'raw.rank.npy.*it is a directory' eval sample --rule ncl --rule raw --dump "$work/taken"
holds test "$(ls "$work/taken")" = raw.rank.npy
(ulimit -f 6; trap '' XFSZ; "$HUBSCOPE" eval "$whole" --rule ncl --dump "$work/big" >"$work/out" 2>"$work/err")
holds test $? -eq 1
holds grep -q 'big/ncl.rank.npy: cannot be written' "$work/err"
holds test ! -e "$work/big"

# A reader that closes the pipe is not a failure, also where more is written than a pipe holds; a full disk is.
"$HUBSCOPE" hubs "$whole" --top 0 2>"$work/err" | head -1 >/dev/null
holds test ! -s "$work/err"
if [[ -c /dev/full ]]; then
    "$HUBSCOPE" eval sample >/dev/full 2>"$work/err"
    holds test $? -eq 1
    holds grep -q '^hubscope: cannot write to standard output' "$work/err"
fi
finish
