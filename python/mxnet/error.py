"""Errors. Each kind derives from `MXNetError` and from the builtin error of its meaning."""

import builtins

__all__ = ["MXNetError", "DeviceError", "InternalError", "register", "register_error"]


class MXNetError(RuntimeError):
    """Base of all errors that the library raises."""


class InternalError(MXNetError):
    """A state that no input should cause: a defect of the library."""


class DeviceError(MXNetError):
    """A device is missing or failed."""


class _Unsupported(MXNetError):
    """A function that arrays of a kind do not have.

    Args:
        function (function or str): The function.
        alias (str): What to use in its place; None if there is nothing.
        *args: What it was called with.
    """

    _owner = _other = None

    def __init__(self, function, alias, *args):
        self.function = getattr(function, "__name__", function)
        self.alias = alias
        super().__init__(
            f"{self.function}: {self._owner} has no such function; "
            f"{alias or self._other} is expected"
        )


class NotImplementedForSymbol(_Unsupported):
    """A method of NDArray that a symbol does not have."""

    _owner, _other = "a Symbol", "another function"


class NotSupportedForSparseNDArray(_Unsupported):
    """A method of NDArray that a sparse array does not have."""

    _owner, _other = "a sparse array", "a dense array"


_CLASS_OF_KIND = {
    "MXNetError": MXNetError,
    "InternalError": InternalError,
    "DeviceError": DeviceError,
}


def register_error(func_name=None, cls=None):
    """Register the class that errors of a kind are raised as; also usable as a decorator.

    Args:
        func_name (str or type): Name of the kind, or the class when used as a plain decorator.
        cls (type): The class.
    """
    if isinstance(func_name, type):
        return register_error(func_name.__name__, func_name)
    if cls is None:
        return lambda klass: register_error(func_name, klass)
    _CLASS_OF_KIND[func_name] = cls
    return cls


register = register_error


def _make_kinds():
    """Classes such as `mxnet.error.ValueError`, which is an MXNetError and a ValueError."""
    for name in (
        "ValueError",
        "TypeError",
        "IndexError",
        "NotImplementedError",
        "MemoryError",
        "AssertionError",
        "KeyError",
    ):
        builtin = getattr(builtins, name)
        klass = type(
            name,
            (MXNetError, builtin),
            {"__module__": __name__, "__doc__": f"An MXNetError that is a {name}."},
        )
        globals()[name] = register_error(name, klass)


_make_kinds()


class AssertedValueError(ValueError, builtins.AssertionError):
    """A ValueError where programs of MXNet 1.9.1 catch an AssertionError."""


class AssertedTypeError(TypeError, builtins.AssertionError):
    """A TypeError where programs of MXNet 1.9.1 catch an AssertionError."""


register_error("AssertedValueError", AssertedValueError)
register_error("AssertedTypeError", AssertedTypeError)


class UnknownNameError(ValueError, builtins.KeyError):
    """A ValueError about a name, where programs of MXNet 1.9.1 catch a KeyError."""

    __str__ = BaseException.__str__  # a KeyError would put its message into quotes


register_error("UnknownNameError", UnknownNameError)


class OSError(ValueError, builtins.OSError):  # noqa: A001
    """An MXNetError about a file: it cannot be opened, read or written."""


register_error("OSError", OSError)


class FileNotFoundError(OSError, builtins.FileNotFoundError):  # noqa: A001
    """An MXNetError about a file, or its folder, that is not there."""


register_error("FileNotFoundError", FileNotFoundError)
