#!/bin/bash
# usage: arm64.sh BUILD: cross-builds hubscope for arm64 below BUILD against Debian's libraries for it, which are unpacked
# there and not installed, and runs it in qemu-user: the NEON kernels against their plain twins, and `eval`.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
mkdir -p "$1"
build=$(cd "$1" && pwd)
sysroot=$build/sysroot
compiler=aarch64-linux-gnu-gcc

# Lists of arm64's packages of their own, so that this machine's stay as they are.
fetch() {
    local lists=$build/apt apt
    mkdir -p "$lists/state/lists/partial" "$lists/cache/archives/partial"
    : >"$lists/status"
    apt=(apt-get -q -y -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o "Dir::State=$lists/state"
        -o "Dir::State::status=$lists/status" -o "Dir::Cache=$lists/cache" -o APT::Sandbox::User=root)
    "${apt[@]}" update >"$build/fetch.log" 2>&1
    "${apt[@]}" install --download-only --no-install-recommends "$@" >>"$build/fetch.log" 2>&1 || {
        tail -5 "$build/fetch.log" >&2
        return 1
    }
    mkdir -p "$sysroot"
    for package in "$lists"/cache/archives/*.deb; do
        dpkg -x "$package" "$sysroot"
    done
    # Debian chooses these when a package is configured.
    ln -sf openblas-pthread/libopenblas.so.0 "$sysroot/usr/lib/aarch64-linux-gnu/libopenblas.so.0"
    ln -sf openblas-pthread/libopenblas.so "$sysroot/usr/lib/aarch64-linux-gnu/libopenblas.so"
    ln -sf ../openblas-pthread/pkgconfig/openblas.pc "$sysroot/usr/lib/aarch64-linux-gnu/pkgconfig/openblas.pc"
    cp -n "$sysroot/usr/include/aarch64-linux-gnu/openblas-pthread/"*.h "$sysroot/usr/include/aarch64-linux-gnu/"
    # Links to /lib are to lead there within the folder.
    local link
    find "$sysroot" -type l -lname '/*' | while read -r link; do
        ln -sf "$sysroot$(readlink "$link")" "$link"
    done
    rm -rf "$lists"
}
[[ -e $build/fetched ]] || { fetch "${@:2}" && touch "$build/fetched"; }

cat >"$build/arm64.cmake" <<END
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER $compiler)
set(CMAKE_SYSROOT $sysroot)
set(CMAKE_FIND_ROOT_PATH $sysroot)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static;-L;$sysroot)
set(ENV{PKG_CONFIG_SYSROOT_DIR} $sysroot)
set(ENV{PKG_CONFIG_LIBDIR} $sysroot/usr/lib/aarch64-linux-gnu/pkgconfig:$sysroot/usr/share/pkgconfig)
END
cmake -S "$root" -B "$build/made" -G Ninja --toolchain "$build/arm64.cmake" -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=ON \
    -DHUBSCOPE_WERROR=ON --log-level=WARNING >/dev/null
ninja -C "$build/made" --quiet -k 0 hubscope sample unit_kernels unit_kernels_sets
emulate() { qemu-aarch64-static -L "$sysroot" "$@"; }
for test in unit_kernels unit_kernels_sets; do
    emulate "$build/made/tests/$test" >"$build/$test.log" 2>&1 || { cat "$build/$test.log" >&2; exit 1; }
    echo "arm64: $test passes in qemu"
done
grep -h 'neon:' "$build/unit_kernels_sets.log"
HUBSCOPE_SAMPLE=$build/made/sample emulate "$build/made/hubscope" eval sample
