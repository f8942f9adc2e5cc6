# Completion of hubscope for fish.  The program itself says what can follow: hubscope --complete.

function __hubscope_complete
    set -l words (commandline -opc)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    command -q $program; or return
    set -l typed (commandline -ct)
    set -l current (string unescape -- $typed; or string replace -ra '["\'\\\\]' '' -- $typed)
    set -l lines ($program --complete fish '' $words[2..-1] "$current" 2>/dev/null)
    set -q lines[1]; or return
    set -l option (string match -r '^--[^=]*=' -- $typed; or echo '')
    set -l path (string replace -- "$option" '' $current)
    set -l home (string match -r '^~/' -- $path; or echo '')
    set -l at (string replace -r '^~/' "$HOME/" -- $path)
    set -l found
    switch $lines[-1]
        case files
            set found (__fish_complete_path "$at")
        case folders
            set found (__fish_complete_directories "$at" '')
    end
    for path in $found
        test -n "$home"; and set path $home(string sub -s (math 2 + (string length -- $HOME)) -- $path)
        echo $option$path
    end
    set -e lines[-1]
    set -q lines[1]; and string join \n -- $lines
end

complete -c hubscope -f -a '(__hubscope_complete)'
