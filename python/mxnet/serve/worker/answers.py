"""What handlers return, as answers."""

import json

__all__ = ["PredictionException", "failure", "load_module", "to_body"]


class PredictionException(Exception):
    """What handlers raise to answer with a status, as Multi Model Server's.

    Args:
        message (str): The message.
        error_code (int): The status.
    """

    def __init__(self, message, error_code=500):
        self.message, self.error_code = message, error_code
        super().__init__(message)

    def __str__(self):
        return f"{self.message} : {self.error_code}"


def to_body(value):
    """The body for what a handler returned.

    Returns:
        tuple: The bytes, and their type.

    Raises:
        TypeError: It is neither text nor bytes nor what JSON knows.
    """
    if isinstance(value, str):
        return value.encode(), "text/plain; charset=utf-8"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value), "application/octet-stream"
    return json.dumps(value).encode(), "application/json"


def failure(status, message):
    """The answer to a batch that failed."""
    return {"status": status, "error": " ".join(str(message).split())}, []


def load_module(path):
    """The module in a file.

    Raises:
        ImportError: It cannot be loaded.
    """
    import importlib.util
    import os
    import sys

    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # classes of the module find themselves there
    spec.loader.exec_module(module)
    return module
