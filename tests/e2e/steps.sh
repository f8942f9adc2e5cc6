#!/bin/bash
# Ten steps through views, rules, parameters, a bank, a query and a subset, undone one by one and taken again: each screen
# is the same but for its last line.
source "$TESTS_DIR/tools/check.sh" || exit 1
cd "$work" || exit 1

steps=(H ':rule csls' M ']' ':versus is' S ':bank stills' ':caption 9' R ':where group=smileys')
{
    echo ':save-display at0'
    for ((i = 1; i <= ${#steps[@]}; i++)); do
        printf '%s\n' "${steps[i - 1]}" ":save-display at$i"
    done
    for ((i = ${#steps[@]} - 1; i >= 0; i--)); do
        printf '%s\n' Alt-Left ":save-display back$i"
    done
    for ((i = 1; i <= ${#steps[@]}; i++)); do
        printf '%s\n' Alt-Right ":save-display on$i"
    done
} >script
LINES=36 COLUMNS=120 TERM=xterm-256color LC_ALL=C.UTF-8 good explore sample --script script --no-display \
    --rule raw --rule is --rule ncl --rule csls

body() { sed '$d' "$1"; }
for ((i = 0; i <= ${#steps[@]}; i++)); do
    ((i == 0)) || holds cmp -s <(body at$i) <(body on$i) || diff at$i on$i
    ((i == ${#steps[@]})) || holds cmp -s <(body at$i) <(body back$i) || diff at$i back$i
    ((i == 0)) || holds test "$(body at$i)" != "$(body at$((i - 1)))"
done
finish
