#!/usr/bin/env python3
"""Writes tests/golden/case{2,6,7}/expected_more.json: what expected.json beside it leaves out.

Video to text for every rule, the rules with two banks in both directions, hubness at k other than 1, 5 and 10, and the
distribution of mass.  Case 7, made here, is case 1 as stored similarities a thousand times as large, with the
similarities of a second bank.  Everything is in double precision, straight from the published formulas; only this
script needs numpy, not the tests.  Lists are `sure` up to the first neighbours so close that floats may swap them;
counts are given for those k at which no list may be cut differently.  Makes the bank of videos of case 6 too.

usage: expected_more.py [GOLDEN_DIRECTORY]
"""
import json
import math
import pathlib
import sys

import numpy as np

KS = (1, 3, 5, 10, 20, 50)
SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


def log_sum_exp(x, axis):
    most = x.max(axis=axis, keepdims=True)
    return (most + np.log(np.exp(x - most).sum(axis=axis, keepdims=True))).squeeze(axis)


def largest_first(x, k):
    """Places of the k largest of every row, ties to the smaller place."""
    return np.argsort(-x, axis=1, kind="stable")[:, :k]


def mean_of_largest(x, k):
    """Mean of the k largest of every column."""
    return np.sort(x, axis=0)[::-1][:k].mean(axis=0)


def activated(B, k):
    items = np.zeros(B.shape[1], bool)
    items[largest_first(B, k).ravel()] = True
    return items


def sinkhorn(Z, iterations, log_b=None):
    log_b = -log_sum_exp(Z, 0) if log_b is None else log_b
    for _ in range(iterations):
        log_a = -log_sum_exp(Z + log_b, 1)
        log_b = -log_sum_exp(Z + log_a[:, None], 0)
    log_b = log_b - log_sum_exp(log_b, 0)
    logits = Z + log_b
    P = np.exp(logits - log_sum_exp(logits, 1)[:, None])
    return log_b, float(np.abs(P.sum(0) - Z.shape[0] / Z.shape[1]).mean())


def centred(queries, bank, gallery):
    def unit(x):
        return x / np.linalg.norm(x, axis=1, keepdims=True)

    return unit(queries - bank.mean(0)) @ unit(gallery - gallery.mean(0)).T


def gaussian_proximity(S, B):
    def log_phi(x, mean, deviation):
        return np.array([[math.log(0.5 * math.erfc(-z / math.sqrt(2))) for z in row] for row in (x - mean) / deviation])

    return (log_phi(S, S.mean(1, keepdims=True), S.std(1, keepdims=True)) + log_phi(S, B.mean(0), B.std(0)))


def signed_log(S, share):
    """A strictly increasing map of S * exp(share)."""
    size = np.log(np.abs(np.where(S == 0, 1, S))) + share
    return np.where(S == 0, 0, np.sign(S) * (size - size[S != 0].min() + 1))


def all_rules(S, B, G, R, embedded=None, unit=1.0):
    """(rule, parameters, logits or scores, expected fit, whether there are probabilities).  G: the bank of the
    gallery's own modality against the gallery, R: the bank against that bank.  `unit` is the size of a similarity of 1."""
    top1 = largest_first(S, 1)[:, 0]
    S, B, G, R = S / unit, B / unit, G / unit, R / unit
    rules = [("raw", dict(scale=20.0), 20 * S, {}, True)]

    bias = -log_sum_exp(20 * B, 0)
    rules.append(("is", dict(beta=20.0), 20 * S + bias, dict(bias=bias), True))
    for k in (1, 3):
        active = activated(B, k)
        gate = active[top1]
        logits = np.where(gate[:, None], 20 * S + bias, 20 * S)
        rules.append(("qbnorm", dict(beta=20.0, k=k), logits, dict(bias=bias, gate=gate, active=active), True))

    for iterations in (1, 4):
        log_b, residual = sinkhorn(50 * B, iterations)
        rules.append(("ncl", dict(scale=50.0, iterations=iterations), 50 * S + log_b,
                      dict(bias=log_b, residual=residual), True))

    r_item, r_query = mean_of_largest(B, 7), mean_of_largest(S.T, 7)
    rules.append(("csls", dict(k=7, scale=20.0), 10 * (2 * S - r_query[:, None] - r_item), dict(bias=-10 * r_item), True))
    r_item = 0.75 * mean_of_largest(B, 16)
    rules.append(("nnn", dict(alpha=0.75, k=16, scale=20.0), 20 * (S - r_item), dict(bias=-20 * r_item), True))

    better = np.array([[(B[:, j] > S[q, j]).sum() for j in range(S.shape[1])] for q in range(S.shape[0])])
    rules.append(("gc", {}, unit * S - 1.0 - better, {}, False))

    of_bank, of_gallery = -log_sum_exp(15 * B, 0), -log_sum_exp(10 * G, 0)
    parameters = dict(beta_query=15.0, beta_gallery=10.0)
    rules.append(("dualis", parameters, 25 * S + of_bank + of_gallery, dict(bias=of_bank + of_gallery), True))
    for k in (1, 3):
        gates = [active[top1] for active in (activated(B, k), activated(G, k))]
        logits = 25 * S + of_bank * gates[0][:, None] + of_gallery * gates[1][:, None]
        rules.append(("dualdis", dict(parameters, k=k), logits,
                      dict(bias=of_bank + of_gallery, gate=gates[0], active=activated(B, k), gate_gallery=gates[1],
                           active_gallery=activated(G, k)), True))

    both = 50 * np.concatenate([B, R], axis=1)
    for iterations in (1, 6):
        log_b = sinkhorn(both, iterations, np.zeros(both.shape[1]))[0][: B.shape[1]]
        log_b = log_b - log_sum_exp(log_b, 0)
        rules.append(("dbsn", dict(scale=50.0, iterations=iterations), 50 * S + log_b, dict(bias=log_b), True))
    log_b, residual = sinkhorn(50 * S, 4)
    rules.append(("sinkhorn", dict(scale=50.0, iterations=4), 50 * S + log_b, dict(bias=log_b, residual=residual), True))

    rules.append(("mp", {}, gaussian_proximity(S, B), {}, False))
    if unit == 1:
        r_item = 1 - mean_of_largest(np.minimum(B, 1), 7)
        rules.append(("nicdm", dict(k=7), -np.maximum(1 - S, 0) / np.sqrt(np.maximum(r_item, 1e-6)), {}, False))
    if embedded:
        rules.append(("center", dict(scale=20.0), 20 * centred(*embedded), {}, True))
    for scale in (20.0, 100 * unit):
        rules.append(("dsl", dict(scale=scale), signed_log(S, scale * S - log_sum_exp(scale * S, 0)), {}, False))
    if unit != 1:
        smaller = {name: 1 / unit for name in ("scale", "beta", "beta_query", "beta_gallery")}
        rules = [(rule, {name: value * smaller.get(name, 1) for name, value in parameters.items()}, logits, fit, probable)
                 for rule, parameters, logits, fit, probable in rules]
    return rules


def best_ranks(logits, targets):
    """1 + better + half of the other equal ones, for the best target of each row."""
    return [min(1 + (row > row[t]).sum() + ((row == row[t]).sum() - 1) / 2 for t in own)
            for row, own in zip(logits, targets)]


def metrics(rank):
    rank = np.asarray(rank, float)
    found = {"R@1": 100 * (rank == 1).mean()}
    for k in (5, 10, 50):
        found[f"R@{k}"] = 100 * (rank < k + 1).mean()
    found.update(MdR=np.median(rank), MnR=rank.mean(), geom=(found["R@1"] * found["R@5"] * found["R@10"]) ** (1 / 3))
    return {name: float(value) for name, value in found.items()}


def hubness(counts, k, queries):
    counts = counts.astype(float)
    apart, m = counts - counts.mean(), len(counts)
    variance = (apart**2).mean()
    gini = np.abs(counts[:, None] - counts[None, :]).sum() / (2 * m * m * counts.mean())
    hubs = counts >= 2 * k
    return dict(skewness=float((apart**3).mean() / variance**1.5), kurtosis=float((apart**4).mean() / variance**2 - 3),
                robin_hood=float(np.abs(apart).sum() / 2 / counts.sum()), gini=float(gini),
                atkinson=float(1 - np.sqrt(counts).mean() ** 2 / counts.mean()), max=int(counts.max()),
                antihub_rate=float((counts == 0).mean()), hub_count=int(hubs.sum()),
                hub_occurrence=float(counts[hubs].sum() / (k * queries)),
                groupie_ratio=float(counts.max() / (k * queries)))


def lorenz(mass):
    """At tenths: the share of the poorest tenth, fifth, ...; an item across a boundary counts in part."""
    held = np.concatenate([[0], np.cumsum(np.sort(mass))]) / mass.sum()
    return np.interp(np.arange(11) / 10 * len(mass), np.arange(len(mass) + 1), held).tolist()


def false_rates(first, targets, side):
    """`side`: the items that are over-represented, or those that are under-represented."""
    taken = [q for q in range(len(first)) if side[first[q]]]
    wrong = [q for q in taken if first[q] not in targets[q]]
    asked = [q for q, own in enumerate(targets) for t in own if side[t]]
    missed = [q for q in asked if first[q] not in targets[q]]
    return dict(items=int(side.sum()), false_positive_rate=len(wrong) / len(taken) if taken else None,
                false_negative_rate=len(missed) / len(asked) if asked else None)


def gaps(name, parameters, logits):
    """Whether the gap from each place of a list to the next is too wide for float rounding to reverse."""
    values = -np.sort(-logits, axis=1)
    scale = 25.0 if name.startswith("dual") else parameters.get("scale", parameters.get("beta", 1.0))
    least = {"mp": 1e-5, "nicdm": 3e-6}.get(name, 3e-7 * max(scale, 1))
    return values[:, :-1] - values[:, 1:] > least


def entry(rule, targets, queries, items):
    name, parameters, logits, fit, probable = rule
    wide = gaps(name, parameters, logits)
    near_target = [max(int((np.abs(row - row[t]) < 1e-4).sum()) - 1 for t in own) for row, own in zip(logits, targets)]
    top = largest_first(logits, max(KS))
    rank = best_ranks(logits, targets)
    counts = {k: np.bincount(top[:, :k].ravel(), minlength=items) for k in KS if wide[:, k - 1].all()}
    made = dict(rule=name, parameters=parameters, metrics=metrics(rank), rank=[float(r) for r in rank],
                top10=top[:, :10].tolist(),
                sure=[int(row.argmin()) if not row.all() else 10 for row in wide[:, :10]], n={str(k): n.tolist() for k, n in counts.items()},
                hubness={str(k): hubness(n, k, queries) for k, n in counts.items()},
                close={str(q): c for q, c in enumerate(near_target) if c}, mass=None, normalization_error=None)
    if probable:
        mass = np.exp(logits - log_sum_exp(logits, 1)[:, None]).sum(0)
        fair = queries / items
        made.update(mass=mass.tolist(), normalization_error=float(np.abs(mass - fair).mean()),
                    quantiles=np.quantile(mass, SHARES).tolist(), lorenz=lorenz(mass))
        if wide[:, 0].all():
            made.update(over=false_rates(top[:, 0], targets, mass > fair),
                        under=false_rates(top[:, 0], targets, mass <= fair))
    for key, value in fit.items():
        made[key] = value if isinstance(value, float) else value.tolist()
    return made


def write(folder, expected):
    rounded = json.loads(json.dumps(expected), parse_float=lambda x: float(f"{float(x):.12g}"))
    (folder / "expected_more.json").write_text(json.dumps(rounded, separators=(",", ":")) + "\n")


def wide_similarities(golden):
    one, folder = golden / "case1", golden / "case7"
    read = lambda name: np.load(one / f"{name}.npy").astype(np.float64)
    texts, videos, bank, clips = read("queries"), read("videos"), read("bank"), read("gallery_bank")
    target = np.load(one / "targets.npy")
    files = dict(sims=texts @ videos.T, bank_sims=bank @ videos.T, gallery_bank_sims=clips @ videos.T,
                 bank_gallery_sims=bank @ clips.T)
    files = {name: np.float32(1000 * matrix) for name, matrix in files.items()}
    folder.mkdir(exist_ok=True)
    for name, matrix in files.items():
        np.save(folder / f"{name}.npy", matrix)
    np.save(folder / "targets.npy", target)
    rules = all_rules(*(matrix.astype(np.float64) for matrix in files.values()), unit=1000.0)
    write(folder, dict(t2v=[entry(rule, [[t] for t in target], len(texts), len(videos)) for rule in rules]))


def main():
    golden = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "golden")
    for case in ("case2", "case6"):
        folder = golden / case
        read = lambda name: np.load(folder / f"{name}.npy").astype(np.float64)
        if case == "case6":
            clips = np.random.default_rng(66).standard_normal((37, 24)) + 0.3
            np.save(folder / "video_bank.npy", (clips / np.linalg.norm(clips, axis=1, keepdims=True)).astype(np.float32))
        texts, videos, bank, clips = read("queries"), read("videos"), read("bank"), read("video_bank")
        target = np.load(folder / "targets.npy")
        t2v = [entry(rule, [[t] for t in target], len(texts), len(videos))
               for rule in all_rules(texts @ videos.T, bank @ videos.T, clips @ videos.T, bank @ clips.T,
                                     (texts, bank, videos))]
        asking = [v for v in range(len(videos)) if (target == v).any()]
        own = [np.flatnonzero(target == v).tolist() for v in asking]
        v2t = [entry(rule, own, len(asking), len(texts))
               for rule in all_rules(videos[asking] @ texts.T, clips @ texts.T, bank @ texts.T, clips @ bank.T,
                                     (videos[asking], clips, texts))]
        for made in v2t:
            made["videos"] = asking
        write(folder, dict(t2v=t2v, v2t=v2t))
    wide_similarities(golden)


main()
