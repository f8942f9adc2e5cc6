#!/bin/bash
# The comparison with numpy and faiss runs if Python is installed; its checks hold if numpy is.
source "$TESTS_DIR/tools/check.sh" || exit 1
script=$TESTS_DIR/bench/compare.py
export TMPDIR=$work PYTHONDONTWRITEBYTECODE=1
python=/usr/bin/python3
if [[ ! -x $python ]]; then
    echo 'no /usr/bin/python3: nothing to check'
    exit 0
fi
python_runs() { "$python" "$script" "$@" >"$work/out" 2>"$work/err"; }

holds python_runs --help
has '^usage: compare.py .*--hubscope'
if "$python" -c 'import numpy' 2>/dev/null; then
    holds python_runs --tiny --scale --hubscope "$HUBSCOPE" --bench "$BENCH" --threads 2
    has 'both sides agree on a part of the data'
    for work_done in 'fit is \+ qbnorm \+ csls \+ nnn' 'analyse six rules' 'fit ncl, 4 iterations' 'one query, top 100' 'top 10 of'; do
        has "^$work_done[^.]* +[0-9]+\.[0-9]+ +[0-9]+\.[0-9]+ +[0-9]+\.[0-9]+ "
    done
    checks=$((checks + 1))
    python_runs --tiny --hubscope "$work/nowhere" && broken 'succeeds without the program'
    holds grep -q "^compare.py: $work/nowhere does not exist" "$work/err"
fi
finish
