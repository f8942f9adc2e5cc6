#!/bin/bash
# The user's settings: printed, read, bound and saved; and collections opened where they were left.
source "$TESTS_DIR/tools/check.sh" || exit 1
small_sample
copy_collection "$HUBSCOPE_SAMPLE" "$work/sample" || exit 1
config=$XDG_CONFIG_HOME/hubscope/config
mkdir -p "$XDG_CONFIG_HOME/hubscope"

script() { # script ARGUMENTS: plays standard input in the explorer; the screen is then in $work/out
    cat >"$work/script"
    echo ":save-display $work/screen" >>"$work/script"
    run "$work/sample" --script "$work/script" --no-display "$@"
    ((status == 0)) && [[ ! -s $work/err ]] || broken "explorer (status $status)"
    mv "$work/screen" "$work/out"
}

# Printed with their defaults; what is printed reads back the same; the command line takes precedence.
good --print-config
has '^theme auto$'
has '^favourites raw ncl '
has '^bind Ctrl-C cancel$'
cp "$work/out" "$config"
cp "$work/out" "$work/first"
good --print-config
holds diff "$work/first" "$work/out"
printf 'theme safe\nimages blocks\n' >"$config"
good --print-config --background light --images off
has '^theme safe-light$'
has '^images off$'

# What is wrong is named, and the explorer starts.
printf '%s\n' '# mine' 'themee dark' 'bind Ctrl-G back' 'bind Ctrl-G help' >"$config"
run --print-config
holds test "$status" = 0
holds grep -q "config:2: there is no option 'themee'; did you mean 'theme'?" "$work/err"
holds grep -q 'config:4: Ctrl-G is bound to help and, on line 3, to back: the later counts' "$work/err"
script </dev/null
has "config:2: there is no option 'themee'"
script <<<Ctrl-G
has 'keys: Enter runs one'

# Keys, favourites and rules; saved with the comments.
printf '%s\n' '# mine' 'favourites ncl is' 'versus is' 'bind z help' >"$config"
script <<<z
has 'keys: Enter runs one'
script <<'KEYS'
:bind x view-hubs
:option favourites raw csls
:option theme light
:save-config
x
KEYS
has '\(?1 raw'
has '2 CSLS'
has 'videos by N_10'
holds diff - "$config" <<'CONFIG'
# mine
favourites raw csls
versus is
bind z help
theme light
bind x view-hubs
CONFIG
rm "$config"

# Where a collection was left; without --resume a script leaves nothing behind.
script <<<M
holds test ! -e "$XDG_STATE_HOME/hubscope/left"
script --resume <<'KEYS'
:query sleepy cat
:bank stills
:versus is
:rule qbnorm:beta=40
:video 7
Space
:where marked
:view hubs
KEYS
script --resume </dev/null
has '■'
has '\[3 QB-Norm\]'
has '\(4 IS\)'
holds grep -q '^where marked$' "$XDG_STATE_HOME"/hubscope/left/*
holds grep -q '^bank stills$' "$XDG_STATE_HOME"/hubscope/left/*
holds grep -q '^rule .*/qbnorm:beta=40' "$XDG_STATE_HOME"/hubscope/left/*
script --resume --view search </dev/null
has '/ sleepy cat'
script </dev/null
holds test "$(grep -c 'sleepy cat' "$work/out")" = 0
finish
