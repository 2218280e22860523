"""Networks for image classification: nntransfer's ResNet, LeNet and MLP, and the VGG of neural_cotraining."""

import types

import torch

import narrow
from batches import size as size_of
from record import Case

CLASSES = 7
NARROW = {"width": 1 / narrow.SHARE}
SGD = {"name": "SGD", "options": {"lr": 5e-4, "momentum": 0.75, "weight_decay": 5e-4}}


def classifier(name, called, build, shape, ours, forward=None, note=""):
    return Case(
        name=name,
        called=called,
        ours=[ours],
        shapes={"inputs": {"img_classification": size_of(shape)}, "sessions": [], "classes": CLASSES},
        build=build,
        routes=[{"task": "img_classification"}],
        input={"img_classification": shape},
        classes=CLASSES,
        loss={"name": "CrossEntropyLoss", "options": {"lossSum": False, "avgLoss": False}},
        criterion=torch.nn.CrossEntropyLoss(),
        forward=forward or (lambda module, x, route, trial: module(x)),
        optimizer=SGD,
        note=note,
    )


def vgg(kind, readout, channels, size=64, **more):
    from neural_cotraining.models.vgg import classification_cnn_builder

    options = {"type": kind, "readout_type": readout, "input_size": size, "num_classes": CLASSES, **more}
    return classifier(
        f"{kind}-{'pooled' if more else readout}",
        f"neural_cotraining.models.classification_cnn_builder(None, 1, {options})",
        lambda: narrow.under(narrow.vgg, lambda: classification_cnn_builder(None, 1, **options)),
        [3, channels, size, size],
        {"fn": "classification_cnn_builder", "config": {**options, **NARROW, "readout_hidden": narrow.HIDDEN, "readout_dropout": 0}},
        note="dropout at rate 0; an eighth of the channels, 64 hidden units in the head",
    )


def resnet(depth, shape, **options):
    from nntransfer.models.resnet import resnet_builder

    defaults = {
        "self_attention": False, "core_stride": 1, "conv_stem_kernel_size": 3, "conv_stem_padding": 1, "conv_stem_stride": 1,
        "max_pool_after_stem": False, "adaptive_pooling": False, "advanced_init": False, "zero_init_residual": False,
    }
    config = {"type": depth, "num_classes": CLASSES, "input_channels": shape[1], **defaults, **options}
    return classifier(
        f"resnet{depth}",
        f"nntransfer.models.resnet.resnet_builder(1, {options} and defaults)",
        lambda: narrow.under(narrow.resnet, lambda: resnet_builder(1, types.SimpleNamespace(**config))),
        shape,
        {"fn": "resnet_builder", "config": {"type": depth, "num_classes": CLASSES, **NARROW, **options}},
        note="an eighth of the channels",
    )


def lenet(kind, core, shape):
    from nntransfer.models.lenet import lenet_builder

    config = {"type": kind, "core_type": core, "num_classes": CLASSES, "input_channels": shape[1], "input_height": shape[2],
              "input_width": shape[3], "dropout": 0.0}
    ours = {"type": kind, "num_classes": CLASSES, **({"core": core} if kind == "lenet5" else {})}
    return classifier(
        f"{kind}-{core}" if kind == "lenet5" else kind,
        f"nntransfer.models.lenet.lenet_builder(1, type {kind}, core_type {core})",
        lambda: lenet_builder(1, types.SimpleNamespace(**config)),
        shape,
        {"fn": "lenet_builder", "config": ours},
    )


def mlp(activation, hidden, shape):
    from nntransfer.models.mlp import MLP

    inputs = shape[1] * shape[2] * shape[3]
    return classifier(
        f"mlp-{activation}",
        f"nntransfer.models.mlp.MLP({inputs}, {hidden + 1}, 9, {CLASSES}, '{activation}') on flattened images",
        lambda: MLP(inputs, hidden + 1, 9, CLASSES, activation),
        shape,
        {"fn": "mlp_builder", "config": {"layers": hidden, "size": 9, "activation": activation}},
        forward=lambda module, x, route, trial: module(x.flatten(1)),
    )


def cases():
    kinds = ["vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19", "vgg19_bn"]
    return [
        *[vgg(kind, "conv" if "bn" in kind else "dense", 1 if "1" in kind[4:] or kind == "vgg19_bn" else 3) for kind in kinds],
        vgg("vgg11_bn", "dense", 1, 224, avg_pool=True),
        resnet("18", [2, 3, 32, 32]),
        resnet("26", [4, 3, 32, 32], adaptive_pooling=True),
        resnet("34", [4, 3, 32, 32], core_stride=2, adaptive_pooling=True),
        resnet("38", [4, 3, 32, 32], adaptive_pooling=True),
        resnet("50", [4, 3, 64, 64], conv_stem_kernel_size=7, conv_stem_padding=3, conv_stem_stride=2, max_pool_after_stem=True,
               adaptive_pooling=True),
        resnet("101", [4, 1, 32, 32], adaptive_pooling=True),
        resnet("152", [4, 3, 32, 32], adaptive_pooling=True),
        lenet("lenet5", "conv", [3, 2, 14, 12]),
        lenet("lenet5", "lc", [3, 2, 14, 12]),
        lenet("lenet5", "fc", [3, 2, 14, 12]),
        lenet("lenet300-100", "fc", [3, 2, 6, 5]),
        mlp("sigmoid", 1, [4, 2, 4, 3]),
        mlp("tanh", 2, [4, 2, 4, 3]),
        mlp("relu", 3, [4, 2, 4, 3]),
        mlp("sin", 2, [4, 2, 4, 3]),
    ]
