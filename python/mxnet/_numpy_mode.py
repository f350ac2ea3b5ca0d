"""Whether a program works with the NumPy interface: the meaning of shapes, and the class of arrays.

Each thread has its own choice of both and begins with the legacy ones. Shapes are read by the core
(`ir/shape_meaning.h`). The class of arrays is looked at where arrays come into being without
inputs that would tell: parameters, samples of data sets, what files hold. Everything else follows
its inputs (`Interface` in `python/src/binding.h`).
"""

import functools
import inspect
import operator
import threading

import numpy as onp

from . import _core, error

__all__ = [
    "is_np_array",
    "is_np_shape",
    "set_np",
    "set_np_shape",
    "reset_np",
    "np_array",
    "np_shape",
    "use_np",
    "use_np_array",
    "use_np_shape",
    "np_ufunc_legal_option",
    "wrap_np_unary_func",
    "wrap_np_binary_func",
]

_thread = threading.local()


def is_np_array():
    """Whether new arrays of this thread are those of `mx.np` (see `set_np`)."""
    return getattr(_thread, "array", False)


def is_np_shape():
    """Whether shapes have NumPy's meaning on this thread (see `np_shape`)."""
    return _core.is_np_shape()


def of_mode(value):
    """An array or a symbol as an object of `mx.np` where this thread works with these.

    Args:
        value (NDArray or Symbol): What came into being without inputs that would tell.

    Returns:
        NDArray or Symbol: For the same memory or node; sparse arrays, which `mx.np` has none of,
        and everything on threads that work with legacy arrays stay as they are.
    """
    if not is_np_array() or getattr(value, "stype", "default") != "default":
        return value
    return value.as_np_ndarray()


def array_of_mode(values, ctx=None):
    """An array of values that are none yet, as `mx.np.array` makes it where that is chosen.

    Args:
        values (array_like): The elements; of a NumPy array `mx.np.array` keeps the type, and
            `mx.nd.array` makes float32.
        ctx (Context): Where; None for the current context.
    """
    from . import ndarray as nd

    if not is_np_array():
        return nd.array(values, ctx=ctx)
    dtype = values.dtype if isinstance(values, onp.ndarray) else None
    return nd.array(values, ctx=ctx, dtype=dtype).as_np_ndarray()


def shape_is_known(shape):
    """Whether rank and sizes of a shape are known, by the meaning of shapes on this thread.

    Args:
        shape (tuple of int or None): -1 is a size that is not known; unless shapes have NumPy's
            meaning, 0 is one, too, and () an unknown rank.
    """
    if shape is None:
        return False
    if _core.is_np_shape():
        return all(size >= 0 for size in shape)
    return len(shape) > 0 and all(size > 0 for size in shape)


def in_mode_of_caller(function):
    """A function that works, whichever thread calls it, as the thread that calls this one does.

    Args:
        function (function): What another thread, or another process, will do for this one.
    """
    return functools.partial(_with_mode, is_np_array(), is_np_shape(), function)


def _with_mode(array, shape, function, *args, **kwargs):
    before = _set_np_array(array), _core.set_np_shape(shape)
    try:
        return function(*args, **kwargs)
    finally:
        _set_np_array(before[0])
        _core.set_np_shape(before[1])


def _set_np_array(active):
    before = is_np_array()
    _thread.array = bool(operator.index(active))
    return before


def set_np_shape(active):
    """Choose whether shapes have NumPy's meaning on this thread (see `np_shape`).

    Args:
        active (bool): The choice; 0 and 1 are accepted.

    Returns:
        bool: What was chosen before.

    Raises:
        ValueError: Legacy shapes are chosen while new arrays are those of `mx.np`.
    """
    if not operator.index(active) and is_np_array():
        raise error.ValueError(
            f"set_np_shape: active={active} while new arrays are those of mx.np; Deactivating "
            "NumPy shape semantics while NumPy array semantics is still active is not allowed: "
            "expected npx.reset_np()"
        )
    return _core.set_np_shape(bool(operator.index(active)))


def set_np(shape=True, array=True):
    """Let this thread work with the NumPy interface: call it once at the start of a program.

    Args:
        shape (bool): Whether shapes have NumPy's meaning (see `np_shape`).
        array (bool): Whether blocks of Gluon, data sets and the like give arrays of `mx.np`.

    Raises:
        ValueError: NumPy's arrays without NumPy's shapes.
    """
    if array and not shape:
        raise error.ValueError(
            f"set_np: array={array} with shape={shape}; NumPy Shape semantics is required in using "
            "NumPy array semantics"
        )
    _set_np_array(array)
    set_np_shape(shape)


def reset_np():
    """Let this thread work with legacy arrays and shapes again."""
    set_np(shape=False, array=False)


class _Scope:
    """A choice that holds in a ``with`` block; it may be entered again inside.

    Args:
        choose (function): Makes a choice of the program and gives the one before.
        restore (function): Takes what `choose` gave.
        active (bool): The choice.
    """

    def __init__(self, choose, restore, active):
        self._choose = choose
        self._restore = restore
        self._active = active
        self._before = []

    def __enter__(self):
        self._before.append(self._choose(self._active))

    def __exit__(self, kind, value, trace):
        self._restore(self._before.pop())


def np_shape(active=True):
    """A ``with`` block in which shapes have NumPy's meaning, or the legacy one.

    With NumPy's, 0 is the size of an axis without elements and () the shape of one number; what
    is not known is -1 or, as a whole shape, None. ``x[0]`` of a vector has the shape (). With the
    legacy meaning, which threads begin with, 0 is an unknown size, () an unknown shape, and
    ``x[0]`` has the shape (1,).

    Args:
        active (bool): Whether it is NumPy's meaning.
    """
    return _Scope(set_np_shape, _core.set_np_shape, active)


def np_array(active=True):
    """A ``with`` block in which new arrays are those of `mx.np`, or legacy ones.

    Args:
        active (bool): Whether they are those of `mx.np`.
    """
    return _Scope(_set_np_array, _set_np_array, active)


def _within(scope, function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        with scope():
            return function(*args, **kwargs)

    return wrapper


def _member_within(scope, member):
    """The same for what a class holds: functions in all their forms, and properties."""
    if isinstance(member, (staticmethod, classmethod)):
        return type(member)(_within(scope, member.__func__))
    if isinstance(member, property):
        parts = (member.fget, member.fset, member.fdel)
        return property(*(part and _within(scope, part) for part in parts), member.__doc__)
    return _within(scope, member) if inspect.isfunction(member) else member


def _members(cls):
    """What a class has, inherited or not, by name: a block's `initialize` makes parameters."""
    found = {}
    for each in reversed(cls.__mro__[:-1]):
        found.update(vars(each))
    return found


def _decorate(who, scope, func):
    if inspect.isclass(func):
        for name, member in _members(func).items():
            wrapped = _member_within(scope, member)
            if wrapped is not member:
                setattr(func, name, wrapped)
        return func
    if not callable(func):
        raise TypeError(f"{who}: {func!r} is a {type(func).__name__}; expected a class or callable")
    return _within(scope, func)


def use_np_shape(func):
    """Decorator for functions and classes in whose code shapes have NumPy's meaning.

    Args:
        func (callable or type): Of a class all functions and properties, inherited ones too.

    Raises:
        TypeError: It is neither.
    """
    return _decorate("use_np_shape", np_shape, func)


def use_np_array(func):
    """Decorator for functions and classes in whose code new arrays are those of `mx.np`.

    Args:
        func (callable or type): Of a class all functions and properties, inherited ones too.

    Raises:
        TypeError: It is neither.
    """
    return _decorate("use_np_array", np_array, func)


def use_np(func):
    """`use_np_shape` and `use_np_array` together.

    Args:
        func (callable or type): Of a class all functions and properties, inherited ones too.

    Raises:
        TypeError: It is neither.
    """
    return use_np_shape(use_np_array(func))


# Keyword arguments of NumPy's universal functions with the values that change nothing.
_UFUNC_OPTIONS = {
    "where": (True,),
    "subok": (True,),
    "order": ("K", "A"),
    "casting": ("same_kind",),
    "dtype": (None,),
}


def np_ufunc_legal_option(key, value):
    """Whether NumPy's universal functions take this keyword argument with this value.

    Args:
        key (str): Its name.
        value (object): Its value.
    """
    if key in ("where", "subok"):
        return isinstance(value, bool)
    if key == "casting":
        return value in ("no", "equiv", "safe", "same_kind", "unsafe")
    if key == "order":
        return isinstance(value, str)
    return key == "dtype"


def _check_options(function, options):
    for key, value in options.items():
        if key not in _UFUNC_OPTIONS:
            raise error.TypeError(
                f"{function.__name__}: {key}={value!r} is no argument of this function; expected "
                f"{', '.join(_UFUNC_OPTIONS)} or out"
            )
        if value not in _UFUNC_OPTIONS[key]:
            raise error.NotImplementedError(
                f"{function.__name__}: {key}={value!r} is not implemented; expected "
                f"{' or '.join(map(repr, _UFUNC_OPTIONS[key]))}"
            )


def wrap_np_unary_func(func):
    """`func(x, out=None)` as a function that takes the arguments of NumPy's ``where`` and so on.

    Args:
        func (function): Computes a result from one operand.
    """

    @functools.wraps(func)
    def wrapper(x, out=None, **kwargs):
        if kwargs:
            _check_options(func, kwargs)
        return func(x, out=out)

    del wrapper.__wrapped__  # so that tools show **kwargs
    return wrapper


def wrap_np_binary_func(func):
    """`func(x1, x2, out=None)` as a function that takes NumPy's ``where`` and so on.

    Args:
        func (function): Computes a result from two operands.
    """

    @functools.wraps(func)
    def wrapper(x1, x2, out=None, **kwargs):
        if kwargs:
            _check_options(func, kwargs)
        return func(x1, x2, out=out)

    del wrapper.__wrapped__
    return wrapper
