#!/bin/bash
# Pictures through tmux: handed on to the terminal where the user has allowed it, and nowhere else.
source "$TESTS_DIR/tools/check.sh" || exit 1
command -v tmux >/dev/null || { echo "tmux is needed: install Debian's tmux"; exit 1; }
small_sample

# In a terminal NAME with tmux in it, configured by LINE, the explorer with ARGUMENTS: what the terminal gets, in $work/OUT.
shows() { # shows OUT NAME LINE ARGUMENTS...
    local out=$1 name=$2 arguments=${*:4}
    mkdir -p "$work/$out"
    {
        echo "$3"
        # the explorer starts when tmux knows its terminal's name
        echo "set -g default-command 'for i in \$(seq 100); do tmux display -p \"#{client_termtype}\" | grep -q . && break;" \
            "sleep 0.05; done; exec $HUBSCOPE sample --still $arguments'"
    } >"$work/$out/conf"
    (cd "$work/$out" && env -i HOME="$work/$out" TMUX_TMPDIR="$work/$out" PATH="$PATH" TERM=xterm-256color LC_ALL=C.UTF-8 \
        SHELL=/bin/sh HUBSCOPE_SAMPLE="$HUBSCOPE_SAMPLE" "$TOOLS_DIR/pty" 100x30 "\\eP>|$name\\e\\\\" '' start '' more q end -- \
        tmux -u -f "$work/$out/conf" new-session >/dev/null)
    cat "$work/$out"/{start,more,end} >"$work/$out.bytes" 2>/dev/null
}
has_bytes() { grep -aqF -- "$1" "$work/$2.bytes"; }
lacks_bytes() { ! has_bytes "$@"; }
esc=$'\e'

shows kitty 'kitty(0.35.2)' 'set -g allow-passthrough on' &
shows closed 'kitty(0.35.2)' '' &
shows forced 'XTerm(379)' '' --images kitty &
sixels=false
if "$HUBSCOPE" --version | grep -q 'with libsixel'; then
    sixels=true
    shows sixel 'XTerm(379)' 'set -g allow-passthrough on; set -g status-position top' --images sixel &
fi
shows iterm 'iTerm2 3.5' 'set -g allow-passthrough on' &
wait

# The uploads come out of tmux whole, and decode to the picture; the placeholders are text; all are deleted at the end.
holds has_bytes "${esc}_Gq=2,a=T,U=1,i=" kitty
holds has_bytes $'\xf4\x8e\xbb\xae' kitty
holds lacks_bytes '▀' kitty
grep -aoP '\e_Gq=2,\K[^\e]*' "$work/kitty.bytes" | sed '/m=0;/q' >"$work/chunks" # of the first upload
IFS=' ' read -r width height < <(sed -n '1s/.*,s=\([0-9]*\),v=\([0-9]*\),.*/\1 \2/p' "$work/chunks")
sed 's/.*;//' "$work/chunks" | tr -d '\n' | base64 -d >"$work/pixels"
holds test "$(stat -c %s "$work/pixels")" = $((3 * width * height))
holds test "$(od -An -v -tu1 -w3 "$work/pixels" | sort -u | wc -l)" -gt 20
holds test "$(grep -aoP '\e_Ga=d,d=I,i=\K[0-9]*' "$work/kitty.bytes" | sort -u)" = \
    "$(grep -aoP '\e_Gq=2,a=T,U=1,i=\K[0-9]*' "$work/kitty.bytes" | sort -u)"

# Where it is not allowed, also if asked for, half blocks.
for out in closed forced; do
    holds has_bytes '▀' $out
    holds lacks_bytes "${esc}_G" $out
done

# Pixels go where tmux's pane is, here below its status line, and come back to tmux's cursor.
if $sixels; then
    holds grep -aqP '\e7\e\[([2-9]|[1-9][0-9]);[0-9]+H\eP[0-9;]*q[^\e]*\e\\\e8' "$work/sixel.bytes"
    top=$(grep -aoP '\e7\e\[\K[0-9]+(?=;[0-9]+H\eP)' "$work/sixel.bytes" | head -1)
    shows plain 'XTerm(379)' 'set -g allow-passthrough on' --images sixel
    holds test "$(grep -aoP '\e7\e\[\K[0-9]+(?=;[0-9]+H\eP)' "$work/plain.bytes" | head -1)" = $((top - 1))
fi
holds has_bytes "${esc}]1337;File=inline=1" iterm
finish
