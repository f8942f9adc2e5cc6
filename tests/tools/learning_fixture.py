#!/usr/bin/env python3
"""Writes tests/golden/learning/cases.json: losses, gradients and Adam steps by PyTorch, in double precision.

    /usr/bin/python3 tests/tools/learning_fixture.py > tests/golden/learning/cases.json

Gradients come from automatic differentiation through loss, normalisation and heads, with Sinkhorn's potentials
detached. Needs torch (Debian's python3-torch).
"""
import json

import torch

PAIRS, DIMENSION, HIDDEN, RATIO = 23, 12, 3, 0.2
LOSSES = [("infonce", 0), ("ncl", 0), ("ncl", 1), ("ncl", 4), ("ncl", 20)]

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(7)


def normal(*shape):
    """Random numbers that a float represents exactly."""
    return torch.randn(*shape, generator=generator).float().double()


def rows(x):
    return (x / x.norm(dim=1, keepdim=True)).float().double()


def linear(x, weight):
    return x + x @ weight[0].T


def mlp(x, weight):
    down, up = weight
    return (1 - RATIO) * x + RATIO * torch.relu(x @ down.T) @ up.T


def potentials(s, iterations):
    log_b = -torch.logsumexp(s, 0)
    log_a = -torch.logsumexp(s, 1)
    for _ in range(iterations):
        log_a = -torch.logsumexp(s + log_b, 1)
        log_b = -torch.logsumexp(s + log_a[:, None], 0)
    return log_a, log_b


def run(loss, iterations, head, text_weight, video_weight, scale):
    for weight in text_weight + video_weight:
        weight.grad = None
    log_scale = torch.tensor(scale).log().requires_grad_()
    t = torch.nn.functional.normalize(head(text, text_weight), dim=1)
    v = torch.nn.functional.normalize(head(video, video_weight), dim=1)
    s = log_scale.exp() * t @ v.T
    to_video, to_text = s, s.T
    if loss == "ncl":
        log_a, log_b = potentials(s.detach(), iterations)
        to_video, to_text = s + log_b, s.T + log_a
    target = torch.arange(PAIRS)
    cross_entropy = torch.nn.functional.cross_entropy
    value = (cross_entropy(to_video, target) + cross_entropy(to_text, target)) / 2
    value.backward()
    return value, log_scale.grad, torch.softmax(to_video, 1).sum(0)


def flat(tensors):
    return [float(f"{x:.13g}") for tensor in tensors for x in tensor.detach().flatten().tolist()]


def leaves(*weights):
    return [weight.requires_grad_() for weight in weights]


text = rows(normal(PAIRS, DIMENSION))
video = rows(text + 0.3 * normal(PAIRS, DIMENSION))
heads = {
    "linear": (linear, leaves(0.1 * normal(DIMENSION, DIMENSION)), leaves(0.1 * normal(DIMENSION, DIMENSION))),
    "mlp": (mlp, leaves(normal(HIDDEN, DIMENSION), normal(DIMENSION, HIDDEN)),
            leaves(normal(HIDDEN, DIMENSION), normal(DIMENSION, HIDDEN))),
}
made = {"pairs": PAIRS, "dimension": DIMENSION, "hidden": HIDDEN, "ratio": RATIO, "text": flat([text]),
        "video": flat([video]), "heads": {}, "cases": []}
for name, (head, text_weight, video_weight) in heads.items():
    for weight in text_weight + video_weight:
        weight.data = weight.data.float().double()
    made["heads"][name] = {"text": flat(text_weight), "video": flat(video_weight)}
    for loss, iterations in LOSSES:
        for scale in (20.0, 100.0) if iterations in (0, 4) else (20.0,):
            value, scale_gradient, mass = run(loss, iterations, head, text_weight, video_weight, scale)
            made["cases"].append({
                "head": name, "loss": loss, "iterations": iterations, "scale": scale, "value": value.item(),
                "scale_gradient": scale_gradient.item(), "mass": flat([mass]),
                "text_gradient": flat(weight.grad for weight in text_weight),
                "video_gradient": flat(weight.grad for weight in video_weight)})

weight = normal(9)
gradients = normal(6, 9)
adam = {"rate": 0.01, "decay": 0.5, "weight": flat([weight]), "gradients": flat([gradients])}
parameter = torch.nn.Parameter(weight.clone())
optimiser = torch.optim.AdamW([parameter], lr=adam["rate"], weight_decay=adam["decay"])
steps = []
for gradient in gradients:
    parameter.grad = gradient.clone()
    optimiser.step()
    steps.append(parameter.detach().clone())
made["adam"] = adam | {"steps": flat(steps)}
print(json.dumps(made))
