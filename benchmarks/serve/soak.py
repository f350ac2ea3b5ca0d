"""A server under load while models are replaced, clients are slow or broken and handlers fail.

usage: python benchmarks/serve/soak.py [--build build/release] [--minutes N] [--replace SECONDS]

Ends with the exit code 1 if an accepted request got no answer or a wrong one, if memory still grew
in the second half, or if a process is left.
"""

from __future__ import annotations

import argparse
import collections
import http.client
import json
import os
import socket
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
GROWTH = 1.05  # of memory, from the middle to the end


class Soak:
    """Threads that ask, and what they found."""

    def __init__(self, url, management):
        self.address = urllib.parse.urlsplit(url).netloc
        self.management = f"127.0.0.1:{management}"
        self.counts, self.wrong = collections.Counter(), []
        self.ending, self.lock = threading.Event(), threading.Lock()

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

    def tensors(self):
        status, body = self.ask("POST", "/endpoints/mlp/invocations", json.dumps(ROW))
        is_right = status == 503 or (status == 200 and len(json.loads(body)[0]) == 10)
        self.note("tensors", is_right, (status, body[:200]))

    def handler(self):
        status, body = self.ask("POST", "/endpoints/handler/invocations", b'"ab"')
        # Another request of the same batch may have ended the process: requests come alone.
        self.note("handler", status in (200, 503) and (status != 200 or body == b'"AB"'), body)

    def failing_handler(self):
        for word, code in ((b"raise", 500), (b"exit", 500)):
            status, body = self.ask("POST", "/endpoints/handler/invocations", word)
            self.note("failing handler", status in (code, 503), (status, body[:200]))
        time.sleep(1)

    def broken(self):
        for data in (b"[[", b'{"inputs": 1}', os.urandom(50)):
            status, body = self.ask("POST", "/v2/models/mlp/infer", data)
            self.note("broken", status in (400, 503), (status, body[:200]))
        host, port = self.address.split(":")
        with socket.create_connection((host, int(port))) as stream:
            stream.sendall(b"POST /invocations HTTP/1.1\r\nContent-Length: 100\r\n\r\n[")
        time.sleep(0.05)

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

    def work(self, function):
        while not self.ending.is_set():
            try:
                function()
            except Exception as cause:
                self.note(function.__name__, False, repr(cause))
                time.sleep(0.1)

    def replace(self, seconds):
        while not self.ending.wait(seconds):
            for name in ("mlp", "handler"):
                status, body = self.ask(
                    "PUT", f"/models/{name}?min_worker=1&synchronous=true", None, self.management
                )
                self.note("replace", status == 200, (status, body[:200]))

    def threads(self, seconds):
        functions = [self.tensors] * 4 + [self.handler] * 2 + [self.failing_handler, self.broken]
        functions += [self.slow] * 2
        workers = [threading.Thread(target=self.work, args=(each,)) for each in functions]
        return [*workers, threading.Thread(target=self.replace, args=(seconds,))]


def resident(pid):
    """Memory of a process in MB."""
    with open(f"/proc/{pid}/statm") as stream:
        return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def children(pid):
    """Numbers of the processes that a process has started."""
    found = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        found.update(map(int, (task / "children").read_text().split()))
    return found


def run(options, folder):
    prefix, shape = shared.make_network("mlp", folder)
    code = Path(folder) / "handler/code"
    code.mkdir(parents=True)
    (code / "inference.py").write_text(HANDLER)
    arguments = [f"mlp={prefix}", f"handler={code.parent}", "--code", "allow"]
    arguments += ["--management-port", "0", "--log-format", "text"]
    memory, started = [], set()
    with shared.serving(options.build, *arguments) as (process, server):
        soak = Soak(server["url"], server["management_port"])
        threads = soak.threads(options.replace)
        for thread in threads:
            thread.start()
        until = time.monotonic() + options.minutes * 60
        while time.monotonic() < until:
            time.sleep(min(10, options.minutes * 6))
            memory.append(resident(process.pid))
            started |= children(process.pid)
            print(f"{memory[-1]:.0f} MB, {dict(soak.counts)}", flush=True)
        soak.ending.set()
        for thread in threads:
            thread.join()
    left = [pid for pid in started if Path(f"/proc/{pid}").exists()]
    growth = max(memory[-3:]) / max(memory[len(memory) // 2 - 1 : len(memory) // 2 + 2])
    print(f"exit code {process.returncode}; memory grew by {growth:.3f}; processes left: {left}")
    for each in soak.wrong:
        print(each)
    return 0 if not (soak.counts["wrong"] or left or process.returncode) and growth < GROWTH else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--replace", type=float, default=60, help="seconds between replacements")
    options = parser.parse_args()
    sys.path.insert(0, shared.environment(options.build)["PYTHONPATH"])
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(run(options, folder))


if __name__ == "__main__":
    main()
