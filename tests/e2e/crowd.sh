#!/bin/bash
# A crowd: two imports replace the same collection again and again, by another one each, while explorers and commands
# read it and some of all these are killed.  Nobody crashes or hangs, each line that is printed is true, and in the end
# the collection is whole with nothing beside it.  CROWD_SECONDS and CROWD_EXPLORERS say for how long, and how many.
source "$TESTS_DIR/tools/check.sh" || exit 1
source "$TESTS_DIR/tools/npy.sh" || exit 1
small_sample
source "$TESTS_DIR/tools/hostile.sh" || exit 1
seconds=${CROWD_SECONDS:-2} explorers=${CROWD_EXPLORERS:-2}
data=${HUBSCOPE_SMALL%/*}/data shared=$work/made/shared
mkdir "$work/made" "$work/logs"
grep '^split\|^query' "$data/texts.csv" >"$work/texts.csv"
large=(--texts-table "$work/texts.csv" --videos-table "$data/videos.csv" --videos "$data/videos.npy"
    --queries "$data/queries.npy" --thumbnails "$TESTS_DIR/../sample_data" --strip-frames 8)
small=("${hostile[@]}" --texts-table "$work/hostile_texts.csv")
good import "$shared" "${large[@]}" --no-encoder

end=$((SECONDS + seconds))
lines='another program is writing it; try again later|was changed by another program meanwhile; try again'
lines+='|[^ ]* changed while it was open|database is locked|has no video with the key|no stored caption matches'
crowd=()
log() { # log NAME STATUS FILE [COMMAND]: keeps what is not expected
    (($2 == 0 || $2 == 137)) && return
    (($2 == 1)) && (($(wc -l <"$3") == 1)) && grep -Eq "^hubscope: .*($lines)" "$3" && return
    { echo "$1: status $2 ${4:-}" && head -5 "$3"; } >>"$work/logs/$1"
}
member() { # member NAME COMMAND...: runs it again and again, and kills it at times
    local name=$1 err=$work/err.$1 rounds=0 pid
    shift
    while ((SECONDS < end)); do
        rounds=$((rounds + 1))
        "$@" >"$work/out.$name" 2>"$err" </dev/null &
        pid=$!
        if ((RANDOM % 7 == 0)); then
            sleep 0.$((RANDOM % 3))$((RANDOM % 10))
            kill -9 $pid 2>/dev/null
        fi
        wait $pid 2>/dev/null
        log "$name" $? "$err" "$*"
    done
    echo $rounds >"$work/rounds.$name"
}
show() { # show NAME: an explorer in a terminal of its own, which looks around and quits
    local sent=$work/sent.$1 status
    timeout 100 "$TOOLS_DIR/pty" 100x30 '' 'jjj' "$sent.1" 'B' "$sent.2" $'/owl\r' "$sent.3" 'q' "$sent.4" -- \
        timeout 60 "$HUBSCOPE" explore "$shared" --still
    status=$?
    cat "$sent".* | tr '\033' '\n' | sed -n 's/.*\(hubscope: [^\r]*\).*/\1/p' | tail -1 >"$work/said.$1"
    log "explorer$1" $status "$work/said.$1"
}
visitor() { # visitor NUMBER
    while ((SECONDS < end)); do
        XDG_STATE_HOME=$work/state$1 show $1
    done
}
import=("$HUBSCOPE" import "$shared" --replace --no-encoder)
member large "${import[@]}" "${large[@]}" & crowd+=($!)
member small "${import[@]}" "${small[@]}" & crowd+=($!)
member change "$HUBSCOPE" import "$shared" --set-item image & crowd+=($!)
member check "$HUBSCOPE" check "$shared" & crowd+=($!)
member search "$HUBSCOPE" search "$shared" owl --rule raw & crowd+=($!)
member hubs "$HUBSCOPE" hubs "$shared" --k 2 --rule raw & crowd+=($!)
member report "$HUBSCOPE" report "$shared" --bootstrap 10 --output "$work/made/page.html" --replace & crowd+=($!)
for ((i = 0; i < explorers; i++)); do
    visitor $i & crowd+=($!)
done
wait "${crowd[@]}"
echo "rounds: $(cd "$work" && grep . rounds.* | sed 's/^rounds\.//' | tr '\n' ' ')"

for file in "$work"/logs/*; do
    [[ ! -e $file ]] || { failures=$((failures + 1)) && echo "FAILED: $(head -12 "$file")"; }
done
good import "$shared" --replace --no-encoder "${large[@]}"
good check "$shared"
holds test "$(ls "$work/made" | sort | tr '\n' ' ')" = "page.html shared "
holds test -z "$(ls "$work/made/shared" | grep -v '^catalog.db$\|\.npy$')"
finish
