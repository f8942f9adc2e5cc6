#!/bin/bash
# `sweep` and `bank`.
source "$TESTS_DIR/tools/check.sh" || exit 1

good sweep sample --rule qbnorm --over beta=1:100:log3 --over k=1,5
has 'has seen them'
has '^qbnorm:beta=10,k=5 '
good sweep sample --rule is --over beta=20 --format csv
one=$(tail -1 "$work/out" | cut -d, -f3)
good eval sample --rule is --format csv
checks=$((checks + 1))
[[ -n $one && $(tail -1 "$work/out" | cut -d, -f3) == "$one" ]] || broken 'sweep and eval differ in R@1'
good sweep sample --rule is --over beta=1:100:log5 --tune R@1 --on bank --bank-targets order
has 'without looking at the evaluation queries: is:beta='
good sweep sample --rule is --over beta=5,20 --tune MnR --on bank --bank-targets order --seed 3 --format json
has '"tuned"'
good bank sample
has '^train: it knows the queries. hubs'
has '^stills .* 0\.0'
good bank sample --bank train:size=100 --bank train --rule is:beta=0.5 --rule is --format csv
has 'R@1.is:beta=0.5,skewness.is:beta=0.5,R@1.is:beta=20'
good bank sample --direction v2t --format json
has '"correlation"'

bad 1 'tuning needs a bank' sweep sample --rule is --over beta=1,2 --tune R@1 --on bank
bad 1 'text to video' sweep sample --rule is --over beta=1,2 --tune R@1 --on bank --direction v2t
bad 1 'no video bank of that name' sweep sample --rule is --over beta=1,2 --tune R@1 --on bank --bank stills --bank-targets order
bad 2 'one --rule' sweep sample --over beta=1,2
bad 2 'at least one --over' sweep sample --rule is
bad 2 'unknown parameter' sweep sample --rule is --over k=1,2
bad 2 'write NAME=FROM' sweep sample --rule is --over beta=1:2
bad 2 'never chosen on the evaluation' sweep sample --rule is --over beta=1,2 --tune R@1 --on queries
bad 2 '--tune needs --on' sweep sample --rule is --over beta=1,2 --tune R@1
bad 2 '--tune takes' sweep sample --rule is --over beta=1,2 --tune R@2 --on bank
bad 2 'twice' sweep sample --rule is --over beta=1,2 --over beta=3
bad 1 'unknown query bank' bank sample --bank nosuch
bad 2 'omit @BANK' bank sample --rule is@stills
finish
