"""Encoders of distributions with their likelihoods; readouts give several numbers a unit."""

from composed import SGD, UNITS, config_of, encoder, multi, rate, stacked
from record import own_entries

BATCH = [8, 1, 14, 12]  # every unit must respond above its threshold at least once


def sliced(order):
    """
    The published readout holds all numbers of a unit in one tensor, ours has a tensor for each. `order[i]`: which of the
    published numbers is our i-th.
    """

    def entries(module):
        found = {}
        for name, tensor in own_entries(module).items():
            leaf = name.split(".")[-1]
            several = tensor.dim() == 5 if leaf == "_features" else name.startswith("readout.") and leaf == "bias"
            if not several:
                found[name] = tensor
                continue
            for ours, theirs in enumerate(order):
                stem = name[: -len(leaf)] + (f"parameter{ours}." if ours > 0 else "")
                found[stem + leaf] = tensor[theirs]
        return found

    return entries


def distribution(name, kind, loss, order, config, *, target_first=False, forward=None, trial=None, note="", parts=None, **options):
    from neuralpredictors.layers.readouts.gaussian import GeneralizedFullGaussianReadout2d as Readout

    def build():
        core = stacked()
        readout = multi(Readout, core, UNITS, init_mu_range=0.3, init_sigma=0.1, feature_reg_weight=0.3, inferred_params_n=len(order))
        return encoder(core, readout, kind, **options, **(parts() if parts else {}))

    def criterion(output, target):
        made = loss_of(loss)
        return made(target, output) if target_first else made(output, target)

    case = rate(
        f"encoder-{name}", build, config_of(**config), entries=sliced(order), trial=trial, note=note, optimizer=SGD,
        called=f"neuralpredictors.layers.encoders.{kind} with GeneralizedFullGaussianReadout2d and {loss}(avg=False)",
        forward=forward or (lambda module, x, route, trial: module(x, data_key=route["session"])),
        predict=log_normal_mean if kind == "ZILEncoder" else
        lambda module, x, route, trial: module.predict_mean(x, data_key=route["session"], **named(trial)),
        kept=lambda entry, tensor: entry.startswith("logloc") and not tensor.requires_grad,
    )
    case.input = {"v1": BATCH}
    case.loss = {"name": loss, "options": {"lossSum": False, "avgLoss": False}}
    case.criterion = criterion
    return case


def log_normal_mean(module, x, route, trial):
    """The published encoder hands threshold and probability over in the wrong order, so its function is called as it is declared."""
    from neuralpredictors.layers.encoders.mean_variance_functions import fitted_zil_mean

    mu, sigma2, loc, q = module(x, data_key=route["session"])
    return fitted_zil_mean(mu, sigma2, q, loc)


def named(trial):
    return {"pupil_center" if k == "pupil" else k: v for k, v in trial.items()}


def loss_of(name):
    from neuralpredictors.measures import modules, zero_inflated_losses

    return getattr(modules if hasattr(modules, name) else zero_inflated_losses, name)(avg=False)


def cases():
    fixed = {k: 0.3 for k in UNITS}
    swapped = "the published encoder reads variance before mean, ours mean before variance; its mean confuses threshold and probability, ours does not"
    return [
        distribution("gaussian", "GaussianEncoder", "GaussianLoss", [0, 1], {"encoder": "gaussian"}),
        distribution("gamma", "GammaEncoder", "GammaLoss", [0, 1], {"encoder": "gamma"}),
        distribution("gamma-bounded", "GammaEncoder", "GammaLoss", [0, 1],
                     {"encoder": "gamma", "gamma": {"max_concentration": 1.2, "min_rate": 0.7}}, max_concentration=1.2, min_rate=0.7),
        distribution("zig", "ZIGEncoder", "ZIGLoss", [0, 1, 2], {"encoder": "zig"}, target_first=True),
        distribution("zig-threshold", "ZIGEncoder", "ZIGLoss", [0, 1, 2], {"encoder": "zig", "zero_inflated": {"zero_threshold": 0.3}},
                     target_first=True, zero_thresholds=fixed),
        distribution("zil", "ZILEncoder", "ZILLoss", [0, 2, 1], {"encoder": "zil"}, target_first=True, note=swapped),
        distribution("zil-threshold", "ZILEncoder", "ZILLoss", [0, 2, 1], {"encoder": "zil", "zero_inflated": {"zero_threshold": 0.3}},
                     target_first=True, zero_thresholds=fixed, note=swapped),
    ]
