"""Requests per second of a small network, 784-128-10, beside other servers in Python.

usage: python benchmarks/serve/peers.py [--build build/release] [--mms PYTHON] [--kserve PYTHON]
           [--rounds N] [--seconds S] [--clients N]

--mms is a Python with multi-model-server 1.1.11 and MXNet 1.9.1 (and Java 17 on the path),
--kserve one with kserve and onnxruntime. All servers run at once and are asked one after the
other, in rounds, by the same load generator: one row of 784 float32 in bytes for each request.
Ratios are taken within rounds, and medians are printed, with the processor time that a request
costs server and client.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path

import numpy as np
import shared

SHAPE = (1, 784)
TENSOR = {"name": "data", "datatype": "FP32", "shape": list(SHAPE)}
_taken = set()
HERE = Path(__file__).resolve().parent


def free_port():
    """A port that is free; Multi Model Server takes none of the range that systems hand out."""
    for port in range(20000, 30000):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            if port not in _taken:
                _taken.add(port)
                return port
    raise RuntimeError("no port is free")


def processor_time(session):
    """Seconds that the processes of a session have computed."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def running(command, folder, environment=()):
    """A server as a session of its own; gives its number."""
    with open(Path(folder) / "log", "a") as log:
        process = subprocess.Popen(
            list(map(str, command)), cwd=folder, stdout=log, stderr=log, start_new_session=True,
            env={**os.environ, **dict(environment)},
        )  # fmt: skip
        try:
            yield process.pid
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 15)
            process.wait(30)


def wait_for(url, data=None, seconds=180):
    """Ask until there is an answer."""
    until = time.monotonic() + seconds
    while True:
        try:
            return urllib.request.urlopen(urllib.request.Request(url, data), timeout=60).read()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


@contextlib.contextmanager
def multi_model_server(python, prefix, folder, options):
    """Multi Model Server with batches of 16 and a delay of 1 ms: address, headers and body."""
    ports = free_port(), free_port()
    with zipfile.ZipFile(folder / "mlp.mar", "w") as archive:
        manifest = {"runtime": "python", "model": {"modelName": "mlp", "handler": "h:handle"}}
        archive.writestr("MAR-INF/MANIFEST.json", json.dumps(manifest))
        archive.write(HERE / "mms_handler.py", "h.py")
        archive.write(f"{prefix}-symbol.json", "mlp-symbol.json")
        archive.write(f"{prefix}-0000.params", "mlp-0000.params")
    (folder / "config.properties").write_text(
        f"inference_address=http://127.0.0.1:{ports[0]}\n"
        f"management_address=http://127.0.0.1:{ports[1]}\nmodel_store={folder}\n"
    )
    (folder / "log4j2.xml").write_text(
        '<Configuration><Loggers><Root level="error"/></Loggers></Configuration>'
    )
    start = "import sys; from mms.model_server import start; sys.exit(start())"
    command = [python, "-c", start, "--foreground", "--start", "--model-store", folder]
    command += ["--mms-config", "config.properties", "--log-config", folder / "log4j2.xml"]
    path = f"{Path(python).parent}:{os.environ['PATH']}"
    environment = {"PATH": path, "OMP_NUM_THREADS": "1", "MXNET_SUBGRAPH_BACKEND": "NONE"}
    with running(command, folder, environment) as session:
        query = "url=mlp.mar&batch_size=16&max_batch_delay=1&initial_workers=1&synchronous=true"
        wait_for(f"http://127.0.0.1:{ports[1]}/models")
        wait_for(f"http://127.0.0.1:{ports[1]}/models?{query}", b"")
        headers = {"Content-Type": "application/octet-stream"}
        yield session, f"http://127.0.0.1:{ports[0]}/predictions/mlp", headers, options.row


def tensors(options):
    """Headers and body of a request of the Open Inference Protocol in bytes."""
    described = {**TENSOR, "parameters": {"binary_data_size": len(options.row)}}
    document = {"inputs": [described], "parameters": {"binary_data_output": True}}
    head = json.dumps(document).encode()
    kind = {"Content-Type": "application/octet-stream"}
    return {**kind, "Inference-Header-Content-Length": str(len(head))}, head + options.row


@contextlib.contextmanager
def kserve(python, prefix, folder, options):
    """KServe's server in Python with ONNX Runtime."""
    import mxnet as mx

    path, port = folder / "mlp.onnx", free_port()
    mx.onnx.export_model(f"{prefix}-symbol.json", f"{prefix}-0000.params", [SHAPE], np.float32,
                         str(path), dynamic=True, dynamic_input_shapes=[("n", 784)])  # fmt: skip
    command = [python, HERE / "kserve_server.py", path, port]
    with running(command, folder, {"OMP_NUM_THREADS": "1"}) as session:
        wait_for(f"http://127.0.0.1:{port}/v2/health/ready")
        yield session, f"http://127.0.0.1:{port}/v2/models/mlp/infer", *tensors(options)


@contextlib.contextmanager
def remx(_, prefix, folder, options):
    """`remx serve`."""
    port = free_port()
    command = [sys.executable, "-m", "mxnet.cli", "serve", f"mlp={prefix}", "--shape", "784"]
    command += ["--port", port, "--management-port", "none"]
    with running(command, folder, shared.environment(options.build)) as session:
        wait_for(f"http://127.0.0.1:{port}/v2/health/ready")
        yield session, f"http://127.0.0.1:{port}/v2/models/mlp/infer", *tensors(options)


def ask(server, options):
    """Requests a second, microseconds of the server and of the client for each, p99 in ms."""
    from mxnet.serve import load

    session, url, headers, body = server
    before, own = processor_time(session), time.process_time()
    found = load.measure(load.Target(url, body, headers), options.clients, options.seconds)
    own, of_server = time.process_time() - own, processor_time(session) - before
    if found["failures"]:
        raise RuntimeError(f"{url}: {found['failures']}")
    count = found["requests"] * (1 + min(options.seconds, 0.5) / options.seconds)  # with warm-up
    return found["requests_per_second"], of_server / count * 1e6, own / count * 1e6, found["p99_ms"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--mms", metavar="PYTHON")
    parser.add_argument("--kserve", metavar="PYTHON")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--clients", type=int, default=64)
    options = parser.parse_args()
    sys.path.insert(0, shared.environment(options.build)["PYTHONPATH"])
    options.row = np.random.RandomState(0).uniform(0, 1, SHAPE).astype(np.float32).tobytes()
    kinds = {"remx": (remx, sys.executable)}
    if options.mms:
        kinds["Multi Model Server"] = multi_model_server, options.mms
    if options.kserve:
        kinds["KServe"] = kserve, options.kserve
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        prefix, _ = shared.make_network("mlp", folder)
        servers = {}
        for name, (make, python) in kinds.items():
            place = Path(folder) / name.replace(" ", "")
            place.mkdir()
            servers[name] = stack.enter_context(make(python, prefix, place, options))
            ask(servers[name], options)  # warms it up
        rounds = [
            {name: ask(server, options) for name, server in servers.items()}
            for _ in range(options.rounds)
        ]
    for name in kinds:
        rate, server, client, p99 = np.median([each[name] for each in rounds], axis=0)
        ratio = np.median([each["remx"][0] / each[name][0] for each in rounds])
        print(
            f"{name}: {rate:.0f} requests/s, p99 {p99:.1f} ms, processor {server:.0f} us for the "
            f"server and {client:.0f} us for the client; remx is {ratio:.2f} x as fast"
        )


if __name__ == "__main__":
    main()
