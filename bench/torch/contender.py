"""PyTorch as a contender (see bench/product/contender.ts): the training step or evaluation of a plan.

    python bench/torch/contender.py '<job>'

Settings that are tried, of which the fastest contends: "default" (NCHW, Adam over lists), "channels-last" (NHWC kernels, fused
Adam) and "compiled" (channels-last with torch.compile; not with --quick). bfloat16 is torch.autocast.
"""

import contextlib
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))
from turns import fastest, serve, skip  # noqa: E402

JOB = json.loads(sys.argv[1])
if JOB["kind"] not in ("train", "evaluate", "epoch"):
    skip("the PyTorch script has no such case")

try:
    import torch
except ImportError as error:
    skip(f"PyTorch is not installed for {sys.executable}: {error}")

from nets import Net  # noqa: E402
from plan import Plan  # noqa: E402

CHECKED_STEPS = 3
WARM_UP = 2
SETTINGS = ["default", "channels-last", "compiled"]


class Step:
    """A training step of every batch of the plan, as the co-trainer has it: gradients add up, one update."""

    def __init__(self, plan, job, setting):
        self.plan, self.job = plan, job
        check = job["mode"] == "check"
        self.last = setting != "default"
        self.net = Net(plan, check, self.last)
        self.forward = torch.compile(self.net) if setting == "compiled" else self.net
        self.batches = [self.batch(i) for i in range(len(plan.batches))]
        self.optimizer = self.adam(fused=self.last)
        self.ranges = [(self.net[p["name"]], p["range"]) for p in plan.params if p["range"]]

    def batch(self, i):
        x, y = (torch.from_numpy(a) for a in self.plan.arrays(i))
        x = x.permute(0, 3, 1, 2)
        return (x if self.last else x.contiguous()), (y.long() if self.plan.batches[i]["readout"] is None else y)

    def adam(self, fused):
        options = self.plan.optimizer
        rates = {}
        for p in self.plan.params:
            if p["isTrained"]:
                rates.setdefault(p["rate"], []).append(self.net[p["name"]])
        groups = [{"params": params, "lr": rate} for rate, params in rates.items()]
        more = {"betas": tuple(options["betas"]), "eps": options["eps"], "weight_decay": options["weight_decay"]}
        return torch.optim.Adam(groups, **more, fused=True) if fused else torch.optim.Adam(groups, **more)

    def precision(self):
        if self.job["format"] != "bfloat16":
            return contextlib.nullcontext()
        return torch.autocast("cpu", dtype=torch.bfloat16)

    def __call__(self):
        losses = []
        self.optimizer.zero_grad(set_to_none=True)
        for (x, y), batch in zip(self.batches, self.plan.batches):
            with self.precision():
                loss = self.forward(x, y, batch)
            loss.backward()
            losses.append(loss.item())
        self.optimizer.step()
        with torch.no_grad():
            for value, (low, high) in self.ranges:
                value.clamp_(low, high)
        return losses


class Evaluation(Step):
    """One batch through the network with running statistics; loss and right answers are read."""

    def __call__(self):
        self.net.eval()
        (x, y), batch = self.batches[0], self.plan.batches[0]
        with torch.inference_mode(), self.precision():
            logits = self.net.trunk(x, batch["task"]).float()
            loss = torch.nn.functional.cross_entropy(logits, y)
            return [loss.item(), (logits.argmax(1) == y).sum().item()]


class Epoch(Step):
    """One epoch from files: a new DataLoader with a worker process beside the threads of the step, as the product has a thread."""

    def __call__(self):
        from files import Files

        files = Files(os.path.join(self.job["folder"], "jpeg"), self.job["images"])
        for x, y in torch.utils.data.DataLoader(files, batch_size=64, shuffle=True, num_workers=1):
            self.batches = [(x.to(memory_format=torch.channels_last) if self.last else x, y)]
            super().__call__()
        return []


KINDS = {"train": Step, "evaluate": Evaluation, "epoch": Epoch}


def main():
    job = JOB
    torch.set_num_threads(job["threads"])
    torch.manual_seed(1)
    plan = Plan(job["folder"])
    # Which setting is the fastest is told by steps, equal arithmetic too.
    kind = Step if job["kind"] == "epoch" and job["mode"] != "time" or job["mode"] == "check" else KINDS[job["kind"]]
    build = lambda setting: kind(plan, job, setting)
    first = {"versions": {"PyTorch": torch.__version__}, "setting": job["setting"], "parameters": plan.parameters()}
    if job["mode"] == "tune":
        settings = SETTINGS[:2] if job["quick"] else SETTINGS
        best, told = fastest(settings, build, *((1, 1) if job["quick"] else (2, 3)))
        if best is None:
            skip(told)
        serve({**first, "setting": best, "note": told}, lambda: None)
        return
    step = build(job["setting"] or "channels-last")
    if job["mode"] == "check":
        losses = [loss for _ in range(CHECKED_STEPS) for loss in step()]
        serve({**first, "losses": losses}, lambda: None)
        return
    for _ in range(1 if job["kind"] == "epoch" else WARM_UP):
        step()
    serve(first, lambda: [step() for _ in range(job["steps"])])


main()
