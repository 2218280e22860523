"""Losses and likelihoods: value, gradient for what a network answers (and for a learned weight), three steps."""

import torch

from rule import labels, recipe, values
from traces import trace

SHAPE = [6, 4]
ADAM = {"name": "Adam", "options": {"lr": 1e-2, "weight_decay": 5e-4}}
TARGET_SEED = 77
CLASSES = 4


def counts(dtype):
    return torch.clamp(values(recipe(SHAPE, TARGET_SEED, 2.0, 1.0), dtype), min=0)


def target_of(name, dtype):
    return labels(SHAPE[0], CLASSES, TARGET_SEED) if name == "CrossEntropyLoss" else counts(dtype)


PARAMETERS = {  # side by side here, one tensor each there: recipes of positive or free numbers
    "CrossEntropyLoss": [(1.0, 0.0)],
    "MSELoss": [(1.0, 0.5)],
    "PoissonLoss": [(0.8, 1.2)],
    "NegativeBinomialLoss": [(0.8, 1.2)],
    "GaussianLoss": [(1.0, 0.5), (0.4, 1.0)],
    "GammaLoss": [(0.5, 1.5), (0.5, 1.2)],
    "ZIGLoss": [(0.5, 1.2), (0.5, 2.5), (0.1, 0.4), (0.3, 0.5)],
    "ZILLoss": [(1.0, 0.2), (0.4, 1.0), (0.1, 0.4), (0.3, 0.5)],
    "ExponentialLoss": [(0.8, 1.2)],
    "AnscombeMSE": [(0.8, 1.2)],
}
MEAN_ALONE = ("ExponentialLoss", "AnscombeMSE")  # the published classes have no sum


def criterion(name, average, dtype):
    """(output, target) -> loss, of the published class."""
    from neural_cotraining_utils import NBLossWrapper
    from neuralpredictors.measures import modules, zero_inflated_losses

    reduction = "mean" if average else "sum"
    if name == "NegativeBinomialLoss":
        return NBLossWrapper(not average).to(dtype)
    if name in ("CrossEntropyLoss", "MSELoss"):
        return getattr(torch.nn, name)(reduction=reduction)
    if name == "PoissonLoss":
        return modules.PoissonLoss(bias=1e-12, avg=average)
    if name in ("ZIGLoss", "ZILLoss"):
        made = getattr(zero_inflated_losses, name)(avg=average)
        return lambda output, target: made(target, output)
    if name in MEAN_ALONE:
        return getattr(modules, name)()
    return getattr(modules, name)(avg=average)


def weighed(name, average, dtype):
    from neural_cotraining_utils import MSELossWrapper, NBLossWrapper, XEntropyLossWrapper

    if name == "PoissonLoss":
        return NBLossWrapper(not average).to(dtype)
    wrapper = XEntropyLossWrapper if name == "CrossEntropyLoss" else MSELossWrapper
    return wrapper(criterion(name, average, dtype)).to(dtype)


def case(name, average, learned):
    numbers = {f"p{i}": recipe(SHAPE, 11 + i, scale, offset) for i, (scale, offset) in enumerate(PARAMETERS[name])}
    if learned:
        numbers["log_w"] = recipe([1], 5, 0.5, 0.1)

    def loss(parameters, dtype):
        output = [p for n, p in parameters.items() if n != "log_w"]
        output = output[0] if len(output) == 1 else tuple(output)
        if not learned:
            return criterion(name, average, dtype)(output, target_of(name, dtype)).reshape([])
        made = weighed(name, average, dtype)
        del made.log_w  # the wrapper's own parameter becomes the one that is trained here
        made.log_w = parameters["log_w"]
        return made(output, target_of(name, dtype)).reshape([])

    label = f"{name}-{'mean' if average else 'sum'}{'-weighed' if learned else ''}"
    called = f"{'neural_cotraining wrapper of ' if learned else ''}{name}, {'averaged' if average else 'summed'}"
    return label, lambda: {
        "called": called, "loss": name, "average": average, "weighed": learned,
        "target": {"shape": SHAPE, "seed": TARGET_SEED, "classes": CLASSES},
        **trace(numbers, loss, ADAM),
    }


def cases():
    utilities()
    zero_inflated = ("ZIGLoss", "ZILLoss")
    for name in PARAMETERS:
        for average in (True, False):
            if average and name in zero_inflated:
                continue  # the published mean is one over silent plus one over responding trials, ours one over all
            if not average and name in MEAN_ALONE:
                continue
            yield case(name, average, False)
            if name in ("CrossEntropyLoss", "MSELoss", "PoissonLoss"):
                yield case(name, average, True)


def utilities():
    """The co-trainer's helpers without the packages that its other modules ask for."""
    import importlib.util
    import os
    import sys

    path = os.path.join(os.environ["COTRAIN_PUBLISHED"], "neural_cotraining/neural_cotraining/trainer/utils.py")
    spec = importlib.util.spec_from_file_location("neural_cotraining_utils", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["neural_cotraining_utils"] = module
    spec.loader.exec_module(module)
