"""What a model's files are, and what they say about it."""

import glob
import json
import os
import re

from ... import error

__all__ = ["HandlerSource", "ModelFiles", "check_name", "find_versions", "models_in"]

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_ARCHIVES = re.compile(r"\.(mar|zip|model|tar\.gz|tgz|tar)$")
_SYMBOL = "-symbol.json"
_LARGEST_SIZE = 2**31
_LARGEST_DOCUMENT = 16 * 2**20


class HandlerSource:
    """Code that a model brings.

    Attributes:
        kind (str): ``service`` for ``handle(data, context)``, ``script`` for SageMaker's functions.
        path (str): The Python file.
        function (str): Name of the function or class of a service; "" to find it.
    """

    def __init__(self, kind, path, function=""):
        self.kind, self.path, self.function = kind, path, function


class ModelFiles:
    """The files of a model: a prefix, a folder, or an archive that is unpacked.

    Args:
        path (str): Where it is.
        epoch (int): Epoch of the parameters; None for the last.
        handler (str): File and function of the handler; None to take that of the manifest.

    Attributes:
        name, version (str): What the files say, else taken from the path, and "1".
        folder (str): The folder that holds them.
        prefix (str): Prefix of symbol and parameters; None if there are none.
        manifest (dict): That of a ``.mar``.
        signature (dict): That of ``signature.json``.
        shapes (dict of str to tuple): Shapes of inputs that files tell.
        labels (list of str): Names of the classes; None if there are none.
        handler (HandlerSource): Code that the model brings; None if there is none.

    Raises:
        MXNetError, OSError: Nothing is there, or it is damaged.
    """

    def __init__(self, path, epoch=None, handler=None):
        self.path, self._temporary = str(path), None
        self.name = _ARCHIVES.sub("", os.path.basename(os.path.abspath(self.path)))
        self.version, self.manifest, self.prefix = "1", {}, None
        if os.path.isdir(path):
            self.folder = os.path.abspath(path)
        elif os.path.isfile(path):
            from .unpacking import unpack  # what it imports is for archives only

            self._temporary = unpack(path)
            self.folder = self._temporary.name
        elif os.path.isfile(self.path + _SYMBOL):
            self.folder, self.prefix = os.path.dirname(os.path.abspath(path)), self.path
        else:
            raise error.OSError(
                f"serve: path={path} is not there; a prefix, a folder or an archive is expected"
            )
        try:
            self._look(epoch, handler)
        except BaseException:
            self.close()
            raise

    def _look(self, epoch, handler):
        is_prefix = self.prefix is not None
        if not is_prefix:
            self._read_manifest()
            self.prefix = self._find_prefix()
        self.epoch = self._find_epoch(epoch) if self.prefix else None
        self.signature = {} if is_prefix else self._read("signature.json") or {}
        self.shapes = self._find_shapes()
        self.labels = None if is_prefix else self._read_labels()
        self.handler = None if is_prefix else self._find_handler(handler)

    def _read(self, *names):
        path = os.path.join(self.folder, *names)
        if not os.path.isfile(path):
            return None
        if os.path.getsize(path) > _LARGEST_DOCUMENT:
            raise error.ValueError(f"serve: {path} is larger than {_LARGEST_DOCUMENT} bytes")
        try:
            with open(path, encoding="utf-8") as stream:
                return json.load(stream)
        except (ValueError, RecursionError) as cause:
            raise error.ValueError(f"serve: {path} is no JSON document ({cause})") from cause

    def _read_manifest(self):
        manifest = self._read("MAR-INF", "MANIFEST.json") or self._read("MANIFEST.json") or {}
        model = manifest.get("model", {}) if isinstance(manifest, dict) else None
        if not isinstance(model, dict):
            raise error.ValueError(
                f"serve: path={self.path} has a manifest of another form; an object with the key "
                "model is expected"
            )
        self.manifest = manifest
        self.name = str(model.get("modelName") or self.name)
        self.version = str(model.get("modelVersion") or self.version)

    def _find_prefix(self):
        files = sorted(glob.glob(os.path.join(glob.escape(self.folder), "*" + _SYMBOL)))
        if len(files) > 1:
            names = ", ".join(os.path.basename(each) for each in files)
            raise error.ValueError(
                f"serve: path={self.path} holds {names}; one symbol is expected (a prefix names it)"
            )
        return files[0][: -len(_SYMBOL)] if files else None

    def _find_epoch(self, epoch):
        from ...checkpoint import epochs_there

        there = epochs_there(self.prefix)
        if epoch is None and not there:
            raise error.OSError(
                f"serve: {self.prefix}-0000.params is not there; parameters are expected"
            )
        return there[-1] if epoch is None else epoch

    def _find_shapes(self):
        document = self.signature.get("inputs") if isinstance(self.signature, dict) else None
        keys = ("data_name", "data_shape")
        if document is None and self.prefix is not None:
            name = os.path.basename(self.prefix) + "-shapes.json"
            document, keys = self._read(name), ("name", "shape")
        try:
            shapes = {each[keys[0]]: _shape(each[keys[1]]) for each in document or ()}
        except (TypeError, KeyError, ValueError, OverflowError) as cause:
            raise error.ValueError(
                f"serve: path={self.path} tells shapes in another form; a list of objects with the "
                f"keys {keys[0]} and {keys[1]} is expected"
            ) from cause
        return shapes

    def _read_labels(self):
        path = os.path.join(self.folder, "synset.txt")
        if not os.path.isfile(path):
            return None
        with open(path, encoding="utf-8", errors="replace") as stream:
            return [line.strip() for line in stream.read(_LARGEST_DOCUMENT).splitlines()]

    def _find_handler(self, entry):
        entry = entry or self.manifest.get("model", {}).get("handler")
        if entry:
            file, _, function = str(entry).partition(":")
            return HandlerSource("service", self._inside(file), function)
        program = os.environ.get("SAGEMAKER_PROGRAM", "inference.py")
        path = os.path.join(self.folder, "code", os.path.basename(program))
        return HandlerSource("script", path) if os.path.isfile(path) else None

    def _inside(self, file):
        path = os.path.join(self.folder, file if file.endswith(".py") else file + ".py")
        if not os.path.realpath(path).startswith(os.path.realpath(self.folder) + os.sep):
            raise error.ValueError(f"serve: path={self.path} has a handler {file!r} outside of it")
        return path

    def close(self):
        """Remove what was unpacked."""
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None


def _shape(sizes):
    shape = tuple(int(size) for size in sizes)
    if not all(-1 <= size <= _LARGEST_SIZE for size in shape):
        raise ValueError(f"{shape} is no shape")
    return shape


def check_name(name):
    """Refuse what cannot stand in a path of HTTP as the name of a model or version.

    Raises:
        ValueError: It is no name.
    """
    if not _NAME.fullmatch(name):
        raise error.ValueError(
            f"serve: name={name!r} is no name of a model; letters, digits, '_', '-' and '.' are "
            "expected"
        )


def models_in(store):
    """Paths of the models in a folder: folders, archives and prefixes, in order of their names.

    Raises:
        OSError: The folder cannot be read.
    """
    found = []
    for name in sorted(os.listdir(store)):
        path = os.path.join(store, name)
        if name.endswith(_SYMBOL):
            found.append(path[: -len(_SYMBOL)])
        elif not name.startswith(".") and (os.path.isdir(path) or _ARCHIVES.search(name)):
            found.append(path)
    return found


def find_versions(path):
    """Versions of a model in folders that are named by numbers.

    Returns:
        list of tuple: Version and path, in order; [(None, path)] where `path` is one model.
    """
    if os.path.isdir(path):
        numbers = [name for name in os.listdir(path) if name.isdecimal()]
        numbers = [name for name in numbers if os.path.isdir(os.path.join(path, name))]
        if numbers:
            return [(name, os.path.join(path, name)) for name in sorted(numbers, key=int)]
    return [(None, path)]
