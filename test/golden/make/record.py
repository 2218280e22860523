"""Runs a published network: answers in evaluation, gradients of a first training step, and three steps of training."""

import dataclasses
import math
from typing import Any, Callable

import torch

from checksum import FULL, SHORT, all_digits, checksum, digits
from draws import Draws
from rule import chosen, labels, recipe, values

STEPS = 3
INPUT_SEED, TARGET_SEED, TRIAL_SEED, NOISE_SEED = 10_000, 20_000, 30_000, 40_000
DATA_SIZE = 20  # examples of a session: N of sqrt(N / B)


@dataclasses.dataclass
class Case:
    name: str
    called: str
    ours: list  # of {fn, config}: what answers for it here
    shapes: dict
    build: Callable[[], torch.nn.Module]
    routes: list  # of {task, session?}
    input: dict  # task -> [B, C, H, W]
    loss: dict  # {name, options}
    criterion: Callable[[Any, torch.Tensor], torch.Tensor]
    forward: Callable  # module, inputs, route, trial -> what the criterion takes
    predict: Callable | None = None  # in evaluation, where that is not `forward`
    penalty: Callable | None = None  # module, route -> regulariser
    optimizer: dict = dataclasses.field(default_factory=lambda: {"name": "Adam", "options": {"lr": 1e-3, "weight_decay": 5e-4}})
    classes: int = 0
    trial: dict = dataclasses.field(default_factory=dict)  # name -> [B, k]
    entries: Callable | None = None  # module -> {name: tensor}, where the state dict is laid out otherwise here
    kept: Callable = lambda name, tensor: False
    note: str = ""


def own_entries(module):
    """Every tensor of the state dict but counters, by name; parameters first named keep their first name."""
    found = {n: p for n, p in module.named_parameters()}
    found.update((n, b) for n, b in module.named_buffers() if b.dtype.is_floating_point)
    return found


KEPT_LEAVES = ("filter", "zero", "source_grid", "gaussian2d")


def is_kept(case, name, tensor):
    """Constants that a class computes for itself."""
    constant_grid = name.endswith(".grid") and not tensor.requires_grad
    return constant_grid or name.split(".")[-1] in KEPT_LEAVES or "hermite" in name and "coeffs" not in name or case.kept(name, tensor)


def fill(case, module):
    tensors, constants = {}, {}
    for seed, (name, tensor) in enumerate((case.entries or own_entries)(module).items(), start=1):
        if is_kept(case, name, tensor):
            constants[name] = tensor
            continue
        r = chosen(name, list(tensor.shape), seed)
        with torch.no_grad():
            tensor.copy_(values(r, tensor.dtype))
        tensors[name] = [r["shape"], seed, r["scale"], r["offset"]]
    return tensors, constants


def inputs_of(case, task, step, dtype):
    return values(recipe(case.input[task], INPUT_SEED + step, 1.0, 0.2), dtype)


def trial_of(case, step, dtype):
    pairs = enumerate(case.trial.items())
    return {n: values(recipe(s, TRIAL_SEED + 10 * i + step, 0.5, 0.1), dtype) for i, (n, s) in pairs}


def target_of(case, route, step, dtype):
    batch = case.input[route["task"]][0]
    if route["task"] == "img_classification":
        return labels(batch, case.classes, TARGET_SEED + step)
    return torch.clamp(values(recipe([batch, units_of(case, route)], TARGET_SEED + step, 2.0, 1.0), dtype), min=0)


def units_of(case, route):
    return next(s["units"] for s in case.shapes["sessions"] if s["key"] == route["session"] and s["area"] == route["task"])


def objective(case, module, x, route, target, trial):
    criterion = case.criterion(case.forward(module, x, route, trial), target)
    if route["task"] == "img_classification":
        return criterion
    scaled = criterion * math.sqrt(DATA_SIZE / x.shape[0])
    return scaled if case.penalty is None else scaled + case.penalty(module, route)


def run(case, dtype):
    """Everything as tensors; `dtype` is the arithmetic of the run."""
    torch.manual_seed(1)
    module = case.build()
    for part in module.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = 0.0
        if isinstance(part, torch.nn.Conv2d) and not isinstance(part.padding, str):
            part.padding = tuple(int(p) for p in part.padding)  # torch no longer takes True for 1
    module.to(dtype)
    tensors, constants = fill(case, module)
    module.eval()
    result = {"tensors": tensors, "constants": constants, "values": [], "penalties": [], "losses": [], "after": [], "noise": []}
    with torch.no_grad():
        for route in case.routes:
            x, trial = inputs_of(case, route["task"], 0, dtype), trial_of(case, 0, dtype)
            result["values"].append((case.predict or case.forward)(module, x, route, trial))
            if case.penalty is not None and route["task"] != "img_classification":
                result["penalties"].append(torch.as_tensor(case.penalty(module, route), dtype=dtype))
    train(case, module, dtype, result)
    return result


def train(case, module, dtype, result):
    module.train()
    trained = [p for p in module.parameters() if p.requires_grad]
    optimizer = getattr(torch.optim, case.optimizer["name"])(trained, **case.optimizer["options"])
    with Draws(NOISE_SEED) as draws:
        for step in range(STEPS):
            route = case.routes[step % len(case.routes)]
            before = len(draws.taken)
            x, trial = inputs_of(case, route["task"], step, dtype), trial_of(case, step, dtype)
            optimizer.zero_grad(set_to_none=False)  # as torch did when the packages were published
            loss = objective(case, module, x, route, target_of(case, route, step, dtype), trial)
            loss.backward()
            result["losses"].append(loss.detach())
            result["noise"].append([d["shape"] + [d["seed"]] for d in draws.taken[before:]])
            if step == 0:
                result["gradients"] = gradients(case, module)
            optimizer.step()
            result["after"].append({n: t.detach().clone() for n, t in (case.entries or own_entries)(module).items() if not is_kept(case, n, t)})


def gradients(case, module):
    """By name; laid out as the entries are."""
    named = (case.entries or own_entries)
    by_name = {n: p for n, p in named(module).items()}
    grads = named(GradientView(module)) if case.entries is not None else {
        n: p.grad for n, p in module.named_parameters() if p.requires_grad and p.grad is not None}
    return {n: g.detach().clone() for n, g in grads.items() if n in by_name and g is not None}


class GradientView:
    """The gradients of a module in place of its parameters, for `entries` that slice them."""

    def __init__(self, module):
        self.module = module

    def named_parameters(self, **_kwargs):
        return [(n, p.grad) for n, p in self.module.named_parameters() if p.requires_grad and p.grad is not None]

    def named_buffers(self):
        return []


def largest(tensor):
    return tensor.detach().double().abs().max().item()


VANISHING = 1e-9  # share of the largest gradient below which one is zero but for rounding (a bias in front of a norm)


def deviation(a, b, scale=None):
    """Largest difference relative to the largest magnitude."""
    scale = largest(b) if scale is None else scale
    return 0.0 if scale == 0 else largest(a.double() - b.double()) / scale


def gradient_deviation(single, double):
    top = max(largest(g) for g in double.values())
    scales = {n: largest(g) if largest(g) > VANISHING * top else top for n, g in double.items()}
    return max(deviation(single[n], g, scales[n]) for n, g in double.items())


def precision(single, double):
    """How far the same code in float32 is from these numbers."""
    pairs = {key: list(zip(single[key], double[key])) for key in ("values", "losses", "after")}
    return {
        "values": digits3(max(deviation(a, b) for a, b in pairs["values"])),
        "losses": digits3(max(deviation(a, b) for a, b in pairs["losses"])),
        "gradients": digits3(gradient_deviation(single["gradients"], double["gradients"])),
        "after": digits3(max(deviation(a[n], b[n]) for a, b in pairs["after"] for n in b)),
    }


def digits3(x):
    return float(f"{x:.3g}")


def record(case):
    double = run(case, torch.float64)
    single = run(case, torch.float32)
    return {
        "called": case.called,
        **({"note": case.note} if case.note else {}),
        "ours": case.ours,
        "shapes": case.shapes,
        "routes": case.routes,
        "input": case.input,
        "classes": case.classes,
        "trial": case.trial,
        "loss": case.loss,
        "regularized": case.penalty is not None,
        "dataSize": DATA_SIZE,
        "optimizer": case.optimizer,
        "precision": precision(single, double),
        "tensors": double["tensors"],
        "constants": {n: checksum(t, FULL) for n, t in double["constants"].items()},
        "values": [all_digits(v) for v in double["values"]],
        "penalties": [digits(p) for p in double["penalties"]],
        "noise": double["noise"],
        "losses": [digits(v) for v in double["losses"]],
        "gradients": {n: checksum(g, FULL) for n, g in double["gradients"].items()},
        "after": [{n: checksum(t, SHORT) for n, t in step.items()} for step in double["after"]],
    }
