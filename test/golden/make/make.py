"""Writes test/fixtures/published: `make.py models` or any other family; see the README there."""

import json
import pathlib
import sys

import published

FAMILIES = {"models": published.PAPER, "composed": published.TODAY, "losses": published.TODAY, "regularisers": published.TODAY,
            "measures": published.TODAY}
TARGET = pathlib.Path(__file__).resolve().parents[2] / "fixtures/published"


def cases_of(family):
    """(name, numbers) of every case, made one after the other."""
    if family == "models":
        import classifiers
        import neurons
        import record

        for case in [*classifiers.cases(), *neurons.cases()]:
            yield case.name, lambda case=case: record.record(case)
        return
    module = __import__(family)
    for name, numbers in module.cases():
        yield name, numbers


def header(era):
    import numpy
    import torch
    import torchvision

    used = {k: v for k, v in published.COMMITS.items() if era == published.TODAY or k != "neuralpredictors"}
    return {"torch": torch.__version__, "torchvision": torchvision.__version__, "numpy": numpy.__version__, "seed": 1, "commits": used}


def write(path, numbers):
    """One key a line: small, and a difference shows where it is."""
    lines = [f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in numbers.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def main(family, wanted):
    published.prepare(FAMILIES[family])
    head = header(FAMILIES[family])
    for name, numbers in cases_of(family):
        if wanted and not any(w in name for w in wanted):
            continue
        made = numbers()
        write(TARGET / family / f"{name}.json", {"case": name, "made": head, **made})
        print(name, made.get("precision", ""), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
