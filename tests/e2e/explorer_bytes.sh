#!/bin/bash
# What the explorer sends to a terminal: how much, held together as frames where the terminal can, and pictures.
source "$TESTS_DIR/tools/check.sh" || exit 1

# plays REPLY [KEYS FILE]... -- ARGUMENTS: in a terminal of 120x36; files are in $work
plays() {
    (cd "$work" && env -i HOME="$work" PATH="$PATH" TERM="${term:-xterm-256color}" LC_ALL=C.UTF-8 \
        HUBSCOPE_SAMPLE="$HUBSCOPE_SAMPLE" "$TOOLS_DIR/pty" 120x36 "$@")
}
bytes() { stat -c %s "$work/$1"; }
count() { grep -aoF -- "$1" "$work/$2" | wc -l; }
esc=$'\e'

# A key in a list repaints what changed, not the screen: less than 4 kB, also where the list scrolls and other rows are
# shown everywhere.  What shows more is bounded by that: another picture of half blocks in true colour takes up to 40
# bytes a cell, and another bank other tables and a chart, which are measured meanwhile.
xterm='\eP>|XTerm(379)\e\\\e[?2026;0$y\e[?64;22c'
below=$(printf 'j%.0s' {1..40})
pictures=(F search j search_down k search_up H hubs g hubs_first j hubs_down k hubs_up "$below" below
    j hubs_scrolled M mass j mass_down k mass_up
    S shifts g shifts_first j shifts_down k shifts_up)
tables=(R metrics j metrics_down k metrics_up X learning j learning_down k learning_up B banks j banks_down k banks_up)
walks() { # walks FOLDER COLOURS IMAGES [KEY FILE]...: through views; files are in FOLDER
    local folder=$1
    mkdir -p "$work/$folder"
    local rules=()
    [[ $folder == direct ]] || rules=(--rule raw --rule ncl) # all are in the tables
    (work=$work/$folder && plays "$xterm" '' start "${@:4}" q end -- "$HUBSCOPE" sample --still --color "$2" --images "$3" \
        "${rules[@]}")
}
walks palette 256 off j search_down k search_up &
walks direct direct off "${pictures[@]}" "${tables[@]}" &
walks blocks direct blocks "${pictures[@]}" &
wait
less() { # less BYTES FILE...: each has something, but less than that
    local file
    for file in "${@:2}"; do
        holds test "$(bytes "$file")" -gt 100 -a "$(bytes "$file")" -lt "$1"
    done
}
half_blocks=2048
less 4096 palette/search_{down,up} direct/{search,hubs,mass,shifts,metrics,learning}_{down,up}
less 4096 direct/{hubs_first,hubs_scrolled,shifts_first}
less $((4096 + half_blocks)) blocks/{search,hubs,mass,shifts}_{down,up} blocks/{hubs_first,hubs_scrolled,shifts_first}
less 8192 direct/banks_up
less 16384 direct/banks_down # with progress, the longer the busier the machine is
holds test "$(count "$esc[?2026" direct/search_down)" = 0
[[ ${SHOW:-} ]] && (cd "$work" && wc -c {palette,direct,blocks}/*_*)

whole=$HUBSCOPE_SAMPLE
small_sample

# A background that the terminal names late changes the colours.
holds plays '\e[?64;22c' '' start '\e]11;rgb:ffff/ffff/ffff\e\\' late q end -- "$HUBSCOPE" sample --still --color direct
holds test "$(count '38;2;240;163;90m' start)" -ge 1
holds test "$(count '38;2;163;82;0m' late)" -ge 1
holds test "$(count '38;2;240;163;90m' late)" = 0

# tmux that does not name it but passes the question on.
mkdir "$work/bin"
printf '#!/bin/sh\necho "RGB|on|0|on|bottom|0|0|XTerm(379)"\n' >"$work/bin/tmux"
chmod +x "$work/bin/tmux"
PATH=$work/bin:$PATH plays '\eP>|tmux 3.3a\e\\\e[?64;22c' '' start '\e]11;rgb:ffff/ffff/ffff\e\\' late q end -- \
    "$HUBSCOPE" sample --still
checks=$((checks + 1))
grep -aqF "${esc}Ptmux;$esc$esc]11;?" "$work/start" || broken 'tmux passes the question for the background on'
holds test "$(count '38;2;163;82;0m' late)" -ge 1

# Frames are held together where the terminal can.
holds plays '\e[?2026;2$y\e[?64;22c' '' start j down q end -- "$HUBSCOPE" sample --still --images off
holds test "$(count "$esc[?2026h" down)" -ge 1
holds test "$(count "$esc[?2026h" down)" = "$(count "$esc[?2026l" down)"

# Pictures are sixels where the terminal shows them, and only a film strip that plays is sent again.
if "$HUBSCOPE" --version | grep -q 'with libsixel'; then
    holds plays '\e[?63;1;2;4;22c' '' start R other q end -- "$HUBSCOPE" sample --still
    holds test "$(count "${esc}P" start)" -ge 1
    holds test "$(count "${esc}P" other)" = 0
    holds test "$(count '▀' start)" = 0
    holds grep -aqF "$esc[2J" "$work/end"
    holds plays '' '' start '\e[?63;1;2;4;22c' late q end -- "$HUBSCOPE" sample --still # a terminal that is slow
    holds test "$(count "${esc}P" start)" = 0
    holds test "$(count "${esc}P" late)" -ge 1
    holds grep -aqF "$esc[2J" "$work/end"
    holds plays '\e[?63;1;2;4;22c' '' start q end -- "$HUBSCOPE" sample --still --images blocks
    holds test "$(count "${esc}P" start)" = 0
    holds test "$(count '▀' start)" -gt 50
fi
holds plays '\eP>|iTerm2 3.5\e\\\e[?63;4c' '' start q end -- "$HUBSCOPE" sample --still
holds test "$(count "$esc]1337;File=inline=1" start)" -ge 1
grep -m 1 -aoP '\e\]1337;File=[^:]*:\K[^\a]*' "$work/start" | base64 -d >"$work/picture.jpg"
holds test "$(head -c 3 "$work/picture.jpg" | od -An -tx1 | tr -d ' ')" = ffd8ff

# y copies the selected row and Y the table, through the terminal.
HUBSCOPE_SAMPLE=$whole
copied() { grep -aoP '\e\]52;c;\K[A-Za-z0-9+/=]*(?=\e\\)' "$work/$1" | base64 -d; }
holds plays '\e[?64;22c' '' start y row Y table S shifts y caption Y all R metrics y rule q end -- \
    "$HUBSCOPE" sample --still --images off --view search --rule raw --rule ncl
holds test "$(copied row)" = "$("$HUBSCOPE" search sample 'toad head with a yellow mouth area bobs and puffs up' \
    --rule ncl --top 1 --format csv | awk -F, 'NR == 2 { print $5 }')"
copied table >"$work/tsv"
holds test "$(awk -F'\t' '{ print NF }' "$work/tsv" | sort -u | wc -l)" = 1
holds grep -q $'\tfrog' "$work/tsv"
holds test "$(copied caption)" = 'toad head with a yellow mouth area bobs and puffs up'
holds grep -aq 'too much to copy' "$work/all" "$work/metrics"
holds test "$(copied rule)" = NCL
finish
