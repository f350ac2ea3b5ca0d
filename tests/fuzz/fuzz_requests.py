"""Fuzzes `remx serve`: damaged requests and archives, one clear error each.

usage: python tests/fuzz/fuzz_requests.py [KIND ...] [--seconds N] [--seed N]   (default: all kinds)

Ends with the exit code 1 and the input, in the current folder, when an answer is a failure of the
server, takes longer than a few seconds, or is an error of several lines; and when memory grows.
"""

import argparse
import http.client
import json
import os
import random
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/python/serve"))

from mutations import REFUSED, REQUESTS, damaged_archive, damaged_request  # noqa: E402
from serving_helpers import LENET  # noqa: E402

from mxnet import error  # noqa: E402
from mxnet.serve import ServerSettings, make_server  # noqa: E402

ARCHIVES = ("zip", "tar", "tar.gz")
LONGEST = 10.0  # seconds for an answer, on a machine that does other things too
GROWTH = 1.1  # of memory, from a quarter of the time to the end


def resident():
    """Memory of this process in MB; the server runs in it."""
    with open("/proc/self/statm") as stream:
        return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


class Fuzzer:
    """Asks a server of this process."""

    def __init__(self, server, folder):
        self.server, self.path = server, Path(folder) / "a.mar"
        self._connection = None

    def request(self, kind, state):
        """Send a damaged request; gives the input and what is wrong with the answer, or None."""
        path, data, content_type, headers = damaged_request(kind, state)
        if self._connection is None:
            netloc = urllib.parse.urlsplit(self.server.url).netloc
            self._connection = http.client.HTTPConnection(netloc, timeout=LONGEST)
        headers = {**headers, **({"Content-Type": content_type} if content_type else {})}
        try:
            self._connection.request("POST", path, data, headers)
            answer = self._connection.getresponse()
            body = answer.read()
        except OSError as cause:
            return data, repr(cause)
        if answer.getheader("Connection") == "close":
            self._connection.close()
            self._connection = None
        if answer.status != 200 and answer.status not in REFUSED:
            return data, f"status {answer.status}, {body[:300]}"
        if answer.status != 200 and any("\n" in str(each) for each in json.loads(body).values()):
            return data, f"several lines: {body[:300]}"
        return data, None

    def archive(self, kind, state):
        """Load a damaged archive; gives it and what is wrong, or None."""
        data = damaged_archive(kind, state)
        self.path.write_bytes(data)
        start = time.monotonic()
        try:
            self.server.service.load_all(str(self.path), "m")
        except error.MXNetError as cause:
            if "\n" in str(cause):
                return data, f"several lines: {cause}"
        except Exception as cause:
            return data, repr(cause)
        return data, None if time.monotonic() - start < LONGEST else "it took too long"


def fuzz(fuzzer, kind, seconds, seed):
    """Try a kind for some time; gives what is wrong, or None."""
    ask = fuzzer.archive if kind in ARCHIVES else fuzzer.request
    count, memory, start = 0, None, time.monotonic()
    while (passed := time.monotonic() - start) < seconds:
        data, wrong = ask(kind, random.Random(f"{seed} {kind} {count}"))
        count += 1
        if wrong is not None:
            Path(f"found-{kind}").write_bytes(data)
            return f"{kind}: number {count - 1} of seed {seed} (found-{kind}): {wrong}"
        if memory is None and passed > seconds / 4:
            memory = resident()
    now = resident()
    print(f"{kind}: {count} tries, memory {memory or now:.0f} -> {now:.0f} MB", flush=True)
    grew = memory is not None and now > memory * GROWTH
    return f"{kind}: memory grew from {memory:.0f} to {now:.0f} MB" if grew else None


def main():
    """Run the program."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", metavar="KIND", default=[*REQUESTS, *ARCHIVES])
    parser.add_argument("--seconds", type=float, default=60, help="for each kind")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    settings = ServerSettings(port=0, management_port=None, shared_memory=True)
    with tempfile.TemporaryDirectory() as folder, make_server(settings) as server:
        server.service.load_all(str(LENET), "digits")
        fuzzer = Fuzzer(server, folder)
        found = [fuzz(fuzzer, kind, options.seconds, options.seed) for kind in options.kinds]
    wrong = [each for each in found if each is not None]
    print("\n".join(wrong) or "nothing found")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
