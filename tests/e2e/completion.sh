#!/bin/bash
# Completion: all that the help lists is offered where it can follow, names are completed with what a shell would make of
# them escaped, nothing is offered and nothing said where something is missing or broken; and bash, with the script that
# is installed, puts the right words together.
source "$TESTS_DIR/tools/check.sh" || exit 1
small_sample
unset HUBSCOPE_ENCODER_COMMAND

offered() { # offered WORD...: what can be the last word, one a line
    checks=$((checks + 1))
    "$HUBSCOPE" --complete zsh '' "$@" >"$work/out" 2>"$work/err"
    status=$?
    ((status == 0)) && [[ ! -s $work/err && $(tail -n 1 "$work/out") == @(words|files|folders) ]] ||
        broken "--complete zsh '' $*"
    sed '$d; s/\t.*//' "$work/out"
}
offers() { # offers WORDS... : CANDIDATE...: all of these, among others
    local words=() missing
    while [[ $1 != : ]]; do
        words+=("$1")
        shift
    done
    shift
    missing=$(comm -13 <(offered "${words[@]}" | sort) <(printf '%s\n' "$@" | sort))
    checks=$((checks + 1))
    [[ ! $missing ]] || broken "completing '${words[*]}' lacks: $missing"
}

# Everything that the help has.
commands=$("$HUBSCOPE" help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
offers '' : $commands sample
offers help '' : $(grep -vx help <<<"$commands")
declare -A seen
sanitized && commands='explore lists import'
for command in $commands; do
    [[ $command != help ]] || continue
    "$HUBSCOPE" help "$command" >"$work/help"
    mapfile -t options < <(sed -n '/^Options:/,/^$/s/^ *\(-h, \)\?\(--[a-z0-9-]*\).*/\2/p' "$work/help")
    offers "$command" -- : "${options[@]}"
    while read -r option argument; do
        [[ $argument == *[a-z0-9]'|'* && $argument != *[A-Z:]* && ! -v seen[$option$argument] ]] || continue
        seen[$option$argument]=1
        offers "$command" "$option" '' : ${argument//|/ }
        offers "$command" "$option=" : $(printf -- "$option=%s\n" ${argument//|/ })
    done < <(sed -n '/^Options:/,/^$/s/^ *\(--[a-z0-9-]*\) \([^ ]*\).*/\1 \2/p' "$work/help")
done
mapfile -t names < <(rules)
offers eval sample --rule '' : "${names[@]}" all
offers eval sample --rule=motion/ : "${names[@]/#/--rule=motion/}"
while read -r name parameter; do
    offers eval sample --rule "$name:" : "$name:$parameter="
done < <("$HUBSCOPE" help eval | sed -n '/^Rules:/,/^$/{/^  [a-z]/{s/^  \([a-z]*\) .*/\1/;h;};/^   *\([a-z_]*\): .*/{s//\1/;G;s/\(.*\)\n\(.*\)/\2 \1/p;};}' |
    awk 'NR % 5 == 1')
offers sweep sample --rule motion/qbnorm --over '' : beta= k=
offers sample --rule ncl:scale=2, : ncl:scale=2,iterations=
holds test "$(offered eval sample --replace --rep)" = ''      # given already
holds test "$(offered eval sample --rule raw --ru)" = --rule  # but that one again
holds test "$(offered eval -- --ru)" = ''
offers lesson '' : tour hubs
offers hubs sample --where '' : key= title= group=

# Names that a shell or a terminal would take for something else.
mkdir -p "$work/here/plain" "$work/here/.hidden"
mine=$work/here/"my 'coll'\$"
copy_collection "$HUBSCOPE_SAMPLE" "$work/copy" && mv "$work/copy" "$mine" || exit 1
"$TOOLS_DIR/sql" "$mine/catalog.db" "UPDATE banks SET name = 'a b:c' WHERE name = 'stills';
    UPDATE banks SET name = 'e' || char(27) || '[2Jvil' WHERE name = 'keywords'" || exit 1
cd "$work/here" || exit 1
offers '' : "my 'coll'\$"
holds test "$(offered p)" = plain/
holds test "$(offered eval "$mine" --bank '' | paste -sd,)" = 'train,a b:c,e [2Jvil'
holds test "$(HOME=$work/here && export HOME && offered eval "~/my 'coll'\$" --rule 'raw@a')" = 'raw@a b:c'
holds test "$(HOME=$work/here && export HOME && offered eval '~/my')" = "~/my 'coll'\$"
bash_offers() { # bash_offers KEPT WORD...: in bash's spelling
    "$HUBSCOPE" --complete bash "$@" 2>&1 | sed '$d; s/\t.*//'
}
mkdir '~sample'
touch '~sample/catalog.db'
holds test "$(bash_offers '' eval '\~')" = '\~sample'
rm -r '~sample'
holds test "$(bash_offers '' eval my)" = 'my\ \'"'coll\\'\\$"
holds test "$(bash_offers '' eval '"my')" = "my 'coll'\\\$"
holds test "$(bash_offers '' eval "'my")" = ''
holds test "$(bash_offers raw@ eval "my\\ \\'coll\\'\\\$" --rule raw@a)" = 'a\ b:c'

# What is missing, broken or strange.
printf 'SQLite format 3 and no more' >"$work/here/plain/catalog.db"
for words in 'eval nowhere --bank' 'eval plain --bank' 'eval plain --rule raw@' 'nonsense' 'help eval' \
    'lesson a b' 'eval plain --where'; do
    holds test "$(offered $words '')" = ''
done
holds test "$(head -c 5000 /dev/zero | tr '\0' x | xargs -I{} "$HUBSCOPE" --complete zsh '' eval {})" = words
for words in '' zsh "zsh x" "bash ' eval '" "bash \\ \\"; do
    holds eval '"$HUBSCOPE" --complete '"$(printf '%q ' $words)"' >"$work/out" 2>"$work/err" && [[ ! -s $work/err ]]'
done

# bash itself.
if ! sanitized; then
    mkdir "$work/bin"
    ln -s "$(realpath "$HUBSCOPE")" "$work/bin/hubscope"
    line() { # line TYPED EXPECTED: the words of the line after a tab
        checks=$((checks + 1))
        typed+="$1\t\x05\x01words \n"
        expected+="$2"$'\n'
    }
    typed='' expected=''
    line 'hubscope im' '<hubscope><import>'
    line 'hubscope my' "<hubscope><my 'coll'\$>"
    line 'hubscope eval "my' "<hubscope><eval><my 'coll'\$>"
    line 'hubscope eval sample --rule ncl:it' '<hubscope><eval><sample><--rule><ncl:iterations=>'
    line 'hubscope eval sample --rule raw@k' '<hubscope><eval><sample><--rule><raw@keywords>'
    line 'hubscope eval sample --format=js' '<hubscope><eval><sample><--format=json>'
    line "hubscope eval $(printf '%q' "my 'coll'\$") --bank a" "<hubscope><eval><my 'coll'\$><--bank><a b:c>"
    line 'hubscope import x --bank=n=pl' '<hubscope><import><x><--bank=n=plain/>'
    line 'hubscope import x --thumbnails pl' '<hubscope><import><x><--thumbnails><plain/>'
    printf 'source "%s"; PS1=; HISTFILE=; words() { printf "<%%s>" "$@"; echo; }\n' "$TESTS_DIR/../app/share/hubscope.bash" >"$work/rc"
    printf -v typed '%b' "${typed}exit\n"
    PATH=$work/bin:$PATH TERM=dumb timeout 20 "$TOOLS_DIR/pty" 200x50 '' '' "$work/began" "$typed" "$work/out" -- \
        bash --noprofile --rcfile "$work/rc" -i
    grep -a '^<.*>' "$work/out" | tr -d '\r' | diff - <(printf '%s' "$expected") >"$work/err" || broken 'lines of bash'
fi
finish
