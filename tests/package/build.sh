#!/bin/bash
# usage: build.sh OUTPUT [--once]: builds Debian's packages of the last commit in a fresh copy of the sources and leaves
# them in OUTPUT; then builds them again elsewhere, which must give the same bytes (not with --once), and has lintian
# look at them.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
output=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build FOLDER: the packages are then beside it
build() {
    mkdir -p "$1"
    git -C "$root" archive HEAD | tar -x -C "$1"
    (cd "$1" && DEB_BUILD_OPTIONS="noautodbgsym parallel=$(nproc)" dpkg-buildpackage --build=full -us -uc) >"$work/log" 2>&1 || {
        tail -30 "$work/log" >&2
        echo 'package: building failed; see above' >&2
        exit 1
    }
    if grep -E 'warning: (debian/|.*symbols)' "$work/log"; then
        echo 'package: the symbols of the library have changed; see above and edit debian/libhubscope1.symbols' >&2
        exit 1
    fi
}

version=$(sed -n '1s/.*(\(.*\)).*/\1/p' "$root/debian/changelog")
program=$(sed -n 's/^project(hubscope VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt")
[[ $version == "$program" ]] || {
    echo "package: debian/changelog is of $version, CMakeLists.txt of $program" >&2
    exit 1
}
build "$work/first/hubscope-$version"
rm -rf "$output"
mkdir -p "$output"
cp "$work"/first/*.{deb,dsc,tar.xz,buildinfo,changes} "$output"
ls -l "$output"/*.deb | awk '{ sub(".*/", "", $NF); printf "package: %-45s %6.1f kB\n", $NF, $5 / 1000 }'

lintian --fail-on error --info "$output"/*.changes

if [[ ${2:-} != --once ]]; then
    CCACHE_DISABLE=1 build "$work/elsewhere/hubscope-$version"
    for package in "$output"/*.deb "$output"/*.tar.xz; do
        cmp "$package" "$work/elsewhere/${package##*/}"
    done
    echo 'package: a second build gave the same bytes'
fi
