#!/bin/bash
# The page's script in a browser, under the page's own Content-Security-Policy: it sorts, filters and folds.
source "$TESTS_DIR/tools/check.sh" || exit 1
small_sample
for browser in chromium chromium-browser google-chrome ''; do
    [[ -z $browser ]] || ! command -v "$browser" >/dev/null || break
done
if [[ -z $browser ]]; then
    echo 'skipped: chromium not found'
    exit 77
fi

page=$work/page.html
good report sample --rule all --bootstrap 20 --output "$page"

# The same page with one more permitted script, which acts as a reader and notes what it sees.
cat >"$work/reader.js" <<'END'
    const seen = [];
    const table = document.querySelector('#rules table');
    const heads = table.tHead.rows[0].cells;
    const note = (name, text) => seen.push(name + ': ' + text);
    const names = rows => [...rows].map(row => row.cells[0].textContent).join('|');
    const order = name => note(name, names(table.tBodies[0].rows) + ' ' + [...heads].map(head => head.ariaSort ?? '').join(''));
    const click = head => head.querySelector('button').click();
    order('written');
    click(heads[1]); order('first');
    click(heads[1]); order('second');
    click(heads[1]); order('third');
    click(heads[6]); order('mean');
    click(heads[7]); order('difference');
    click(heads[0]); order('names');
    const input = table.closest('section').querySelector('.filter input');
    const type = text => {
        input.value = text;
        input.dispatchEvent(new Event('input'));
        const left = [...table.tBodies[0].rows].filter(row => row.getClientRects().length);
        note('typed ' + text, names(left) + ' ' + input.nextSibling.textContent);
    };
    type('norm'); type('TRANS dsl'); type('nobody'); type('');
    note('folded', [...document.querySelectorAll('details')].filter(fold => !fold.open).length);
    location.hash = document.querySelector('.terms a').hash;
    addEventListener('hashchange', () => setTimeout(() => {
        note('revealed', document.querySelector(':target').closest('details').open);
        const heads = document.querySelectorAll('.scroll thead th').length;
        note('heads', heads === document.querySelectorAll('.scroll thead th button').length);
        note('cut', [...document.querySelectorAll('.scroll')].filter(box => box.scrollWidth > box.clientWidth).length);
        document.body.replaceChildren(Object.assign(document.createElement('pre'), {textContent: seen.join('\n')}));
    }, 0));
END
reader=$(<"$work/reader.js")
hash=$(printf %s "$reader" | sha256sum | sed 's/ .*//; s/../\\x&/g')
hash=$(printf "$hash" | base64)
{
    sed "s|script-src 'sha256|script-src 'sha256-$hash' 'sha256|; /<\/body>/,\$d" "$page"
    printf '<script>%s</script></body></html>\n' "$reader"
} >"$work/copy.html"
HOME=$work timeout 60 "$browser" --headless=new --no-sandbox --disable-gpu --no-first-run --user-data-dir="$work/profile" \
    --window-size=1280,900 --virtual-time-budget=2000 --dump-dom "file://$work/copy.html" >"$work/out" 2>"$work/browser"
: >"$work/err"

# What they should be, from the page's own text.
column() { # column HEAD: lines of names and values of a column in the first table, empty ones as NAN
    xmllint --html --xpath "(//section[@id = 'rules']//table)[1]/tbody/tr/th" "$page" 2>/dev/null | sed 's/<[^>]*>//g' >"$work/names"
    for row in $(seq "$(wc -l <"$work/names")"); do
        xmllint --xpath "string((//section[@id = 'rules']//table)[1]/tbody/tr[$row]/td[$1]//data/@value)" "$page"
    done | paste "$work/names" - -d '\t'
}
joined() { cut -f 1 | paste -sd '|'; }
saw() { # saw NAME TEXT
    checks=$((checks + 1))
    grep -qFx -- "$1: $2" <(sed 's/.*<pre>//; s|</pre>.*||' "$work/out") || broken "$1 is not '$2'"
}
column 1 >"$work/r1"
column 6 >"$work/mean"
column 7 >"$work/change"
rules=$(wc -l <"$work/r1")
holds test "$rules" -gt 8
saw written "$(joined <"$work/r1") "
saw first "$(sort -st $'\t' -k 2,2gr "$work/r1" | joined) descending"
saw second "$(sort -st $'\t' -k 2,2g "$work/r1" | joined) ascending"
saw third "$(joined <"$work/r1") "
saw mean "$(sort -st $'\t' -k 2,2g "$work/mean" | joined) ascending" # the best is the least
saw difference "$( (sed 1d "$work/change" | sort -st $'\t' -k 2,2gr; sed -n 1p "$work/change") | joined) descending"
has '^names: center.* ascending$'
saw 'typed norm' "QB-Norm 1 of $rules"
saw 'typed TRANS dsl' "DSL* transductive 1 of $rules"
saw 'typed nobody' " 0 of $rules"
saw 'typed ' "$(sed -n 's/^names: \(.*\) ascending/\1/p' "$work/out") "
holds test "$(sed -n 's/^folded: //p' "$work/out")" -ge 3
saw revealed true
saw heads true
saw cut 0
finish
