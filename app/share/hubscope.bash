# Completion of hubscope for bash.  The program itself says what can follow: hubscope --complete.

_hubscope() {
    local IFS=$' \t\n' program=$1 rest=${COMP_LINE:0:COMP_POINT} current='' kept='' last='' i kind line
    local -a words=() lines=()

    # bash splits words at colons and equals signs too: join what no blank separates, up to the cursor.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        line=${rest#"${rest%%[![:space:]]*}"}
        if ((i)) && [[ $line != "$rest" || -z $rest ]]; then
            words+=("$current")
            current='' kept=''
        fi
        last=${COMP_WORDS[i]}
        [[ $line == "$last"* ]] || last=$line # the cursor is inside of it
        kept=$current
        current+=$last
        rest=${line:${#last}}
    done
    [[ $last == [:=]* ]] && kept=$current # nothing of it is replaced
    kept=${kept%@}                        # but an at sign is

    case $program in
    '~/'*) program=$HOME/${program:2} ;;
    esac
    mapfile -t lines < <("$program" --complete bash "$kept" "${words[@]:1}" "$current" 2>/dev/null)
    ((${#lines[@]})) || return
    kind=${lines[-1]}
    unset 'lines[-1]'
    COMPREPLY=("${lines[@]%%$'\t'*}")
    case $kind in
    files | folders)
        [[ $last == [:=]* ]] && last=''
        compopt -o filenames
        [[ $kind == files ]] && mapfile -t lines < <(compgen -f -- "$last") || mapfile -t lines < <(compgen -d -- "$last")
        COMPREPLY+=("${lines[@]}")
        ;;
    esac
    # More follows these.
    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[/=:,@] ]] && compopt -o nospace
}
complete -F _hubscope hubscope
