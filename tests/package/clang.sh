#!/bin/bash
# usage: clang.sh BUILD: builds program, library and tests with clang, where a warning is an error, and runs the tests.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cmake -S "$root" -B "$1" -G Ninja -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Release -DHUBSCOPE_WERROR=ON -DBUILD_TESTING=ON \
    --log-level=WARNING >/dev/null
ninja -C "$1" --quiet
echo 'clang: builds everything without a warning'
ctest --test-dir "$1" -j"$(nproc)" --output-on-failure >"$1/tests.log" 2>&1 || { tail -60 "$1/tests.log" >&2; exit 1; }
grep 'tests passed' "$1/tests.log" | sed 's/^/clang: /'
