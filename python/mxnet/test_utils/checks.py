"""Checking outputs and gradients of symbols."""

import numpy as np

from .. import error
from .. import ndarray as nd
from .. import symbol as sym_module
from ..ndarray import NDArray
from .comparisons import assert_almost_equal, to_numpy
from .surroundings import default_context
from .tolerances import default_numeric_eps, get_tolerance

__all__ = [
    "simple_forward",
    "numeric_grad",
    "check_numeric_gradient",
    "check_symbolic_forward",
    "check_symbolic_backward",
]


def _by_name(values, names, what, ctx, dtype):
    """Values as NDArrays by name, in `ctx`; what is no NDArray becomes one of type `dtype`."""
    if isinstance(values, dict):
        if set(values) != set(names):
            raise error.ValueError(
                f"{what}: values are given for {sorted(values)}; {sorted(names)} is expected"
            )
    else:
        values = dict(zip(names, values))
    return {
        name: value.as_in_context(ctx)
        if isinstance(value, NDArray)
        else nd.array(value, ctx=ctx, dtype=dtype)
        for name, value in values.items()
    }


def _location(sym, location, ctx, dtype):
    return _by_name(location, sym.list_arguments(), "location", ctx, dtype)


def _aux_states(sym, aux_states, ctx, dtype):
    if aux_states is None:
        return None
    return _by_name(aux_states, sym.list_auxiliary_states(), "aux_states", ctx, dtype)


def _requests(grad_req, names):
    if isinstance(grad_req, str):
        return dict.fromkeys(names, grad_req)
    return dict(grad_req) if isinstance(grad_req, dict) else dict(zip(names, grad_req))


def simple_forward(sym, ctx=None, is_train=False, **inputs):
    """The outputs of a symbol for inputs by name, as NumPy arrays; one for one output."""
    ctx = ctx or default_context()
    args = {name: nd.array(value, ctx=ctx) for name, value in inputs.items()}
    executor = sym.bind(ctx, args=args)
    outputs = [output.asnumpy() for output in executor.forward(is_train=is_train)]
    return outputs[0] if len(outputs) == 1 else outputs


def numeric_grad(
    executor, location, aux_states=None, eps=1e-4, use_forward_train=True, dtype=np.float32
):
    """Gradients of the sum of the first output by central differences.

    Args:
        executor (Executor): The symbol, bound.
        location (dict of str to numpy.ndarray): Values of the arguments to differentiate to.
        aux_states (dict of str to numpy.ndarray): Auxiliary states to start each pass from.
        eps (float): Distance of the two points.
        use_forward_train (bool): Whether outputs are computed in training mode.
        dtype (type): Type of the gradients.

    Returns:
        dict of str to numpy.ndarray: The gradients.
    """

    def total():
        for name, value in (aux_states or {}).items():
            executor.aux_dict[name][:] = value
        outputs = executor.forward(is_train=use_forward_train)
        return outputs[0].asnumpy().astype(np.float64).sum()

    grads = {}
    for name, value in location.items():
        value = to_numpy(value)
        executor.arg_dict[name][:] = value
    for name, value in location.items():
        value = to_numpy(value)
        grad = np.zeros(value.shape, dtype=dtype)
        # Integers are not differentiated to, and are moved in float32 like everything else.
        moved = value.astype(np.result_type(value, np.float32))
        for place in np.ndindex(*value.shape):
            sides = []
            for step in (eps / 2, -eps / 2):
                moved[place] = value[place] + step
                executor.arg_dict[name][:] = moved
                sides.append(total())
            moved[place] = value[place]
            grad[place] = (sides[0] - sides[1]) / eps
        executor.arg_dict[name][:] = value
        grads[name] = grad
    return grads


def _projected(sym):
    """The output weighted with an argument ``__random_proj``, as a loss of each element.

    Nothing is summed here: differences of a sum in single precision would be those of its rounding.
    """
    return sym_module.make_loss(sym * sym_module.Variable("__random_proj"))


def check_numeric_gradient(
    sym,
    location,
    aux_states=None,
    numeric_eps=None,
    rtol=None,
    atol=None,
    grad_nodes=None,
    use_forward_train=True,
    ctx=None,
    grad_stype_dict=None,
    dtype=np.float32,
):
    """Compare the gradients of a symbol with differences of its output.

    The output is weighted with random numbers.

    Args:
        sym (Symbol): What to check; it has one output.
        location (list or dict of array): Values of the arguments.
        aux_states (list or dict of array): Values of the auxiliary states.
        numeric_eps (float): Distance of two points; None depends on `dtype`.
        rtol (float): Relative tolerance; None depends on `dtype`.
        atol (float): Absolute tolerance; None depends on `dtype`.
        grad_nodes (list of str, or dict): Arguments to differentiate to, with what happens to
            their gradients in a dict; None is all.
        use_forward_train (bool): Whether outputs are computed in training mode.
        ctx (Context): Where; None is `default_context`.
        grad_stype_dict (dict of str to str): Kinds of storage of gradients.
        dtype (type): Type of what is computed.

    Raises:
        AssertionError: A gradient differs.
    """
    ctx = ctx or default_context()
    names = sym.list_arguments()
    location = _location(sym, location, ctx, dtype)
    aux = _aux_states(sym, aux_states, ctx, dtype)
    requests = (
        dict(grad_nodes)
        if isinstance(grad_nodes, dict)
        else dict.fromkeys(names if grad_nodes is None else grad_nodes, "write")
    )
    eps = get_tolerance(np.dtype(dtype).type, numeric_eps, default_numeric_eps())
    shapes = {name: value.shape for name, value in location.items()}
    weights = np.random.rand(*sym.infer_shape(**shapes)[1][0]) + 0.1
    values = {**location, "__random_proj": nd.array(weights, ctx=ctx, dtype=dtype)}
    grads = _random_grads(values, requests, grad_stype_dict, ctx)
    before = {name: to_numpy(grad) for name, grad in grads.items()}
    executor = _projected(sym).bind(
        ctx, args=values, args_grad=grads, grad_req=_all_requests(requests, values), aux_states=aux
    )
    starts = {name: to_numpy(value) for name, value in (aux or {}).items()}
    executor.forward(is_train=True)
    executor.backward()
    found = {name: to_numpy(executor.grad_dict[name]) for name in grads}
    at = {name: to_numpy(location[name]) for name, req in requests.items() if req != "null"}
    expected = numeric_grad(executor, at, starts, eps, use_forward_train, dtype)
    _compare_grads(expected, found, before, requests, rtol, atol, "NUMERICAL", False)


def _all_requests(requests, values):
    return {name: requests.get(name, "null") for name in values}


def _random_grads(values, requests, stypes, ctx):
    """Gradient arrays of random numbers, so that what is not written shows."""
    grads = {}
    for name in requests:
        noise = nd.array(
            np.random.normal(size=values[name].shape), ctx=ctx, dtype=values[name].dtype
        )
        stype = (stypes or {}).get(name, "default")
        grads[name] = noise if stype == "default" else noise.tostype(stype)
    return grads


def _compare_grads(expected, found, before, requests, rtol, atol, kind, equal_nan):
    """Compare gradients, by what happens to each, with what was there `before`."""
    for name, request in requests.items():
        if name not in expected and request != "null":
            continue
        if request == "write":
            wanted = expected[name]
        elif request == "add":
            wanted = to_numpy(expected[name]) + before[name]
        elif request == "null":
            wanted = before[name]
        else:
            raise error.ValueError(
                f"grad_req={request!r} of {name} is unknown; write, add or null is expected"
            )
        names = (f"{kind}_{name}", f"BACKWARD_{name}")
        assert_almost_equal(wanted, found[name], rtol, atol, names, equal_nan=equal_nan)


def check_symbolic_forward(
    sym,
    location,
    expected,
    rtol=None,
    atol=None,
    aux_states=None,
    ctx=None,
    equal_nan=False,
    dtype=np.float32,
):
    """Compare the outputs of a symbol with expected ones.

    Args:
        sym (Symbol): What to check.
        location (list or dict of array): Values of the arguments.
        expected (list or dict of array): The outputs.
        rtol, atol, equal_nan: See `assert_almost_equal`.
        aux_states (list or dict of array): Values of the auxiliary states.
        ctx (Context): Where; None is `default_context`.
        dtype (type): Type of the values that are no NDArrays.

    Returns:
        list of NDArray: The outputs.

    Raises:
        AssertionError: An output differs.
    """
    ctx = ctx or default_context()
    args = _location(sym, location, ctx, dtype)
    executor = sym.bind(ctx, args=args, aux_states=_aux_states(sym, aux_states, ctx, dtype))
    outputs = executor.forward(is_train=False)
    names = sym.list_outputs()
    if isinstance(expected, dict):
        expected = [expected[name] for name in names]
    for name, wanted, output in zip(names, expected, outputs):
        sides = (f"EXPECTED_{name}", f"FORWARD_{name}")
        assert_almost_equal(wanted, output, rtol, atol, sides, equal_nan=equal_nan)
    return outputs


def check_symbolic_backward(
    sym,
    location,
    out_grads,
    expected,
    rtol=None,
    atol=None,
    aux_states=None,
    grad_req="write",
    ctx=None,
    grad_stypes=None,
    equal_nan=False,
    dtype=np.float32,
):
    """Compare the gradients of a symbol with expected ones.

    Args:
        sym (Symbol): What to check.
        location (list or dict of array): Values of the arguments.
        out_grads (list or dict of array): Gradients of the outputs; None for losses.
        expected (list or dict of array): Gradients of the arguments.
        rtol, atol, equal_nan: See `assert_almost_equal`.
        aux_states (list or dict of array): Values of the auxiliary states.
        grad_req (str, list or dict of str): ``write``, ``add`` (to random numbers) or ``null``.
        ctx (Context): Where; None is `default_context`.
        grad_stypes (list or dict of str): Kinds of storage of gradients.
        dtype (type): Type of the values that are no NDArrays.

    Returns:
        dict of str to NDArray: The gradients.

    Raises:
        AssertionError: A gradient differs.
    """
    ctx = ctx or default_context()
    args = _location(sym, location, ctx, dtype)
    if not isinstance(expected, dict):
        expected = dict(zip(sym.list_arguments(), expected))
    if isinstance(grad_stypes, (list, tuple)):
        grad_stypes = dict(zip(sym.list_arguments(), grad_stypes))
    requests = {
        name: request
        for name, request in _requests(grad_req, sym.list_arguments()).items()
        if name in expected
    }
    grads = _random_grads(args, requests, grad_stypes, ctx)
    before = {name: to_numpy(grad) for name, grad in grads.items()}
    executor = sym.bind(
        ctx,
        args=args,
        args_grad=grads,
        grad_req=_all_requests(requests, args),
        aux_states=_aux_states(sym, aux_states, ctx, dtype),
    )
    outputs = executor.forward(is_train=True)
    if out_grads is not None:
        if isinstance(out_grads, dict):
            out_grads = [out_grads[name] for name in sym.list_outputs()]
        out_grads = [
            grad.as_in_context(ctx)
            if isinstance(grad, NDArray)
            else nd.array(grad, ctx=ctx, dtype=output.dtype)
            for grad, output in zip(out_grads, outputs)
        ]
    executor.backward(out_grads)
    found = {name: to_numpy(executor.grad_dict[name]) for name in grads}
    _compare_grads(expected, found, before, requests, rtol, atol, "EXPECTED", equal_nan)
    return {name: executor.grad_dict[name] for name in grads}
