#!/bin/bash
# What is installed: below any prefix, and moved elsewhere, the program finds its sample and its lessons; every command has
# a manual page that has all its options, and every page is one that the others know and that man reads without a warning;
# completion, menu entry and icon are where systems look for them.
source "$TESTS_DIR/tools/check.sh" || exit 1
unset HUBSCOPE_SAMPLE

DESTDIR=$work/root cmake --install "$BUILD" --prefix /opt/first >"$work/out" 2>"$work/err" || broken 'cmake --install'
mv "$work/root/opt/first" "$work/moved"
share=$work/moved/share
# Other tests may be caching fits in the catalog while it is copied.
copy_collection "$BUILD/sample" "$work/copy" && mv "$work/copy/catalog.db" "$share/hubscope/sample/catalog.db" || exit 1
rm -rf "$work/copy"
HUBSCOPE=$work/moved/bin/hubscope
holds test -z "$(find "$work/root" -type f)"
holds test -z "$(objdump -p "$HUBSCOPE" | grep -E 'RPATH|RUNPATH')"
holds test -z "$(grep -rlF "$(realpath "$BUILD")" "$work/moved")"
cd "$work" || exit 1
good info sample
good lesson
has '^tour '
good --script <(echo q) --no-display --rule raw
mv "$share/hubscope" "$work/apart" # the program alone, as without the package of the sample
bad 1 'install or build it, or set HUBSCOPE_SAMPLE' info sample
bad 1 'no lessons were found' lesson
mv "$work/apart" "$share/hubscope"
for file in bash-completion/completions/hubscope fish/vendor_completions.d/hubscope.fish applications/hubscope.desktop \
    icons/hicolor/scalable/apps/hubscope.svg metainfo/org.example.hubscope.metainfo.xml doc/hubscope/README.md \
    hubscope/README.md; do
    holds test -s "$share/$file"
done
holds test -n "$(find "$share/zsh" -name _hubscope)"

# A page for each command, with its options.
cd "$share/man" || exit 1
commands=$("$HUBSCOPE" help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' | grep -vx help)
holds test "$(printf 'hubscope-%s.1\n' $commands | sort)" = "$(cd man1 && ls -- *-*.1)"
listed() { # listed FILE: the options of a page
    sed -nE '/^\.TP/{n;s/^(\\fB\\-h\\fR, )?\\fB\\-\\-([a-z0-9\\-]*)\\fR.*/--\2/p}' "$1" | tr -d '\\' | sort
}
for command in $commands; do
    good help "$command"
    sed -n '/^Options:/,/^$/s/^ *\(-h, \)\?\(--[a-z0-9-]*\).*/\2/p' "$work/out" | sort | diff - <(listed "man1/hubscope-$command.1") \
        >"$work/err" || broken "hubscope-$command(1) has other options than the help"
done
# The pages are those that hubscope(1) names, and have every rule, measure and action that doc/ has.
ls man?/* | sed -E 's/.*\/(.*)\.(.)$/\1(\2)/' | grep -vxF 'hubscope(1)' | sort >"$work/there"
sed -n '/^\.SH "*SEE ALSO/,$p' man1/hubscope.1 | tr -d '\\' | grep -oE 'hubscope-[a-z-]*\([0-9]\)' | sort | diff - "$work/there" \
    >"$work/err" || broken 'hubscope(1) names other pages than there are'
for name in $(rules); do
    holds grep -q "^\.SS \"*$name\"*$\|^$name$" man7/hubscope-rules.7
done
holds grep -q '^CREATE TABLE videos(' man5/hubscope-collection.5
holds grep -q 'HUBSCOPE_SAMPLE' man1/hubscope.1

lint() { # lint COMMAND...: prints nothing; passed over where the tool is not installed
    command -v "$1" >/dev/null || return 0
    checks=$((checks + 1))
    "$@" >"$work/out" 2>&1 || [[ $1 != desktop-file-validate ]] || broken "$*"
    [[ ! -s $work/out ]] || broken "$*"
}
lint mandoc -T lint -W warning man?/*
lint groff -man -Tutf8 -ww -z man?/*
lint desktop-file-validate "$share/applications/hubscope.desktop"
finish
