"""Helpers for tests: comparing arrays, random inputs, numeric gradients."""

import contextlib
import functools
import os

import numpy as np

from . import context, ndarray
from .ndarray import NDArray

__all__ = [
    "default_context",
    "set_default_context",
    "default_dtype",
    "same",
    "almost_equal",
    "assert_almost_equal",
    "assert_almost_equal_ignore_nan",
    "assert_exception",
    "rand_shape_2d",
    "rand_shape_3d",
    "rand_shape_nd",
    "rand_ndarray",
    "rand_sparse_ndarray",
    "random_arrays",
    "simple_forward",
    "numeric_grad",
    "check_numeric_gradient",
    "check_symbolic_forward",
    "check_symbolic_backward",
    "list_gpus",
    "environment",
    "retry",
]

_default = []
# Relative and absolute tolerances by type.
_TOLERANCES = {"float16": (1e-2, 1e-4), "float32": (1e-4, 1e-6), "float64": (1e-5, 1e-8)}


def default_context():
    """The context that tests run in: what `set_default_context` set, else the current one."""
    return _default[-1] if _default else context.current_context()


def set_default_context(ctx):
    """Set the context that tests run in."""
    _default[:] = [ctx]


def default_dtype():
    """The type of test data."""
    return np.float32


def _numpy(array):
    return array.asnumpy() if isinstance(array, NDArray) else np.asarray(array)


def _tolerances(a, b, rtol, atol):
    names = [_numpy(x).dtype.name for x in (a, b)]
    loosest = max((_TOLERANCES.get(name, (1e-5, 1e-8)) for name in names), key=lambda t: t[0])
    return loosest[0] if rtol is None else rtol, loosest[1] if atol is None else atol


def same(a, b):
    """Whether two arrays have equal elements."""
    return np.array_equal(_numpy(a), _numpy(b))


def almost_equal(a, b, rtol=None, atol=None, equal_nan=False):
    """Whether two arrays are equal within ``atol + rtol * abs(b)``."""
    rtol, atol = _tolerances(a, b, rtol, atol)
    return np.allclose(_numpy(a), _numpy(b), rtol=rtol, atol=atol, equal_nan=equal_nan)


def assert_almost_equal(
    a, b, rtol=None, atol=None, names=("a", "b"), equal_nan=False, use_broadcast=True
):
    """Raise AssertionError, naming the largest difference, unless two arrays are almost equal.

    Args:
        a (NDArray or numpy.ndarray): What was found.
        b (NDArray or numpy.ndarray): What is expected.
        rtol (float): Relative tolerance; None depends on the types.
        atol (float): Absolute tolerance; None depends on the types.
        names (tuple of str): What to call them in the message.
        equal_nan (bool): Whether NaN equals NaN.
        use_broadcast (bool): Whether shapes may be broadcast.
    """
    rtol, atol = _tolerances(a, b, rtol, atol)
    a, b = _numpy(a), _numpy(b)
    if a.shape != b.shape and not use_broadcast:
        raise AssertionError(f"{names[0]} has the shape {a.shape}; expected {b.shape}")
    np.testing.assert_allclose(
        a, b, rtol=rtol, atol=atol, equal_nan=equal_nan, err_msg=f"{names[0]} and {names[1]}"
    )


def assert_almost_equal_ignore_nan(a, b, rtol=None, atol=None, names=("a", "b")):
    """The same, with NaN in either array equal to anything."""
    a, b = np.copy(_numpy(a)), np.copy(_numpy(b))
    either = np.isnan(a) | np.isnan(b)
    a[either] = b[either] = 0
    assert_almost_equal(a, b, rtol, atol, names)


def assert_exception(f, exception_type, *args, **kwargs):
    """Raise AssertionError unless ``f(*args, **kwargs)`` raises an error of that type."""
    try:
        f(*args, **kwargs)
    except exception_type:
        return
    raise AssertionError(f"{f} raised nothing; expected {exception_type.__name__}")


def rand_shape_nd(num_dim, dim=10, allow_zero_size=False):
    """A random shape with sizes up to `dim`."""
    return tuple(np.random.randint(0 if allow_zero_size else 1, dim + 1, size=num_dim).tolist())


def rand_shape_2d(dim0=10, dim1=10, allow_zero_size=False):
    """A random shape of two dimensions."""
    low = 0 if allow_zero_size else 1
    return int(np.random.randint(low, dim0 + 1)), int(np.random.randint(low, dim1 + 1))


def rand_shape_3d(dim0=10, dim1=10, dim2=10, allow_zero_size=False):
    """A random shape of three dimensions."""
    low = 0 if allow_zero_size else 1
    return rand_shape_2d(dim0, dim1, allow_zero_size) + (int(np.random.randint(low, dim2 + 1)),)


def rand_ndarray(shape, stype="default", density=None, dtype=None, ctx=None):
    """A random array: dense from [-1, 1), or sparse with a share `density` of nonzero elements."""
    if stype != "default":
        return rand_sparse_ndarray(shape, stype, density, dtype)[0]
    values = np.random.uniform(-1, 1, size=shape)
    return ndarray.array(values, ctx=ctx, dtype=dtype or default_dtype())


def rand_sparse_ndarray(shape, stype, density=None, dtype=None):
    """A random sparse array and the parts it was made of."""
    density = np.random.rand() if density is None else density
    values = np.random.uniform(-1, 1, size=shape)
    kept = shape[:1] + (1,) * (len(shape) - 1) if stype == "row_sparse" else shape
    values = values * (np.random.uniform(size=kept) < density)
    array = ndarray.array(values, dtype=dtype or default_dtype()).tostype(stype)
    return array, (array.data, array.indices)


def random_arrays(*shapes):
    """NumPy arrays of normal random numbers; one array for one shape."""
    arrays = [np.array(np.random.randn(*shape), dtype=default_dtype()) for shape in shapes]
    return arrays[0] if len(arrays) == 1 else arrays


def _by_name(values, names):
    if not isinstance(values, dict):
        values = dict(zip(names, values))
    return {name: ndarray.array(_numpy(value)) for name, value in values.items()}


def _bound(sym, location, aux_states, grad_req, ctx):
    """An executor with the given values, and gradients filled with zeros."""
    args = _by_name(location, sym.list_arguments())
    aux = _by_name(aux_states or {}, sym.list_auxiliary_states())
    grads = {name: array.zeros_like() for name, array in args.items()}
    return sym.bind(ctx or default_context(), args, grads, grad_req, aux)


def simple_forward(sym, ctx=None, is_train=False, **inputs):
    """The outputs of a symbol for inputs by name, as NumPy arrays."""
    outputs = _bound(sym, inputs, None, "null", ctx).forward(is_train=is_train)
    outputs = [output.asnumpy() for output in outputs]
    return outputs[0] if len(outputs) == 1 else outputs


def numeric_grad(executor, location, eps=1e-4, use_forward_train=True):
    """Gradients of the sum of the outputs by central differences (dict of str to numpy.ndarray)."""

    def total():
        outputs = executor.forward(is_train=use_forward_train)
        return sum(output.asnumpy().astype(np.float64).sum() for output in outputs)

    grads = {}
    for name, value in location.items():
        value = _numpy(value).astype(np.float64)
        grad = np.zeros(value.shape)
        for place in np.ndindex(*value.shape):
            sides = []
            for step in (eps / 2, -eps / 2):
                moved = value.copy()
                moved[place] += step
                executor.arg_dict[name][:] = moved
                sides.append(total())
            grad[place] = (sides[0] - sides[1]) / eps
        executor.arg_dict[name][:] = value
        grads[name] = grad
    return grads


def check_numeric_gradient(
    sym,
    location,
    aux_states=None,
    numeric_eps=1e-3,
    rtol=1e-2,
    atol=None,
    grad_nodes=None,
    use_forward_train=True,
    ctx=None,
    dtype=np.float32,
):
    """Compare the gradients of a symbol with differences of its outputs.

    Each output is weighted with random numbers. Raises AssertionError where they differ.

    Args:
        sym (Symbol): What to check; it has one output.
        location (list or dict of numpy.ndarray): Values of the arguments.
        aux_states (list or dict of numpy.ndarray): Values of the auxiliary states.
        numeric_eps (float): Step of the differences.
        rtol (float): Relative tolerance.
        atol (float): Absolute tolerance.
        grad_nodes (list of str): Which arguments; None is all.
        use_forward_train (bool): Whether outputs are computed in train mode.
        ctx (Context): Where.
        dtype (type): Accepted for compatibility.
    """
    from . import symbol

    location = location if isinstance(location, dict) else dict(zip(sym.list_arguments(), location))
    weight = symbol.Variable("__weight__")
    _, shapes, _ = sym.infer_shape(**{name: _numpy(v).shape for name, v in location.items()})
    values = {**location, "__weight__": np.random.uniform(0.5, 1.5, size=shapes[0])}
    total = symbol.make_loss(symbol.broadcast_mul(sym, weight))
    executor = _bound(total, values, aux_states, "write", ctx)
    executor.forward(is_train=True)
    executor.backward()
    names = list(location) if grad_nodes is None else list(grad_nodes)
    found = {name: executor.grad_dict[name].asnumpy() for name in names}
    expected = numeric_grad(
        executor, {name: location[name] for name in names}, numeric_eps, use_forward_train
    )
    for name in names:
        assert_almost_equal(
            found[name], expected[name], rtol, 1e-2 if atol is None else atol, (name, "numeric")
        )


def check_symbolic_forward(
    sym, location, expected, rtol=1e-4, atol=None, aux_states=None, ctx=None, equal_nan=False
):
    """Compare the outputs of a symbol with expected ones (list or dict of numpy.ndarray)."""
    executor = _bound(sym, location, aux_states, "null", ctx)
    outputs = executor.forward(is_train=False)
    if isinstance(expected, dict):
        expected = [expected[name] for name in sym.list_outputs()]
    for name, output, wanted in zip(sym.list_outputs(), outputs, expected):
        assert_almost_equal(output, wanted, rtol, atol, (name, "expected"), equal_nan)
    return outputs


def check_symbolic_backward(
    sym,
    location,
    out_grads,
    expected,
    rtol=1e-5,
    atol=None,
    aux_states=None,
    grad_req="write",
    ctx=None,
    equal_nan=False,
):
    """Compare the gradients of a symbol with expected ones (list or dict of numpy.ndarray)."""
    executor = _bound(sym, location, aux_states, grad_req, ctx)
    executor.forward(is_train=True)
    if isinstance(out_grads, dict):
        out_grads = [out_grads[name] for name in sym.list_outputs()]
    executor.backward([ndarray.array(_numpy(grad)) for grad in out_grads or ()])
    if not isinstance(expected, dict):
        expected = dict(zip(sym.list_arguments(), expected))
    for name, wanted in expected.items():
        assert_almost_equal(
            executor.grad_dict[name], wanted, rtol, atol, (name, "expected"), equal_nan
        )
    return executor.grad_arrays


def list_gpus():
    """Numbers of the usable GPUs."""
    return list(range(context.num_gpus()))


@contextlib.contextmanager
def environment(*args):
    """A ``with`` block with other environment variables: a name and a value, or a dict.

    None as a value removes the variable.
    """
    wanted = args[0] if len(args) == 1 else {args[0]: args[1]}
    before = {name: os.environ.get(name) for name in wanted}

    def apply(values):
        for name, value in values.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = str(value)

    apply(wanted)
    try:
        yield
    finally:
        apply(before)


def retry(n):
    """Decorator for tests of chance: up to `n` attempts, each with another seed."""

    def decorate(test):
        @functools.wraps(test)
        def wrapper(*args, **kwargs):
            for attempt in range(n):
                try:
                    return test(*args, **kwargs)
                except AssertionError:
                    if attempt == n - 1:
                        raise
                    np.random.seed(np.random.randint(0, 100000))

        return wrapper

    return decorate
