#!/bin/bash
# Several processes under mpirun: the same bytes as one, one message, and nothing half written when one of them dies.
source "$TESTS_DIR/tools/check.sh" || exit 1
small_sample
"$HUBSCOPE" --version | grep -q 'with MPI' || { echo "built without MPI"; exit 77; }
command -v mpirun >/dev/null || { echo "mpirun is not installed"; exit 77; }
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 HUBSCOPE_THREADS=1
export OMPI_MCA_btl_vader_single_copy_mechanism=none HUBSCOPE_PROGRESS=0
export OMPI_MCA_pml=ob1 OMPI_MCA_btl=self,vader # Open MPI looks for network cards otherwise, which takes longer than our runs
cd "$work" || exit 1
data=$HUBSCOPE_SAMPLE
bare=(--queries "$data/queries.npy" --videos "$data/videos.npy" --bank "$data/bank_keywords.npy"
    --video-bank "$data/video_bank_train.npy") # without a catalog no fit is cached
both=(--gallery-bank "$data/video_bank_train.npy" --rule all)

# together N ARGUMENTS: compares what N processes print with what one does; all comparisons run at once.
number=0
together() {
    local count=$1 name=run$((number += 1))
    shift
    {
        "$HUBSCOPE" "$@" >"$name.one" 2>"$name.one.err" </dev/null
        echo "status $?" >>"$name.one"
        mkdir "$name" # mpiruns that end would remove what others that begin have found
        TMPDIR=$work/$name timeout 60 mpirun -n "$count" "$HUBSCOPE" "$@" >"$name.all" 2>"$name.all.err" </dev/null
        echo "status $?" >>"$name.all"
        { diff "$name.one" "$name.all" && diff "$name.one.err" "$name.all.err"; } >"$name.differ" ||
            { echo "$count processes: $*"; head -n 20 "$name.differ"; } >>differ
    } &
}
together 1 eval "${bare[@]}" --rule ncl
together 2 eval "${bare[@]}" "${both[@]}" --direction t2v --format json
together 3 eval "${bare[@]}" --rule all --gallery-bank "$data/bank_train.npy" --direction v2t --format csv
together 5 lists "${bare[@]}" "${both[@]}" --depth 7 --format csv --split gallery
wait
together 3 hubs sample --direction v2t --rule all --v2t videos --format json --split gallery
together 2 mass "${bare[@]}" "${both[@]}" --format json
together 3 shifts sample --format csv
wait
together 2 sweep "${bare[@]}" --rule csls --over k=1:9:3 --format csv --split gallery
together 3 search sample --caption 5 --rule gc --rule ncl --format json --split gallery
together 5 bank sample --rule ncl --rule is --format json
wait
[[ -e differ ]] && cat differ
holds test ! -e differ -a "$number" = 10

# One that dies: mpirun waits two seconds before it kills the others, meanwhile the following ones fail.
dies='if ((${OMPI_COMM_WORLD_RANK:-$PMI_RANK} == 1)); then echo $$ >pid; fi; exec "$0" sweep "$@"'
: >sweep.err
mkdir killed
HUBSCOPE_PROGRESS=0.1 TMPDIR=$work/killed timeout 60 mpirun -n 2 bash -c "$dies" "$HUBSCOPE" "${bare[@]}" --rule ncl \
    --over scale=5:500:60 --over iterations=940:1000:60 --output half.json >/dev/null 2>sweep.err </dev/null &
for ((i = 0; i < 200; i++)); do # without a terminal progress is lines
    grep -qE '^Sweeping: [0-9]+ %' sweep.err && break
    sleep 0.05
done
holds test "$i" -lt 200
kill -KILL "$(<pid)"
killed=$!

# fails PATTERN COUNT COMMAND...: the processes must fail with one message of ours.
fails() {
    local pattern=$1
    checks=$((checks + 1))
    OMPI_MCA_odls_base_sigkill_timeout=0 timeout 60 mpirun -n "$2" "${@:3}" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    ((status != 0 && status != 124)) && [[ $(grep -c '^hubscope: ' "$work/err") == 1 && ! -s $work/out ]] &&
        grep -q "^hubscope: .*$pattern" "$work/err" || broken "mpirun ${*:2} (status $status; wanted '$pattern')"
}
mkdir rank0 rank1
cp "$data"/{queries,videos}.npy rank0
cp "$data"/{queries,videos}.npy rank1
printf '\001' | dd of=rank1/videos.npy bs=1 seek=5000 conv=notrunc 2>/dev/null
fails 'process 1 found other data than process 0' 2 \
    bash -c 'cd rank${OMPI_COMM_WORLD_RANK:-$PMI_RANK} && exec "$0" eval --queries queries.npy --videos videos.npy' "$HUBSCOPE"
rm rank1/videos.npy
fails 'process 1: videos.npy: No such file' 2 \
    bash -c 'cd rank${OMPI_COMM_WORLD_RANK:-$PMI_RANK} && exec "$0" eval --queries queries.npy --videos videos.npy' "$HUBSCOPE"
fails 'info runs in one process' 2 "$HUBSCOPE" info sample
"$HUBSCOPE" --version --verbose | grep -q '^kernels: generic' ||
    fails 'process 1 computes with generic, OpenBLAS' 2 \
        bash -c '((${OMPI_COMM_WORLD_RANK:-$PMI_RANK})) && export HUBSCOPE_ISA=generic; exec "$0" "$@"' "$HUBSCOPE" eval sample

# Only the first process writes; what another one's death interrupts leaves no file.
timeout 60 mpirun -n 2 "$HUBSCOPE" eval "${bare[@]}" --output whole.json 2>"$work/err"
holds test -s whole.json -a ! -s "$work/err"
wait "$killed"
status=$?
holds test $status -ne 0 -a $status -ne 124
holds test -z "$(ls -A | grep half)"
finish
