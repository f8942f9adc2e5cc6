#!/bin/bash
# -DHUBSCOPE_VIDEO=OFF, -DHUBSCOPE_SIXEL=OFF, -DHUBSCOPE_MPI=OFF and without the compressions of Parquet, with defaults
# otherwise: the reader of video files and the writer of sixels are left out, their substitutes are built, compressed
# files and sixels are refused by name, and nothing needs the tests' packages.  Only files that differ from the build
# under test are compiled.
source "$TESTS_DIR/tools/check.sh" || exit 1
with=$(dirname "$HUBSCOPE")
without=$work/without
cached() { sed -n "s/^$1:[^=]*=//p" "$with/CMakeCache.txt"; }

# twice ARCHIVE...: symbols that are defined more than once
twice() { nm --defined-only --extern-only "$@" | awk 'NF == 3 { print $3 }' | sort | uniq -d; }

holds cmake -S "$TESTS_DIR/.." -B "$without" -G Ninja -DHUBSCOPE_VIDEO=OFF -DHUBSCOPE_SIXEL=OFF -DHUBSCOPE_MPI=OFF \
    -DHUBSCOPE_SNAPPY=OFF -DHUBSCOPE_ZSTD=OFF -DHUBSCOPE_LZ4=OFF -DHUBSCOPE_BROTLI=OFF \
    -DCMAKE_BUILD_TYPE="$(cached CMAKE_BUILD_TYPE)" -DHUBSCOPE_WERROR="$(cached HUBSCOPE_WERROR)" \
    -DCMAKE_C_COMPILER="$(cached CMAKE_C_COMPILER)" \
    -DCMAKE_C_COMPILER_LAUNCHER="$(cached CMAKE_C_COMPILER_LAUNCHER)" >"$work/out" 2>"$work/err"
ninja -C "$without" -t targets all >"$work/out"
holds test "$(grep -c '^tests/unit_' "$work/out")" = 0
ninja -C "$without" -t commands hubscope >"$work/commands"
ninja -C "$with" -t commands hubscope >"$work/known"
holds grep -q 'engine/pictures/video_absent.c$' "$work/commands"
holds test "$(grep -cE 'engine/pictures/video(_reader|_library)?\.c$' "$work/commands")" = 0
holds grep -q 'ui/terminal/sixel_absent.c$' "$work/commands"
holds test "$(grep -c 'ui/terminal/sixel\.c$' "$work/commands")" = 0

declare -A known
while IFS= read -r command; do known[$command]=yes; done <"$work/known"
cp -rs "$with"/CMakeFiles/{engine,ui,hubscope}.dir "$without/CMakeFiles/" 2>/dev/null
compiled=0
cd "$without" || exit 1
while IFS= read -r command; do
    if [[ $command == *' -c '* ]]; then
        [[ ${known[$command]:-} ]] && continue
        compiled=$((compiled + 1))
    fi
    bash -c "$command" || broken "$command"
done <"$work/commands"
holds test "$compiled" -ge "$(grep -c 'engine/pictures/video\.c$' "$work/known")"
holds test "$compiled" -le 10 # no option of one file is given to all
holds test -z "$(twice libengine.a libui.a)"
holds test -z "$(twice "$with/libengine.a" "$with/libui.a")"
echo "compiled $compiled of $(grep -c ' -c ' "$work/commands") files"
HUBSCOPE=$without/hubscope good --version
has 'without MPI'
HUBSCOPE=$without/hubscope OMPI_COMM_WORLD_SIZE=1 good eval sample --rule raw
HUBSCOPE=$without/hubscope OMPI_COMM_WORLD_SIZE=2 bad 1 'built without MPI' eval sample --rule raw
HUBSCOPE=$without/hubscope bad 1 'built without libsixel' sample --images sixel --no-display --script /dev/null
holds test "$(ldd "$without/hubscope" | grep -c sixel)" = 0
HUBSCOPE=$without/hubscope holds bash "$TESTS_DIR/e2e/import_pictures.sh"
"$without/hubscope" --version >"$work/out"
has 'Parquet with gzip[)]'
HUBSCOPE=$without/hubscope ONLY=parquet holds bash "$TESTS_DIR/e2e/dataset_files.sh"
finish
