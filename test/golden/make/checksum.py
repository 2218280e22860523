"""A tensor in a few numbers that notice a wrong, missing, scaled or permuted value."""

import numpy as np

from rule import hashes

FULL = 6
SHORT = 2


def digits(x):
    return float(f"{float(x):.9g}")


def entries(flat, count):
    last = flat.size - 1
    return [flat[i * last // (count - 1)] for i in range(count)]


def checksum(tensor, count):
    """[sum, sum of squares, product with the numbers of seed 0, evenly spaced entries]"""
    flat = tensor.detach().double().numpy().reshape(-1)
    weights = (2 * hashes(flat.size, 0).astype(np.float64)) / 4294967296 - 1
    return [digits(v) for v in (flat.sum(), (flat**2).sum(), (flat * weights).sum(), *entries(flat, count))]


def all_digits(tensor):
    return [digits(v) for v in tensor.detach().double().numpy().reshape(-1)]
