#!/bin/bash
# The help of every command, made from the tables of options: names are unique, every option is listed once, and every
# help has the global options.
source "$TESTS_DIR/tools/check.sh" || exit 1

good help
cp "$work/out" "$work/all"
good help help
holds cmp -s "$work/all" "$work/out"
good --help
holds cmp -s "$work/all" "$work/out"
good -h
holds cmp -s "$work/all" "$work/out"
commands=$(sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' "$work/all")
holds test "$(wc -w <<<"$commands")" -ge 14
holds test -z "$(sort <<<"$commands" | uniq -d)"

declare -A seen
options() { sed -n '/^Options:/,/^$/s/^ *\(-[a-zA-Z], \)\?\(--[a-z0-9-]*\).*/\2/p' "$work/out"; }
for command in $commands; do
    [[ $command != help ]] || continue
    good help "$command"
    has "^usage: hubscope $command "
    cp "$work/out" "$work/first"
    twice=$(options | sort | uniq -d)
    holds test -z "$twice"
    for option in --memory --threads --help --version; do
        holds grep -qx -- "$option" <(options)
    done
    for way in --help -h; do
        good "$command" $way
        holds cmp -s "$work/first" "$work/out"
    done
    good "$command" --help --nonsense
    # Listed options exist: one with a value reports that it is missing, a choice lists what it takes.
    while read -r option argument; do
        [[ ! -v seen[$option$argument] ]] || continue # of another command
        seen[$option$argument]=1
        case $argument in
        *'|'*) [[ $argument == *[A-Z:]* ]] || bad 2 "--$option takes ${argument//|/.}, not" "$command" --$option= ;;
        [A-Z]*) bad 2 "--$option needs a value" "$command" --$option ;;
        esac
    done < <(sed -n '/^Options:/,/^$/s/^ *--\([a-z0-9-]*\) \([^ ]*\).*/\1 \2/p' "$work/first")
done

# For a bug report: lines of "name: value", with every library that the program is linked to, and nothing personal.
good --version
cp "$work/out" "$work/first"
HUBSCOPE_ENCODER_COMMAND='secret --key 1' HUBSCOPE_ISA=generic TERM=xterm COLORTERM=truecolor good --version --verbose
holds cmp -s "$work/first" <(head -n 1 "$work/out")
holds test -z "$(sed 1d "$work/out" | grep -vE '^[a-z0-9 ]+: [^ ].*$')"
for library in $(objdump -p "$HUBSCOPE" | sed -n 's/^ *NEEDED *\([^ ]*\)\.so.*/\1/p'); do
    has "^library: /.*/$library"
done
has '^kernels: generic of generic'
has '^terminal: standard output is not a terminal$'
has '^colours: any'
has '^environment: COLORTERM=truecolor$'
holds test -z "$(grep -F -e secret -e "$HOME/" -e "$(hostname)" "$work/out")"
bad 2 '--verbose goes with --version' eval sample --verbose
bad 2 "did you mean 'search'" help serach
bad 2 "did you mean 'search'" serach
bad 2 "did you mean 'eval'" help evaluate
bad 2 "did you mean 'import'" help imp
good help --help
holds cmp -s "$work/all" "$work/out"

good help explore
views=$(sed -n 's/^VIEW([A-Z_]*, \([a-z_]*\),.*/\1/p' "$TESTS_DIR/../ui/keys/views.def" | paste -sd'|')
holds grep -Fqx -- "  --view $views" "$work/out"
good help eval
has '^BANK is a bank'
has '^Intervals come from'
has '^  ncl '
good help import
has '^  msrvtt '
finish
