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
    switch $lines[-1]
        case files
            for path in (__fish_complete_path (string replace -- "$option" '' $current))
                echo $option$path
            end
        case folders
            for path in (__fish_complete_directories (string replace -- "$option" '' $current) '')
                echo $option$path
            end
    end
    set -e lines[-1]
    set -q lines[1]; and string join \n -- $lines
end

complete -c hubscope -f -a '(__hubscope_complete)'
