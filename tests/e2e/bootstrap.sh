#!/bin/bash
# Bootstrap intervals of differences between rules.
source "$TESTS_DIR/tools/check.sh" || exit 1
queries=1000
if sanitized; then
    small_sample
    queries=120
fi

good eval sample --rule raw --rule ncl --rule qbnorm --bootstrap 500 --format json
mv "$work/out" "$work/first"
good eval sample --rule raw --rule ncl --rule qbnorm --bootstrap 500 --format json --threads 1
holds cmp "$work/first" "$work/out"
cp "$work/first" "$work/out"
has '"samples": ?500'
has '"helped":'
good eval sample --rule raw --rule ncl --bootstrap 500 --seed 1 --format json
checks=$((checks + 1))
cmp -s "$work/first" "$work/out" && broken 'another seed gives the same intervals'
good eval sample --rule raw --rule ncl --bootstrap 500
has 'R@1'
good shifts sample --top 1
has '95 % interval .*p 0\.[0-9]+.; R@10 .*MnR'
good shifts sample --top 1 --bootstrap 0
checks=$((checks + 1))
grep -q interval "$work/out" && broken 'intervals without --bootstrap'
good shifts sample --top 1 --bootstrap 200 --format json
has '"bootstrap"'
good shifts sample --rule raw --rule raw --top 1
has "$queries unchanged"
has 'R@1 .0.00 points .95 % interval .0.00 to .0.00, p 1.0000'

# Measures of mass are tested if asked for, on the same samples whatever the memory and the number of threads.
good shifts sample --rule raw --rule ncl --top 1 --bootstrap 500
checks=$((checks + 1))
grep -q Mass "$work/out" && broken 'mass tested though nobody asked'
good shifts sample --rule raw --rule ncl --top 1 --bootstrap 500 --bootstrap-mass
sanitized && has '^Mass: normalisation error [-+0-9.]+ .95 % interval [-+0-9.]+ to '
sanitized || has '^Mass: normalisation error -[0-9.]+ .95 % interval -[0-9.]+ to -[0-9.]+, p 0\.00[0-9]+.; least .*; most .*; share of the top tenth -[0-9.]+ points .*; above the fair share .* items'
mv "$work/out" "$work/first"
good shifts sample --rule raw --rule ncl --top 1 --bootstrap 500 --bootstrap-mass --threads 1 --memory 1500K
holds cmp "$work/first" "$work/out"
good eval sample --rule raw --rule ncl --rule gc --bootstrap 500 --bootstrap-mass
has '\+mass err'
good eval sample --rule raw --rule ncl --rule gc --bootstrap-mass --format json
has '"samples": ?2000'
has '"top_tenth"'
has '"not_tested": ?"one of the rules has no probabilities, so no mass"'
good eval sample --rule raw --rule ncl --bootstrap 500 --format json
checks=$((checks + 1))
grep -q top_tenth "$work/out" && broken 'mass tested though nobody asked'
good shifts sample --rule raw --rule gc --top 1 --bootstrap 20 --bootstrap-mass
has '^Mass is not tested: one of the rules has no probabilities'
good shifts sample --rule raw --rule ncl --top 1 --bootstrap 500 --bootstrap-mass --memory $(sanitized && echo 5K || echo 100K)
has '^Mass is not tested: needs [0-9]+ MiB of memory'
bad 2 'bootstrap-mass needs samples' shifts sample --bootstrap 0 --bootstrap-mass
bad 2 'bootstrap takes a whole number' eval sample --bootstrap -3
bad 2 'at most 1000000' eval sample --rule raw --rule is --bootstrap 2000000
finish
