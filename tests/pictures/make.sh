#!/bin/bash
# How the pictures in this folder were made, by hand, with Debian 12's ffmpeg and libavif-bin: red on the left and blue on the
# right; turned.avif says to show it turned clockwise; oversized.png inflates to 8 MB.
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
python3 - <<'PYTHON' # 10 x 10 pixels, and 8 MB of zeros for them
import struct, zlib
def chunk(name, data): return struct.pack('>I', len(data)) + name + data + struct.pack('>I', zlib.crc32(name + data))
pixels = zlib.compress(bytes(8 << 20), 9)
with open('oversized.png', 'wb') as file:
    file.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 10, 10, 8, 2, 0, 0, 0)) +
               chunk(b'IDAT', pixels[:len(pixels) // 2]) + chunk(b'IDAT', pixels[len(pixels) // 2:]) + chunk(b'IEND', b''))
PYTHON
