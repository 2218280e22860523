"""The networks of a plan in PyTorch: functional layers on named tensors, as nn.Module so that they can be compiled."""

import numpy as np
import torch
import torch.nn.functional as F

EPSILON = 1e-5
LAPLACIAN = [[0.0, -1.0, 0.0], [-1.0, 4.0, -1.0], [0.0, -1.0, 0.0]]


def to_torch(array, layout):
    """Our layout -> PyTorch's: HWIO -> OIHW, IO -> OI; behind a map, inputs are counted channels first."""
    kind = layout["kind"]
    if kind == "conv":
        return array.transpose(3, 2, 0, 1)
    if kind == "depthwise":
        return array.transpose(2, 3, 0, 1)
    if kind == "dense":
        return array.T
    if kind == "flatten-dense":
        h, w, c = layout["height"], layout["width"], layout["channels"]
        return array.reshape(h, w, c, -1).transpose(3, 2, 0, 1).reshape(array.shape[1], -1)
    return array


class Net(torch.nn.Module):
    """Layers by the rows of a plan. `check`: no dropout, readout positions at their means."""

    def __init__(self, plan, check, channels_last):
        super().__init__()
        self.plan, self.check = plan, check
        self.named = {}
        for param in plan.params:
            value = torch.from_numpy(np.ascontiguousarray(to_torch(plan.value(param), param["layout"])))
            if channels_last and value.dim() == 4:
                value = value.to(memory_format=torch.channels_last)
            key = param["name"].replace(".", "/")
            if param["isTrained"]:
                self.register_parameter(key, torch.nn.Parameter(value))
            else:
                self.register_buffer(key, value)

    def __getitem__(self, name):
        return getattr(self, name.replace(".", "/"))

    def has(self, name):
        return hasattr(self, name.replace(".", "/"))

    def bias(self, name):
        return self[name + ".bias"] if self.has(name + ".bias") else None

    def layer(self, row, x):
        name, kind = row["name"], row["kind"]
        if kind.startswith("conv"):
            return F.conv2d(x, self[name + ".weight"], self.bias(name), padding=int(row["pad"]))
        if kind.startswith("depthwise"):
            return F.conv2d(x, self[name + ".weight"], self.bias(name), padding=int(row["pad"]), groups=x.shape[1])
        if kind == "batch norm":
            mean, var = self[name + ".running_mean"], self[name + ".running_var"]
            momentum = self.plan.momentum
            return F.batch_norm(x, mean, var, self[name + ".weight"], self.bias(name), self.training, momentum, EPSILON)
        if kind == "relu":
            return F.relu(x)
        if kind == "ELU":
            return F.elu(x)
        if kind.startswith("dropout"):
            return x if self.check else F.dropout(x, float(kind.split()[1]), self.training)
        if kind == "max pool 2x2":
            return F.max_pool2d(x, 2)
        if kind == "dense":
            return F.linear(torch.flatten(x, 1), self[name + ".weight"], self.bias(name))
        if kind == "squeeze excitation":
            inner = F.relu(F.linear(x.mean((2, 3)), self[name + ".se.1.weight"], self[name + ".se.1.bias"]))
            gate = torch.sigmoid(F.linear(inner, self[name + ".se.3.weight"], self[name + ".se.3.bias"]))
            return x * gate[:, :, None, None]
        raise ValueError(f"no layer of kind {kind} is known")

    def trunk(self, x, task):
        if x.shape[1] == 1 and "conv1_1" in self.plan.rows[task][0]["name"]:
            x = x.repeat(1, 3, 1, 1)
        stacked = []
        for row in self.plan.rows[task]:
            x = self.layer(row, x)
            if row["isStacked"]:
                stacked.append(x)
        return torch.cat([*stacked, x], 1) if stacked else x

    def respond(self, x, name):
        """Gaussian readout of neuralpredictors: one position for each unit and image, bilinear, then ELU + 1."""
        mu, sigma = self[name + ".mu"], self[name + ".sigma"]
        shape = (x.shape[0], *mu.shape)
        noise = torch.zeros(shape) if self.check or not self.training else torch.randn(shape)
        grid = (mu[None] + sigma[None] * noise).clamp(-1, 1)
        sampled = F.grid_sample(x.float(), grid[:, :, None], align_corners=True, padding_mode="zeros")[..., 0]
        y = torch.einsum("bcn,cn->bn", sampled, self[name + ".features"])
        bias = self.bias(name)
        y = y if bias is None else y + bias
        return F.elu(y + self.plan.eluOffset) + 1

    def forward(self, x, target, batch):
        """Loss of a batch."""
        task = batch["task"]
        x = self.trunk(x, task)
        kind = self.plan.losses[task]
        if batch["readout"] is None:
            return self.weighed(F.cross_entropy(x.float(), target), task, 1.0)
        y = self.respond(x, batch["readout"])
        if kind == "PoissonLoss":
            loss = (y - target * torch.log(y + 1e-12)).sum()
        else:
            loss = self.weighed(F.mse_loss(y, target), task, 0.5)
        return loss * batch["scale"] + self.penalty(batch["readout"])

    def weighed(self, loss, task, factor):
        name = f"log_w.{task}"
        if name not in self.plan.logWeights:
            return loss
        s = self[name].sum()
        return factor * torch.exp(-s) * loss + s / 2

    def penalty(self, readout):
        penalties = self.plan.penalties
        total = penalties["features"] * self[readout + ".features"].abs().sum() if penalties["features"] else 0.0
        if penalties["laplace"]:
            weight = self[self.plan.first_kernel()]
            stencil = torch.tensor(LAPLACIAN)[None, None]
            rough = F.conv2d(weight.reshape(-1, 1, *weight.shape[2:]), stencil, padding=1)
            mean = lambda v: v.square().mean() if penalties["average"] else v.square().sum()
            total = total + penalties["laplace"] * mean(rough) / mean(weight)
        return total
