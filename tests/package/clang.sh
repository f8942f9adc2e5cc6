#!/bin/bash
# usage: clang.sh BUILD: builds program, library and tests with clang; a warning is an error.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cmake -S "$root" -B "$1" -G Ninja -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Release -DHUBSCOPE_WERROR=ON -DBUILD_TESTING=ON \
    --log-level=WARNING >/dev/null
ninja -C "$1" --quiet
echo 'clang: builds everything without a warning'
