# Success at 1 and 10 in percent, from judgements and a run as trec_eval reads them: ranks in the run are ignored, items
# are sorted by score, and those with equal scores by name in descending order.
#
#   awk -f trec_success.awk FILE.qrels FILE.run
FNR == 1 { file++ }
file == 1 { if (NF != 4) bad("a judgement of " NF " words"); judged[$1] = 1; relevant[$1, $3] = $4; next }
{
    if (NF != 6) bad("a line of " NF " words")
    if (($1, $3) in score) bad("an item twice")
    score[$1, $3] = $5 + 0
    items[$1] = items[$1] " " $3
}
function bad(what) { print FILENAME ":" FNR ": " what; failed = 1; exit 1 }
function better(query, a, b) { return score[query, a] != score[query, b] ? score[query, a] > score[query, b] : a > b }
END {
    if (failed) exit 1
    for (query in judged) {
        count = split(substr(items[query], 2), item, " ")
        best = count + 1
        for (i = 1; i <= count; i++) {
            if (!relevant[query, item[i]]) continue
            rank = 1
            for (j = 1; j <= count; j++) rank += j != i && better(query, item[j], item[i])
            if (rank < best) best = rank
        }
        queries++
        at1 += best <= 1 && count
        at10 += best <= 10 && count >= best
    }
    printf "%.1f %.1f\n", 100 * at1 / queries, 100 * at10 / queries
}
