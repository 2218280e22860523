"""Networks for responses: the builders of nnvision and neural_cotraining."""

import numpy as np

import torch

import narrow
from batches import loaders, sessions, size
from record import Case, own_entries

# Biases in front of norms have gradients of rounding only, which Adam would blow up to whole steps.
SGD = {"name": "SGD", "options": {"lr": 1e-5, "momentum": 0.75, "weight_decay": 5e-4}}
ADAM = {"name": "Adam", "options": {"lr": 1e-3, "weight_decay": 5e-4}}
UNITS = {"a": 5, "b": 7}
SAME = {"a": 5, "b": 5}
IMAGE = [3, 1, 14, 12]
CORE = {"hidden_channels": 4, "input_kern": 5, "hidden_kern": 3, "gamma_input": 1.5}
SE = {**CORE, "se_reduction": 2}


def neural(name, called, build, ours, image=IMAGE, units=UNITS, note="", penalty=None, optimizer=ADAM, entries=None):
    return Case(
        entries=entries,
        optimizer=optimizer,
        name=name,
        called=called,
        ours=ours,
        shapes={"inputs": {"v1": size(image)}, "sessions": sessions("v1", units), "classes": None},
        build=build,
        routes=[{"task": "v1", "session": k} for k in units],
        input={"v1": image},
        loss={"name": "PoissonLoss", "options": {"lossSum": False, "avgLoss": False}},
        criterion=poisson_loss,
        forward=lambda module, x, route, trial: module(x, data_key=route["session"]),
        penalty=penalty or (lambda module, route: module.regularizer(route["session"])),
        note=note,
    )


def full_gauss_penalty(module, route):
    """
    As nnvision's main branch has it; the branch of the paper calls a property and fails. Shared features count as today's
    neuralpredictors has it: those that the units of the session use, with their scales.
    """
    readout = module.readout[route["session"]]
    own = readout.features.abs().sum() if readout._original_features else 0
    return module.core.regularizer() + own * module.readout.gamma_readout


def renamed_entries(module):
    """`features` of the factorised readout was renamed since; our exchange follows today's name."""
    return {n.replace(".features", "._features") if n.startswith("readout.") else n: t for n, t in own_entries(module).items()}


def poisson_loss(output, target):
    from neuralpredictors.measures.modules import PoissonLoss

    return PoissonLoss(bias=1e-12, avg=False)(output, target)


def built(builder, options, ours_fn, ours_config, name, image=IMAGE, units=UNITS, also=(), note=""):
    return neural(
        name,
        f"nnvision.models.models.{builder}(loaders, 1, {options})",
        lambda: builder_of(builder)({"train": loaders(image, units)}, 1, **options),
        [{"fn": ours_fn, "config": ours_config}, *also],
        image=image,
        units=units,
        note=note,
        penalty=full_gauss_penalty if "full_gauss" in builder else None,
        entries=renamed_entries if "spatialX" in builder else None,
    )


def builder_of(name):
    import nnvision.models.models as models

    return getattr(models, name)


def composed(core, core_options, readout, readout_options, gamma=4):
    return {"fn": "composed_neural_model", "config": {
        "core": core, core: core_options, "readout": readout, **({readout: readout_options} if readout_options else {}),
        "gamma_readout": gamma}}


SE_COMPOSED = {**SE, "depth_separable": False, "momentum": 0.9, "pad_input": False, "stack": None}


def squeeze_cases():
    ds = {**SE, "depth_separable": True, "n_se_blocks": 2, "hidden_dilation": 2, "stack": -1, "elu_offset": 0.5, "skip": 0}
    predictor = {"hidden_layers": 1, "hidden_features": 4, "final_tanh": True}
    return [
        built("se_core_gauss_readout", SE, "se_core_gauss_readout", SE, "se_core_gauss_readout",
              also=[composed("squeeze_excitation", SE_COMPOSED, "gaussian", None)]),
        built("se_core_gauss_readout", {**ds, "pad_input": True, "final_nonlinearity": False}, "se_core_gauss_readout",
              {**ds, "pad_input": True, "final_nonlinearity": False}, "se_core_gauss_readout-separable"),
        built("se_core_gauss_readout", {**SE, "skip": 2, "linear": True, "batch_norm": False, "n_se_blocks": 0, "readout_bias": False},
              "se_core_gauss_readout", {**CORE, "skip": 2, "linear": True, "batch_norm": False, "n_se_blocks": 0, "readout_bias": False},
              "se_core_gauss_readout-linear"),
        built("se_core_point_readout", {**SE, "pool_kern": 2}, "se_core_point_readout", {**SE, "pool_kern": 2}, "se_core_point_readout",
              also=[composed("squeeze_excitation", SE_COMPOSED, "point_pooled", {"pool_kern": 2})]),
        built("se_core_spatialXfeature_readout", SE, "se_core_spatialXfeature_readout", SE, "se_core_spatialXfeature_readout"),
        built("se_core_spatialXfeature_readout", {**SE, "normalize": True}, "se_core_spatialXfeature_readout",
              {**SE, "normalize": True}, "se_core_spatialXfeature_readout-normalize"),
        built("se_core_full_gauss_readout", SE, "se_core_full_gauss_readout", SE, "se_core_full_gauss_readout",
              also=[composed("squeeze_excitation", SE_COMPOSED, "full_gaussian", None)]),
        *[built("se_core_full_gauss_readout", {**SE, "gauss_type": kind}, "se_core_full_gauss_readout", {**SE, "gauss_type": kind},
                f"se_core_full_gauss_readout-{kind}") for kind in ("isotropic", "uncorrelated")],
        built("se_core_full_gauss_readout", {**SE, "grid_mean_predictor": {"type": "cortex", **predictor}}, "se_core_full_gauss_readout",
              {**SE, "grid_mean_predictor": predictor}, "se_core_full_gauss_readout-predictor"),
        built("se_core_full_gauss_readout", {**SE, "share_features": True, "share_grid": True}, "se_core_full_gauss_readout",
              {**SE, "share_features": True, "share_grid": True}, "se_core_full_gauss_readout-shared", units=SAME),
    ]


def cotraining_cnn(readout, more, image):
    from neural_cotraining.models.neural_model_builder import neural_cnn_builder

    options = {**CORE, "readout_type": readout, "depth_separable": True, "stack": -1, "n_se_blocks": 2, "se_reduction": 2, **more}
    return neural(
        f"neural_cnn_builder-{readout}",
        f"neural_cotraining.models.neural_cnn_builder(loaders, 1, {options})",
        lambda: neural_cnn_builder({"train": loaders(image, UNITS)}, 1, **options),
        [{"fn": "neural_cnn_builder", "config": options}],
        image=image,
    )


def stacked_gauss():
    from neuralpredictors.layers.cores import Stacked2dCore

    options = {**CORE, "gamma_hidden": 0.3}
    core = {**options, "layers": 3, "momentum": 0.9, "pad_input": False, "laplace_padding": None, "input_regularizer": "LaplaceL2norm"}
    return neural(
        "stacked2d_core_gaussian_readout",
        f"neuralpredictors.layers.cores.Stacked2dCore(1, {core}) with nnvision.models.readouts.MultipleGaussian2d",
        lambda: assembled(lambda: Stacked2dCore(input_channels=1, **core), "MultipleGaussian2d",
                          {"init_mu_range": 0.2, "init_sigma_range": 0.5, "gamma_readout": 0.1}, IMAGE, UNITS),
        [{"fn": "stacked2d_core_gaussian_readout", "config": options}],
        note="the builder itself fails (it hands `isotropic` on as `gauss_type` and leaves out arguments); its two parts are put together as it would",
    )


def assembled(core, readout, options, image, units, elu_offset=0):
    """Core and readouts as nnvision's builders join them."""
    import nnvision.models.readouts as readouts
    from torch.nn import functional as F

    class Encoder(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.core = core()
            self.readout = getattr(readouts, readout)(
                self.core, in_shape_dict={k: image for k in units}, n_neurons_dict=units, bias=True, **options)

        def forward(self, x, data_key=None):
            return F.elu(self.readout(self.core(x), data_key=data_key) + elu_offset) + 1

        def regularizer(self, data_key):
            return self.core.regularizer() + self.readout.regularizer(data_key=data_key)

    return Encoder()


VGG_IMAGE = [3, 1, 20, 16]


def vgg_cores():
    import nnvision.models.cores as cores

    free = {"tr_model_fn": "vgg16", "model_layer": 11}
    ours = {"vgg_type": "vgg16", "model_layer": 11}
    full = {"init_mu_range": 0.4, "init_sigma": 0.6, "gamma_readout": 0.002, "gauss_type": "full", "grid_mean_predictor": None,
            "grid_mean_predictor_type": None, "source_grids": None, "share_features": False, "share_grid": False, "shared_match_ids": None}
    return [
        built("vgg_core_gauss_readout", free, "vgg_core_gauss_readout", ours, "vgg_core_gauss_readout", image=VGG_IMAGE, units=UNITS,
              note="full widths; the VGG is frozen, as the published default has it"),
        neural(
            "vgg_core_full_gauss_readout",
            "nnvision.models.cores.TransferLearningCore(1, 'vgg16', 11, fine_tune=True) with MultipleFullGaussian2d",
            lambda: assembled(lambda: cores.TransferLearningCore(1, "vgg16", 11, pretrained=False, fine_tune=True),
                              "MultipleFullGaussian2d", full, VGG_IMAGE, UNITS, elu_offset=-1),
            [{"fn": "vgg_core_full_gauss_readout", "config": {**ours, "fine_tune": True}},
             {"fn": "composed_neural_model", "config": {
                 "core": "vgg", "vgg": {**ours, "fine_tune": True}, "readout": "full_gaussian", "gamma_readout": 0.002,
                 "rate": {"elu_offset": -1}}}],
            image=VGG_IMAGE,
            penalty=full_gauss_penalty,
            optimizer=SGD,
            note="full widths; the published builder of this name makes the plain Gaussian readout, ours the full one, so the parts are put together",
        ),
    ]


def shared_network(name, options, tasks, note=""):
    """MTL_VGG with an eighth of the channels: the tables of torchvision are narrowed in narrow.py."""
    from neural_cotraining.models.mtl_vgg import mtl_builder

    image = [3, 1, 32, 24]
    image = [3, 1, 64, 64]
    config = {"pretrained": False, "num_classes": 7, "v1_fine_tune": True, **options}
    areas = [t for t in tasks if t != "img_classification"]
    classifies = "img_classification" in tasks
    inputs = {**{a: image for a in areas}, **({"img_classification": image} if classifies else {})}
    given = {a: loaders(image, UNITS) for a in areas}
    ours = {k: v for k, v in config.items() if classifies or k not in ("num_classes", "classification_readout_type")}
    head = {"readout_hidden": narrow.HIDDEN, "readout_dropout": 0} if classifies else {}

    def forward(module, x, route, trial):
        if route["task"] == "img_classification":
            return module(x, classification=True)
        return module(x, neural_set=route["task"], data_key=route["session"])

    return Case(
        optimizer=SGD if config["v1_fine_tune"] else ADAM,
        name=name,
        called=f"neural_cotraining.models.mtl_builder(loaders, 1, {config})",
        ours=[{"fn": "mtl_builder", "config": {**ours, **head, "width": 1 / narrow.SHARE, "classification": classifies}}],
        shapes={
            "inputs": {t: size(s) for t, s in inputs.items()},
            "sessions": [s for a in areas for s in sessions(a, UNITS)],
            "classes": 7 if classifies else None,
        },
        build=lambda: narrow.under(narrow.vgg, lambda: mtl_builder({"train": given}, 1, **config)),
        routes=[*[{"task": a, "session": k} for a in areas for k in UNITS][: 3 - classifies],
                *([{"task": "img_classification"}] if classifies else [])],
        input=inputs,
        classes=7,
        loss={"name": "PoissonLoss", "options": {"lossSum": False, "avgLoss": False}},
        criterion=lambda output, target: (torch.nn.functional.cross_entropy if target.dtype == torch.int64 else poisson_loss)(output, target),
        forward=forward,
        penalty=lambda module, route: module.regularizer(route["task"], route["session"]),
        note=f"an eighth of the channels{note}",
    )


def shared_cases():
    both = {"classification": True, "classification_readout_type": "conv", "input_size": 64}
    return [
        shared_network("mtl_builder-v1", {"vgg_type": "vgg19_bn", "v1_model_layer": 17}, ["v1"], ", single-task recipe of the paper"),
        shared_network("mtl_builder-v1-images", {"vgg_type": "vgg19_bn", "v1_model_layer": 17, **both}, ["v1", "img_classification"],
                       ", co-training recipe of the paper, dropout at rate 0"),
        shared_network("mtl_builder-v1-v4", {"vgg_type": "vgg11_bn", "v1_model_layer": 4, "v4_model_layer": 11}, ["v1", "v4"]),
        shared_network("mtl_builder-frozen", {"vgg_type": "vgg16", "v1_model_layer": 7, "v1_fine_tune": False, "v1_gamma_readout": 0.01, "v1_bias": False,
                                               "v1_readout_bias": False},
                       ["v1"], ", shared block frozen"),
        shared_network("mtl_builder-images", {"vgg_type": "vgg13_bn", "v1_model_layer": 7, **both, "classification_readout_type": "dense"},
                       ["v1", "img_classification"], ", dense readout, dropout at rate 0"),
    ]


def cases():
    stack = np.hstack
    np.hstack = lambda arrays, **kwargs: stack(list(arrays), **kwargs)  # the views of dicts are no longer taken
    return [
        *squeeze_cases(),
        cotraining_cnn("point", {"hidden_dilation": 2, "pool_kern": 2, "gamma_readout": 0.5}, [3, 1, 18, 16]),
        cotraining_cnn("gauss", {"gamma_readout": 0.5}, [3, 1, 14, 12]),
        stacked_gauss(),
        *shared_cases(),
        *vgg_cores(),
    ]
