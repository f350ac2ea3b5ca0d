"""Measure a checkpoint: latency, throughput and memory."""

import time

import numpy as np

from .. import ndarray as nd
from .arguments import add_model_arguments, positive_int, positive_ints
from .checkpoint import Checkpoint
from .output import Progress, peak_memory, print_json, size_text, table

_WARM_UP_RUNS = 3
_MOST_RUNS, _SECONDS = 200, 5.0


def add_arguments(parser):
    """Add the arguments of the command."""
    add_model_arguments(parser)
    parser.add_argument(
        "--batch",
        type=positive_ints,
        default=(1, 16),
        metavar="N,...",
        help="sizes of batches, measured one after the other (default 1,16)",
    )
    parser.add_argument(
        "--runs",
        type=positive_int,
        metavar="N",
        help=f"runs for each size (default: {_MOST_RUNS}, or as many as {_SECONDS:.0f} s allow)",
    )


def measure(checkpoint, batch, runs):
    """Latencies of one batch size as a dict."""
    predictor = checkpoint.bind(batch)
    values = np.random.RandomState(0).uniform(0, 255, (batch, *checkpoint.shape))
    data = nd.array(values.astype(np.float32))
    _, first = predictor.run(data)
    for _ in range(_WARM_UP_RUNS):
        predictor.run(data)
    seconds = []
    until = float("inf") if runs else time.perf_counter() + _SECONDS
    total = runs or _MOST_RUNS
    with Progress(f"batch of {batch}", total) as progress:
        while len(seconds) < total and (time.perf_counter() < until or not seconds):
            seconds.append(predictor.run(data)[1])
            progress.step(note=f"runs, {np.median(seconds) * 1000:.2f} ms")
    median = float(np.median(seconds))
    return {
        "batch": batch,
        "runs": len(seconds),
        "first_ms": round(first * 1000, 3),
        "median_ms": round(median * 1000, 4),
        "p95_ms": round(float(np.percentile(seconds, 95)) * 1000, 4),
        "min_ms": round(min(seconds) * 1000, 4),
        "rows_per_second": round(batch / median, 2),
        "peak_memory_bytes": peak_memory(),
    }


def run(options):
    """Run the command."""
    checkpoint = Checkpoint(options)
    results = [measure(checkpoint, batch, options.runs) for batch in options.batch]
    if options.json:
        dtype = "bfloat16" if options.bf16 else "float32"
        print_json({**checkpoint.describe(), "dtype": dtype, "results": results})
        return
    header = ["batch", "runs", "first", "median", "95 %", "rows/s", "memory"]
    rows = [
        [
            str(each["batch"]),
            str(each["runs"]),
            f"{each['first_ms']:.1f} ms",
            f"{each['median_ms']:.3f} ms",
            f"{each['p95_ms']:.3f} ms",
            f"{each['rows_per_second']:.1f}",
            size_text(each["peak_memory_bytes"]),
        ]
        for each in results
    ]
    print("\n".join(table(header, rows, left=0)))
