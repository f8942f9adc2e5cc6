#!/bin/bash
# How the pictures in this folder were made, by hand, with Debian 12's ffmpeg and libavif-bin: red on the left and blue on the
# right; turned.avif says to show it turned clockwise.
set -euo pipefail
cd "$(dirname "$0")"

ff() { ffmpeg -hide_banner -loglevel error -nostdin -y "$@"; }

halves=(-f lavfi -i "color=c=red:s=24x16:d=1:r=1" -f lavfi -i "color=c=blue:s=24x16:d=1:r=1" -filter_complex hstack -frames:v 1)
ff "${halves[@]}" halves.webp
ff "${halves[@]}" -pix_fmt rgb24 halves.tiff
ff "${halves[@]}" halves.y4m
avifenc halves.y4m halves.avif
avifenc --irot 3 halves.y4m turned.avif
rm halves.y4m
