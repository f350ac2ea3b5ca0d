"""A server under load while models are replaced, clients are slow or broken and handlers fail.

usage: python benchmarks/serve/soak.py [--build build/release] [--minutes N] [--replace SECONDS]
           [--rate N] [--seed N]

Prints a line every ten seconds and a verdict at the end, also when it is ended before by SIGTERM or
Ctrl-C. Ends with the exit code 1 if an accepted request got no answer or a wrong one, if the
server's memory, threads or open files still grew after the warm-up (a quarter of the time), or if a
process is left.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import http.client
import json
import os
import random
import signal
import socket
import struct
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

import shared

HANDLER = """
import os
def model_fn(folder):
    return None
def transform_fn(model, data, content_type, accept):
    word = data.decode() if isinstance(data, bytes) else data
    if word == "raise":
        raise ValueError("as asked")
    if word == "exit":
        os._exit(7)
    return word.upper()
"""
ROW = [[0.5] * 784]
GROWTH = 1.05  # of memory, from the end of the warm-up to the end
MORE = 5  # threads or open files that may come and go


class Soak:
    """Threads that ask, and what they found."""

    def __init__(self, server, rate, seed):
        self.address = urllib.parse.urlsplit(server["url"]).netloc
        self.management = f"127.0.0.1:{server['management_port']}"
        self.rpc = f"127.0.0.1:{server['grpc_port']}"
        self.rate, self.random = rate, random.Random(seed)
        self.counts, self.wrong = collections.Counter(), []
        self.ending, self.lock = threading.Event(), threading.Lock()
        self.expected = None

    def ask(self, method, path, body=None, address=None):
        connection = http.client.HTTPConnection(address or self.address, timeout=90)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def note(self, kind, is_right, what=None):
        with self.lock:
            self.counts[kind] += 1
            if not is_right and len(self.wrong) < 20:
                self.wrong.append(f"{kind}: {what}")
            self.counts["wrong"] += not is_right

    def _is_expected(self, row):
        """Whether a row is what the first answer was; batches of other sizes round differently."""
        self.expected = self.expected or row
        return len(row) == 10 and all(abs(a - b) < 1e-4 for a, b in zip(row, self.expected))

    def tensors(self):
        status, body = self.ask("POST", "/endpoints/mlp/invocations", json.dumps(ROW))
        is_right = status == 503 or (status == 200 and self._is_expected(json.loads(body)[0]))
        self.note("tensors", is_right, (status, body[:200]))

    def handler(self):
        status, body = self.ask("POST", "/endpoints/handler/invocations", b'"ab"')
        # Another request of the same batch may have ended the process: requests come alone.
        self.note("handler", status in (200, 503) and (status != 200 or body == b'"AB"'), body)

    def failing_handler(self):
        for word, code in ((b"raise", 500), (b"exit", 500)):
            status, body = self.ask("POST", "/endpoints/handler/invocations", word)
            self.note("failing handler", status in (code, 503), (status, body[:200]))

    def broken(self):
        with self.lock:
            chance = self.random.randbytes(50)
        for data in (b"[[", b'{"inputs": 1}', chance):
            status, body = self.ask("POST", "/v2/models/mlp/infer", data)
            self.note("broken", status in (400, 503), (status, body[:200]))
        for start in (
            b"POST /invocations HTTP/1.1\r\nContent-Length: 100\r\n\r\n[",
            b"POST /invocations HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n[",
            b"POST /invocations HTTP/9.1\r\n\0",
        ):
            self._leave(start)

    def _leave(self, start):
        """Begin a request and go away."""
        host, port = self.address.split(":")
        with socket.create_connection((host, int(port))) as stream:
            stream.sendall(start)

    def slow(self):
        host, port = self.address.split(":")
        body = json.dumps(ROW).encode()
        head = "POST /endpoints/mlp/invocations HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        with socket.create_connection((host, int(port)), timeout=90) as stream:
            stream.sendall(head.encode())
            for at in range(0, len(body), len(body) // 10):
                stream.sendall(body[at : at + len(body) // 10])
                time.sleep(0.1)
            answer = b""
            while piece := stream.recv(65536):
                answer += piece
        self.note("slow", answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 503")), answer[:200])

    def stream(self):
        """Requests over gRPC, by a connection of their own each time."""
        import numpy as np
        import tritonclient.grpc as rpc

        with rpc.InferenceServerClient(self.rpc) as client:
            data = rpc.InferInput("data", [1, 784], "FP32")
            data.set_data_from_numpy(np.array(ROW, np.float32))
            for _ in range(5):
                try:
                    answer = client.infer("mlp", [data])
                except rpc.InferenceServerException as cause:
                    self.note("stream", "UNAVAILABLE" in str(cause.status()), repr(cause))
                    continue
                row = answer.as_numpy(answer.get_response().outputs[0].name)[0].tolist()
                self.note("stream", self._is_expected(row), row)

    def plain(self):
        """Requests in bytes on a connection that stays open, for models that are there or not, and
        others between them, so that the connection goes into the express lane and back."""
        connection = http.client.HTTPConnection(self.address, timeout=90)
        described = {"name": "data", "datatype": "FP32", "shape": [1, 784]}
        described["parameters"] = {"binary_data_size": 4 * 784}
        head = json.dumps({"inputs": [described], "parameters": {"binary_data_output": True}})
        body = head.encode() + struct.pack("<784f", *ROW[0])
        headers = {"Inference-Header-Content-Length": str(len(head))}
        try:
            for number in range(200):
                name = "guest" if number % 10 == 9 else "mlp"
                connection.request("POST", f"/v2/models/{name}/infer", body, headers)
                answer = connection.getresponse()
                text, status = answer.read(), answer.status
                is_right = status == 503 or (status == 404 and name == "guest")
                if status == 200:
                    size = int(answer.headers["Inference-Header-Content-Length"])
                    is_right = self._is_expected(struct.unpack("<10f", text[size:]))
                self.note("plain", is_right, (status, text[:200]))
                if number % 50 == 49:
                    connection.request("GET", "/v2/models/mlp")
                    connection.getresponse().read()
        finally:
            connection.close()
        cut = self.random.randrange(len(body))
        first = f"POST /v2/models/mlp/infer HTTP/1.1\r\nContent-Length: {len(body)}\r\n"
        first += f"Inference-Header-Content-Length: {len(head)}\r\n\r\n"
        self._leave((first.encode() + body)[: len(first) + cut])

    def comes_and_goes(self):
        """Asks a model that is loaded and removed all the time."""
        status, body = self.ask("POST", "/endpoints/guest/invocations", json.dumps(ROW))
        is_right = status in (404, 503) or (
            status == 200 and self._is_expected(json.loads(body)[0])
        )
        self.note("comes and goes", is_right, (status, body[:200]))

    def work(self, function, weight):
        """Call a function again and again, `weight` times as slowly as the rate says."""
        while not self.ending.is_set():
            try:
                function()
            except Exception as cause:
                self.note(function.__name__, False, repr(cause))
                self.ending.wait(0.1)
            if self.rate:
                self.ending.wait(weight / self.rate)

    def manage(self, method, path):
        status, body = self.ask(method, path, None, self.management)
        self.note("manage", status == 200, (method, path, status, body[:200]))

    def replace(self, seconds):
        while not self.ending.wait(seconds):
            for name in ("mlp", "handler"):
                self.manage("PUT", f"/models/{name}?min_worker=1&synchronous=true")
            self.manage("POST", "/models?url=mlp&model_name=guest")
            self.ending.wait(seconds / 4)
            self.manage("DELETE", "/models/guest")

    def threads(self, seconds):
        functions = [(self.tensors, 1)] * 4 + [(self.handler, 1)] * 2 + [(self.slow, 1)] * 2
        functions += [(self.broken, 1), (self.comes_and_goes, 1), (self.stream, 5)]
        functions += [(self.plain, 20 if self.rate else 1)] * 2
        functions += [(self.failing_handler, 50 if self.rate else 1)]
        workers = [threading.Thread(target=self.work, args=each) for each in functions]
        return [*workers, threading.Thread(target=self.replace, args=(seconds,))]


def born(pid):
    """When a process was started, in the kernel's ticks, because numbers are used again; None
    where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return None


class Figures:
    """Memory in MB, threads and open files of a process, and the processes that it has started."""

    def __init__(self, pid):
        self.pid, self.rows, self.started = pid, [], set()

    def take(self):
        """Add a row of figures and give it."""
        folder = Path(f"/proc/{self.pid}")
        pages = int((folder / "statm").read_text().split()[1])
        threads = list((folder / "task").iterdir())
        for task in threads:
            with contextlib.suppress(OSError):  # it has ended meanwhile
                for pid in map(int, (task / "children").read_text().split()):
                    self.started.add((pid, born(pid)))
        memory = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
        self.rows.append((memory, len(threads), len(list((folder / "fd").iterdir()))))
        return self.rows[-1]

    def growth(self):
        """What was the most late, against what was the most early, without the warm-up.

        Returns:
            list of tuple: For each figure, the most in the quarter after the warm-up and in the
            last quarter.
        """
        quarter = max(1, len(self.rows) // 4)
        early, late = self.rows[quarter : 2 * quarter] or self.rows, self.rows[-quarter:]
        return [(max(one), max(two)) for one, two in zip(zip(*early), zip(*late))]

    def left(self):
        """Processes that were started and still run."""
        return [pid for pid, when in self.started if when is not None and born(pid) == when]


def load(soak, figures, options, ending):
    """Let the threads work until the time is over or somebody ends it."""
    threads = soak.threads(options.replace)
    for thread in threads:
        thread.start()
    start = time.monotonic()
    until = start + options.minutes * 60
    while time.monotonic() < until and not ending.wait(min(10, options.minutes * 3)):
        memory, count, files = figures.take()
        print(
            f"{time.monotonic() - start:.0f} s: {memory:.0f} MB, {count} threads, {files} files, "
            f"{dict(soak.counts)}",
            flush=True,
        )
    soak.ending.set()
    for thread in threads:
        thread.join()
    return time.monotonic() - start


def run(options, folder, ending):
    prefix, _ = shared.make_network("mlp", folder)
    code = Path(folder) / "handler/code"
    code.mkdir(parents=True)
    (code / "inference.py").write_text(HANDLER)
    arguments = [f"mlp={prefix}", f"handler={code.parent}", "--code", "allow"]
    arguments += ["--management-port", "0", "--grpc-port", "0", "--model-store", folder]
    arguments += ["--log-format", "text"]
    with shared.serving(options.build, *arguments) as (process, server):
        soak, figures = Soak(server, options.rate, options.seed), Figures(process.pid)
        seconds = load(soak, figures, options, ending)
    return verdict(soak, figures, process.returncode, seconds)


def verdict(soak, figures, code, seconds):
    """Print what was found; gives the exit code."""
    memory, threads, files = figures.growth()
    left = figures.left()
    for each in soak.wrong:
        print(each)
    print(f"{seconds / 60:.1f} minutes, {dict(soak.counts)}; the server's exit code is {code}")
    print(
        f"memory {memory[0]:.1f} -> {memory[1]:.1f} MB, threads {threads[0]} -> {threads[1]}, "
        f"open files {files[0]} -> {files[1]}; processes left: {left}"
    )
    grew = memory[1] > memory[0] * GROWTH or any(
        late > early + MORE for early, late in (threads, files)
    )
    is_right = not (soak.counts["wrong"] or left or code or grew)
    print("PASSED" if is_right else "FAILED", flush=True)
    return 0 if is_right else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--replace", type=float, default=60, help="seconds between replacements")
    parser.add_argument(
        "--rate", type=float, default=0, help="requests per second and client; 0: all they can"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the broken requests")
    options = parser.parse_args()
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    sys.path.insert(0, shared.environment(options.build)["PYTHONPATH"])
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(run(options, folder, ending))


if __name__ == "__main__":
    main()
