#!/bin/bash
# How the videos in this folder were made, by hand, with Debian 12's ffmpeg: eight seconds at 10 frames per second, a
# different colour each second, so that a test can tell a frame's time from its colour.
set -euo pipefail
cd "$(dirname "$0")"

ff() { ffmpeg -hide_banner -loglevel error -nostdin -y "$@"; }

colours=()
for colour in red lime blue yellow magenta cyan white gray; do
    colours+=(-f lavfi -i "color=c=$colour:s=64x48:d=1:r=10")
done
pattern=("${colours[@]}" -filter_complex "concat=n=8" -pix_fmt yuv420p)

ff "${pattern[@]}" -c:v libx264 -g 25 -movflags +faststart h264.mp4
ff "${pattern[@]}" -c:v libx264 -g 250 -sc_threshold 0 one_key_frame.mkv
ff "${pattern[@]}" -c:v libvpx -g 20 -b:v 20k vp8.webm
ff "${pattern[@]}" -c:v libvpx -g 20 -b:v 20k -f webm pipe:1 >no_duration.webm
ff "${pattern[@]}" -c:v mpeg4 -g 250 -q 10 mpeg4.avi
ff "${pattern[@]}" -c:v libx264 -g 25 -pat_period 9 -f mpegts no_index.ts
ff "${pattern[@]}" -c:v mjpeg -q 31 -huffman optimal -pix_fmt yuvj420p motion_jpeg.mov

# Cut without encoding again, from a key frame at 2.5 s on: the MP4 has an edit list that leaves out what is before 2.8 s,
# the FLV has all, and begins later than zero since B-frames are shown later than decoded.
ff "${pattern[@]}" -c:v libx264 -g 25 -bf 2 whole.mp4
ff -ss 3.3 -i whole.mp4 -t 3 -c copy cut.mp4
ff -ss 3.3 -i whole.mp4 -t 3 -c copy cut.flv
ff -i whole.mp4 -c copy b_frames.flv
# Its pictures begin five seconds after its sound.
ff -itsoffset 5 -i whole.mp4 -f lavfi -i "sine=d=13:r=8000" -map 0:v -map 1:a -c:v copy -c:a libopus -b:a 6k late.mkv
rm whole.mp4

# Red on the left and blue on the right as coded; the file says to show it rotated.
ff -f lavfi -i "color=c=red:s=32x48:d=1:r=10" -f lavfi -i "color=c=blue:s=32x48:d=1:r=10" \
    -filter_complex hstack -pix_fmt yuv420p -c:v libx264 straight.mp4
for turn in 90 180 270; do
    ff -i straight.mp4 -c copy -metadata:s:v rotate=$turn turned_$turn.mp4
done
rm straight.mp4

# Pixels twice as wide as high.
ff -f lavfi -i "color=c=red:s=64x96:d=1:r=10" -pix_fmt yuv420p -vf setsar=2/1 -c:v libx264 wide_pixels.mp4
ff -f lavfi -i "color=c=red:s=64x48:d=1:r=10" -frames:v 1 -pix_fmt yuv420p -c:v libx264 one_frame.mp4
ff -f lavfi -i "color=c=red:s=640x120:d=1:r=10" -pix_fmt yuv420p -c:v libx264 wide.mp4
ff -f lavfi -i "sine=d=1:r=8000" -c:a libopus -b:a 6k sound_only.webm
ff -f lavfi -i "color=c=red:s=64x48:d=1:r=10" -frames:v 1 cover.png
ff -f lavfi -i "sine=d=1:r=8000" -i cover.png -map 0 -map 1 -c:a aac -b:a 8k -c:v png \
    -disposition:v attached_pic sound_with_cover.mp4
rm cover.png

# A container without a single frame.
ff -f lavfi -i "color=c=red:s=64x48:d=1:r=10" -frames:v 0 -c:v libvpx no_frames.webm
