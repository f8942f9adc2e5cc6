#!/bin/bash
# Choosing banks, for all rules or for one, and rows of a bank.
source "$TESTS_DIR/tools/check.sh" || exit 1
golden=$TESTS_DIR/golden/case1

good eval sample --rule is --bank stills --format csv
mv "$work/out" "$work/stills"
good eval sample --rule raw --rule is@stills --rule qbnorm@keywords:size=1000,seed=4 --format csv
is=$(grep '^is,' "$work/stills" | cut -d, -f3-)
checks=$((checks + 1))
[[ -n $is && $(grep '^is,' "$work/out" | cut -d, -f3-) == "$is" ]] || broken 'is@stills differs from is with --bank stills'
has '^raw,raw:scale=22.712,'
has '@keywords:size=1000,seed=4'
good eval sample --rule qbnorm --bank train:size=100,seed=7
has 'bank of 100 .train:size=100,seed=7.'
mv "$work/out" "$work/first"
good eval sample --rule qbnorm --bank-size 100 --bank-seed 7
holds cmp "$work/first" "$work/out"
good eval sample --rule qbnorm --bank-size 100 --bank-seed 8
checks=$((checks + 1))
[[ $(tail -1 "$work/first") != $(tail -1 "$work/out") ]] || broken 'two seeds give the same result (a cached fit?)'
good eval sample --rule qbnorm --bank-adversarial 200
has 'train:adversarial=200'
good eval --queries "$golden/queries.npy" --videos "$golden/videos.npy" --bank "$golden/bank.npy" --bank-size 5
has 'bank of 5 '
good shifts sample --rule is@train --rule is@stills --top 1
good search sample crying --rule is@stills
has '^is:beta=20@stills'

bad 1 'only 468 rows' eval sample --bank-size 469
bad 1 'unknown query bank .nosuch.' eval sample --rule is@nosuch
bad 1 'unknown query bank .nosuch.' eval sample --bank nosuch:size=3
bad 2 'takes no bank' eval sample --rule raw@stills
bad 2 'write NAME' eval sample --rule is@stills:size=x
bad 2 'write NAME' eval sample --bank stills:seed=1
bad 2 'cannot be combined' eval sample --bank-size 3 --bank-adversarial 3
bad 2 'bank-seed needs --bank-size' eval sample --bank-seed 3
bad 2 'bank-size takes a whole number from 1' eval sample --bank-size 0
finish
