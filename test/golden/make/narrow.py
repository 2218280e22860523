"""Published networks with fewer channels: their code as it is, with an eighth of the numbers that say how wide a layer is.

The full widths are pinned elsewhere (parameter counts of every depth, test/fixtures/golden/vgg).
"""

import contextlib

SHARE = 8
HIDDEN = 4096 // SHARE // SHARE  # of the heads; two such layers make most of a VGG's weights


@contextlib.contextmanager
def _with_numbers(function, replaced):
    code = function.__code__
    function.__code__ = code.replace(co_consts=tuple(replaced.get(c, c) if type(c) is int else c for c in code.co_consts))
    try:
        yield
    finally:
        function.__code__ = code


@contextlib.contextmanager
def vgg():
    import torchvision.models.vgg as torchvision_vgg
    from neural_cotraining.models import vgg as published

    full = {key: list(layers) for key, layers in torchvision_vgg.cfgs.items()}
    for layers in torchvision_vgg.cfgs.values():
        layers[:] = [c if c == "M" else c // SHARE for c in layers]
    try:
        with _with_numbers(published.create_vgg_readout, {4096: HIDDEN, 512: 512 // SHARE}):
            yield
    finally:
        torchvision_vgg.cfgs.update(full)


def resnet():
    from nntransfer.models.resnet import ResNet

    return _with_numbers(ResNet.__init__, {n: n // SHARE for n in (64, 128, 256, 512)})


def under(context, build):
    """Builds while something is narrow."""
    with context():
        return build()
