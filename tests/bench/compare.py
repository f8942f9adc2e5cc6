#!/usr/bin/python3
"""Times the same work on the same data in hubscope, in numpy with a plain form of the formulas, and in faiss.

    /usr/bin/python3 tests/bench/compare.py [--hubscope build/release/hubscope]
                                            [--bench build/release/tests/bench/bench]
                                            [--threads N] [--scale] [--tiny]

Needs python3-numpy, and python3-faiss for its column (Debian packages), 8 GB of memory and 1 GB in $TMPDIR; with
--scale, which adds 2000 queries and a bank of 5000 on a gallery of 200,000, 12 GB and 1.5 GB.  Both sides
use the same number of threads, numpy only in matrix products.  First checks on a small part of the data that both sides
compute the same.  Every number is the median of several runs.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DIMENSION = 512
SCALE, BETA, NNN_ALPHA, CSLS_K, NNN_K = 100.0, 20.0, 0.75, 10, 128
RULES = ("raw", "is", "qbnorm", "ncl", "csls", "nnn")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hubscope", default=os.path.join(ROOT, "build", "release", "hubscope"))
    parser.add_argument("--bench", default=os.path.join(ROOT, "build", "release", "tests", "bench", "bench"))
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--runs", type=int, default=3, help="of numpy and faiss (3); five times as many for quick work")
    parser.add_argument("--scale", action="store_true", help="also on a gallery of 200,000")
    parser.add_argument("--tiny", action="store_true", help="a hundredth of the sizes, to try out the script")
    return parser.parse_args()


OPTIONS = arguments()
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = str(OPTIONS.threads)  # read when numpy loads its BLAS

try:
    import numpy as np
except ImportError:
    sys.exit("compare.py: numpy is missing: install Debian's python3-numpy and use /usr/bin/python3")
try:
    import faiss
except ImportError:
    faiss = None


# The formulas, in float32 as in hubscope.


def logsumexp(x, axis):
    most = x.max(axis=axis, keepdims=True)
    return np.squeeze(most, axis) + np.log(np.exp(x - most).sum(axis=axis))


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def column_top(b, k):
    k = min(k, len(b))
    return np.sort(np.partition(b, len(b) - k, axis=0)[-k:], axis=0)[::-1]


def fit_bank(gallery, bank):
    """is, qbnorm, csls and nnn: everything they need from the bank."""
    b = bank @ gallery.T
    lse = logsumexp(np.float32(BETA) * b, axis=0)
    active = np.zeros(len(gallery), bool)
    active[b.argmax(axis=1)] = True
    top = column_top(b, NNN_K)
    return lse, active, top[:CSLS_K].mean(axis=0), top.mean(axis=0)


def fit_ncl(gallery, bank, iterations=4):
    z = np.float32(SCALE) * (bank @ gallery.T)
    log_b = -logsumexp(z, axis=0)
    for _ in range(iterations):
        log_a = -logsumexp(z + log_b, axis=1)
        log_b = -logsumexp(z + log_a[:, None], axis=0)
    mass = softmax(z + log_b).sum(axis=0)
    residual = np.abs(mass - len(bank) / len(gallery)).mean()
    return log_b - logsumexp(log_b, axis=0), residual


def rules_of(bank_fit, ncl_fit):
    """Scale of the logits and bias of each rule, and the activation set of the gated one."""
    lse, active, csls, nnn = bank_fit
    ncl, _ = ncl_fit
    zero = np.zeros(len(lse), np.float32)
    return {
        "raw": (SCALE, zero, None),
        "is": (BETA, -lse, None),
        "qbnorm": (BETA, -lse, active),
        "ncl": (SCALE, ncl, None),
        "csls": (SCALE, np.float32(-SCALE / 2) * csls, None),
        "nnn": (SCALE, np.float32(-SCALE * NNN_ALPHA) * nnn, None),
    }


def best(scores, k):
    """The k best of every row, in order."""
    k = min(k, scores.shape[1])
    some = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(scores, some, axis=1), axis=1)
    return np.take_along_axis(some, order, axis=1)


def logits_of(s, fitted):
    scale, bias, active = fitted
    z = np.float32(scale) * s
    if active is None:
        return z + bias
    return z + np.where(active[s.argmax(axis=1)][:, None], bias, np.float32(0))


def analyse(queries, gallery, fits, targets):
    """Ranks (ties averaged), top-10 lists, N_1, N_5, N_10 and mass under every rule."""
    s = queries @ gallery.T
    results = {}
    for rule, fitted in fits.items():
        z = logits_of(s, fitted)
        own = z[np.arange(len(z)), targets][:, None]
        rank = 1 + (z > own).sum(axis=1) + ((z == own).sum(axis=1) - 1) / 2
        top = best(z, 10)
        counts = [np.bincount(top[:, :k].ravel(), minlength=len(gallery)) for k in (1, 5, 10)]
        results[rule] = rank, top, counts, softmax(z).sum(axis=0)
    return results


def search_one(query, gallery, fits):
    """The top hundred under every rule, with probabilities."""
    s = (gallery @ query)[None, :]
    results = {}
    for rule, fitted in fits.items():
        z = logits_of(s, fitted)
        top = best(z, 100)[0]
        results[rule] = top, np.exp(z[0, top] - logsumexp(z, axis=1)[0])
    return results


# The data and the two sides.


def unit_rows(generator, rows, like=None):
    x = generator.standard_normal((rows, DIMENSION), np.float32)
    if like is not None:  # each near a row of the gallery
        x += np.float32(12) * like[np.arange(rows) % len(like)]
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def save(folder, **matrices):
    os.makedirs(folder)
    for name, matrix in matrices.items():
        np.save(os.path.join(folder, name + ".npy"), matrix)
    return folder


def hubscope(*words):
    return program(OPTIONS.hubscope, *words)


def program(path, *words):
    command = [path, *words, "--threads", str(OPTIONS.threads), "--format", "json"]
    try:
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    except FileNotFoundError:
        sys.exit(f"compare.py: {path} does not exist: build it with ./run bench, or name it with --hubscope or --bench")
    except subprocess.CalledProcessError:
        sys.exit("compare.py: failed: " + " ".join(command))


def hubscope_seconds(folder, *workloads):
    report = program(OPTIONS.bench, *workloads, "--data", folder)
    return {row["name"]: row["seconds"] for row in report["workloads"]}


def timed(work, runs):
    """The median time of `runs` runs, and the result.  The first run of quick work is a warm-up."""
    times = []
    while len(times) < runs:
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
        if len(times) == 1 and times[0] < 1 and runs > 1:
            runs += 1
    return statistics.median(times[1:] if times[0] < 1 and len(times) > 1 else times), result


def check(folder, queries, gallery, bank):
    """Checks on a part of the data that both sides agree: ranks exactly, except for float ties; masses and biases."""
    queries, gallery, bank = queries[:400], gallery[:300], bank[:500]
    targets = np.arange(len(queries)) % len(gallery)
    save(folder, queries=queries, gallery=gallery, bank=bank, targets=targets.astype(np.int32))
    named = [word for rule in RULES for word in ("--rule", rule)]
    files = {"--queries": "queries", "--videos": "gallery", "--bank": "bank", "--targets": "targets"}
    given = [word for option, name in files.items() for word in (option, os.path.join(folder, name + ".npy"))]
    hubscope("eval", *given, *named, "--dump", os.path.join(folder, "dump"))

    def dumped(rule, what):
        return np.load(os.path.join(folder, "dump", f"{rule}.{what}.npy"))

    fits = rules_of(fit_bank(gallery, bank), fit_ncl(gallery, bank))
    worst = 0.0
    for rule, (rank, _, counts, mass) in analyse(queries, gallery, fits, targets).items():
        differing = np.count_nonzero(np.abs(dumped(rule, "rank") - rank) > 0.5)
        off = float(np.max(np.abs(dumped(rule, "mass") - mass) / mass.mean()))
        if rule != "raw":
            bias = dumped(rule, "bias") - fits[rule][1]
            off = max(off, float(np.ptp(bias)))  # up to a constant
        worst = max(worst, off)
        if differing > len(queries) // 100 or off > 0.01:
            sys.exit(f"compare.py: the two sides differ under {rule}: {differing} ranks, {off:.2g}")
    return worst


def describe_machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else "unknown processor"


def at_scale(temporary, generator, part, runs):
    """Rows of the table on a gallery of 200,000; numpy takes its bank and queries in slices that fit in memory."""
    m, q, n, step = 200000 // part, 2000 // part, 5000 // part, max(1, 500 // part)
    gallery = unit_rows(generator, m)
    queries, bank = unit_rows(generator, q, gallery), unit_rows(generator, n, gallery)
    folder = save(os.path.join(temporary, "scale"), queries=queries, gallery=gallery, bank=bank)
    ours = hubscope_seconds(folder, "bank", "analysis", "top10")
    some = [(queries[at:at + step], np.arange(at, min(at + step, q)) % m) for at in range(0, q, step)]
    lse, active, csls, nnn = fit_bank(gallery, bank[:step])
    fits = rules_of((lse, active, csls, nnn), (-lse, None))  # any bias will do for the time it takes
    bank_seconds, _ = timed(lambda: [fit_bank(gallery, bank[at:at + step]) for at in range(0, n, step)], 1)
    analysis_seconds, _ = timed(lambda: [analyse(x, gallery, fits, targets) for x, targets in some], 1)
    top_seconds, _ = timed(lambda: [best(x @ gallery.T, 10) for x, _ in some], runs)
    index_seconds = None
    if faiss:
        index = faiss.IndexFlatIP(DIMENSION)
        index.add(gallery)
        index_seconds, _ = timed(lambda: index.search(queries, 10), runs)
    return (
        (f"fit is + qbnorm + csls + nnn, bank {n} x {m}", ours["bank"], bank_seconds, None),
        (f"analyse six rules, {q} x {m}", ours["analysis"], analysis_seconds, None),
        (f"top 10 of {m} for {q} queries", ours["top10"], top_seconds, index_seconds),
    )


def main():
    part = 100 if OPTIONS.tiny else 1
    runs = 1 if OPTIONS.tiny else OPTIONS.runs
    m, q, n, large, many = 10000 // part, 10000 // part, 20000 // part, 100000 // part, 1000 // part
    generator = np.random.default_rng(1)
    gallery = unit_rows(generator, m)
    queries, bank = unit_rows(generator, q, gallery), unit_rows(generator, n, gallery)
    wide = unit_rows(generator, large)
    wide_bank = unit_rows(generator, 500, wide)
    query = unit_rows(generator, 1, wide)
    targets = np.arange(q) % m

    with tempfile.TemporaryDirectory(prefix="hubscope-compare-") as temporary:
        off = check(os.path.join(temporary, "check"), queries, gallery, bank)
        main_data = save(os.path.join(temporary, "main"), queries=queries, gallery=gallery, bank=bank)
        wide_data = save(os.path.join(temporary, "wide"), queries=query, gallery=wide, bank=wide_bank)
        many_data = save(os.path.join(temporary, "many"), queries=queries[:many], gallery=gallery, bank=bank[:1])

        ours = hubscope_seconds(main_data, "bank", "analysis", "ncl")
        ours.update(hubscope_seconds(wide_data, "query"))
        ours.update(hubscope_seconds(many_data, "top10"))

        bank_seconds, bank_fit = timed(lambda: fit_bank(gallery, bank), runs)
        ncl_seconds, ncl_fit = timed(lambda: fit_ncl(gallery, bank), runs)
        fits = rules_of(bank_fit, ncl_fit)
        wide_fits = rules_of(fit_bank(wide, wide_bank), fit_ncl(wide, wide_bank))
        analysis_seconds, _ = timed(lambda: analyse(queries, gallery, fits, targets), runs)
        query_seconds, _ = timed(lambda: search_one(query[0], wide, wide_fits), 5 * runs)
        top_seconds, _ = timed(lambda: best(queries[:many] @ gallery.T, 10), 5 * runs)
        theirs = [None, None]
        if faiss:
            faiss.omp_set_num_threads(OPTIONS.threads)
            for place, (items, asked, k) in enumerate(((wide, query, 100), (gallery, queries[:many], 10))):
                index = faiss.IndexFlatIP(DIMENSION)
                index.add(items)
                theirs[place], _ = timed(lambda: index.search(asked, k), 5 * runs)
        rows = (
            (f"fit is + qbnorm + csls + nnn, bank {n} x {m}", ours["bank"], bank_seconds, None),
            (f"analyse six rules, {q} x {m}", ours["analysis"], analysis_seconds, None),
            (f"fit ncl, 4 iterations, bank {n} x {m}", ours["ncl"], ncl_seconds, None),
            (f"one query, top 100 of {large}, six rules (faiss: raw)", ours["query"], query_seconds, theirs[0]),
            (f"top 10 of {m} for {many} queries", ours["top10"], top_seconds, theirs[1]),
        )
        if OPTIONS.scale:
            rows += at_scale(temporary, generator, part, runs)

    print(f"{describe_machine()}, {OPTIONS.threads} threads, {DIMENSION} dimensions; numpy {np.__version__}, "
          f"faiss {faiss.__version__ if faiss else 'not installed'}")
    print(f"both sides agree on a part of the data: ranks, masses and biases within {off:.1g}\n")
    print(f"{'':55} {'hubscope':>10} {'numpy':>10} {'x':>7} {'faiss':>10} {'x':>7}")
    for what, own, plain, index in rows:
        other = f"{1000 * index:10.2f} {index / own:7.2f}" if index else f"{'-':>10} {'-':>7}"
        print(f"{what:55} {1000 * own:10.2f} {1000 * plain:10.2f} {plain / own:7.2f} {other}")
    print("\nMilliseconds, and as a multiple of hubscope's.  Its top 10 includes ranks and mass.")


if __name__ == "__main__":
    main()
