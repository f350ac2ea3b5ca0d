"""The package ``onnx``, imported when something of it is first asked for."""

import importlib

__all__ = ["onnx"]


class _Package:
    """Stands for the package until then."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            package = importlib.import_module("onnx")
        except ModuleNotFoundError as error:
            raise ImportError(
                "mxnet.onnx: the package onnx is missing; 'pip install remx[onnx]' is expected"
            ) from error
        return getattr(package, name)


onnx = _Package()
