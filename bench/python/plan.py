"""The network, first values and batches that the product has written for the other contenders (bench/product/plan.ts)."""

import json
import os

import numpy as np


class Plan:
    """plan.json with its arrays. Images are NHWC, kernels HWIO, as the product has them."""

    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, "plan.json")) as file:
            for key, value in json.load(file).items():
                setattr(self, key, value)
        self.rows = {task["task"]: task["rows"] for task in self.tasks}

    def value(self, param):
        """First value of a tensor, in our layout."""
        count = int(np.prod(param["shape"]))
        path = os.path.join(self.folder, "values.f32")
        return np.fromfile(path, np.float32, count, offset=param["offset"]).reshape(param["shape"])

    def arrays(self, i):
        """Inputs and targets of the i-th batch of a step."""
        batch = self.batches[i]
        kind = np.int32 if batch["readout"] is None else np.float32
        read = lambda name, dtype: np.fromfile(os.path.join(self.folder, f"{i}.{name}"), dtype)
        return read("inputs", np.float32).reshape(batch["inputs"]), read("targets", kind).reshape(batch["targets"])

    def without_norm_bias(self):
        """Names of convolution biases in front of a batch norm: batch statistics cancel them."""
        names = set()
        for rows in self.rows.values():
            for row, after in zip(rows, rows[1:]):
                if row["kind"].startswith("conv") and after["kind"] == "batch norm":
                    names.add(row["name"] + ".bias")
        return names

    def parameters(self):
        """Number of trained values, learned loss weights left out."""
        trained = [p for p in self.params if p["role"] not in ("statistic", "loss-weight")]
        return int(sum(np.prod(p["shape"]) for p in trained))

    def first_kernel(self):
        """Name of the kernel that the smoothness penalty is of."""
        return next(iter(self.rows.values()))[0]["name"] + ".weight"
