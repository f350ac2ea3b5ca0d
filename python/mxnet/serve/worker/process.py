"""A worker process, as the server sees it."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from ... import error
from ..errors import RequestError
from .frames import receive, send
from .tensors import unpack_outputs

__all__ = ["WorkerEnded", "WorkerProcess"]

_START_TIMEOUT = 120.0
_END_TIMEOUT = 2.0


class WorkerEnded(Exception):
    """The process has ended, or was ended because it did not answer in time."""


class WorkerProcess:
    """A process that runs the handler of a model.

    Args:
        document (dict): What it loads, as `mxnet.serve.worker.__main__` wants it.
        threads (int): Threads of its parallel loops, unless the environment says otherwise.

    Thread safety: one thread at a time.
    """

    def __init__(self, document, threads):
        ours, theirs = socket.socketpair()
        self._socket, self._is_ready = ours, False
        environment = {"OMP_NUM_THREADS": str(threads), **os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(
            [_package_path(), *filter(None, [os.environ.get("PYTHONPATH")])]
        )
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "mxnet.serve.worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr.fileno() if _has_descriptor(sys.stderr) else None,
                env=environment,
                start_new_session=True,  # Ctrl-C is for the server, which ends its workers
            )
        send(ours, document)

    @property
    def pid(self):
        """Number of the process."""
        return self._process.pid

    def wait_until_ready(self):
        """Wait until the handler is loaded.

        Raises:
            MXNetError: It cannot be loaded.
        """
        if self._is_ready:
            return
        self._socket.settimeout(_START_TIMEOUT)
        try:
            document, _ = receive(self._socket)
        except (EOFError, OSError) as cause:
            self.close()
            raise error.MXNetError(
                f"serve: the handler's process ended while it was loaded ({cause})"
            ) from None
        if "error" in document:
            self.close()
            raise error.MXNetError(f"serve: the handler cannot be loaded ({document['error']})")
        self._is_ready = True

    def ask(self, requests, timeout):
        """The handler's answers.

        Args:
            requests (list of Raw): The requests.
            timeout (float): Seconds that it may take.

        Returns:
            list: For each request (status, body, type, headers), or a RequestError. Where tensors
            are wanted and given, they stand in place of the body as a list of names and arrays.

        Raises:
            WorkerEnded: There is no answer.
        """
        document = {
            "requests": [
                {
                    "id": each.id,
                    "headers": each.headers,
                    "wants_tensors": each.wants_tensors,
                    "parts": [[name, kind] for name, kind, _ in each.parts],
                }
                for each in requests
            ]
        }
        until = time.monotonic() + timeout
        try:
            self._socket.settimeout(timeout)
            send(self._socket, document, [part[2] for each in requests for part in each.parts])
            self._socket.settimeout(max(until - time.monotonic(), 0.001))
            answer, pieces = receive(self._socket)
        except socket.timeout:  # no TimeoutError before Python 3.10
            self.close()
            raise WorkerEnded(504, f"its handler did not answer within {timeout:g} s") from None
        except (EOFError, OSError):
            self.close()
            raise WorkerEnded(500, f"its handler's process ended ({self._how()})") from None
        if "error" in answer:
            failure = RequestError(answer["status"], answer["error"])
            return [failure] * len(requests)
        return [
            (each["status"], _body(each, body), each["type"], list(map(tuple, each["headers"])))
            for each, body in zip(answer["answers"], pieces)
        ]

    def _how(self):
        code = self._process.returncode
        return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"

    def close(self):
        """End the process, by its socket or by a signal. Thread safety: any thread."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes a thread that waits for an answer
        try:
            self._process.wait(_END_TIMEOUT if self._is_ready else 0.1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._socket.close()


def _body(answer, body):
    described = answer.get("tensors")
    return body if described is None else unpack_outputs(described, body)


def _package_path():
    """The folder that holds the package which runs here, as it was imported."""
    import mxnet

    return str(Path(mxnet.__file__).absolute().parents[1])  # not resolved: files may be links


def _has_descriptor(stream):
    try:
        return stream.fileno() >= 0
    except (AttributeError, OSError, ValueError):
        return False
