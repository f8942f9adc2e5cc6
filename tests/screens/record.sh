#!/bin/bash
# Records golden screens: record.sh BUILD_DIR [GROUP...] (all groups if none is named).
set -eu
build=$(cd "${1:?the build directory}" && pwd)
shift
cd "$(dirname "$0")"
[ $# -gt 0 ] || set -- *.keys
for group in "$@"; do
    sample=$build/sample
    if [[ $group == fitted* ]]; then
        sample=$build/fitted
        [[ -e $sample ]] || bash fitted_sample.sh "$build"
    fi
    HUBSCOPE=$build/hubscope HUBSCOPE_SAMPLE=$sample bash screen.sh --record "${group%.keys}"
done
git --no-pager diff --stat -- .
