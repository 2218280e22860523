"""Three steps of an optimizer on bare tensors: what losses and regularisers do to what they are given."""

import torch

from checksum import all_digits, digits
from rule import values

STEPS = 3


def deviation(a, b):
    scale = b.abs().max().item()
    return 0.0 if scale == 0 else (a.double() - b).abs().max().item() / scale


def run(tensors, loss, optimizer, dtype):
    """`tensors`: name -> recipe; `loss`: parameters -> scalar."""
    parameters = {n: torch.nn.Parameter(values(r, dtype)) for n, r in tensors.items()}
    made = getattr(torch.optim, optimizer["name"])(parameters.values(), **optimizer["options"])
    steps = []
    for _ in range(STEPS):
        made.zero_grad()
        value = loss(parameters, dtype)
        value.backward()
        grads = {n: p.grad.detach().clone() for n, p in parameters.items()}
        made.step()
        steps.append((value.detach(), grads, {n: p.detach().clone() for n, p in parameters.items()}))
    return steps


def trace(tensors, loss, optimizer):
    double, single = run(tensors, loss, optimizer, torch.float64), run(tensors, loss, optimizer, torch.float32)
    worst = lambda i: max(deviation(s[i][n], d[i][n]) for s, d in zip(single, double) for n in d[i])
    return {
        "optimizer": optimizer,
        "tensors": {n: [r["shape"], r["seed"], r["scale"], r["offset"]] for n, r in tensors.items()},
        "precision": {
            "losses": float(f"{max(deviation(s[0], d[0]) for s, d in zip(single, double)):.3g}"),
            "gradients": float(f"{worst(1):.3g}"),
            "after": float(f"{worst(2):.3g}"),
        },
        "losses": [digits(value) for value, _, _ in double],
        "gradients": {n: all_digits(g) for n, g in double[0][1].items()},
        "after": [{n: all_digits(t) for n, t in after.items()} for _, _, after in double],
    }


