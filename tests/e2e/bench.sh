#!/bin/bash
# The benchmark runs and reports; its measurements are not checked.
HUBSCOPE=${BENCH:?tests/bench}
source "$TESTS_DIR/tools/check.sh" || exit 1
export TMPDIR=$work

json() { holds "$TOOLS_DIR/json_member" "$@" <"$work/out"; }

rows() { # rows FILE COUNT: COUNT rows of 512 numbers 1/16
    {
        printf '\x93NUMPY\x01\x00\x76\x00'
        printf '%-117s\n' "{'descr': '<f4', 'fortran_order': False, 'shape': ($2, 512), }"
        head -c $((2 * 512 * $2)) /dev/zero | tr '\0' '=' | sed 's/==/\x00\x00\x80=/g' # two bytes become 0x3d800000
    } >"$1"
}

good --quick top10 typed --format json
json processor
json cores
json workers
json quick true
json workloads.0.name top10
json workloads.0.what 'top 10 by raw, with ranks and mass: 250 queries x 2500 gallery x 512'
for field in seconds first fastest slowest ns_per_cell gflops reference_seconds ratio processor_ratio generic peak; do
    json "workloads.0.$field"
done
json workloads.0.reference sgemm
json workloads.0.peak_goal 268435456
json workloads.1.name typed
json workloads.1.reference null

good --quick open curve-M
has '^open .*<= 200 ms +(yes|no) '
has '^open +open a collection of 25000 videos$'
has '^M: gallery items'
has '^ *2500 +[0-9.]+ +[0-9.]+ +4.00 +[0-9.]+$'
holds test -z "$(find "$work" -name 'hubscope-bench-*')"

good --quick clip
has '^clip +.* read +[0-9.]+ '
has '^clip +ten words by a CLIP text transformer: 512 wide, 3 layers, float32, mapped$'
holds test -z "$(find "$work" -name 'hubscope-bench-*')"

mkdir "$work/data"
rows "$work/data/gallery.npy" 300
rows "$work/data/queries.npy" 20
rows "$work/data/bank.npy" 40
good --data "$work/data" bank moments analysis ncl query top10 --format csv --threads 1
has '^bank,'
has '^moments,'
has '^query,'
good --data "$work/data" ncl --memory 1000
has 'similarities streamed: 40 bank x 300 gallery x 512$'
good --data "$work/data" ncl
has 'similarities kept: 40 bank x 300 gallery x 512$'

bad 2 "unknown workload 'nothing'; known: bank, .*curve-Q" top10 nothing --quick
bad 1 'nowhere/gallery.npy' bank --data "$work/nowhere"
rm "$work/data/bank.npy"
bad 1 'bank.npy' bank --data "$work/data"
bad 2 "--memory takes a number above 0, not '2X'" bank --memory 2X
good --help
has '^  --memory SIZE '
finish
