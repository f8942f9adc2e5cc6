#!/bin/bash
# usage: try.sh PACKAGES BARE: installs the packages in a bare Debian (made in BARE unless that exists), as README says,
# uses them, and removes them without remains.  Needs root, for chroot.
set -euo pipefail
packages=$1 bare=$2
((EUID == 0)) || { echo 'try: only root can try the packages in a bare system' >&2; exit 1; }
suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $suite" | head -1)
[[ -e $bare.tar ]] || {
    echo "try: making a bare $suite" >&2
    rm -rf "$bare"
    debootstrap --variant=minbase "$suite" "$bare" "$mirror" >"$bare.log" 2>&1 || { tail "$bare.log" >&2; exit 1; }
    tar -C "$bare" -cf "$bare.tar.part" . && mv "$bare.tar.part" "$bare.tar"
}
work=$(mktemp -d)
trap 'umount "$work/proc" 2>/dev/null; rm -rf --one-file-system "$work"' EXIT
tar -C "$work" -xf "$bare.tar"
mount -t proc proc "$work/proc"
cp /etc/resolv.conf "$work/etc/" 2>/dev/null || true
mkdir "$work/packages"
cp "$packages"/*.deb "$work/packages"

inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=xterm LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    chroot "$work" "$@"; }
quietly() { "$@" >"$work/log" 2>&1 || { tail -20 "$work/log" >&2; echo "try: failed: $*" >&2; exit 1; }; }
fails() { echo "try: $*" >&2; exit 1; }
all() { inside find / -xdev \( -path /var -o -path /packages -o -path /root -o -path /log -o -path /etc/ld.so.cache \) -prune -o -print | sort; }

quietly inside apt-get -q update
# A bare system leaves manual pages out unless it is told otherwise, and has nothing to read them with.
quietly inside apt-get -q -y install --no-install-recommends man-db bash-completion
all >"$work.before"
from=$SECONDS
quietly inside sh -c 'cd /packages && apt-get -q -y install ./hubscope_*.deb ./hubscope-data_*.deb ./libhubscope1_*.deb'
seconds=$((SECONDS - from))
echo "try: installed in $seconds s"
((seconds < 60)) || fails 'that is more than a minute'

inside sh -c 'echo q >/tmp/keys && hubscope --script /tmp/keys --no-display && rm /tmp/keys' || fails 'the explorer does not open'
inside hubscope eval sample >"$work/eval"
grep -q '^ncl:.* 27\.6 ' "$work/eval" || fails 'the sample has other numbers'
inside hubscope --version --verbose >"$work/version"
grep -q "^sample: yes" "$work/version" || fails "the version says nothing of the sample"
inside man hubscope-import >"$work/page" || fails 'there is no manual'
grep -q -- '--texts-table' "$work/page"
completed=$(inside bash -c '. /usr/share/bash-completion/bash_completion; COMP_WORDS=(hubscope im) COMP_CWORD=1 COMP_LINE="hubscope im" \
    COMP_POINT=11; . /usr/share/bash-completion/completions/hubscope; _hubscope hubscope im hubscope; echo "${COMPREPLY[*]}"')
[[ $completed == import* ]] || fails "im<Tab> gives '$completed'"

# What is loaded when it is needed is installed.
inside sh -c 'cat /usr/bin/hubscope' | grep -aoE '\blib[a-z0-9_-]+\.so\.[0-9]+' | sort -u | while read -r library; do
    case $library in libav*|libsw*) continue ;; esac # suggested
    inside sh -c "ldconfig -p | grep -q '$library '" || fails "$library is loaded, but no package was installed that has it"
done

quietly inside sh -c 'cd /packages && apt-get -q -y install --no-install-recommends ./libhubscope-dev_*.deb gcc libc6-dev pkg-config python3-numpy'
for test in "$(dirname "${BASH_SOURCE[0]}")"/../../debian/tests/{sample,library}; do
    cp "$test" "$work/packages/test"
    quietly inside /packages/test
    echo "try: debian/tests/${test##*/} passes"
done

quietly inside apt-get -q -y purge hubscope hubscope-data libhubscope1 libhubscope-dev
quietly inside apt-get -q -y autoremove --purge
left=$(comm -13 "$work.before" <(all) | grep -i hubscope || true)
rm -f "$work.before"
[[ -z $left ]] || fails "after removal there remain: $left"
echo 'try: removed without remains'
