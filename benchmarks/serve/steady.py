"""Cold start of a server to its first answer, and latencies at a share of its capacity.

usage: python benchmarks/serve/steady.py [--build build/release] [--network NAME ...] [--rounds N]
           [--seconds S] [--clients N] [--load SHARE]

Cold start is the time from the start of the process `remx serve` to the first answer that holds
numbers; the file of parameters is in the system's cache. Requests at a share of the capacity come
at even distances, whatever the server does, so that a slow answer delays those behind it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import numpy as np
import shared


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def cold_start(build, prefix, shape):
    """Seconds from the start of the process to the first answer."""
    port = free_port()
    row = np.zeros((1, *map(int, shape.split(","))), "float32")
    document = {
        "inputs": [
            {
                "name": "data",
                "datatype": "FP32",
                "shape": row.shape,
                "parameters": {"binary_data_size": row.nbytes},
            }
        ],
        "parameters": {"binary_data_output": True},
    }
    head = json.dumps(document).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v2/models/model/infer",
        head + row.tobytes(),
        {"Inference-Header-Content-Length": str(len(head))},
    )
    command = [sys.executable, "-m", "mxnet.cli", "serve", f"model={prefix}", "--shape", shape]
    start = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--port", str(port), "--management-port", "none"],
        env=shared.environment(build),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while process.poll() is None:
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                with urllib.request.urlopen(request) as answer:
                    answer.read()
                    return time.perf_counter() - start
            time.sleep(0.005)
        raise RuntimeError("the server has ended")
    finally:
        process.terminate()
        process.wait(60)


def steady(build, name, prefix, shape, options):
    """Requests a second of as many as possible, and latencies at a share of them."""
    arguments = [f"{name}={prefix}", "--shape", shape, "--management-port", "none"]
    with shared.serving(build, *arguments) as (_, server):
        ask = ["bench", "--url", server["url"], "--clients", options.clients, "--seconds"]
        (most,) = shared.remx(build, *ask, options.seconds)["results"]
        rate = options.load * most["requests_per_second"]
        (calm,) = shared.remx(build, *ask, options.seconds, "--rate", rate)["results"]
    return rate, calm


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--network", nargs="+", default=shared.NETWORKS, choices=shared.NETWORKS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--load", type=float, default=0.7)
    options = parser.parse_args()
    sys.path.insert(0, shared.environment(options.build)["PYTHONPATH"])
    with tempfile.TemporaryDirectory() as folder:
        for name in options.network:
            prefix, shape = shared.make_network(name, folder)
            starts = [cold_start(options.build, prefix, shape) for _ in range(options.rounds)]
            print(f"{name}: cold start to the first answer {np.median(starts):.2f} s", flush=True)
            for _ in range(options.rounds):
                rate, calm = steady(options.build, name, prefix, shape, options)
                print(
                    f"{name}: {rate:.0f} requests/s, {options.load:.0%} of the most: "
                    f"p50 {calm['p50_ms']:.2f} ms, p99 {calm['p99_ms']:.2f} ms, "
                    f"p99 / p50 {calm['p99_ms'] / calm['p50_ms']:.1f}, "
                    f"failures {sum(calm['failures'].values())}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
