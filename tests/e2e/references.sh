#!/bin/bash
# Comments and documents name only existing files: sources and headers by name or the end of their path, and anything
# written as a path from the top.  Names with capitals (rules/NAME.c), wildcards or a final _ are placeholders; headers
# of libraries are those included somewhere.
set -u
shopt -s globstar nullglob
cd "${1:-$TESTS_DIR/..}"

texts=({README,CONTRIBUTING}.md doc/*.md CMakeLists.txt run {engine,ui,app}/**/*.{c,h,def} tests/**/*.{c,h,sh,py,awk}
       {sample_data,tests}/**/{*.md,CMakeLists.txt})
((${#texts[@]} > 100)) || { echo "cannot find the source files"; exit 1; }

missing=$({
    printf 'path %s\n' *.md run CMake* {engine,ui,app,tests,sample_data,doc}/**/*
    grep -hoE '^ *# *include *<[^>]+>' "${texts[@]}" | sed -E 's/.*<(.*)>/path \1/'
    grep -nE '\w\.(c|h|def)\b|\b(engine|ui|app|tests|sample_data|doc)/\w' "${texts[@]}" |
        grep -vE '^[^:]*:[0-9]*: *# *include'
} | awk '
    $1 == "path" {
        for (path = $2; path != ""; path = index(path, "/") ? substr(path, index(path, "/") + 1) : "") {
            known[path]
            if (path ~ /\/.*\.[ch]$/)
                known[substr(path, 1, length(path) - 2)] # a unit
        }
        next
    }
    {
        match($0, /^[^:]*:[0-9]+:/)
        place = substr($0, 1, RLENGTH)
        rest = substr($0, RLENGTH + 1)
        while (match(rest, /[[:alnum:]_.\/*$\\{}<>%-]+/)) {
            name = substr(rest, RSTART, RLENGTH)
            rest = substr(rest, RSTART + RLENGTH)
            sub(/[.\/]+$/, "", name)
            named = name ~ /[[:alnum:]_]\.(c|h|def)$/ || name ~ /^(engine|ui|app|tests|sample_data|doc)\//
            if (named && name !~ /[*$\\{}<>%]|\.\.|[A-Z][A-Z]|_$/ && !(name in known))
                print place, name
        }
    }')
[[ ! $missing ]] || printf 'names of files that do not exist:\n%s\n' "$missing"
[[ ! $missing ]]
