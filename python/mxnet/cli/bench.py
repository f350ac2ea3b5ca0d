"""Measure a checkpoint, or a server: latency, throughput and memory."""

import time

import numpy as np

from .. import error
from .. import ndarray as nd
from .arguments import add_model_arguments, number, positive_int, positive_ints
from .checkpoint import Checkpoint
from .output import Progress, bar, peak_memory, print_json, size_text, table

_WARM_UP_RUNS = 3
_MOST_RUNS, _SECONDS = 200, 5.0


def add_arguments(parser):
    """Add the arguments of the command."""
    add_model_arguments(parser, required=False)
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
    group = parser.add_argument_group("a server, instead of a checkpoint")
    group.add_argument(
        "--url", metavar="URL", help="address of the server; with --body of the path"
    )
    group.add_argument("--name", metavar="MODEL", help="the model (default: the only one)")
    group.add_argument(
        "--rows", type=positive_int, default=1, metavar="N", help="of each request (default 1)"
    )
    group.add_argument(
        "--clients",
        type=positive_ints,
        default=(1, 16),
        metavar="N,...",
        help="clients that ask at once, measured one after the other (default 1,16)",
    )
    group.add_argument(
        "--rate", type=number, metavar="R", help="requests a second, instead of as many as possible"
    )
    group.add_argument(
        "--seconds", type=number, default=_SECONDS, metavar="S", help="to ask (default 5)"
    )
    group.add_argument("--body", metavar="FILE", help="post this file instead of random tensors")
    group.add_argument(
        "--content-type", default="application/json", metavar="T", help="of the file"
    )
    group.add_argument("--certificate", metavar="FILE", help="certificates to trust, as PEM")


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


def _ask_server(options):
    """Measure a server."""
    from ..serve import check_packages

    check_packages()
    from ..serve import load

    if options.seconds <= 0 or (options.rate is not None and options.rate <= 0):
        raise error.ValueError("--seconds or --rate is not above 0")
    if options.body is None:
        target = load.tensor_target(options.url, options.name, options.rows, options.certificate)
    else:
        with open(options.body, "rb") as stream:
            headers = {"Content-Type": options.content_type}
            target = load.Target(options.url, stream.read(), headers, options.certificate)
    results = [
        load.measure(target, clients, options.seconds, options.rate) for clients in options.clients
    ]
    if options.json:
        print_json({"url": options.url, "rows": options.rows, "results": results})
    else:
        _print_server(results)


def _print_server(results):
    header = ["clients", "requests", "failures", "requests/s", "50 %", "90 %", "99 %", "largest"]
    rows = [
        [
            str(each["clients"]),
            str(each["requests"]),
            str(sum(each["failures"].values())),
            f"{each['requests_per_second']:.1f}",
            *(f"{each.get(key, 0):.3f} ms" for key in ("p50_ms", "p90_ms", "p99_ms", "max_ms")),
        ]
        for each in results
    ]
    print("\n".join(table(header, rows, left=0)))
    for each in results:
        print(f"\n{each['clients']} clients")
        for reason, count in each["failures"].items():
            print(f"  {count} failed: {reason}")
        counts = each.get("histogram", [])
        most = max((count for _, count in counts), default=1)
        for bound, count in counts:
            print(f"  below {bound:9.3f} ms {count:8d}  {bar(count / most)}".rstrip())


def run(options):
    """Run the command."""
    if (options.model is None) == (options.url is None):
        raise error.ValueError("bench: --model or --url is expected, and not both")
    if options.url is not None:
        _ask_server(options)
        return
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
