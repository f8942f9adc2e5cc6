#!/bin/bash
# Makes golden screens anew: record.sh BUILD_DIR [NAME...] (all of them without a name).
set -eu
build=$(cd "${1:?the build directory}" && pwd)
shift
cd "$(dirname "$0")"
[ $# -gt 0 ] || set -- *.keys
for name in "$@"; do
    sample=$build/sample
    if [[ $name == fitted* ]]; then
        sample=$build/fitted
        [[ -e $sample ]] || bash fitted_sample.sh "$build"
    fi
    HUBSCOPE=$build/hubscope HUBSCOPE_SAMPLE=$sample bash screen.sh --record "${name%.keys}"
done
git --no-pager diff --stat -- .
