"""The networks of a plan in TensorFlow: NHWC, for tf.function."""

import tensorflow as tf

EPSILON = 1e-5
LAPLACIAN = [[0.0, -1.0, 0.0], [-1.0, 4.0, -1.0], [0.0, -1.0, 0.0]]


class Net(tf.Module):
    """Layers by the rows of a plan. `check`: no dropout, readout positions at their means."""

    def __init__(self, plan, check):
        super().__init__()
        self.plan, self.check = plan, check
        self.values = {p["name"]: tf.Variable(plan.value(p), trainable=p["isTrained"]) for p in plan.params}
        self.trained = [p["name"] for p in plan.params if p["isTrained"]]
        self.cancelled = plan.without_norm_bias()

    def __getitem__(self, name):
        return self.values[name]

    def biased(self, x, name, training=True):
        """Adds the bias, where batch statistics behind it do not cancel it."""
        bias = self.values.get(name + ".bias")
        return x if bias is None or (training and name + ".bias" in self.cancelled) else tf.nn.bias_add(x, bias)

    def layer(self, row, x, training):
        name, kind = row["name"], row["kind"]
        if kind.startswith(("conv", "depthwise")):
            pad = int(row["pad"])
            weight = self[name + ".weight"]
            padding = "SAME" if 2 * pad + 1 == weight.shape[0] else "VALID" if pad == 0 else [[0, 0], [pad] * 2, [pad] * 2, [0, 0]]
            if kind.startswith("conv"):
                x = tf.nn.conv2d(x, weight, 1, padding)
            else:
                x = tf.nn.depthwise_conv2d(x, weight, [1, 1, 1, 1], padding)
            return self.biased(x, name, training)
        if kind == "batch norm":
            return self.norm(name, x, training)
        if kind == "relu":
            return tf.nn.relu(x)
        if kind == "ELU":
            return tf.nn.elu(x)
        if kind.startswith("dropout"):
            return tf.nn.dropout(x, float(kind.split()[1])) if training and not self.check else x
        if kind == "max pool 2x2":
            return tf.nn.max_pool2d(x, 2, 2, "VALID")
        if kind == "dense":
            return self.biased(tf.matmul(tf.reshape(x, [x.shape[0], -1]), self[name + ".weight"]), name)
        if kind == "squeeze excitation":
            gate = tf.reduce_mean(x, [1, 2])
            gate = tf.nn.relu(self.biased(tf.matmul(gate, self[name + ".se.1.weight"]), name + ".se.1"))
            gate = tf.sigmoid(self.biased(tf.matmul(gate, self[name + ".se.3.weight"]), name + ".se.3"))
            return x * gate[:, None, None, :]
        raise ValueError(f"no layer of kind {kind} is known")

    def norm(self, name, x, training):
        gamma, beta = self[name + ".weight"], self[name + ".bias"]
        mean, var = self[name + ".running_mean"], self[name + ".running_var"]
        if not training:
            return tf.compat.v1.nn.fused_batch_norm(x, gamma, beta, mean, var, EPSILON, is_training=False)[0]
        y, batch_mean, batch_var, *_ = tf.raw_ops.FusedBatchNormV3(
            x=x, scale=gamma, offset=beta, mean=[], variance=[], epsilon=EPSILON, is_training=True
        )
        m = self.plan.momentum
        mean.assign((1 - m) * mean + m * tf.stop_gradient(batch_mean))
        var.assign((1 - m) * var + m * tf.stop_gradient(batch_var))
        return y

    def trunk(self, x, task, training=True):
        if x.shape[3] == 1 and "conv1_1" in self.plan.rows[task][0]["name"]:
            x = tf.tile(x, [1, 1, 1, 3])
        stacked = []
        for row in self.plan.rows[task]:
            x = self.layer(row, x, training)
            if row["isStacked"]:
                stacked.append(x)
        return tf.concat([*stacked, x], 3) if stacked else x

    def respond(self, x, name):
        """Gaussian readout: one position for each unit and image, bilinear from four gathered cells, then ELU + 1."""
        mu, sigma = self[name + ".mu"], self[name + ".sigma"]
        shape = [x.shape[0], *mu.shape]
        noise = tf.zeros(shape) if self.check else tf.random.normal(shape)
        at = tf.clip_by_value(mu[None] + sigma[None] * noise, -1.0, 1.0)
        y = tf.reduce_sum(bilinear(x, at) * tf.transpose(self[name + ".features"])[None], 2)
        return tf.nn.elu(self.biased(y, name) + self.plan.eluOffset) + 1.0

    def loss(self, x, target, batch):
        """Loss of a batch."""
        task = batch["task"]
        x = self.trunk(x, task)
        if batch["readout"] is None:
            terms = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=target, logits=x)
            return self.weighed(tf.reduce_mean(terms), task, 1.0)
        y = self.respond(x, batch["readout"])
        if self.plan.losses[task] == "PoissonLoss":
            loss = tf.reduce_sum(y - target * tf.math.log(y + 1e-12))
        else:
            loss = self.weighed(tf.reduce_mean(tf.square(y - target)), task, 0.5)
        return loss * batch["scale"] + self.penalty(batch["readout"])

    def weighed(self, loss, task, factor):
        name = f"log_w.{task}"
        if name not in self.plan.logWeights:
            return loss
        s = tf.reduce_sum(self[name])
        return factor * tf.exp(-s) * loss + s / 2

    def penalty(self, readout):
        penalties = self.plan.penalties
        total = penalties["features"] * tf.reduce_sum(tf.abs(self[readout + ".features"]))
        if penalties["laplace"]:
            weight = tf.transpose(self[self.plan.first_kernel()], [2, 3, 0, 1])
            filters = tf.reshape(weight, [-1, *weight.shape[2:], 1])
            rough = tf.nn.conv2d(filters, tf.constant(LAPLACIAN)[:, :, None, None], 1, "SAME")
            reduced = tf.reduce_mean if penalties["average"] else tf.reduce_sum
            total += penalties["laplace"] * reduced(tf.square(rough)) / reduced(tf.square(weight))
        return total


def bilinear(x, at):
    """Samples [batch, units, channels] of a map at positions [batch, units, 2] in [-1, 1], x first, corners aligned."""
    batch, height, width, channels = x.shape
    flat = tf.reshape(x, [batch, height * width, channels])
    total = 0.0
    u, v = (at[..., 0] + 1) * (width - 1) / 2, (at[..., 1] + 1) * (height - 1) / 2
    left, top = tf.floor(u), tf.floor(v)
    for row in (top, top + 1):
        for column in (left, left + 1):
            weight = (1 - tf.abs(u - column)) * (1 - tf.abs(v - row))
            inside = tf.cast((row <= height - 1) & (column <= width - 1), tf.float32)
            cell = tf.minimum(row, height - 1.0) * width + tf.minimum(column, width - 1.0)
            total += tf.gather(flat, tf.cast(cell, tf.int32), batch_dims=1) * (weight * inside)[..., None]
    return total
