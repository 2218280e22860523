"""Makes the published packages importable: folders, stand-ins for what is needed only by import, and nothing of the maths.

COTRAIN_PUBLISHED names the folder that holds one checkout per package (see test/fixtures/published/README.md).
"""

import collections
import collections.abc
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import types
import warnings

FOLDER = os.environ["COTRAIN_PUBLISHED"]
TODAY, PAPER = "neuralpredictors", "neuralpredictors_2021"
COMMITS = {
    "neural_cotraining": "08c44d49faf86d28eb99a8f34c1569da21169983",
    "neuralpredictors": "a2055cdad9de1f0c07033484d628588d8aa7acc4",
    "neuralpredictors (July 2021)": "06cc38978aed712834af2efc2a5928e80960a2cb",
    "neuralpredictors v0.1.0": "62a62a52ab2c23263066c2454d9913a3a1274ec9",
    "nnvision (neural_cotrain_NeurIPS)": "2b2f397b021c14110465f0a256417cf95f740982",
    "nnfabrik": "29f22bc95841897d734532c02b77423e602ba21f",
    "nntransfer": "ba1334167963850d9396ee80075f4d8f8d121e49",
}


STAND_INS = ("datajoint", "git", "matplotlib", "pandas", "seaborn", "tqdm", "ptrnets", "nnfabrik.main", "nntransfer.tables")


class _Thing:
    """An object of a stand-in: takes any arguments, has any attribute, and decorates without effect."""

    def __init__(self, *args, **kwargs):
        pass

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Thing()

    def __call__(self, *args, **kwargs):
        return args[0] if len(args) == 1 and callable(args[0]) else self


class _Anything(types.ModuleType):
    """A module whose every attribute is a class that does nothing: tables, databases, plots and progress bars."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (_Thing,), {})


class _StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of STAND_INS and everything below them."""

    def find_spec(self, fullname, path=None, target=None):
        if any(fullname == root or fullname.startswith(root + ".") for root in STAND_INS):
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec):
        module = _Anything(spec.name)
        if spec.name == "nntransfer.tables.nnfabrik":
            module.Model = module.Dataset = module.Trainer = _Thing  # imported with a star
        return module

    def exec_module(self, module):
        pass


def prepare(predictors):
    """`predictors`: folder of neuralpredictors, of today or of the year of the paper."""
    warnings.filterwarnings("ignore")
    collections.Iterable = collections.abc.Iterable  # moved in Python 3.10
    for package in ("neural_cotraining", predictors, "nnvision_cotrain", "nnfabrik", "nntransfer"):
        sys.path.insert(0, os.path.join(FOLDER, package))
    sys.meta_path.insert(0, _StandIns())
    _legacy()
    _torchvision()
    if predictors == PAPER:
        _constraints()


def _constraints():
    """Where `old_readouts` looks for a module that had moved."""
    import neuralpredictors.old_constraints as constraints

    sys.modules["neuralpredictors.layers.constraints"] = constraints


def _legacy():
    """`mlutils`, the package before neuralpredictors, as its first release under the new name."""
    path = os.path.join(FOLDER, "neuralpredictors_010/neuralpredictors/layers/legacy.py")
    spec = importlib.util.spec_from_file_location("mlutils.layers.legacy", path)
    module = importlib.util.module_from_spec(spec)
    for name in ("mlutils", "mlutils.layers"):
        sys.modules[name] = _Anything(name)
    sys.modules["mlutils.layers.legacy"] = module
    spec.loader.exec_module(module)


def _torchvision():
    """No downloads: networks of torchvision start without ImageNet weights, all values are set by the rule anyway."""
    import torch

    global _operators
    _operators = torch.library.Library("torchvision", "DEF")  # wheels for GPUs lack it on a machine without one
    for name in ("nms", "qnms"):
        _operators.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision.models.vgg as vgg

    vgg.VGG._initialize_weights = lambda network: None  # removed since; all values are set by the rule
    vgg.model_urls = {}  # removed since; only read where pretrained weights are asked for

    def without_download(build):
        return lambda pretrained=False, **kwargs: build(weights=None, **kwargs)

    import torchvision

    for name in ("vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19", "vgg19_bn"):
        setattr(torchvision.models, name, without_download(getattr(torchvision.models, name)))
