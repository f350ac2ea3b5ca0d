"""Timing and reporting for the work scripts, which run inside each program's own Python."""

from __future__ import annotations

import json
import statistics
import time

WARMUP = 2


def report(work, unit, value, **more):
    """Prints one measurement for the script that started this process."""
    print(json.dumps({"work": work, "unit": unit, "value": value, **more}), flush=True)


def sample_of(output):
    """A few outputs over their largest, by which the programs' answers are compared."""
    return [float(value) for value in (output / abs(output).max()).ravel()[:50]]


def median_ms(call, runs, warmup=WARMUP):
    """Median wall time of one call in milliseconds."""
    for _ in range(warmup):
        call()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def per_call_us(call, runs, finish=lambda: None):
    """Mean time of one of many short calls in microseconds; `finish` waits for queued work."""
    for _ in range(max(1, runs // 10)):
        call()
    finish()
    start = time.perf_counter()
    for _ in range(runs):
        call()
    finish()
    return (time.perf_counter() - start) / runs * 1e6
