"""Reading optimizer states from pickles, of this library and of MXNet 1.9.1, without running code.

Only data comes out of such bytes: numbers, texts, containers, arrays, and optimizers and learning
rate schedulers of classes that the program knows already. Nothing is imported, and no class or
function ever lies on the stack of the machine that a pickle is a program for: what stands for them
there can do nothing but what is said here.
"""

import io
import pickle
import sys

import numpy as np

from ..lr_scheduler import LRScheduler
from ..ndarray import NDArray, sparse
from .base import Optimizer

__all__ = ["read_states_of"]

_Refused = pickle.UnpicklingError
_OBJECTS = (Optimizer, LRScheduler)
_ARRAYS = (NDArray, sparse.RowSparseNDArray, sparse.CSRNDArray)
_RENAMED = {"__builtin__": "builtins", "copy_reg": "copyreg"}  # as Python 2 called them
_DEEPEST = 20  # of containers in containers


class _Class:
    """Stands for a class whose objects may be made."""

    def __init__(self, kind):
        self.kind = kind


class _Function:
    """Stands for a function that may be called."""

    def __init__(self, call):
        self.call = call


class _Type:
    """Stands for a numpy.dtype of numbers."""

    def __init__(self, text, *_):
        if not isinstance(text, str) or np.dtype(text).kind not in "biuf":
            raise _Refused(f"numpy.dtype({text!r}) is no type of numbers")
        self.dtype = np.dtype(text)

    def build(self, state):
        self.dtype = self.dtype.newbyteorder(state[1])


class _Array:
    """Stands for a numpy.ndarray until all is read."""

    def __init__(self, *_):
        self.values = None

    def build(self, state):
        _, shape, kind, fortran, content = state
        values = np.frombuffer(_as_bytes(content), kind.dtype)
        self.values = values.reshape(shape, order="F" if fortran else "C").copy()


def _as_bytes(content, *_):
    if isinstance(content, str):
        return content.encode("latin1")
    return bytes(memoryview(content))  # never a number, which would say how many


def _bare(kind, *_):
    """An object of a class that is known, without attributes."""
    if not isinstance(kind, _Class) or not issubclass(kind.kind, _OBJECTS):
        raise _Refused("an object that is no optimizer is made")
    return kind.kind.__new__(kind.kind)


def _scalar(kind, content):
    return np.frombuffer(_as_bytes(content), kind.dtype, 1)[0]


def _empty_array(kind, nothing):
    if nothing is not None:
        raise _Refused(f"{kind.__name__} is made of something else than its bytes")
    return kind(None)


def _from_buffer(content, kind, shape, order, *_):
    return np.frombuffer(_as_bytes(content), kind.dtype).reshape(shape, order=order).copy()


def _numpy_names():
    for core in ("numpy.core", "numpy._core"):
        yield (f"{core}.multiarray", "scalar"), _scalar
        yield (f"{core}.multiarray", "_reconstruct"), _Array
        yield (f"{core}.numeric", "_frombuffer"), _from_buffer


_FUNCTIONS = {
    ("builtins", "bytearray"): lambda content=b"", *_: bytearray(_as_bytes(content)),
    ("builtins", "bytes"): lambda content=b"": _as_bytes(content),
    ("builtins", "set"): lambda items=(): set(items),
    ("collections", "OrderedDict"): lambda items=(): dict(items),
    ("_codecs", "encode"): _as_bytes,
    ("copyreg", "_reconstructor"): _bare,
    ("copyreg", "__newobj__"): _bare,
    ("numpy", "dtype"): _Type,
    **dict(_numpy_names()),
    **{
        (kind.__module__, kind.__name__): lambda nothing, kind=kind: _empty_array(kind, nothing)
        for kind in _ARRAYS
    },
}
_NAMES = {("builtins", "object"), ("numpy", "ndarray")}  # named in arguments, of no use here


def _known_class(module, name):
    """A class of optimizers or schedulers that the program has loaded; None for anything else."""
    kind = getattr(sys.modules.get(module), name, None) if "." not in name else None
    if kind is None and module.startswith("mxnet.optimizer"):
        kind = Optimizer.opt_registry.get(name.lower())
    return kind if isinstance(kind, type) and issubclass(kind, _OBJECTS) else None


class _Reader(pickle._Unpickler):
    """The machine, in Python, with its dangerous instructions replaced."""

    dispatch = dict(pickle._Unpickler.dispatch)

    def find_class(self, module, name):
        key = _RENAMED.get(module, module), name
        if key in _FUNCTIONS:
            return _Function(_FUNCTIONS[key])
        if key in _NAMES:
            return None
        kind = _known_class(module, name)
        if kind is None:
            raise _Refused(f"it names {module}.{name}, which is no part of optimizer states")
        return _Class(kind)

    def persistent_load(self, pid):
        raise _Refused("it refers to something outside")

    def _refuse(self):
        raise _Refused("it has an instruction that optimizer states have no use for")

    def _reduce(self):
        arguments = self.stack.pop()
        function = self.stack[-1]
        if not isinstance(function, _Function) or not isinstance(arguments, tuple):
            raise _Refused("it calls what is no known function")
        self.stack[-1] = function.call(*arguments)

    def _new(self):
        self.stack.pop()
        self.stack[-1] = _bare(self.stack[-1])

    def _build(self):
        state = self.stack.pop()
        target = self.stack[-1]
        if isinstance(target, NDArray):
            target.__setstate__({"handle": bytearray(_as_bytes(state["handle"]))})
        elif isinstance(target, (_Type, _Array)):
            target.build(state)
        elif isinstance(target, _OBJECTS) and isinstance(state, dict):
            self._set_attributes(target, state)
        else:
            raise _Refused(f"it changes an object of the kind {type(target).__name__}")

    @staticmethod
    def _set_attributes(target, state):
        if not all(isinstance(name, str) and not name.startswith("__") for name in state):
            raise _Refused("an attribute has no name")
        state = {name: _finished(value) for name, value in state.items()}
        if hasattr(type(target), "__setstate__"):
            target.__setstate__(state)
        else:
            vars(target).update(state)

    def _append(self):
        value = self.stack.pop()
        self._top(list).append(value)

    def _appends(self):
        values = self.pop_mark()
        self._top(list).extend(values)

    def _set_item(self):
        value, key = self.stack.pop(), self.stack.pop()
        self._top(dict)[key] = value

    def _set_items(self):
        values = self.pop_mark()
        self._top(dict).update(zip(values[::2], values[1::2]))

    def _add_items(self):
        values = self.pop_mark()
        self._top(set).update(values)

    def _top(self, kind):
        if type(self.stack[-1]) is not kind:
            raise _Refused(f"it adds to a {type(self.stack[-1]).__name__} as to a {kind.__name__}")
        return self.stack[-1]

    def _byte_array(self):
        size = int.from_bytes(self.read(8), "little")
        self.append(bytearray(self.read(size)))


for _codes, _method in (
    ("REDUCE", _Reader._reduce),
    ("NEWOBJ", _Reader._new),
    ("BUILD", _Reader._build),
    ("APPEND", _Reader._append),
    ("APPENDS", _Reader._appends),
    ("SETITEM", _Reader._set_item),
    ("SETITEMS", _Reader._set_items),
    ("ADDITEMS", _Reader._add_items),
    ("BYTEARRAY8", _Reader._byte_array),
    ("INST OBJ NEWOBJ_EX EXT1 EXT2 EXT4 NEXT_BUFFER READONLY_BUFFER", _Reader._refuse),
):
    for _code in _codes.split():
        _Reader.dispatch[getattr(pickle, _code)[0]] = _method


def _finished(value, depth=0):
    """`value` with NumPy arrays in the place of what stands for them."""
    if depth > _DEEPEST:
        raise _Refused("it has containers in containers without end")
    if isinstance(value, (_Class, _Function, _Type)):
        raise _Refused("a class or a function lies among the values")
    if isinstance(value, _Array):
        return value.values
    if isinstance(value, dict):
        finished = {key: _finished(each, depth + 1) for key, each in value.items()}
        value.clear()  # the same dict, as others may refer to it
        value.update(finished)
        return value
    if isinstance(value, (tuple, list)):
        return type(value)(_finished(each, depth + 1) for each in value)
    return value


def read_states_of(content):
    """The object that a pickle of optimizer states holds.

    Args:
        content (bytes): What `Updater.get_states` gave, here or in MXNet 1.9.1.

    Raises:
        pickle.UnpicklingError: It holds something else than states.
        Exception: It is damaged.
    """
    return _finished(_Reader(io.BytesIO(content), encoding="latin1").load())
