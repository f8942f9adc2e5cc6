#!/bin/bash
# The tenth of the sample with a fitted encoder instead of its own, for the screens fitted-*: fitted_sample.sh BUILD_DIR makes
# BUILD_DIR/fitted, with the same arithmetic as screen.sh.
set -eu
build=$(cd "${1:?the build directory}" && pwd)
rm -rf "$build/fitted"
cp -r "$build/small/sample" "$build/fitted"
HUBSCOPE_ISA=generic OPENBLAS_CORETYPE=Nehalem "$build/hubscope" fit-encoder "$build/fitted" --replace --ridge 0.1
