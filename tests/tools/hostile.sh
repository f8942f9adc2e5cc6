# Sourced after check.sh and npy.sh by tests that need a tiny collection with hostile strings: $work/hostile has three
# videos and four queries but no bank, encoder or pictures; $work/banked adds a bank of hostile captions.

escape='\033]0;owned\007\033[31mred\033[2J' c1='\302\23331m\302\205' bidi='\342\200\256drow\342\200\254\342\201\246'
wide='\346\274\242\345\255\227\360\237\230\200' stacked='e\314\201\314\202\314\203\314\204\314\205\314\206\314\207'
cracked='\377\376\300\200' lines='up\rdown\b\b\t\013\342\200\250end'

printf "key,title,tags,note\n\
a,\"$escape frog\",\"$c1 tag\",\"$bidi\"\n\
b,\"$wide $wide $wide $wide $wide $wide $stacked\",\"$lines\",plain\n\
c,\"two\nlines $bidi owl\",\"$stacked $wide\",\"$escape\"\n" >"$work/hostile_videos.csv"
printf "split,video,caption\n\
query,a,\"green $escape frog ]]>\"\n\
query,b,\"$wide and $stacked and $lines\"\n\
query,c,\"broken\nover\r\nlines $c1 $bidi\"\n\
query,c,\"owl $stacked $wide $wide $wide $wide $wide $wide $wide $wide $wide $wide\"\n" >"$work/hostile_texts.csv"
{
    cat "$work/hostile_texts.csv"
    printf "train,a,\"bank $escape $c1 frog\"\ntrain,b,\"bank $wide $bidi\"\n"
} >"$work/banked_texts.csv"
npy "$work/hostile_videos.npy" '<f4' '(3, 2)' "$one" "$zero" "$zero" "$one" "$one" "$half"
npy "$work/hostile_queries.npy" '<f4' '(4, 2)' "$one" "$half" "$half" "$one" "$one" "$one" "$one" "$zero"
npy "$work/hostile_bank.npy" '<f4' '(2, 2)' "$one" "$half" "$zero" "$one"
hostile=(--videos-table "$work/hostile_videos.csv" --videos "$work/hostile_videos.npy"
    --queries "$work/hostile_queries.npy")
