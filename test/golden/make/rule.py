"""Values that both sides can compute: the recipe of test/golden/golden-tensors.ts, and which tensor gets which."""

import math

import numpy as np
import torch

GOLDEN = np.uint32(0x9E3779B9)


def hashes(count, seed):
    """The 32-bit hash of elements 0 .. count - 1."""
    h = np.arange(count, dtype=np.uint32) + np.uint32(seed) * GOLDEN
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    return h ^ (h >> np.uint32(16))


def recipe(shape, seed, scale, offset):
    return {"shape": list(shape), "seed": seed, "scale": scale, "offset": offset}


def values(r, dtype=torch.float64):
    """offset + scale * (2 h / 2^32 - 1), rounded to float32."""
    count = math.prod(r["shape"])
    unit = (2 * hashes(count, r["seed"]).astype(np.float64)) / 4294967296 - 1
    data = (r["offset"] + r["scale"] * unit).astype(np.float32)
    return torch.from_numpy(data).reshape(r["shape"]).to(dtype)


def labels(count, classes, seed):
    return torch.from_numpy((hashes(count, seed) % np.uint32(classes)).astype(np.int64))


def _round(x):
    return float(f"{x:.4g}")


OFFSETS = {  # leaf of the name -> offset, scale
    "running_mean": (0.0, 0.2),
    "running_var": (1.0, 0.5),
    "bias": (0.1, 0.1),
    "beta": (0.1, 0.1),
    "alpha": (1.0, 0.3),
    "scale": (1.0, 0.3),
    "scales": (1.0, 0.3),
    "log_var": (-1.0, 0.5),
    "coeffs": (0.0, 0.3),
    "spatial": (0.0, 0.3),
}


LAST_NORMS = (".bn3.weight",)


def chosen(name, shape, seed):
    """The recipe of a tensor of a state dict, by its name; magnitudes keep activations near 1."""
    leaf = name.split(".")[-1]
    if leaf in OFFSETS:
        offset, scale = OFFSETS[leaf]
        return recipe(shape, seed, scale, offset)
    if name.startswith("logloc"):
        return recipe(shape, seed, 0.3, -1.2)
    if leaf.startswith(("mu", "_mu")) or leaf == "grid":
        return recipe(shape, seed, 0.8, 0.0)
    if leaf.startswith("sigma"):
        return recipe(shape, seed, 0.08, 0.1)
    if leaf.lstrip("_") == "features":
        return recipe(shape, seed, 0.5, 0.0)
    if name.endswith(LAST_NORMS):
        return recipe(shape, seed, 0.05, 0.15)  # residual branches stay small, or depth amplifies rounding without bound
    if len(shape) == 1:
        return recipe(shape, seed, 0.3, 1.0)  # scale of a norm
    fan_in = shape[2] * shape[5] if len(shape) == 6 else math.prod(shape[1:])
    return recipe(shape, seed, _round(math.sqrt(6 / fan_in)), 0.0)
