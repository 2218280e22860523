"""Stand-ins for data loaders: what the published builders ask of them is shapes, a first batch and facts about units."""

import collections
import types

import numpy as np
import torch

Batch = collections.namedtuple("Batch", "inputs responses")


class Loader(list):
    """One batch; `dataset.neurons` as the published data sets have it."""

    def __init__(self, input_shape, units, match_ids=None, coordinates=None):
        super().__init__([Batch(torch.zeros(input_shape), torch.ones(input_shape[0], units))])
        neurons = types.SimpleNamespace(multi_match_id=match_ids, cell_motor_coordinates=coordinates)
        self.dataset = types.SimpleNamespace(neurons=neurons)


def match_ids(units):
    return np.array([3, 1, 2, 1, 3, 2, 1][:units])


def coordinates(units):
    return np.array([[i * 1.5 - (i % 3), (i * i) % 5 + 0.25 * i] for i in range(units)], dtype=np.float32)


def loaders(input_shape, units_of):
    return {k: Loader(input_shape, n, match_ids(n), coordinates(n)) for k, n in units_of.items()}


def sessions(area, units_of):
    return [
        {
            "area": area,
            "key": k,
            "units": n,
            "matchIds": match_ids(n).tolist(),
            "sourceGrid": {"values": coordinates(n).reshape(-1).tolist(), "dimensions": 2},
        }
        for k, n in units_of.items()
    ]


def size(shape):
    return {"channels": shape[1], "height": shape[2], "width": shape[3]}
