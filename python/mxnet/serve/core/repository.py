"""The models of a server: loaded, replaced and removed while requests run."""

import threading

from ...log import logger
from ..errors import RequestError
from ..models.loading import load_model
from .queue import Closed
from .version import ModelVersion, State

__all__ = ["Repository"]


def _order(version):
    """Versions that are numbers by their value, others behind them by name."""
    return (0, int(version), "") if version.isdecimal() else (1, 0, version)


class _Model:
    def __init__(self, name):
        self.name = name
        self.versions = {}
        self.default = None


class Repository:
    """Owns the versions of all models.

    Args:
        drain (float): Seconds that accepted requests have when their version is taken away.
        observer: Handed to each version.

    Thread safety: Every method may be called by any thread; `submit` belongs to event loops.
    """

    def __init__(self, drain=30.0, observer=None):
        self._drain, self._observer = drain, observer
        self._lock = threading.Lock()
        self._models = {}
        self._closers = []
        self._listeners = []
        self._is_closed = False

    def on_change(self, listener):
        """Have a function called after each change of what is served, by who changes it."""
        self._listeners.append(listener)

    def _changed(self):
        for listener in self._listeners:
            listener()

    def load(self, path, settings, name=None, version=None, is_urgent=False):
        """Load a version, which takes the requests when it is ready.

        A version of the same name and number is replaced: it gets no more requests, answers those
        that it has, and ends. The highest number is the default version.

        Args:
            path (str): A prefix, folder or archive.
            settings (ModelSettings): How it is run.
            name, version (str): What it is called; None to take what the files say.
            is_urgent (bool): Whether it is ready as soon as it can compute one row.

        Returns:
            ModelVersion: The version, ready.

        Raises:
            MXNetError, OSError: It cannot be loaded; what was there stays.
        """
        model = load_model(path, settings, name)
        name, version = name or model.files.name, str(version or model.files.version)
        fresh = ModelVersion(name, version, model, settings, self._observer)
        try:
            fresh.start(is_urgent)
        except BaseException:
            fresh.close(0)
            raise
        with self._lock:
            if self._is_closed:
                old = fresh
            else:
                entry = self._models.setdefault(name, _Model(name))
                old = entry.versions.get(version)
                entry.versions[version] = fresh
                entry.default = max(entry.versions, key=_order)
        self._changed()
        logger.info("%s: version %s is ready", name, version)
        if old is not None:
            self._close_later(old)
        return fresh

    def remove(self, name, version=None):
        """Take a model or one of its versions away; accepted requests are answered.

        Raises:
            RequestError: There is no such model.
        """
        with self._lock:
            entry = self._entry(name)
            if version is None:
                gone = list(entry.versions.values())
                entry.versions = {}
            else:
                gone = [self._version(entry, version)]
                del entry.versions[version]
            if entry.versions:
                entry.default = max(entry.versions, key=_order)
            else:
                del self._models[name]
        self._changed()
        for each in gone:
            self._close_later(each)

    def _close_later(self, version):
        thread = threading.Thread(
            target=self._close_version, args=(version,), name=f"drain-{version.name}", daemon=True
        )
        with self._lock:
            self._closers = [each for each in self._closers if each.is_alive()]
            self._closers.append(thread)
        thread.start()

    def _close_version(self, version):
        version.close(self._drain)
        with self._lock:
            entry = self._models.get(version.name)
            is_there = entry is not None and version.version in entry.versions
        if self._observer is not None and not is_there:
            self._observer.forget(version.name, version.version)

    def _entry(self, name):
        entry = self._models.get(name)
        if entry is None:
            # Programs look for these words, which Triton uses.
            raise RequestError(404, f"Request for unknown model: {name!r} is not found")
        return entry

    def _version(self, entry, version):
        found = entry.versions.get(version)
        if found is None:
            raise RequestError(404, f"model {entry.name} has no version {version}")
        return found

    def get(self, name=None, version=None):
        """A version.

        Args:
            name (str): The model; None for the only one.
            version (str): The version; None for the default.

        Raises:
            RequestError: There is none, or `name` is needed.
        """
        with self._lock:
            if name is None:
                if len(self._models) != 1:
                    raise RequestError(
                        404,
                        f"{len(self._models)} models are served; the name of one is expected",
                    )
                name = next(iter(self._models))
            entry = self._entry(name)
            return self._version(entry, version or entry.default)

    async def submit(self, name, version, make_job):
        """Compute a request with a version that takes it.

        Args:
            name, version (str): Which; as for `get`.
            make_job (coroutine function): Called with the version; gives payload, rows and key.

        Returns:
            tuple: The version that has answered, and its answer.

        Raises:
            RequestError: There is no such version, or it refuses the request.
        """
        while True:
            found = self.get(name, version)
            payload, rows, key = await make_job(found)
            try:
                return found, await found.submit(payload, rows, key)
            except Closed:
                # It was replaced or removed meanwhile: whoever came after it is asked.
                if self._is_closed:
                    raise RequestError(503, "the server ends", retry_after=1) from None

    def names(self):
        """Names of the models, in order."""
        with self._lock:
            return sorted(self._models)

    def versions(self, name):
        """Versions of a model, in order.

        Raises:
            RequestError: There is no such model.
        """
        with self._lock:
            entry = self._entry(name)
            return [entry.versions[key] for key in sorted(entry.versions, key=_order)]

    def all_versions(self):
        """Versions of all models."""
        with self._lock:
            return [each for entry in self._models.values() for each in entry.versions.values()]

    def served(self):
        """Versions of all models, each with whether it is the default of its model."""
        with self._lock:
            return [
                (each, each.version == entry.default)
                for entry in self._models.values()
                for each in entry.versions.values()
            ]

    def is_ready(self):
        """Whether every model has a version that takes requests."""
        with self._lock:
            return not self._is_closed and all(
                entry.versions[entry.default].state is State.READY
                for entry in self._models.values()
            )

    def stop(self):
        """Say that the server ends: it is not ready any more, and loads nothing."""
        with self._lock:
            self._is_closed = True

    def close(self, drain=None):
        """End all versions; accepted requests are answered.

        Args:
            drain (float): Seconds that they have; None for those of the repository.
        """
        self.stop()
        if drain is not None:
            self._drain = drain
        versions = self.all_versions()
        with self._lock:
            self._models = {}
        for each in versions:
            self._close_later(each)
        for thread in list(self._closers):
            thread.join()
