#!/bin/bash
# Plays every lesson on the sample at 80x24 and 120x36, through all stops forward and back: the program ends at the first
# number that is not known, claim that is not true, place or value that the screen does not show beside the box, and text
# that does not fit.  Texts write no number of their own, bad files are refused by line, and README lists the lessons.
source "$TESTS_DIR/tools/check.sh" || exit 1

export LC_ALL=C.UTF-8 TERM=xterm-256color LINES=24 COLUMNS=80
lessons=$TESTS_DIR/../sample_data/lessons
copy_collection "${HUBSCOPE_SAMPLE:?}" "$work/sample" || exit 1
export HUBSCOPE_SAMPLE=$work/sample
stops=0
for size in 24x80 36x120; do
    echo ":resize $size"
    for file in "$lessons"/*.lesson; do
        name=$(basename "$file" .lesson) count=$(grep -c '^==' "$file")
        stops=$((stops + count))
        echo ":lesson ${name#*-}"
        yes Enter | head -n $((count - 1))
        [[ $size == 24x80 ]] && yes Backspace | head -n $((count - 1))
        echo Esc
    done
done >"$work/keys"
holds test "$stops" -ge 80

# Only rules that a lesson names: Metrics analyses all that are offered.
rules=()
for rule in raw ncl is qbnorm center sinkhorn; do
    rules+=(--rule "$rule")
done
good explore sample "${rules[@]}" --script "$work/keys" --no-display

# Numbers are values in braces; names such as R@1 and top-10, and keys, are not numbers of the data.
sed -E '/^(#|:|==|title:|minutes:|point:|check:|keys:)/d; s/\{[^}]*\}//g; s/R@[0-9]+|top-10|Key 3|, 2 brings|up to 1|hand out (a probability of )?1|At 0|near [01]|above 0|95 %|From 2 to 1//g' \
    "$lessons"/*.lesson >"$work/out"
checks=$((checks + 1))
! grep -E '[0-9]' "$work/out" || broken 'a lesson writes a number itself'

good lesson
while read -r name minutes _ title; do
    [[ $name && $name != hubscope ]] || continue
    holds grep -qF "| \`$name\` | $minutes | $title |" "$TESTS_DIR/../README.md"
done < <(cat "$work/out")

bad 1 "there is no lesson 'hubz'; did you mean 'hubs'" lesson hubz
printf 'title: A\nminutes: 2\n\n== One\n:export a.csv\nText\n' >"$work/bad.lesson"
bad 1 "bad.lesson:5: not a command of lessons: ':export a.csv'" lesson "$work/bad.lesson"
echo Enter >"$work/one"
printf 'title: A\nminutes: 2\n== One\n:hubs\n:video 2708\ncheck: N10 versus < 3\nText\n' >"$work/bad.lesson"
bad 1 "bad.lesson:6: not true: '76 < 3'" lesson "$work/bad.lesson" --script "$work/one" --no-display
printf 'title: A\nminutes: 2\n== One\n:hubs\npoint: zebra crossing\nText\n' >"$work/bad.lesson"
bad 1 "bad.lesson:5: not on the screen: 'zebra crossing'" lesson "$work/bad.lesson" --script "$work/one" --no-display
printf 'title: A\nminutes: 2\n== One\n:hubs\n:video 2708\nIts mass under NCL is {mass-ratio versus} times what is fair\n' >"$work/bad.lesson"
bad 1 "bad.lesson:3: the text speaks of what the screen does not show: '5.5'" lesson "$work/bad.lesson" --script "$work/one" --no-display
# At 12x40 the box lies over the view, but not over what it points at, and the footer names its keys, if need be instead of others.
printf 'title: A\nminutes: 2\n== One\n:hubs\npoint: 5 ◆\nThe fifth\n' >"$work/low.lesson"
echo ":screenshot $work/low.txt" >"$work/one"
LINES=12 COLUMNS=40 good lesson "$work/low.lesson" --script "$work/one" --no-display
holds grep -q '^ *5 ◆' "$work/low.txt"
holds grep -q '^ Enter end .*Esc leave' "$work/low.txt"
finish
