#!/bin/bash
# Collections of stored similarities: imported from published pickles, they give the reference's numbers in every
# command; tables name their videos and queries; masks drop queries; conflicting options give a one-line error.
source "$TESTS_DIR/tools/check.sh" || exit 1
source "$TESTS_DIR/tools/npy.sh" || exit 1
files=$TESTS_DIR/matrices
known=(raw is qbnorm ncl csls nnn gc dsl)
cd "$work" || exit 1

compare() { # compare EXPECTED ARGUMENTS
    local expected=$1 spec rules=()
    while read -r spec; do
        rules+=(--rule "$spec")
    done < <("$TOOLS_DIR/eval_json" specs "$expected" t2v "${known[@]}")
    good eval --format json "${rules[@]}" "${@:2}"
    holds "$TOOLS_DIR/eval_json" check "$expected" t2v "${known[@]}" <out
}

for case in case3 case4; do
    golden=$TESTS_DIR/golden/$case
    stored=(--sims "$files/${case}_sims.pkl" --bank-sims "bank=$files/${case}_bank_sims.pkl"
        --targets "$golden/targets.npy")
    bare=(--sims "$golden/sims.npy" --bank-sims "$golden/bank_sims.npy" --targets "$golden/targets.npy")
    good import $case "${stored[@]}"
    compare "$golden/expected.json" $case
    rows=$(wc -l < <("$HUBSCOPE" eval $case --rule all --format csv)) # opened twice, with cached fits
    holds test "$rows" -gt 5
    good check $case
    good info $case
    has '^source +stored similarities'
    has '^encoder +none: the queries have no captions'
    has '^bank +[0-9]+ '

    "$HUBSCOPE" eval "${bare[@]}" --rule all --format json >first || broken "bare similarities"
    good eval $case --rule all --format json
    holds "$TOOLS_DIR/json_near" 0 first out collection bank_name
    good search $case --caption 0 --top 2
    has '^query 0$'
    good mass $case --rule raw --top 1
    has 'video [0-9]+'
    good shifts $case --top 1
    bad 1 'stored similarities without captions take no text: give --caption ROW' search $case words
done

# named after the file; a lone bank is called train; several without a name are called after their files
good import --sims "$files/case4_sims.pkl" --bank-sims "$files/case4_bank_sims.pkl" \
    --targets "$TESTS_DIR/golden/case4/targets.npy"
has 'open it with: hubscope case4_sims'
good info case4_sims
has '^train +200'
cp "$files/case4_bank_sims.pkl" other.pkl
good import two --sims "$files/case4_sims.pkl" --bank-sims "$files/case4_bank_sims.pkl" --bank-sims other.pkl \
    --targets "$TESTS_DIR/golden/case4/targets.npy"
good info two
has '^case4_bank_sims +200'
has '^other +200'
bad 1 'exists' import two --sims "$files/case4_sims.pkl" --targets "$TESTS_DIR/golden/case4/targets.npy"
good import two --replace --sims "$files/case4_sims.pkl" --targets "$TESTS_DIR/golden/case4/targets.npy"
holds test ! -e two/bank_other.npy
good import --dry-run three --sims "$files/case4_sims.pkl" --targets "$TESTS_DIR/golden/case4/targets.npy"
has 'would be new, stored similarities'
has '^  queries +80 '
holds test ! -e three

# banks of similarities can be added too
good import two --add-bank "more=$files/case4_bank_sims.pkl"
good check two
good import case4 --add-bank "more=$files/case4_bank_sims.pkl"
compare "$TESTS_DIR/golden/case4/expected.json" case4 --bank more
good import --dry-run two --add-bank "again=$files/case4_bank_sims.pkl"
has 'would be changed, stored similarities'
bad 1 'case3_bank_sims.pkl: has 30 columns, but there are 50 videos in two' \
    import two --add-bank "odd=$files/case3_bank_sims.pkl"
bad 1 'two: holds stored similarities, which take no video banks' \
    import two --add-video-bank "odd=$files/case4_bank_sims.pkl"

# Four queries on two videos, two captions each; the second of the first video is missing.
npy sims.npy '<f4' '(4, 2)' "$one" "$zero" "$nan" "$one" "$zero" "$one" "$zero" "$one"
npy mask.npy '<f4' '(2, 2)' "$one" "$zero" "$one" "$one"
npy all.npy '|b1' '(4,)' '\x01' '\x01' '\x01' '\x01'
npy short.npy '|b1' '(2,)' '\x01' '\x01'
good import masked --sims sims.npy --query-mask mask.npy
has 'masked: 2 videos, 3 queries'
good eval masked --rule raw
has '^raw:scale=100 +100.0'
bad 1 'sims.npy: 1 row holds NaN' import x --sims sims.npy --query-mask all.npy
bad 1 'short.npy: masks 2 queries, but there are 4' import x --sims sims.npy --query-mask short.npy
holds test ! -e x

# Tables say which video a caption belongs to; with a mask they list the remaining captions.
printf 'video,caption\nfrog,a green frog\ncat,a cat\ncat,another cat\n' >texts.csv
printf 'key,title\ncat,The cat\nfrog,The frog\n' >videos.csv
npy bank.npy '<f4' '(1, 2)' "$one" "$zero"
printf 'caption\na bank caption\n' >bank.csv
good import told --sims sims.npy --query-mask mask.npy --texts-table texts.csv
good search told another --rule raw --top 1
has 'stored caption 2: another cat'
has '1  +cat '
good info told
has 'encoder +none: typed text searches the stored captions'
good import titled --sims sims.npy --query-mask mask.npy --texts-table texts.csv --videos-table videos.csv \
    --bank-sims t=bank.npy --bank-texts t=bank.csv
good search titled frog --rule raw --top 1
has 'The cat' # the columns follow the table of videos, whose order differs
good check titled
good import listed --sims sims.npy --query-mask mask.npy --videos-table videos.csv
good hubs listed --rule raw --k 1
has 'cat +The cat'
bad 1 'sims.npy: has 4 rows, but texts.csv has 3 texts of queries' import x --sims sims.npy --texts-table texts.csv
printf 'video,caption\nfrog,a green frog\ncat,a cat\ndog,another cat\n' >three.csv
bad 1 'sims.npy: has 2 columns, but three.csv names 3 videos' \
    import x --sims sims.npy --query-mask mask.npy --texts-table three.csv
npy wide.npy '<f4' '(1, 3)' "$one" "$zero" "$zero"
bad 1 'wide.npy: has 3 columns, but there are 2 videos in sims.npy' \
    import x --sims sims.npy --query-mask mask.npy --bank-sims wide.npy
npy odd.npy '<f4' '(3, 2)' "$one" "$zero" "$zero" "$one" "$zero" "$one"
bad 1 'odd.npy: 3 queries are not a multiple of 2 videos; say with --targets' import x --sims odd.npy
bad 1 'bad_p2_system.pkl: holds code: posix.system' import x --sims "$files/bad_p2_system.pkl"

bad 2 '--queries cannot be combined with --sims' import x --sims sims.npy --queries sims.npy
bad 2 '--encoder cannot be combined with --sims' import x --sims sims.npy --encoder .
bad 2 '--bank-sims needs --sims' import x --texts-table t --videos v --queries q --bank-sims b
bad 2 'omit --targets' import x --sims sims.npy --targets short.npy --texts-table texts.csv
bad 2 '--bank-texts needs --texts-table' import x --sims sims.npy --bank-sims t=bank.npy --bank-texts t=bank.csv
bad 2 'takes FILE or NAME=FILE' import x --sims sims.npy --bank-sims =bank.npy
holds test ! -e x

# A catalog that disagrees with the matrix about its size, and a missing matrix.
good import damaged --sims "$files/case4_sims.pkl" --targets "$TESTS_DIR/golden/case4/targets.npy"
cp sims.npy damaged/sims.npy
bad 1 'damaged/sims.npy: is 4 x 2, but the catalog lists 80 rows of 50 videos' eval damaged
rm damaged/sims.npy
bad 1 'damaged/sims.npy: No such file' eval damaged
finish
