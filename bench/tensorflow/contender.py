"""TensorFlow's graph mode as a contender (see bench/product/contender.ts): one tf.function for the whole step of a plan.

    python bench/tensorflow/contender.py '<job>'

NHWC, ResourceApplyAdam with the decay in the gradient, biases in front of a batch norm left out of the forward pass, as many
threads between operations as within them. There is no bfloat16 here.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))
from turns import serve, skip  # noqa: E402

JOB = json.loads(sys.argv[1])
if JOB["kind"] not in ("train", "evaluate"):
    skip("the graph-mode script has no such case")
if JOB["format"] != "float32":
    skip(f"the graph-mode script has no {JOB['format']}")

try:
    import tensorflow as tf
except ImportError as error:
    skip(f"TensorFlow is not installed for {sys.executable}: {error}")

from nets import Net  # noqa: E402
from plan import Plan  # noqa: E402

CHECKED_STEPS = 3
WARM_UP = 2


class Adam:
    """PyTorch's Adam by TensorFlow's kernel: the decay is part of the gradient, epsilon stands outside the bias correction."""

    def __init__(self, net, plan):
        self.net, self.options = net, plan.optimizer
        self.rates = {p["name"]: p["rate"] for p in plan.params}
        slots = lambda: {name: tf.Variable(tf.zeros_like(net[name]), trainable=False) for name in net.trained}
        self.m, self.v = slots(), slots()
        self.count = tf.Variable(0.0)

    def update(self, grads):
        (b1, b2), decay = self.options["betas"], self.options["weight_decay"]
        self.count.assign_add(1.0)
        power1, power2 = tf.pow(b1, self.count), tf.pow(b2, self.count)
        epsilon = self.options["eps"] * tf.sqrt(1 - power2)
        for name, grad in zip(self.net.trained, grads):
            value = self.net[name]
            decayed = decay * value if grad is None else grad + decay * value
            tf.raw_ops.ResourceApplyAdam(
                var=value.handle, m=self.m[name].handle, v=self.v[name].handle, beta1_power=power1, beta2_power=power2,
                lr=self.rates[name], beta1=b1, beta2=b2, epsilon=epsilon, grad=decayed,
            )


def training(plan, check):
    net = Net(plan, check)
    adam = Adam(net, plan)
    ranges = [(net[p["name"]], p["range"]) for p in plan.params if p["range"]]
    batches = [tuple(tf.constant(a) for a in plan.arrays(i)) for i in range(len(plan.batches))]

    @tf.function
    def step(batches):
        values = [net[name] for name in net.trained]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(values)
            losses = [net.loss(x, y, batch) for (x, y), batch in zip(batches, plan.batches)]
            total = tf.add_n(losses)
        adam.update(tape.gradient(total, values))
        for value, (low, high) in ranges:
            value.assign(tf.clip_by_value(value, low, high if high is not None else float("inf")))
        return tf.stack(losses)

    return lambda: step(batches).numpy().tolist()


def evaluation(plan):
    net = Net(plan, False)
    x, y = (tf.constant(a) for a in plan.arrays(0))
    task = plan.batches[0]["task"]

    @tf.function
    def step(x, y):
        logits = net.trunk(x, task, training=False)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
        right = tf.reduce_sum(tf.cast(tf.argmax(logits, 1, tf.int32) == y, tf.float32))
        return tf.stack([loss, right])

    return lambda: step(x, y).numpy().tolist()


def main():
    job = JOB
    tf.config.threading.set_intra_op_parallelism_threads(job["threads"])
    tf.config.threading.set_inter_op_parallelism_threads(job["threads"])
    plan = Plan(job["folder"])
    first = {"versions": {"TensorFlow": tf.__version__}, "setting": "tf.function", "parameters": plan.parameters()}
    step = evaluation(plan) if job["kind"] == "evaluate" and job["mode"] != "check" else training(plan, job["mode"] == "check")
    if job["mode"] == "check":
        serve({**first, "losses": [loss for _ in range(CHECKED_STEPS) for loss in step()]}, lambda: None)
        return
    for _ in range(WARM_UP):
        step()
    serve(first, lambda: [step() for _ in range(job["steps"])])


main()
