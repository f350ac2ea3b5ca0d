"""A model with code of its own, which runs in worker processes."""

import os
import threading
import time

from ... import error
from ...log import logger
from ..core.queue import ALONE, ended
from ..errors import RequestError
from .process import WorkerEnded, WorkerProcess

__all__ = ["HandlerModel"]

_LONGEST_PAUSE = 30.0


class HandlerModel:
    """What a version serves where a model brings a handler.

    Args:
        files (ModelFiles): Where it was loaded from; closed with the model.
        settings (ModelSettings): How it is run.

    Attributes:
        max_rows (int): Requests that the handler gets at once.
        key (str): Equal for requests that may share a batch; `ALONE` if they come alone.
        is_script (bool): Whether it has SageMaker's functions, which take one body.
    """

    takes_tensors = False
    inputs = outputs = ()
    labels = None

    def __init__(self, files, settings):
        self.files, self.settings = files, settings
        # SageMaker's functions take one request.
        self.is_script = files.handler.kind != "service"
        self.max_rows = 1 if self.is_script else settings.handler_batch
        self.key = "batch" if self.max_rows > 1 else ALONE
        wishes = os.path.join(os.path.dirname(files.handler.path), "requirements.txt")
        if os.path.isfile(wishes):
            logger.warning(
                "%s: requirements.txt is not installed; packages of a handler have to be there",
                files.name,
            )

    def _document(self):
        kind, _, number = self.settings.device.partition(":")
        return {
            "kind": self.files.handler.kind,
            "path": self.files.handler.path,
            "function": self.files.handler.function,
            "folder": self.files.folder,
            "name": self.files.name,
            "manifest": self.files.manifest,
            "batch_size": self.max_rows,
            "gpu": int(number or 0) if kind == "gpu" else None,
        }

    def make_runners(self, is_urgent=False):
        """Runners whose processes have loaded the handler.

        Raises:
            MXNetError: It cannot be loaded.
        """
        workers = self.settings.workers
        threads = max(1, (os.cpu_count() or 1) // workers)
        runners = [
            HandlerRunner(self._document(), threads, self.settings.timeout, self.files.name)
            for _ in range(workers)
        ]
        try:
            for runner in runners:
                runner.wait_until_ready()
        except BaseException:
            for runner in runners:
                runner.close()
            raise
        return runners

    def close(self):
        """Give back the files."""
        self.files.close()


class HandlerRunner:
    """Has batches computed by a worker process, and starts a new one when that ends."""

    has_more = False  # a process is ready when its handler is loaded

    def __init__(self, document, threads, timeout, name):
        self._document, self._threads = document, threads
        self._timeout, self._name = timeout, name
        self._process = WorkerProcess(document, threads)
        self._pause, self._not_before = 0.0, 0.0
        self._lock, self._is_closed = threading.Lock(), False

    def wait_until_ready(self):
        """Wait until the handler is loaded."""
        self._process.wait_until_ready()

    def run(self, batch):
        """Compute a batch.

        Args:
            batch (Batch): Jobs whose payloads are `Raw`.

        Returns:
            list: For each job (status, body, type, headers), or an exception.
        """
        try:
            process = self._ready_process()
            answers = process.ask([job.payload for job in batch.jobs], self._timeout)
        except WorkerEnded as cause:
            status, why = cause.args
            logger.warning("%s: %s", self._name, why)
            self._start_another()
            return [RequestError(status, f"{self._name}: {why}")] * len(batch)
        except RequestError as cause:
            return [cause] * len(batch)
        return answers

    def _start_another(self):
        with self._lock:
            self._process = None
            if not self._is_closed:
                self._process = WorkerProcess(self._document, self._threads)

    def _ready_process(self):
        """The process, ready; one that cannot be started is tried again after a pause."""
        if time.monotonic() < self._not_before:
            raise RequestError(
                503, f"{self._name}: its handler does not start", max(1, round(self._pause))
            )
        try:
            if self._process is None:
                self._start_another()
            if self._process is None:
                raise ended(self._name)
            self._process.wait_until_ready()
        except (error.MXNetError, OSError) as cause:
            self._process = None
            self._pause = min(max(1.0, 2 * self._pause), _LONGEST_PAUSE)
            self._not_before = time.monotonic() + self._pause
            raise RequestError(500, f"{self._name}: {cause}") from None
        self._pause = 0.0
        return self._process

    def close(self):
        """End the process, also while it computes. Thread safety: any thread."""
        with self._lock:
            self._is_closed = True
            process = self._process
        if process is not None:
            process.close()
