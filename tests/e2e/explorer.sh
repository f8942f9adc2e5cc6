#!/bin/bash
# The explorer in a terminal: a typed query, rules, views, help, commands, sizes, suspension and quitting.
source "$TESTS_DIR/tools/check.sh" || exit 1
source "$TESTS_DIR/tools/tmux.sh" || exit 1

open_window 120x36
keys "echo earlier text" Enter
expect '^earlier text'
explore

# A typed query, side by side.
expect 'query 164 of 1000'
holds reads alternate_on 1
keys /
typed 'yellow face crying with tears'
expect '5 of 5 words known'
keys Enter
expect '^─ raw +scale 22\.7 ─.* ▸ NCL +scale 22\.7, 4 iterations ─'
expect '^ +1 .+ \.[0-9]{3} +→[0-9 ]+.* 1 .+ \.[0-9]{3} +([▲▼][0-9]+|=)'
expect '▲[0-9]'
expect '▼[0-9]'
expect '▀▀▀▀▀▀'
expect 'pulled by bank train'

# Rules, and QB-Norm's gate.
keys 3
expect '\[3 QB-Norm\]'
expect '▸ QB-Norm, gate shut'
expect 'leaves this'
keys /
typed frog
keys Enter
expect '▸ QB-Norm, gate open'
keys 2
expect '\[2 NCL\]'
keys r
expect '─ current rule ─'
typed csls
expect '^.*5  CSLS .*inductive'
keys Enter
vanish '─ current rule ─'
expect '\[5 CSLS\]'
keys c
expect '─ compare with ─'
keys Escape
vanish '─ compare with ─'
expect '\(1 raw\)'
keys 2

# Views.
keys H
expect 'airplane'
keys M
expect 'fair'
keys S
expect 'helped'
expect 'R@1 .*\[[+-][0-9.]+ [+-][0-9.]+\]'
keys R
expect 'R@1 .*R@5'
expect 'beyond chance in R@1: .*; [0-9]+ helped, [0-9]+ hurt'

# The curve over a parameter; [ and ] move the point along it.
keys P
expect 'NCL scale 22\.71: R@1 [0-9.]+, raw [0-9.]+  with iterations 4'
expect '━ NCL'
keys ']'
expect 'NCL scale 28\.39: R@1 [0-9.]+, raw'
keys '['
expect 'NCL scale 22\.71: R@1 [0-9.]+, raw'
keys Escape
vanish '━ NCL'
expect 'beyond chance in R@1: .*; [0-9]+ helped'
keys F
expect 'pulled by bank train'

# Help and the command line.
keys '?'
expect 'keys: Enter runs one'
keys Escape
vanish 'keys: Enter runs one'
keys :
expect '^:'
typed 'rule is'
keys Enter
expect '\[4 IS\]'
keys :
typed nonsense
keys Enter
expect nonsense
keys Escape

# Sizes.
for size in 80x24 200x60 40x12 120x36; do
    resize $size
    expect '\[4 IS\]'
    expect 'help +q quit'
done
resize 30x8
expect 'too small'
resize 120x36
expect '\[4 IS\]'

# Suspension.
keys C-z
expect '^earlier text'
expect 'Stopped'
holds reads alternate_on 0
holds reads cursor_flag 1
keys fg Enter
expect '\[4 IS\]'
keys 2
expect '\[2 NCL\]'

# Quitting.
keys q
left 0
expect '^earlier text'
vanish '\[2 NCL\]'
holds test ! -s "$work/err"
finish
