#!/usr/bin/python3
"""Makes tests/golden/published/: the results of each rule's published code on small matrices.

Only calls the authors' code, which stays in checkouts of their repositories (tests/golden/published/README.md lists
them with their commits); nothing of it is in this file.  Needs Debian's python3-numpy, python3-scipy, python3-torch,
python3-sklearn, python3-numba, python3-tqdm and python3-pot.

    /usr/bin/python3 tests/tools/published.py CHECKOUTS [FOLDER]...

CHECKOUTS has one directory per repository, named like it.  Without FOLDER makes everything in tests/golden/published/
that comes from Python.
"""
import ast
import importlib
import importlib.util
import json
import pathlib
import sys
import types

import numpy as np
import torch

HERE = pathlib.Path(__file__).resolve().parent.parent / "golden" / "published"
TIES = HERE.parent / "case3"
checkouts = pathlib.Path()


# ---- the authors' code ----------------------------------------------------------------------------------------------

def module(path, name):
    """Loads a file of a checkout as a module; its folder is importable meanwhile."""
    sys.path.insert(0, str((checkouts / path).parent))
    try:
        spec = importlib.util.spec_from_file_location(name, checkouts / path)
        loaded = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loaded)
    finally:
        sys.path.pop(0)
    return loaded


def package(root, name):
    """Imports a package of a checkout."""
    sys.path.insert(0, str(checkouts / root))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.pop(0)


def bare_package(root, name):
    """The same for a package whose __init__ needs modules that no longer exist: skips that file."""
    stub = types.ModuleType(name)
    stub.__path__ = [str(checkouts / root / name)]
    sys.modules[name] = stub


def function(path, name, **known):
    """Loads one function of a file that imports too much to run as a whole."""
    tree = ast.parse((checkouts / path).read_text())
    tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    exec(compile(tree, str(checkouts / path), "exec"), known)
    return known[name]


def evaluation():
    """QB-Norm's metrics, extended to return ranks too: from 1, ties averaged."""
    np.bool = bool  # numpy 1.24 dropped the alias that the code uses
    metric = module("qb-norm/metric.py", "metric")
    summary = metric.cols2metrics
    metric.cols2metrics = lambda cols, queries: dict(rank=[float(c) + 1 for c in cols], **summary(cols, queries))
    return metric


# ---- input and output -----------------------------------------------------------------------------------------------

class Direction:
    """Similarities in double precision: queries, bank and second bank to the gallery, bank to second bank."""

    def __init__(self, name, queries, gallery, bank, second):
        self.name, self.queries, self.gallery, self.bank, self.second = name, queries, gallery, bank, second
        self.S, self.B, self.G, self.R = queries @ gallery.T, bank @ gallery.T, second @ gallery.T, bank @ second.T

    def ranks(self, metric, scores):
        scores = np.array(scores, np.float64)
        return metric.t2v_metrics(scores) if self.name == "t2v" else metric.v2t_metrics(scores.T.copy())


def read(folder, name):
    return np.load(folder / f"{name}.npy").astype(np.float64)


def directions():
    texts, videos, bank, clips = (read(HERE / "input", name) for name in ("queries", "videos", "bank", "video_bank"))
    return Direction("t2v", texts, videos, bank, clips), Direction("v2t", videos, texts, clips, bank)


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item) for item in value]
    if isinstance(value, (float, np.floating)):
        return None if not np.isfinite(value) else float(f"{float(value):.12g}")
    return value.item() if isinstance(value, np.generic) else value


class Folder:
    def __init__(self, name):
        self.path, self.entries = HERE / name, []
        self.path.mkdir(parents=True, exist_ok=True)

    def matrix(self, name, values):
        np.save(self.path / f"{name}.npy", np.asarray(values, np.float32))
        return f"{name}.npy"

    def rule(self, direction, rule, parameters, kind, values, ranked, **more):
        """`values` as the function returned them; `ranked` is their evaluation."""
        before = sum(e["rule"] == rule and e["direction"] == direction.name for e in self.entries)
        self.entries.append(dict(direction=direction.name, rule=rule, parameters=parameters, kind=kind,
                                 values=self.matrix(f"{direction.name}_{rule}_{before}", values), evaluation=ranked,
                                 **more))

    def write(self, content=None):
        text = json.dumps(plain(self.entries if content is None else content), separators=(",", ":"))
        (self.path / "expected.json").write_text(text.replace("},{\"direction\"", "},\n{\"direction\"") + "\n")


# ---- data -----------------------------------------------------------------------------------------------------------

def make_input():
    """Texts of 20 videos, three each, in a space where all similarities are positive, with banks that lie near half of
    the gallery, so that gates are open for some queries and shut for others.  `uneven` has one to three texts a
    video."""
    random = np.random.default_rng(18)
    unit = lambda x: x / np.linalg.norm(x, axis=1, keepdims=True)
    d = 16
    common, gap = 1.5 * random.standard_normal(d), 0.3 * random.standard_normal(d)
    videos = random.standard_normal((20, d)) + common
    videos[:3] = 0.6 * videos[:3] + 0.5 * common  # closer to everything
    videos = unit(videos)
    target = np.repeat(np.arange(20), 3)
    texts = unit(videos[target] + 0.16 * random.standard_normal((60, d)) + gap)
    bank = unit(videos[random.integers(0, 9, 24)] + 0.2 * random.standard_normal((24, d)) + gap)
    clips = unit(videos[random.integers(6, 16, 16)] + 0.16 * random.standard_normal((16, d)))
    folder = Folder("input")
    for name, values in (("queries", texts), ("videos", videos), ("bank", bank), ("video_bank", clips)):
        folder.matrix(name, values)
    np.save(folder.path / "targets.npy", target)
    kept = [i for v in range(20) for i in range(3 * v, 3 * v + 1 + (5 * v + 2) % 3)]
    folder = Folder("uneven")
    folder.matrix("queries", texts[kept])
    np.save(folder.path / "targets.npy", target[kept])


def make_qb_norm():
    metric, qb_norm = evaluation(), module("qb-norm/dynamic_inverted_softmax.py", "dynamic_inverted_softmax").qb_norm
    folder = Folder("qb-norm")
    for direction in directions():
        items = direction.S.shape[1]
        folder.rule(direction, "raw", {}, "order", direction.S, direction.ranks(metric, direction.S))
        for rule, beta, k in (("qbnorm", 20, 1), ("qbnorm", 35, 3), ("is", 20, items)):
            values = qb_norm(direction.B.copy(), direction.S.copy(), dict(k=k, beta=beta))
            parameters = dict(beta=beta, k=k) if rule == "qbnorm" else dict(beta=beta)
            folder.rule(direction, rule, parameters, "exponentials", values, direction.ranks(metric, values))
    folder.write()

    # Ties: case 3 of the golden cases.
    sims = np.load(TIES / "sims.npy")
    Folder("qb-norm-ties").write(dict(t2v=metric.t2v_metrics(sims.copy()), v2t=metric.v2t_metrics(sims.copy())))

    # Masked texts; video 7 has no other.
    sims = directions()[0].S.astype(np.float32)
    mask = np.ones(60, np.int8)
    mask[[1, 2, 11, 21, 22, 23, 30, 32, 44, 58]] = 0
    folder = Folder("qb-norm-masks")
    folder.matrix("sims", sims)
    np.save(folder.path / "mask.npy", mask)
    folder.write(dict(t2v=metric.t2v_metrics(sims.copy(), mask), v2t=metric.v2t_metrics(sims.copy(), mask)))


def make_balance_act():
    metric, code = evaluation(), module("Better_Cross_Modal_Retrieval/DBNorm/dbnorm.py", "dbnorm")
    folder = Folder("balance-act")
    for direction in directions():
        S, B, G = direction.S, direction.B, direction.G
        for first, second in ((20, 1), (1 / 1.99, 3)):
            values = code.IS(B, S, beta=first) * code.IS(G, S, beta=second)
            folder.rule(direction, "dualis", dict(beta_query=first, beta_gallery=second), "exponentials", values,
                        direction.ranks(metric, values))
        for first, second, k in ((20, 1, 1), (20, 20, 2)):
            factors = [code.qb_norm(bank.copy(), S.copy(), k=k, beta=beta) for bank, beta in ((B, first), (G, second))]
            name = f"{direction.name}_dualdis_gallery_{k}"
            folder.rule(direction, "dualdis", dict(beta_query=first, beta_gallery=second, k=k), "factors", factors[0],
                        direction.ranks(metric, factors[0] * factors[1]),
                        gallery_values=folder.matrix(name, factors[1]))
    folder.write()


def make_dbsn():
    metric, code = evaluation(), module("DBSN/Video_Retrieval/dbsn.py", "dbsn")
    folder = Folder("dbsn")
    for direction in directions():
        S, B, G, R = direction.S, direction.B, direction.G, direction.R
        items = S.shape[1]
        values = S - code.Inverted_Softmax(B.T, v_tau=0.01, t_tau=0.01)[1].T
        folder.rule(direction, "is", dict(beta=100), "scores", values, direction.ranks(metric, values), factor=100)
        for tau in (0.01, 0.05):
            hubness = code.Sinkhorn_Normalization(np.concatenate([B.T, R.T]), tau=tau)[1]
            values = S - hubness[:items]
            folder.rule(direction, "dbsn", dict(scale=1 / tau, iterations=10), "scores", values,
                        direction.ranks(metric, values), factor=1 / tau)
        values = code.db_norm(B.copy(), G.copy(), S.copy(), beta1=0.02, beta2=0.5)
        folder.rule(direction, "dualis", dict(beta_query=50, beta_gallery=2), "exponentials", values,
                    direction.ranks(metric, values))
    folder.write()


def make_muse():
    metric = evaluation()
    average = package("MUSE", "src.utils").get_nn_avg_dist
    translation = package("MUSE", "src.evaluation.word_translation").get_word_translation_accuracy
    candidates = package("MUSE", "src.dico_builder").get_candidates
    folder = Folder("muse")
    for direction in directions():
        queries, gallery, bank = (torch.from_numpy(x) for x in (direction.queries, direction.gallery, direction.bank))
        values = 2 * direction.S - average(gallery, queries, 5)[:, None] - average(bank, gallery, 5)
        folder.rule(direction, "csls", dict(k=5, scale=100), "scores", values, direction.ranks(metric, values),
                    factor=50)
    # MUSE uses all source words as the bank, here bank and texts, and evaluates those of a dictionary, here the texts.
    texts, videos, bank = (read(HERE / "input", name) for name in ("queries", "videos", "bank"))
    target = np.load(HERE / "input" / "targets.npy")
    source = np.concatenate([bank, texts])
    folder.matrix("source", source)
    dictionary = folder.path / "dictionary"
    dictionary.write_text("".join(f"s{len(bank) + i} t{t}\n" for i, t in enumerate(target)))
    whole = []
    for method, rule, parameters in (("csls_knn_10", "csls", dict(k=10)), ("invsm_beta_30", "is", dict(beta=30))):
        embeddings = torch.from_numpy(source), torch.from_numpy(videos)
        words = {f"s{i}": i for i in range(len(source))}, {f"t{i}": i for i in range(len(videos))}
        found = translation("s", words[0], embeddings[0], "t", words[1], embeddings[1], method, str(dictionary))
        options = types.SimpleNamespace(dico_method=method, dico_max_rank=0, dico_max_size=0, dico_min_size=0,
                                        dico_threshold=0)
        best = dict(candidates(*embeddings, options).tolist())
        whole.append(dict(rule=rule, parameters=parameters, precision=dict(found),
                          best=[best[len(bank) + i] for i in range(len(texts))]))
    dictionary.unlink()
    folder.write(dict(rules=folder.entries, source=whole))


def make_nnn():
    metric, nnn = evaluation(), package("nnn", "nnn")
    folder = Folder("nnn")
    for direction in directions():
        for alpha, k in ((0.75, 8), (1.0, 1)):
            ranker = nnn.NNNRanker(nnn.NNNRetriever(16), direction.gallery, direction.bank, alternate_ks=k,
                                   alternate_weight=alpha)
            scores, items = ranker.search(direction.queries, direction.S.shape[1])
            values = np.empty_like(direction.S)
            np.put_along_axis(values, items, scores, axis=1)
            folder.rule(direction, "nnn", dict(alpha=alpha, k=k, scale=100), "scores", values,
                        direction.ranks(metric, values), factor=100)
    folder.write()


def make_ucofia():
    metric = evaluation()
    sinkhorn = function("UCoFiA/eval_t2v/main_ucofia.py", "sinkhorn_knopp", torch=torch, F=torch.nn.functional)
    folder = Folder("ucofia")
    for direction in directions():
        for rule, bank, scale, iterations in (("ncl", direction.B, 100, 4), ("ncl", direction.B, 20, 1),
                                              ("ncl", direction.B, 20, 50), ("sinkhorn", direction.S, 20, 4)):
            bias = sinkhorn(torch.from_numpy(scale * bank), iterations)[1].numpy()
            values = scale * direction.S + bias
            folder.rule(direction, rule, dict(scale=scale, iterations=iterations), "scores", values,
                        direction.ranks(metric, values), factor=1, bias=bias)
    folder.write()


def graph(distances, before=None):
    """All neighbours, nearest first, as scikit-hubness expects them; `before` is prepended to each row."""
    from scipy.sparse import csr_matrix

    if before is not None:
        distances = np.concatenate([np.full((len(distances), 1), before), distances], axis=1)
    order = np.argsort(distances, axis=1)
    rows, columns = distances.shape
    return csr_matrix((np.take_along_axis(distances, order, axis=1).ravel(), order.ravel(),
                       np.arange(0, rows * columns + 1, columns)), shape=distances.shape)


def make_scikit_hubness():
    metric = evaluation()
    reduction, analysis = (package("scikit-hubness", f"skhubness.{part}") for part in ("reduction", "analysis"))
    folder = Folder("scikit-hubness")
    for direction in directions():
        queries, items = graph(1 - direction.S), 1 - direction.B.T
        values = reduction.MutualProximity(method="normal").fit(graph(items)).transform(queries).toarray()
        folder.rule(direction, "mp", {}, "proximities", values, direction.ranks(metric, -values))
        # It assumes that the nearest neighbour of an indexed object is the object itself.
        local = reduction.LocalScaling(10, method="nicdm").fit(graph(items, before=0))
        values = local.transform(queries).toarray()
        folder.rule(direction, "nicdm", dict(k=10), "distances", values, direction.ranks(metric, -values))
        for k in (1, 5, 10):
            found = analysis.Hubness(k=k, return_value="all", metric="precomputed", return_k_occurrence=True)
            found = found.fit(queries).score(queries)
            folder.entries.append(dict(direction=direction.name, rule="raw", kind="hubness", k=k, hubness=found))
    folder.write()


def make_hub_toolbox():
    metric = evaluation()
    bare_package("hub-toolbox-python3", "hub_toolbox")
    proximity = package("hub-toolbox-python3", "hub_toolbox.global_scaling").mutual_proximity_gaussi
    nicdm = package("hub-toolbox-python3", "hub_toolbox.local_scaling").nicdm
    folder = Folder("hub-toolbox")
    for direction in directions():
        (q, m), n = direction.S.shape, len(direction.B)
        asking, items = slice(0, q), slice(q, q + m)

        def square(elsewhere):
            """Queries, items and bank as one set, of which the queries are held out."""
            D = np.full((q + m + n, q + m + n), elsewhere)
            D[asking, items], D[items, q + m:] = 1 - direction.S, 1 - direction.B.T
            D[items, asking], D[q + m:, items] = D[asking, items].T, D[items, q + m:].T
            return D

        values = proximity(square(np.nan), test_set_ind=np.arange(q))[asking, items]
        folder.rule(direction, "mp", {}, "proximities", values, direction.ranks(metric, -values))
        values = nicdm(square(9.0), k=5, test_ind=np.arange(q))[asking, items]
        folder.rule(direction, "nicdm", dict(k=5), "distances", values, direction.ranks(metric, -values))
    folder.write()


def make_camoe():
    """Runs the loss's forward pass and captures the similarities passed to the last softmax."""
    metric, code = evaluation(), module("CAMoE/DSL.py", "camoe_dsl")
    kept, functional = [], code.F
    code.F = types.SimpleNamespace(softmax=functional.softmax, log_softmax=lambda sims, dim: (
        kept.append(sims.numpy()), functional.log_softmax(sims, dim=dim))[1])
    folder = Folder("camoe")
    for direction in directions():
        for scale in (100, 20):
            code.dual_softmax_loss()(torch.from_numpy(direction.S), temp=1 / scale)
            folder.rule(direction, "dsl", dict(scale=scale), "order", kept[-1], direction.ranks(metric, kept[-1]))
    folder.write()


def make_clip4clip():
    """Each video's texts padded with -inf to the largest number, as in its evaluation; also for inverted softmax."""
    code = module("CLIP4Clip/metrics.py", "clip4clip_metrics")
    qb_norm = module("qb-norm/dynamic_inverted_softmax.py", "dynamic_inverted_softmax").qb_norm
    texts, target = read(HERE / "uneven", "queries"), np.load(HERE / "uneven" / "targets.npy")
    videos, clips = read(HERE / "input", "videos"), read(HERE / "input", "video_bank")
    most = int(np.bincount(target).max())

    def padded(sims):
        groups = [sims[target == v] for v in range(len(videos))]
        return np.stack([np.concatenate([g, np.full((most - len(g), len(videos)), -np.inf)]) for g in groups])

    def evaluated(sims):
        return dict(t2v=code.tensor_text_to_video_metrics(padded(sims)),
                    v2t=code.compute_metrics(code.tensor_video_to_text_sim(padded(sims)).numpy()))

    S = texts @ videos.T
    folder = Folder("clip4clip")
    inverted = qb_norm(clips @ texts.T, S.T.copy(), dict(k=len(texts), beta=20)).T
    folder.write(dict(raw=evaluated(S), **{"is:beta=20": dict(v2t=evaluated(inverted)["v2t"])}))


def make_trec_eval():
    """Graded judgements for trec_eval: 3 for the own video, 2, 1 and 0 for those most similar to it;
    a text has its video's."""
    videos, target = read(HERE / "input", "videos"), np.load(HERE / "uneven" / "targets.npy")
    near = np.argsort(-videos @ videos.T, axis=1)[:, :4]
    grade = [{int(video): 3 - place for place, video in enumerate(row)} for row in near]
    folder = Folder("trec_eval")
    lines = [f"{q} 0 {v} {grade[own][v]}\n" for q, own in enumerate(target) for v in grade[own]]
    (folder.path / "t2v.graded.qrels").write_text("".join(lines))
    lines = [f"{v} 0 {q} {grade[v][own]}\n" for v in range(len(videos)) for q, own in enumerate(target)
             if own in grade[v]]
    (folder.path / "v2t.graded.qrels").write_text("".join(lines))


MAKE = dict(input=make_input, **{"qb-norm": make_qb_norm, "balance-act": make_balance_act}, dbsn=make_dbsn,
            muse=make_muse, nnn=make_nnn, ucofia=make_ucofia,
            **{"scikit-hubness": make_scikit_hubness, "hub-toolbox": make_hub_toolbox}, camoe=make_camoe,
            clip4clip=make_clip4clip, trec_eval=make_trec_eval)


def main():
    global checkouts
    if len(sys.argv) < 2 or not set(sys.argv[2:]) <= set(MAKE):
        sys.exit(__doc__)
    checkouts = pathlib.Path(sys.argv[1]).resolve()
    torch.set_num_threads(1)
    for name in sys.argv[2:] or MAKE:
        print(name, flush=True)
        MAKE[name]()


if __name__ == "__main__":
    main()
