"""Measures of responses and predictions: values only, nothing is trained through them."""

import numpy as np
import torch

from checksum import all_digits
from rule import recipe, values

IMAGES, REPEATS, UNITS = 6, 4, 5
TRIALS = IMAGES * REPEATS
DATA = {
    "signal": recipe([IMAGES, 1, UNITS], 1, 1.5, 2.0),
    "noise": recipe([IMAGES, REPEATS, UNITS], 2, 1.2, 0.0),
    "predictions": recipe([IMAGES, UNITS], 3, 1.0, 2.0),
}
PARTS = {  # parameters of distributions
    "mean": recipe([TRIALS, UNITS], 4, 1.0, 0.5), "variance": recipe([TRIALS, UNITS], 5, 0.4, 1.0),
    "concentration": recipe([TRIALS, UNITS], 6, 0.5, 2.0), "rate": recipe([TRIALS, UNITS], 7, 0.5, 1.2),
    "loc": recipe([TRIALS, UNITS], 8, 0.1, 0.8), "q": recipe([TRIALS, UNITS], 9, 0.3, 0.5),
    "degrees": recipe([TRIALS, UNITS], 10, 1.0, 4.0),
}


def responses():
    raw = values(DATA["signal"]) + values(DATA["noise"])
    return torch.clamp(raw, min=0).float().double()


def repeated():
    from neuralpredictors.measures import functions, modules, np_functions as measures

    t, y = responses().numpy(), values(DATA["predictions"]).numpy()
    trials, predicted = t.reshape(TRIALS, UNITS), np.repeat(y, REPEATS, axis=0)
    pair = torch.from_numpy(predicted), torch.from_numpy(trials)
    everywhere = np.repeat(y[:, None], REPEATS, axis=1)
    return {
        "correlation": measures.corr(predicted, trials, axis=0),
        "avg_correlation": measures.corr(y, t.mean(1), axis=0),
        "correlation_sample_deviation": functions.corr(*pair, dim=0),
        "correlation_loss": modules.Corr()(*pair)[0],
        "oracle_jackknife": measures.oracle_corr_jackknife(t),
        "oracle_conservative": measures.oracle_corr_conservative(t),
        "explainable_variance": measures.explainable_var(t),
        "fev": measures.fev(t, everywhere, return_exp_var=True)[0],
        "feve": measures.fev(t, everywhere),
        "snr": measures.snr(t),
        "gini": [measures.gini(y)],
    }


def losses():
    from neuralpredictors.measures import modules

    t, y = responses().reshape(TRIALS, UNITS), values(DATA["predictions"]).repeat_interleave(REPEATS, 0)
    return {
        "poisson": modules.PoissonLoss(bias=1e-12, per_neuron=True, avg=False)(y, t),
        "exponential": modules.ExponentialLoss(per_neuron=True)(y, t),
        "anscombe": modules.AnscombeMSE(per_neuron=True)(y, t),
        "mse": torch.nn.MSELoss(reduction="none")(y, t).mean(0),
    }


def each(loss, *parts):
    """The loss of every trial and unit by itself."""
    t = responses().reshape(TRIALS, UNITS)
    at = lambda x, i, j: x[i : i + 1, j : j + 1]
    return [float(loss(at(t, i, j), tuple(at(values(PARTS[p]), i, j) for p in parts))) for i in range(TRIALS) for j in range(UNITS)]


def likelihoods():
    from neuralpredictors.measures import modules, zero_inflated_losses as inflated

    swapped = lambda made: lambda target, output: made(output, target)
    return {
        "gaussian": each(swapped(modules.GaussianLoss(avg=False)), "mean", "variance"),
        "gamma": each(swapped(modules.GammaLoss(avg=False)), "concentration", "rate"),
        "zero_inflated_gamma": each(inflated.ZIGLoss(), "rate", "concentration", "loc", "q"),  # its first parameter is the scale
        "zero_inflated_log_normal": each(inflated.ZILLoss(), "mean", "variance", "loc", "q"),
        "zero_inflated_log_student": each(inflated.ZILogStudentTLoss(), "degrees", "mean", "variance", "loc", "q"),
    }


def numbers(made):
    return {n: all_digits(torch.as_tensor(np.asarray(v, dtype=np.float64))) for n, v in made.items()}


def cases():
    data = {n: [r["shape"], r["seed"], r["scale"], r["offset"]] for n, r in DATA.items()}
    parts = {n: [r["shape"], r["seed"], r["scale"], r["offset"]] for n, r in PARTS.items()}
    for name, called, compute, extra in (
        ("repeated-responses", "neuralpredictors.measures: np_functions, functions.corr, modules.Corr", repeated, {}),
        ("response-losses", "neuralpredictors.measures.modules, per neuron", losses, {}),
        ("likelihoods", "neuralpredictors.measures: modules and zero_inflated_losses, one trial and unit at a time", likelihoods, {"parts": parts}),
    ):
        yield name, lambda compute=compute, called=called, extra=extra: {"called": called, "data": data, **extra, "values": numbers(compute())}
