# import: the sample from every kind of table and layout equals the sample, byte for byte if the tables have everything.
. "$TESTS_DIR/tools/check.sh"
pictures=$TESTS_DIR/../sample_data
cd "$work"
in_every_form() { # in_every_form ARGUMENTS: imports $data from its tables in each form, the same every time
    local form
    banks=(--bank "train=$data/bank_train.npy" --bank "stills=$data/bank_stills.npy" --bank "keywords=$data/bank_keywords.npy")
    matrices=(--no-encoder --videos "$data/videos.npy" --queries "$data/queries.npy")
    good import mine "${matrices[@]}" "${banks[@]}" --texts-table "$data/texts.csv" --videos-table "$data/videos.csv" "$@"
    mv mine from_csv
    for form in tsv json jsonl; do
        "$TOOLS_DIR/table_to" $form "$data/texts.csv" >texts.$form
        "$TOOLS_DIR/table_to" $form "$data/videos.csv" >videos.$form
        good import mine "${matrices[@]}" "${banks[@]}" --texts-table texts.$form --videos-table videos.$form "$@"
        holds diff -r from_csv mine
        rm -rf mine
    done
}
small_sample
data=${HUBSCOPE_SMALL%/*}/data videos=60 queries=120
in_every_form --thumbnails "$pictures"
if ! sanitized; then # all texts, without the pictures, whose decoding takes longest
    rm -rf from_csv
    data=$TESTS_DIR/../sample_data videos=500 queries=1000
    in_every_form
fi

# The queries alone, in every layout; the videos are those of the queries, in their order.
sed -n '1p;/^query,/p' "$data/texts.csv" >queries.csv
"$TOOLS_DIR/table_to" msrvtt queries.csv >msrvtt.csv
"$TOOLS_DIR/table_to" msvd queries.csv >msvd.txt
"$TOOLS_DIR/table_to" flickr queries.csv >flickr.token
good import mine "${matrices[@]}" --texts-table queries.csv
has "^note: queries.csv: the $videos videos that it names, in order of first appearance"
mv mine from_queries
good import mine "${matrices[@]}" --texts-table msrvtt.csv --column video=video_id --column caption=sentence
holds diff -r from_queries mine
rm -rf mine
for form in msrvtt.csv msvd.txt flickr.token; do
    good import mine "${matrices[@]}" --texts-table $form --layout ${form%.*} --item video # not images
    holds diff -r from_queries mine
    rm -rf mine
done

# A list of videos selects from a dataset's captions; import leaves out the others and reports it.
(echo '# all'; cat msvd.txt; echo 'elsewhere a caption') >all.txt
cut -d, -f2 queries.csv | tail -n +2 | uniq >list.txt
good import mine "${matrices[@]}" --texts-table all.txt --layout msvd --videos-table list.txt
has '^note: all.txt: 1 texts are left out, as list.txt does not list their videos'
holds diff -r from_queries mine
rm -rf mine
run import mine "${matrices[@]}" --texts-table all.txt --layout msvd --dry-run
holds grep -q "^wrong: .*queries.npy: has $queries rows, but all.txt has $((queries + 1)) texts" out

# videodatainfo: the file has videos and their splits; here all but the first video belong to the test split.
"$TOOLS_DIR/table_to" videodatainfo queries.csv >info.json
run import mine "${matrices[@]}" --texts-table info.json --layout msrvtt --dry-run
holds grep -q "^wrong: .*videos.npy: has $videos rows, but info.json has $((videos - 1)) videos" out
holds grep -q "^wrong: .*queries.npy: has $queries rows, but info.json has $((queries - 2)) texts of queries" out
holds grep -q '^note: info.json: 2 texts of the split "train" are left out' out
good import mine "${matrices[@]}" --texts-table info.json:sentences --layout msrvtt
holds diff -r from_queries mine
rm -rf mine

# Without a name the collection is named after the videos' file, which import reports.
cp "$data/videos.npy" clips.v1.npy
good import --videos clips.v1.npy --queries "$data/queries.npy" --texts-table msvd.txt --layout msvd --no-encoder
has "^clips.v1: $videos videos, $queries queries"
has '^open it with: hubscope clips.v1$'
good info clips.v1
has '^name +clips.v1$'
good import --videos clips.v1.npy --queries "$data/queries.npy" --texts-table queries.csv --replace --dry-run
has '^clips.v1: would be replaced'
finish
