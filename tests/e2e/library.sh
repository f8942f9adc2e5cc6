#!/bin/bash
# The library as others use it: installed below a prefix, its examples in C and Python print the numbers of `hubscope
# eval`, CMake and pkg-config find it, its headers stand alone and it exports only what they declare.
source "$TESTS_DIR/tools/check.sh" || exit 1
root=$TESTS_DIR/..
for component in library development; do
    cmake --install "$BUILD" --prefix "$work/prefix" --component "$component" >"$work/out" 2>"$work/err" ||
        broken 'cmake --install'
done
copy_collection "$HUBSCOPE_SAMPLE" "$work/sample" || exit 1
pc=$(find "$work/prefix" -name hubscope.pc)
export PKG_CONFIG_PATH=${pc%/*} LD_LIBRARY_PATH=${pc%/pkgconfig/*}
unset PKG_CONFIG_LIBDIR

# rounded FILE: every number to six digits
rounded() {
    awk '{ printf "%s", $1; for (i = 2; i <= NF; i++) { split($i, part, "="); printf " %s=%.6g", part[1], part[2] }; print "" }' "$1"
}
good eval sample --bootstrap 0 --format json
awk -F'[:,]' '{ gsub(/[" ]/, "") }
    $1 == "rule" { printf "%s%s", rules++ ? "\n" : "", $2 }
    $1 ~ /^(R@1|R@5|R@10|MdR|MnR|skewness|normalization_error)$/ { printf " %s=%s", $1, $2 }
    END { print "" }' "$work/out" >"$work/eval"
holds test "$(wc -l <"$work/eval")" = 3
rounded "$work/eval" >"$work/expected"

examples=$(find "$work/prefix" -name examples)
holds cc -std=c17 -Wall -Wextra -Wpedantic -Werror "$examples/eval.c" $(pkg-config --cflags --libs hubscope) -o "$work/eval_c"
"$work/eval_c" "$work/sample" >"$work/out" 2>"$work/err" || broken 'the example in C'
rounded "$work/out" | diff "$work/expected" - >"$work/err" || broken 'the example in C prints other numbers than eval'
"$work/eval_c" "$work/prefix" >"$work/out" 2>"$work/err" && broken 'the example takes any directory'
holds grep -q 'is not a collection' "$work/err"
if /usr/bin/python3 -c 'import numpy' 2>/dev/null; then
    LIBHUBSCOPE=$LD_LIBRARY_PATH/libhubscope.so.1 /usr/bin/python3 "$examples/eval.py" "$work/sample" >"$work/out" 2>"$work/err" ||
        broken 'the example in Python'
    rounded "$work/out" | diff "$work/expected" - >"$work/err" || broken 'the example in Python prints other numbers than eval'
else
    echo 'without python3-numpy: the example in Python is left out'
fi

# Each header alone, in C and, where there is a compiler, in C++.
for header in "$work"/prefix/include/hubscope/*.h; do
    echo "#include <hubscope/${header##*/}>" >>"$work/each.c"
    holds cc -std=c99 -pedantic -Wall -Wextra -Werror -fsyntax-only -include "$header" $(pkg-config --cflags hubscope) -x c /dev/null
done
! command -v c++ >/dev/null ||
    holds c++ -Wall -Wextra -Werror -fsyntax-only $(pkg-config --cflags hubscope) -x c++ "$work/each.c"
mkdir "$work/cmake" && cat >"$work/cmake/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(user LANGUAGES NONE)
enable_language(C)
find_package(hubscope REQUIRED)
add_executable(user eval.c)
target_link_libraries(user PRIVATE hubscope::hubscope)
END
cp "$examples/eval.c" "$work/cmake"
holds cmake -S "$work/cmake" -B "$work/cmake/build" -G Ninja -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_C_COMPILER_WORKS=1 \
    >"$work/out" 2>"$work/err"
holds ninja -C "$work/cmake/build" >"$work/out" 2>"$work/err"
holds test -x "$work/cmake/build/user"

# What the headers declare is what the library exports, all of one version.
sed -n 's/.*\(hubscope_[a-z_]*\)(.*/\1/p' "$work"/prefix/include/hubscope/*.h | grep -v '^hubscope_.*_$' | sort -u >"$work/declared"
nm -D --defined-only "$LD_LIBRARY_PATH/libhubscope.so.1" | awk '$2 == "T" { print $3 }' | sed 's/@@HUBSCOPE_1\.0$//' | sort >"$work/exported"
diff "$work/declared" "$work/exported" >"$work/err" || broken 'the library exports other functions than its headers declare'

# Doxygen has nothing to say about the headers.
if [[ -f $BUILD/engine/library/Doxyfile ]] && command -v doxygen >/dev/null; then
    sed "s|^OUTPUT_DIRECTORY.*|OUTPUT_DIRECTORY = $work|" "$BUILD/engine/library/Doxyfile" >"$work/Doxyfile"
    holds doxygen "$work/Doxyfile" >"$work/out" 2>"$work/err"
    holds test ! -s "$work/err"
    holds test -s "$work/html/index.html"
fi
finish
