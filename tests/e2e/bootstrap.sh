#!/bin/bash
# Bootstrap intervals of differences between rules.
source "$TESTS_DIR/tools/check.sh" || exit 1

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
has '1000 unchanged'
has 'R@1 .0.00 points .95 % interval .0.00 to .0.00, p 1.0000'

bad 2 'bootstrap takes a whole number' eval sample --bootstrap -3
bad 2 'at most 1000000' eval sample --rule raw --rule is --bootstrap 2000000
finish
