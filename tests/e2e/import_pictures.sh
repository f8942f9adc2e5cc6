# import of pictures and of video files: by key and by name, damaged ones, in place, and --dry-run.
. "$TESTS_DIR/tools/check.sh"
videos=$TESTS_DIR/videos
strip=$TESTS_DIR/../sample_data/strips/1f300.jpg
cd "$work"
keys=(h264 vp8.webm mpeg4 turned_90 song cut noise ../pictures/still gone)
"$TOOLS_DIR/npy_make" unit ${#keys[@]} 3 v.npy
"$TOOLS_DIR/npy_make" unit ${#keys[@]} 4 q.npy
{
    echo video,caption
    for key in "${keys[@]}"; do
        echo "$key,caption of $key"
    done
} >texts.csv
mkdir files pictures
cp "$videos"/{h264.mp4,vp8.webm,mpeg4.avi,turned_90.mp4} files
cp "$videos/sound_only.webm" files/song.mp4
head -c 2900 "$videos/h264.mp4" >files/cut.MP4
head -c 3000 "$strip" >files/noise.mkv
cp "$strip" pictures/song.JPG
cp "$strip" still.jpg
import=(--texts-table texts.csv --videos v.npy --queries q.npy)

has_facts() { # has_facts KEY FACTS: duration|frames|details|frames side by side of a video in the collection `mine`
    checks=$((checks + 1))
    "$TOOLS_DIR/sql" mine/catalog.db "SELECT duration_ms, frames, trim(details, char(10)), strip_frames
        FROM videos LEFT JOIN thumbnails ON video = row WHERE key = '$1'" >out
    [[ $(<out) == "$2" ]] || broken "$1 is not $2"
}

# Pictures without video files: missing ones are counted, damaged ones and those of other kinds left out and named.
good import mine "${import[@]}" --thumbnails pictures
has '9 videos, .* 1 thumbnails$'
has '^note: pictures: 8 of 9 videos have no picture there: "h264", "vp8.webm", "mpeg4", \.\.\.$'
good import mine "${import[@]}" --thumbnails pictures --strip-frames 8 --replace
head -c 3000 "$strip" >pictures/gone.jpeg
echo text >pictures/cut.png
printf 'ftypmif1heicftypheic' | sed 's/^/\x00\x00\x00\x14/' >pictures/noise.heic
for dry in --dry-run ''; do
    good import mine "${import[@]}" --thumbnails pictures --replace $dry
    has '^note: pictures/cut.png: is not a JPEG.*; left out$'
    has '^note: pictures/gone.jpeg: the picture is damaged.*; left out$'
    has '^note: pictures/noise.heic: is a HEIC picture, which is not read: convert it to JPEG or PNG; left out$'
done
has ' 1 thumbnails \(3 left out\)$'
good check mine
rm pictures/gone.jpeg pictures/cut.png pictures/noise.heic
bad 1 'nowhere: No such file' import mine "${import[@]}" --thumbnails nowhere --replace

# A build without FFmpeg's libraries reports that.
run import mine "${import[@]}" --video-files files --replace
if grep -q "built without FFmpeg's libraries" err; then
    bad 1 "built without FFmpeg's libraries.*: install" import mine "${import[@]}" --video-files files --replace
    finish
fi

# Kinds that FFmpeg's libraries read are stored as JPEG.
cp "$TESTS_DIR/pictures/halves.webp" pictures/gone.webp
cp "$TESTS_DIR/pictures/halves.tiff" pictures/noise.tiff
good import mine "${import[@]}" --thumbnails pictures --replace
has ' 3 thumbnails$'
good check mine
rm pictures/gone.webp pictures/noise.tiff

good import mine "${import[@]}" --video-files files --thumbnails pictures --replace
has '5 thumbnails, 4 video files \(3 left out\)$'
has '^note: files: 2 of 9 videos have no video file there: "../pictures/still", "gone"$'
has '^note: files/song.mp4: has no moving pictures; left out$'
has '^note: files/cut.MP4: is cut short: its pictures end after 2.1 of 8.0 s; left out$'
has '^note: files/noise.mkv: is not a video file of a known kind'
holds test "$(grep -c '^note: files/' out)" = 3
has_facts h264 '8000|80|size: 64x48|8'
has_facts vp8.webm '8000|80|size: 64x48|8'
has_facts turned_90 '1000|10|size: 48x64|8'
has_facts song '0|0||1'
has_facts cut '0|0||'
good check mine
has '^pictures +ok +5 decoded'

# --dry-run looks at the first picture of each and writes nothing.
before=$(ls -lR --time-style=full-iso mine)
good import mine "${import[@]}" --video-files files --replace --dry-run
has '^  video files +5 '
has '^note: files/song.mp4: has no moving pictures; left out$'
holds test "$before" = "$(ls -lR --time-style=full-iso mine)"

# File names and facts in the table, and names that lead outside the folder.
printf 'key,file,duration_ms,size\n' >videos.csv
for key in "${keys[@]}"; do
    case $key in
    h264) echo "$key,vp8.webm,77,huge" ;;
    gone) echo "$key,mpeg4.avi,," ;;
    cut) echo "$key,none.mp4,," ;;
    *) echo "$key,,," ;;
    esac
done >>videos.csv
good import mine "${import[@]}" --videos-table videos.csv --video-files files --replace
has '2 thumbnails, 2 video files \(1 left out\)$'
has '^note: files/none.mp4: No such file or directory; left out$'
has_facts h264 '77|80|size: huge|8'
has_facts gone '8000|80|size: 64x48|8'
sed -i 's/vp8.webm,77/..\/files\/vp8.webm,77/' videos.csv
bad 1 'videos.csv:2: the file "../files/vp8.webm" is not inside files' \
    import mine "${import[@]}" --videos-table videos.csv --video-files files --replace

# In place: strips are added to existing pictures; pictures replace all.
good import mine --add-video-files files
has 'now with 4 thumbnails, 4 video files \(3 left out\)$'
good check mine
has '^pictures +ok +5 decoded'
good import mine --replace-thumbnails pictures
good check mine
has '^pictures +ok +1 decoded'

# Any number of workers gives the same bytes.
good import one "${import[@]}" --video-files files --name same
HUBSCOPE_THREADS=1 good import two "${import[@]}" --video-files files --name same
holds cmp one/catalog.db two/catalog.db
finish
