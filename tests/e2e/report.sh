#!/bin/bash
# The HTML page: well-formed, self-contained, with eval's numbers, safe with any captions, and the same every time.
source "$TESTS_DIR/tools/check.sh" || exit 1
sanitized && small_sample
source "$TESTS_DIR/tools/npy.sh" || exit 1
source "$TESTS_DIR/tools/hostile.sh" || exit 1

page=$work/page.html
counts() { # counts NUMBER XPATH...: $page has NUMBER such nodes, for every pair
    local all="''" found i
    for ((i = 2; i <= $#; i += 2)); do
        all+=", count(${!i}), ' '"
    done
    read -ra found <<<"$(xmllint --xpath "concat($all)" "$page")"
    for ((i = 0; $#; i++)); do
        checks=$((checks + 1))
        [[ ${found[i]:-} == "$1" ]] || broken "$2: ${found[i]:-none}, not $1"
        shift 2
    done
}
foreign='//script/@* | //link | //iframe | //object | //embed | //form | //base | //foreignObject | //use | //image'
foreign+=' | //*[not(self::a)]/@href | //a[not(starts-with(@href, "#"))] | //a[not(substring(@href, 2) = //@id)]'
foreign+=' | //@srcset | //@action | //@*[starts-with(name(), "on")] | //@*[name() = "xlink:href"]'
foreign+=' | //@src[not(starts-with(., "data:image/jpeg;base64,"))] | //style[contains(., "url(") or contains(., "@import")]'
foreign+=' | //comment() | //processing-instruction() | //dt[@id = preceding::dt/@id]'
contained() { # $page is well-formed, fetches nothing, and runs only the script whose hash its policy has
    local hash
    holds xmllint --noout "$page"
    hash=$(printf '%s\n' "$(xmllint --xpath 'string(//script)' "$page")" | sha256sum | sed 's/ .*//; s/../\\x&/g')
    hash=$(printf "$hash" | base64)
    counts 1 "//meta[contains(@content, \"script-src 'sha256-$hash'\")][not(contains(@content, \"script-src 'unsafe\"))]" \
        1 '//script' 0 "$foreign" \
        1 '//meta[@http-equiv = "Content-Security-Policy"][starts-with(@content, "default-src '"'none'"'; img-src data:;")]'
    checks=$((checks + 1))
    LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]' "$page" &&
        broken 'control characters in the page'
}

# The sample: the page is complete.
good report sample --rule all --bootstrap 100 --output "$page"
contained
sections=()
for id in summary rules hubs mass changes example bank words method; do
    sections+=(1 "//section[@id = '$id']")
done
all_rules=$(rules | wc -l)
counts "${sections[@]}" 0 '//svg[not(title and desc)]' 0 '//figure//svg[not(rect[@class = "values"]/title)]' \
    0 '//img[not(starts-with(@alt, "first frame of "))]' 9 '//nav/a' 0 '//details[not(@open)]' \
    0 '//table[contains(@class, "hubs")]/tbody/tr/td[position() > 1][not(@data-sort)][not(number(.) = number(.))]' \
    30 '//section[@id = "hubs"]//table[contains(@class, "hubs")]//tr/td[1]//img' \
    "$all_rules" '//section[@id = "example"]//tbody/tr' \
    "$all_rules" '//section[@id = "hubs"]//figure//svg[title and desc]' \
    2 '//section[@id = "mass"]//figure//svg' 8 '//section[@id = "rules"]//table' 3 '//section[@id = "bank"]//tbody/tr'
holds test "$(stat -c %s "$page")" -lt 1000000

if ! sanitized; then # numbers are compared in the release build
    # The query worked through has the lines of search --why under every rule.
    read -ra words <<<"$(xmllint --xpath 'string(//section[@id = "example"]//code)' "$page")"
    good search sample "${words[@]:3}" --rule all --format csv
    sed 's/"[^"]*"/quoted/g' "$work/out" | awk -F, 'NR > 1 { printf "%.10g\n", $4 }' >"$work/wanted"
    xmllint --xpath '//section[@id = "example"]//td[@class = "lines"]//data/@value' "$page" |
        sed 's/.*value="\(.*\)"/\1/' >"$work/found"
    holds test -s "$work/found"
    holds cmp "$work/wanted" "$work/found"

    # Its numbers are those of eval, to ten digits, in both directions, including intervals.
    good eval sample --rule all --direction both --bootstrap 100 --format csv
    numbers() { # numbers DIRECTION NAMES: the columns of eval for every rule, without empty cells
        sed 's/"[^"]*"/quoted/g' "$work/out" | awk -F, -v direction="$1" -v names="$2" '
            NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; count = split(names, name, " "); next }
            $1 == direction { for (i = 1; i <= count; i++) if ($at[name[i]] != "") printf "%.10g\n", $at[name[i]] }'
    }
    shown() { # shown TABLE: the numbers in a table of the page
        xmllint --xpath "(//section[@id = 'rules']//table)[$1]//data/@value" "$page" | sed 's/.*value="\(.*\)"/\1/'
    }
    measures='metrics.R@1 metrics.R@5 metrics.R@10 metrics.R@50 metrics.MdR metrics.MnR'
    measures+=" bootstrap.R@1.difference bootstrap.R@1.low bootstrap.R@1.high"
    hubness='hubness.skewness hubness.robin_hood hubness.gini hubness.max hubness.antihub_rate hubness.fair_hub_occurrence'
    hubness+=' mass.normalization_error mass.max gate_rate'
    tested() { # tested NAME...: columns of the intervals
        printf 'bootstrap.%s.difference bootstrap.%s.low bootstrap.%s.high ' $(for name; do echo "$name" "$name" "$name"; done)
    }
    retrieval_differences=$(tested R@1 R@5 R@10 R@50 MdR MnR geom)
    hubness_differences=$(tested hubness.{skewness,kurtosis,robin_hood,gini,atkinson,max,groupie_ratio,antihub_rate} \
        hubness.fair_hub_{count,occurrence})
    table=0
    for direction in t2v v2t; do
        for names in "$measures" "$hubness" "$retrieval_differences" "$hubness_differences"; do
            table=$((table + 1))
            numbers $direction "$names" >"$work/wanted"
            shown $table >"$work/found"
            holds test "$(wc -l <"$work/wanted")" -gt 80
            holds cmp "$work/wanted" "$work/found"
        done
    done

    # With measures of mass among the intervals.
    good eval sample --rule raw --rule ncl --rule gc --bootstrap 50 --bootstrap-mass --format csv --direction both
    numbers t2v "$(tested mass.{normalization_error,min,max})" >"$work/wanted"
    mv "$page" "$work/whole.html"
    good report sample --rule raw --rule ncl --rule gc --bootstrap 50 --bootstrap-mass --output "$page"
    xmllint --xpath "(//section[@id = 'rules']//table)[4]//tr[@class = 'focus']/td[position() > 10]//data/@value" "$page" |
        sed 's/.*value="\(.*\)"/\1/' >"$work/found"
    holds test "$(wc -l <"$work/wanted")" = 9
    holds cmp "$work/wanted" "$work/found"
    counts 1 '//section[@id = "summary"]//p[contains(., "of raw hold") and contains(., "beyond chance")]'
    holds grep -q 'report.*--bootstrap-mass' "$page"
    mv "$work/whole.html" "$page"
fi

# The same every time, for any folder and number of threads; never overwrites a file unasked; contains no paths.
bad 1 'page.html already exists: give another name, or --replace' report sample --output "$page"
small_sample # for the rest, which needs no numbers of the sample
good report sample --rule all --bootstrap 100 --replace --output "$page"
mv "$page" "$work/first.html"
good report sample --rule all --bootstrap 100 --output "$page" --threads 1
holds cmp "$page" "$work/first.html"
good report "$HUBSCOPE_SAMPLE/" --rule all --bootstrap 100 --replace --output "$page"
holds cmp "$page" "$work/first.html"
checks=$((checks + 1))
grep -qF -e "$work" -e "$HUBSCOPE_SAMPLE" "$page" && broken 'a path in the page'
holds test -z "$(find "$work" -name '*.tmp')"

# The page has what was requested, and the command it shows makes the same page again.
good report sample --rule qbnorm:beta=10 --rule ncl@stills --bank "train:size=20,seed=3" --direction t2v --bootstrap 100 \
    --seed 5 --replace --output "$page"
contained
counts 3 '(//section[@id = "rules"]//table)[1]//tbody/tr' 4 '//section[@id = "rules"]//table' \
    1 '(//section[@id = "rules"]//table)[1]//tr[@class = "focus"]/th[. = "QB-Norm"]' \
    1 '(//section[@id = "rules"]//table)[1]//tr/th[. = "NCL on stills"]'
again=$(xmllint --xpath 'string(//section[@id = "method"]/pre)' "$page")
mv "$page" "$work/first.html"
read -ra words <<<"$again"
(cd "$work" && "$HUBSCOPE" "${words[@]:1}")
holds cmp "$page" "$work/first.html"
good report sample --direction v2t --rule is --replace --output "$page"
contained
counts 1 '//section[@id = "hubs"]//th[. = "caption"]'

# Captions and titles that try to be markup, to break out of attributes or to reverse the line.
tags='<script>alert(1)</script><img src=x onerror=alert(1)>'
printf 'key,title,tags\na,"%s"\nb,"&amp; &#60;b&#62; ]]> --> <!-- \x27 "" end"\nc,"</title></style></table>"\n' "$tags" |
    sed 's/$/,/; 1s/,$//' >"$work/markup_videos.csv"
{
    printf 'split,video,caption\nquery,a,"%s"\nquery,b,"</td></tr></table><h1>big</h1>"\n' "$tags"
    printf 'query,c,"\xef\xbf\xbe\xef\xbf\xbf &lt; ${x} `y` %%s%%n"\nquery,c,"%01000d"\n' 7
    printf 'train,a,"x"\ntrain,b,"y"\n'
} >"$work/markup_texts.csv"
good import "$work/markup" --videos-table "$work/markup_videos.csv" --texts-table "$work/markup_texts.csv" \
    --videos "$work/hostile_videos.npy" --queries "$work/hostile_queries.npy" --bank train="$work/hostile_bank.npy" \
    --name "<b>\"name\"</b> & 'co'" --licence '</dd><script>' --provenance 'http://example.invalid/<img src=x>'
good report "$work/markup" --replace --output "$page"
contained
counts 0 '//b[. = "name"] | //section//h1 | //img' 1 '//h1' 1 "//h1[. = concat('<b>\"name\"</b> & ', \"'co'\")]" \
    1 '//header//dd[. = "</dd><script>"]'
holds test "$(xmllint --xpath 'count(//section[@id = "hubs"]//td[contains(., "<script>alert(1)</script>")])' "$page")" -gt 0
good import "$work/hostile" "${hostile[@]}" --texts-table "$work/hostile_texts.csv" --name "$(printf "$escape")"
good report "$work/hostile" --replace --output "$page"
contained
counts 0 '//section[@id = "bank"]'
good import "$work/banked" "${hostile[@]}" --texts-table "$work/banked_texts.csv" --bank train="$work/hostile_bank.npy"
good report "$work/banked" --replace --output "$page" --bank train
contained

# Without captions, pictures, banks or embeddings; two videos; one; no targets.
npy "$work/sims.npy" '<f4' '(4, 2)' "$one" "$zero" "$zero" "$one" "$zero" "$one" "$zero" "$one"
npy "$work/one.npy" '<f4' '(2, 1)' "$one" "$half"
npy "$work/bank_sims.npy" '<f4' '(2, 2)' "$one" "$half" "$zero" "$one"
npy "$work/nobody.npy" '<i4' '(4,)' "$(printf '\\xff%.0s' {1..16})"
good report --sims "$work/sims.npy" --replace --output "$page"
contained
good report --sims "$work/sims.npy" --bank-sims "$work/bank_sims.npy" --replace --output "$page"
contained
counts 1 '//section[@id = "bank"]'
good report --sims "$work/one.npy" --replace --output "$page"
contained
good report --sims "$work/sims.npy" --targets "$work/nobody.npy" --bank-sims "$work/bank_sims.npy" --replace --output "$page"
contained
counts 0 '//section[@id = "changes"]'
good report --queries "$work/hostile_queries.npy" --videos "$work/sims.npy" --targets "$work/nobody.npy" \
    --replace --output "$page" --direction t2v
contained

# The explorer writes the page of its rules and parameters, as the command shown on it does; never overwrites a file.
printf ":rule csls:k=5\n:bank stills\n:report %s\n" "$work/explored.html" >"$work/script"
explored() { env LINES=24 COLUMNS=80 TERM=xterm "$HUBSCOPE" sample --rule raw --rule csls --rule ncl --script "$work/script" \
    --no-display >"$work/out" 2>"$work/err"; }
holds explored
mv "$work/explored.html" "$work/first.html"
page=$work/first.html
contained
counts 1 '(//section[@id = "rules"]//table)[1]//tr[@class = "focus"]/th[. = "CSLS"]'
read -ra words <<<"$(xmllint --xpath 'string(//section[@id = "method"]/pre)' "$page")"
(cd "$work" && "$HUBSCOPE" "${words[@]:1}")
holds cmp "$work/explored.html" "$page"
checks=$((checks + 1))
explored && broken 'the explorer overwrites a page'
holds grep -q 'explored.html already exists' "$work/err"
holds cmp "$work/explored.html" "$page"
page=$work/page.html

# Failures leave nothing behind.
rm "$page"
bad 2 'name the page to write' report sample
bad 1 'nowhere' report sample --output "$work/nowhere/page.html"
bad 1 'unknown|no query bank' report sample --bank nobody --output "$page"
bad 2 'samples' report sample --bootstrap 0 --output "$page"
bad 1 'cannot be used' report --sims "$work/sims.npy" --rule ncl --output "$page"
holds test ! -e "$page"
finish
