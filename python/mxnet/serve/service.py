"""What the protocols ask for: predictions of models and their management."""

import asyncio
import dataclasses
import os

from .. import error
from . import content
from .core.repository import Repository
from .errors import RequestError
from .models.files import find_versions
from .open_inference import output_infos
from .raw import Raw
from .shared_memory import SharedMemory
from .worker.tensors import named_outputs, raw_request

__all__ = ["Raw", "Service"]

_LARGE = 4096  # bytes of a body above which other requests should not wait for its decoding
_SYMBOL = "-symbol.json"
_ENDINGS = (_SYMBOL, ".mar", ".tar.gz", ".tgz", ".zip")  # that names of models may leave out


class Service:
    """The models of a server as the protocols see them.

    Args:
        settings (ServerSettings): Those of the server.
        model_settings (ModelSettings): Those of models that are loaded without others.
        metrics (Metrics): Where requests are counted.

    Attributes:
        repository (Repository): The models.
        is_starting (bool): Whether models of the command line are still being loaded.
        shared_memory (SharedMemory): What clients of this machine share.
        described_routes (list of Route): What the description of the interface lists.
    """

    def __init__(self, settings, model_settings, metrics):
        self.settings, self.model_settings, self.metrics = settings, model_settings, metrics
        self.repository = Repository(settings.drain, metrics)
        self.shared_memory = SharedMemory(settings.shared_memory, settings.max_body)
        self.is_starting = False
        self.described_routes = []
        metrics.watch(self.repository)

    def is_ready(self):
        """Whether every model takes requests, and the server neither starts nor ends."""
        return not self.is_starting and self.repository.is_ready()

    def load_all(self, path, name=None, settings=None):
        """Load all versions of a model.

        Args:
            path (str): A prefix, a folder, an archive, or a folder of folders with numbers.
            name (str): What it is called; None to take what its files say.
            settings (ModelSettings): How it is run; None for those of the server.

        Returns:
            list of ModelVersion: What was loaded.

        Raises:
            MXNetError, OSError: It cannot be loaded.
        """
        settings = settings or self.model_settings
        return [
            self.repository.load(
                place, settings, name or _name_of(path, version), version, self.is_starting
            )
            for version, place in find_versions(path)
        ]

    async def predict_tensors(self, name, version, ask):
        """Outputs of a network, or of a handler that takes tensors.

        Args:
            name, version (str): Which; None for the only model and the default version.
            ask (function): Called with the model; gives the TensorRequest.

        Returns:
            tuple: The ModelVersion that has answered, and a list of names and arrays.

        Raises:
            RequestError: There is no such model, or it refuses the request.
        """
        request, numbers = None, ()

        async def make_job(found):
            nonlocal request, numbers
            request = ask(found.model)
            if not found.model.takes_tensors:
                return raw_request(found.model, request), 1, found.model.key
            numbers = output_infos(found.model, request.outputs)
            if any(value.dtype == object for value in request.inputs.values()):
                inputs = await asyncio.to_thread(content.from_texts, found.model, request.inputs)
                return found.model.check(inputs)
            return found.model.check(request.inputs)

        found, answer = await self.repository.submit(name, version, make_job)
        if not found.model.takes_tensors:
            return found, named_outputs(answer, request)
        return found, [(name, answer[number]) for number, name in numbers]

    async def predict_raw(self, name, version, raw, accept, names_classes=False):
        """The answer to a request as it came, by the model's handler or the default functions.

        Args:
            name, version (str): Which model.
            raw (Raw): The request.
            accept (str): Types that the client takes; "" for the default.
            names_classes (bool): Whether a picture is answered with the names of its classes, as
                Multi Model Server's networks for pictures do, where the model knows them.

        Returns:
            tuple: ModelVersion, status, body, type of the body, other headers as pairs.

        Raises:
            RequestError: There is no such model, or it refuses the request.
        """

        async def make_job(found):
            if not found.model.takes_tensors:
                return raw, 1, found.model.key
            _, kind, body = raw.parts[0]
            if len(body) < _LARGE:
                return found.model.check(content.decode(found.model, body, kind))
            inputs = await asyncio.to_thread(content.decode, found.model, body, kind)
            return found.model.check(inputs)

        found = self.repository.get(name, version)
        if found.model.takes_tensors:
            accept = content.choose_accept(accept, self.settings.default_accept)
        found, answer = await self.repository.submit(name, version, make_job)
        if found.model.takes_tensors:
            if names_classes and found.model.labels and content.is_picture(raw.parts[0]):
                answer = content.best_classes(answer[0], found.model.labels)
                return found, 200, answer, content.JSON, ()
            return found, 200, content.encode(answer, accept), accept, ()
        return (found, *answer)

    def defaults(self, names):
        """Default versions of models, those that have gone meanwhile left out."""
        found = []
        for name in names:
            try:
                found.append(self.repository.get(name))
            except RequestError:
                continue
        return found

    async def scale(self, version, workers):
        """Run a version with another number of workers, by replacing it.

        Raises:
            RequestError: It cannot be loaded anew.
        """
        settings = dataclasses.replace(version.settings, workers=workers)
        path = version.model.files.path
        await self._in_thread(self.repository.load, path, settings, version.name, version.version)

    async def _in_thread(self, function, *arguments):
        """Load in another thread; what goes wrong answers the request."""
        try:
            return await asyncio.to_thread(function, *arguments)
        except MemoryError as cause:
            raise RequestError(507, f"the model does not fit into memory ({cause})") from cause
        except (error.MXNetError, OSError) as cause:
            raise RequestError(400, " ".join(str(cause).split())) from cause

    def place_in_store(self, url):
        """The path of a model that a request names.

        Raises:
            RequestError: There is no model store, or it holds no such model.
        """
        store = self.settings.model_store
        if store is None:
            raise RequestError(403, "the server has no model store (--model-store)")
        store = os.path.realpath(store)
        url = url[len("file://") :] if url.startswith("file://") else url
        if "\0" in url:
            raise RequestError(400, f"url={url!r} is no path")
        place = os.path.realpath(os.path.join(store, url))
        if place == store or not place.startswith(store + os.sep):
            raise RequestError(403, f"url={url!r} is outside of the model store")
        for ending in ("", *_ENDINGS):
            if os.path.exists(place + ending):
                return place if ending == _SYMBOL else place + ending
        raise RequestError(404, f"url={url!r} is not in the model store")

    async def load(self, url, name=None, **changes):
        """Load a model of the store.

        Args:
            url (str): Its path in the store.
            name (str): What it is called; None to take what its files say.
            **changes: Settings other than those of the server.

        Returns:
            list of ModelVersion: What was loaded.

        Raises:
            RequestError: It is not there or cannot be loaded.
        """
        path = self.place_in_store(url)
        changed = {key: value for key, value in changes.items() if value is not None}
        settings = dataclasses.replace(self.model_settings, **changed)
        return await self._in_thread(self.load_all, path, name, settings)


def _name_of(path, version):
    """The name of a model whose versions lie in folders of their own; None to ask the files."""
    return None if version is None else os.path.basename(os.path.abspath(path))
