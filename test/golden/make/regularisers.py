"""Regularisers by themselves: value, gradient for the weights, three steps."""

import torch

from rule import recipe
from traces import trace

SGD = {"name": "SGD", "options": {"lr": 0.05, "momentum": 0.75, "weight_decay": 5e-4}}
WEIGHTS = [3, 2, 7, 7]


def laplace(name, padding, average):
    import neuralpredictors.regularizers as published

    def loss(parameters, dtype):
        kernel = {"kernel": 7} if name == "GaussianLaplaceL2" else {}
        made = getattr(published, name)(padding=padding, **kernel).to(dtype)
        return made(parameters["weight"], avg=average)

    label = f"{name}-{'default' if padding is None else padding}-{'mean' if average else 'sum'}"
    return label, lambda: {
        "called": f"neuralpredictors.regularizers.{name}(padding={padding}), avg={average}",
        "regulariser": name, "padding": padding, "average": average,
        **trace({"weight": recipe(WEIGHTS, 3, 0.5, 0.1)}, loss, SGD),
    }


def cases():
    for name, paddings in {"LaplaceL2": (None, 0), "LaplaceL2norm": (None, 0, 2), "LaplaceL1": (0, 1), "GaussianLaplaceL2": (None,),
                           "GaussianLaplaceL2Adaptive": (None,)}.items():
        for padding in paddings:
            for average in (True, False):
                yield laplace(name, padding, average)
