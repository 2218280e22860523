"""A contender's side of bench/product/contender.ts: one JSON line when ready, one for each line of the input."""

import json
import resource
import sys
import time


def say(value):
    print("@" + json.dumps(value), flush=True)


def skip(reason):
    say({"versions": {}, "setting": "", "skipped": reason})
    sys.exit(0)


def peak_mib():
    """Most memory of this process; that of its children is left out."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cpu_seconds():
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def serve(first, work):
    """Answers each line with the cost of one call of `work`, until the input ends."""
    say(first)
    for line in sys.stdin:
        if line.strip() == "end":
            break
        start, cpu = time.perf_counter(), cpu_seconds()
        work()
        say({"seconds": time.perf_counter() - start, "cpu": cpu_seconds() - cpu, "peakMiB": peak_mib()})


def fastest(settings, build, warm_up=2, timed=2):
    """The setting whose step is the shortest, and what each took; those that fail are named with their reason."""
    tried = {}
    for setting in settings:
        try:
            step = build(setting)
            for _ in range(warm_up):
                step()
            seconds = []
            for _ in range(timed):
                start = time.perf_counter()
                step()
                seconds.append(time.perf_counter() - start)
            tried[setting] = min(seconds)
        except Exception as error:  # whatever a setting fails with, the others are tried
            text = str(error).strip().splitlines()
            tried[setting] = f"{type(error).__name__}: {text[0] if text else ''}"[:200]
    right = {setting: value for setting, value in tried.items() if isinstance(value, float)}
    told = "; ".join(f"{s}: {t:.3f} s" if isinstance(t, float) else f"{s}: {t}" for s, t in tried.items())
    return (min(right, key=right.get) if right else None), told
