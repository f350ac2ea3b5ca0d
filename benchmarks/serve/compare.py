"""What serving costs above the predictor alone: latency of one client, throughput of many.

usage: python benchmarks/serve/compare.py [--build build/release] [--network NAME ...] [--rounds N]
           [--seconds S] [--clients N] [--json]

In each round the predictor runs alone, then a server that a second process asks. Ratios are taken
within rounds, and their medians are printed. Nothing else may run on the machine.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile

import numpy as np
import shared


def measure(build, name, folder, options):
    """Figures of one network."""
    prefix, shape = shared.make_network(name, folder)
    batches = "1,2,4,8,16"
    rounds = []
    for _ in range(options.rounds):
        alone = shared.remx(
            build, "bench", "--model", prefix, "--shape", shape, "--batch", batches
        )["results"]
        arguments = [f"{name}={prefix}", "--shape", shape, "--management-port", "none"]
        with shared.serving(build, *arguments) as (_, server):
            one, many = shared.remx(
                build, "bench", "--url", server["url"], "--seconds", options.seconds,
                "--clients", f"1,{options.clients}",
            )["results"]  # fmt: skip
        best = max(each["rows_per_second"] for each in alone)
        rounds.append(
            {
                "alone_ms": alone[0]["median_ms"],
                "served_ms": one["p50_ms"],
                "above_ms": one["p50_ms"] - alone[0]["median_ms"],
                "alone_rows_per_second": best,
                "served_rows_per_second": many["requests_per_second"],
                "ratio": many["requests_per_second"] / best,
                "p99_ms": many["p99_ms"],
                "failures": sum(one["failures"].values()) + sum(many["failures"].values()),
            }
        )
    return {key: float(np.median([each[key] for each in rounds])) for key in rounds[0]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--network", nargs="+", default=shared.NETWORKS, choices=shared.NETWORKS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    sys.path.insert(0, shared.environment(options.build)["PYTHONPATH"])
    with tempfile.TemporaryDirectory() as folder:
        found = {name: measure(options.build, name, folder, options) for name in options.network}
    if options.json:
        print(json.dumps(found, indent=2))
        return
    for name, each in found.items():
        print(
            f"{name}: one client {each['served_ms']:.2f} ms, alone {each['alone_ms']:.2f} ms, "
            f"above {each['above_ms']:.2f} ms; {options.clients} clients "
            f"{each['served_rows_per_second']:.1f} rows/s, alone at its best batch "
            f"{each['alone_rows_per_second']:.1f}, ratio {each['ratio']:.2f}; "
            f"p99 {each['p99_ms']:.1f} ms; {each['failures']:.0f} failures"
        )


if __name__ == "__main__":
    main()
