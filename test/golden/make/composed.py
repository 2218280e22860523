"""Parts of today's neuralpredictors, put together by its encoders: what `composed_neural_model` offers."""

import torch

from batches import coordinates, match_ids, sessions, size
from record import Case, record

UNITS = {"a": 5, "b": 7}
SAME = {"a": 5, "b": 5}
ALONE = {"a": 6}  # a readout that waits for its session keeps values out of range in the published code, here it does not
IMAGE = [3, 1, 14, 12]
ADAM = {"name": "Adam", "options": {"lr": 1e-3, "weight_decay": 5e-4}}
# Biases in front of norms have gradients of rounding only, which Adam would blow up to whole steps.
SGD = {"name": "SGD", "options": {"lr": 1e-5, "momentum": 0.75, "weight_decay": 5e-4}}
CORE = {"hidden_channels": 4, "input_kern": 5, "hidden_kern": 3, "layers": 2, "gamma_input": 1.5}
CORE_ALL = {**CORE, "input_regularizer": "LaplaceL2norm", "laplace_padding": None, "stack": -1, "pad_input": False, "momentum": 0.9}
OURS_CORE = {**CORE, "depth_separable": False, "hidden_conv_bias": True}


def poisson(output, target):
    from neuralpredictors.measures.modules import PoissonLoss

    return PoissonLoss(bias=1e-12, avg=False)(output, target)


def stacked(**more):
    from neuralpredictors.layers.cores import Stacked2dCore

    return Stacked2dCore(input_channels=1, **{**CORE_ALL, **more})


def shape_behind(core):
    core.eval()
    with torch.no_grad():
        return tuple(core(torch.zeros(1, *IMAGE[1:])).shape[1:])


def multi(readout, core, units, **options):
    from neuralpredictors.layers.readouts import MultiReadoutBase, MultiReadoutSharedParametersBase

    shared = any(k in options for k in ("grid_mean_predictor", "share_features", "share_grid"))
    base = MultiReadoutSharedParametersBase if shared else MultiReadoutBase
    shape = shape_behind(core)
    return base(in_shape_dict={k: shape for k in units}, n_neurons_dict=units, base_readout=readout, bias=True, **options)


def encoder(core, readout, kind="FiringRateEncoder", **options):
    import neuralpredictors.layers.encoders as encoders

    return getattr(encoders, kind)(core, readout, **options)


def rate(name, build, config, *, units=UNITS, optimizer=SGD, penalty=None, forward=None, entries=None, trial=None, note="", called="", **more):
    return Case(
        name=name,
        called=called or f"neuralpredictors: FiringRateEncoder of {name}",
        ours=[{"fn": "composed_neural_model", "config": config}],
        shapes={"inputs": {"v1": size(IMAGE)}, "sessions": sessions("v1", units), "classes": None},
        build=build,
        routes=[{"task": "v1", "session": k} for k in units],
        input={"v1": IMAGE},
        loss={"name": "PoissonLoss", "options": {"lossSum": False, "avgLoss": False}},
        criterion=poisson,
        forward=forward or (lambda module, x, route, trial: module(x, data_key=route["session"])),
        penalty=penalty or (lambda module, route: module.regularizer(data_key=route["session"])),
        optimizer=optimizer,
        entries=entries,
        trial=trial or {},
        note=note,
        **more,
    )


def config_of(core=None, readout="full_gaussian", options=None, **more):
    return {"core": "stacked", "stacked": {**OURS_CORE, **(core or {})}, "readout": readout,
            **({readout: options} if options else {}), "gamma_readout": 0.3, **more}


class NormBias(list):
    """Flags for the norms of each layer that say no where the core asks whether its convolutions have biases."""

    def __bool__(self):
        return False


def core_case(name, core, ours, kind="stacked", **more):
    """A core in front of the plain readout of today."""
    from neuralpredictors.layers.readouts import FullGaussian2d

    def build():
        made = core()
        return encoder(made, multi(FullGaussian2d, made, UNITS, init_mu_range=0.3, init_sigma=0.1, feature_reg_weight=0.3))

    config = {"core": kind, kind: ours, "readout": "full_gaussian", "gamma_readout": 0.3}
    return rate(f"core-{name}", build, config, **more)


def core_cases():
    import neuralpredictors.layers.cores as cores

    def of(name, changes, ours=None, **more):
        return core_case(name, lambda: stacked(**changes), {**OURS_CORE, **changes, **(ours or {})}, **more)

    rotation = {"hidden_channels": 3, "input_kern": 7, "hidden_kern": 5, "layers": 2, "num_rotations": 4, "upsampling": 2, "stack": -1,
                "gamma_input": 1.5, "gamma_hidden": 0.2, "laplace_padding": 0}
    nonlinear = ["Elu1", "Exp", "SoftThreshold"]  # the only other ones that the published core finds by name
    regularisers = [("LaplaceL2", 0), ("LaplaceL1", 0), ("GaussianLaplaceL2", None), ("LaplaceL2norm", 2)]
    return [
        of("stacked", {"gamma_hidden": 0.3}),
        of("stacked-separable", {"depth_separable": True, "hidden_dilation": 2}),
        core_case("stacked-attention", lambda: stacked(attention_conv=True, bias=NormBias([True] * CORE["layers"])),
                  {**OURS_CORE, "attention_conv": True},
                  note="a list of flags counts as true for every convolution in the published code, also where none is; it gets one that does not"),
        of("stacked-skip", {"layers": 4, "skip": 2, "stack": [1, 3], "gamma_hidden": 0.2, "elu_shift": [0.5, 0.25]}),
        of("stacked-no-norm", {"batch_norm": False, "stride": 2, "input_stride": 1, "hidden_padding": 2}),
        of("stacked-linear", {"linear": True, "pad_input": True, "bias": False}),
        *[of(f"nonlinearity-{n}", {"nonlinearity_type": n}) for n in nonlinear],
        *[of(f"regulariser-{n}", {"input_regularizer": n, "laplace_padding": p, "gamma_hidden": 0.4}) for n, p in regularisers],
        core_case("rotation", lambda: cores.RotationEquivariant2dCore(input_channels=1, **rotation), rotation, "rotation_equivariant"),
        core_case("vgg", lambda: cores.TransferLearningCore(1, "vgg11_bn", 3, pretrained=False, fine_tune=True),
                  {"vgg_type": "vgg11_bn", "model_layer": 3, "fine_tune": True}, "vgg"),
        core_case("vgg-bare", lambda: cores.TransferLearningCore(1, "vgg11", 2, pretrained=False, fine_tune=True, final_batchnorm=False,
                                                                 final_nonlinearity=False),
                  {"vgg_type": "vgg11", "model_layer": 2, "fine_tune": True, "final_batchnorm": False, "final_nonlinearity": False}, "vgg"),
    ]


def readout_case(name, readout, options, ours, *, shared=None, units=UNITS, build=None, more_config=None, **more):
    import neuralpredictors.layers.readouts as readouts

    def made():
        core = stacked()
        cls = readout if isinstance(readout, type) else getattr(readouts, readout)
        weight = "spatial_and_feature_reg_weight" if cls.__name__ == "FullFactorized2d" else "feature_reg_weight"
        return encoder(core, multi(cls, core, units, **{weight: 0.3}, **options, **(shared() if shared else {})))

    kind = name.split("-")[0]
    return rate(f"readout-{name}", build or made, config_of(readout=kind, options=ours, **(more_config or {})), units=units, **more)


def readout_cases():
    gauss = {"init_mu_range": 0.3, "init_sigma": 0.1}
    predictor = {"hidden_layers": 1, "hidden_features": 4, "final_tanh": True}
    straight = {"hidden_layers": 0, "hidden_features": 4, "final_tanh": False}
    ids = lambda: {"shared_match_ids": {k: match_ids(n) for k, n in SAME.items()}}
    grids = lambda: {"source_grids": {k: coordinates(n) for k, n in UNITS.items()}}
    factor = lambda **flags: dict(init_noise=1e-3, **flags)
    return [
        *[readout_case(f"full_gaussian-{g}", "FullGaussian2d", {**gauss, "gauss_type": g}, {"gauss_type": g})
          for g in ("full", "uncorrelated", "isotropic")],
        readout_case("full_gaussian-predictor", "FullGaussian2d",
                     {**gauss, "grid_mean_predictor": predictor, "grid_mean_predictor_type": "cortex"},
                     {"grid_mean_predictor": predictor}, shared=grids),
        readout_case("full_gaussian-linear-predictor", "FullGaussian2d",
                     {**gauss, "grid_mean_predictor": straight, "grid_mean_predictor_type": "cortex"},
                     {"grid_mean_predictor": straight}, shared=grids),
        readout_case("full_gaussian-shared", "FullGaussian2d", {**gauss, "share_features": True, "share_grid": True},
                     {"share_features": True, "share_grid": True}, shared=ids, units=SAME),
        readout_case("full_gaussian-cloned", "FullGaussian2d", gauss, {}, units=SAME, build=cloned,
                     more_config={"clone_readout": True}, penalty=cloned_penalty,
                     note="the published container fails for clones, so the clone is put into it afterwards; the clone has no regulariser of its own in the published code; that of its source counts"),
        readout_case("gaussian", "Gaussian2d", {"init_mu_range": 0.3, "init_sigma_range": 0.1}, {}),
        readout_case("point_pooled", "PointPooled2d", {"pool_steps": 2, "pool_kern": 2, "init_range": 0.2}, {"pool_steps": 2, "pool_kern": 2}),
        readout_case("factorized", "FullFactorized2d", factor(normalize=True), {"normalize": True}, ),
        readout_case("factorized-absolute", "FullFactorized2d", factor(normalize=False, positive_spatial=True),
                     {"normalize": False, "positive_spatial": True}),
        readout_case("factorized-positive", "FullFactorized2d", factor(normalize=False, constrain_pos=True),
                     {"normalize": False, "constrain_pos": True}, units=ALONE),
        readout_case("deterministic_gaussian-positive", unlocked_mask(), {"init_mu_range": 0.1, "init_sigma": 1.0, "positive": True},
                     {"positive": True}, units=ALONE, note="with a copy of its positions, as above"),
        readout_case("point_pyramid-positive", "PointPyramid2d",
                     {"scale_n": 2, "positive": True, "init_range": 0.1, "downsample": True, "type": "gauss3x3"},
                     {"scale_n": 2, "positive": True, "type": "gauss3x3"}, units=ALONE),
        readout_case("attention", "AttentionReadout", {"attention_layers": 2, "attention_kernel": 3},
                     {"attention_layers": 2, "attention_kernel": "3"}),
        readout_case("attention-one-layer", "AttentionReadout", {"attention_layers": 1}, {"attention_layers": 1}),
        readout_case("remapped_gaussian", returning_remapped(), {**gauss, "remap_layers": 2, "max_remap_amplitude": 0.4},
                     {"remap_layers": 2, "max_remap_amplitude": 0.4},
                     note="the published forward pass computes its answer and forgets to return it; it is read from there, and the bias added"),
        readout_case("remapped_gaussian-single-cells", returning_remapped(), {**gauss, "remap_layers": 2, "remap_kernel": 1},
                     {"remap_layers": 2, "remap_kernel": "1"}, note="read from inside the forward pass, as above"),
        readout_case("deterministic_gaussian", unlocked_mask(), {"init_mu_range": 0.1, "init_sigma": 1.0}, {},
                     note="the published code clamps positions in place, which torch refuses for a parameter; it gets a copy of them"),
        *[readout_case(f"point_pyramid-{t}", "PointPyramid2d",
                       {"scale_n": n, "positive": False, "init_range": 0.1, "downsample": d, "type": t},
                       {"scale_n": n, "downsample": d, "type": t})
          for t, n, d in (("gauss5x5", 2, True), ("gauss3x3", 3, False), ("laplace5x5", 2, True))],
        *[readout_case(f"ultra_sparse-{label}", "UltraSparse",
                       {"init_mu_range": 0.3, "init_sigma_range": 0.1, "num_filters": 3, "shared_mean": together},
                       {"num_filters": 3, "shared_mean": together},
                       penalty=features_only, predict=unsampled,
                       note="the published regulariser calls a method that does not exist; its feature part counts")
          for label, together in (("own", False), ("shared", True))],
    ]


def cloned():
    from neuralpredictors.layers.readouts import ClonedReadout, FullGaussian2d

    core = stacked()
    readouts = multi(FullGaussian2d, core, {"a": SAME["a"]}, init_mu_range=0.3, init_sigma=0.1, feature_reg_weight=0.3)
    readouts.add_module("b", ClonedReadout(readouts["a"]))
    return encoder(core, readouts)


def cloned_penalty(module, route):
    return module.regularizer(data_key="a")


def features_only(module, route):
    readout = module.readout[route["session"]]
    return module.core.regularizer() + readout.feature_l1() * readout.feature_reg_weight


def unsampled(module, x, route, trial):
    """This class samples unless told not to, in evaluation too."""
    return module(x, data_key=route["session"], sample=False)


def returning_remapped():
    import sys

    from neuralpredictors.layers.readouts import RemappedGaussian2d

    class Returning(RemappedGaussian2d):
        def forward(self, *args, **kwargs):
            code, found = RemappedGaussian2d.forward.__code__, {}

            def watch(frame, event, _argument):
                if event == "return" and frame.f_code is code:
                    found["y"] = frame.f_locals["y"]

            sys.setprofile(watch)
            try:
                super().forward(*args, **kwargs)
            finally:
                sys.setprofile(None)
            return found["y"] if self.bias is None else found["y"] + self.bias

    return Returning


def unlocked_mask():
    from neuralpredictors.layers.readouts import DeterministicGaussian2d

    class Unlocked(DeterministicGaussian2d):
        def mask(self, shift=None):
            leaf = self._parameters.pop("mu")
            self.mu = leaf.clone()
            try:
                return super().mask(shift)
            finally:
                del self.mu
                self._parameters["mu"] = leaf

    return Unlocked


def output_cases():
    from neuralpredictors.layers.readouts import FullGaussian2d

    def of(name, ours, **options):
        def build():
            core = stacked()
            return encoder(core, multi(FullGaussian2d, core, UNITS, init_mu_range=0.3, init_sigma=0.1, feature_reg_weight=0.3), **options)

        return rate(f"output-{name}", build, config_of(rate=ours))

    def nonlinear(name, ours):
        return of(ours, {"output": ours}, nonlinearity_type=name)

    return [
        of("elu", {"output": "elu", "elu_offset": 0.5}, elu_offset=0.5),
        nonlinear("Exp", "exp"),
        nonlinear("Log1Exp", "softplus"),
        squared(of("identity", {"output": "identity"}, nonlinearity_type="identity")),
    ]


def squared(case):
    """Without a nonlinearity responses may be negative: squared error instead of the Poisson loss."""
    case.loss = {"name": "MSELoss", "options": {"lossSum": True, "avgLoss": False}}
    case.criterion = torch.nn.MSELoss(reduction="sum")
    return case


def cases():
    import behaviour
    import encoders

    for case in [*core_cases(), *readout_cases(), *output_cases(), *encoders.cases(), *behaviour.cases()]:
        yield case.name, lambda case=case: record(case)
