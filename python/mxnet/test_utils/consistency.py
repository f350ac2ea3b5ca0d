"""Checking that devices, types and implementations agree, and how long things take."""

import contextlib
import itertools
import time
import traceback

import numpy as np

from .. import autograd, error, initializer
from .. import ndarray as nd
from ..util import use_np
from .arrays import rand_ndarray
from .comparisons import assert_almost_equal, compare_ndarray_tuple, to_numpy
from .surroundings import default_context

__all__ = [
    "check_consistency",
    "check_speed",
    "compare_optimizer",
    "check_gluon_hybridize_consistency",
]


def _initial(arrays, given, scale, use_uniform, rand_type):
    """Values for arrays by name: those given, or random ones in the order of the arrays."""
    values = {}
    for name, array in arrays.items():
        if name in (given or {}):
            values[name] = to_numpy(given[name])
        elif use_uniform:
            values[name] = np.random.uniform(-0.92 * scale, 0.92 * scale, size=array.shape)
        else:
            values[name] = np.random.normal(size=array.shape, scale=scale)
        values[name] = values[name].astype(rand_type)
    return values


class _Agreement:
    """Compares what executors have with what the most exact of them has."""

    def __init__(self, executors, truth, tolerances, raise_on_err):
        self._dtypes = [executor.outputs[0].dtype for executor in executors]
        self._best = int(np.argmax([np.dtype(dtype).itemsize for dtype in self._dtypes]))
        self._truth, self._tolerances, self._raise = truth, tolerances, raise_on_err

    def check(self, results, phase):
        """Compare dicts of arrays, one for each executor; gives what they were compared with."""
        truth = self._truth if self._truth is not None else results[self._best]
        for i, result in enumerate(results):
            if i == self._best and self._truth is None:
                continue
            for name, array in result.items():
                if name not in truth:
                    continue
                try:
                    assert_almost_equal(array, truth[name], **self._tolerances)
                except AssertionError:
                    print(f"{phase} Err: ctx {i} vs ctx {self._best} at {name}")
                    traceback.print_exc()
                    if self._raise:
                        raise
        return truth


def check_consistency(
    sym,
    ctx_list,
    scale=1.0,
    grad_req="write",
    arg_params=None,
    aux_params=None,
    rtol=None,
    atol=None,
    raise_on_err=True,
    ground_truth=None,
    equal_nan=False,
    use_uniform=False,
    rand_type=np.float64,
):
    """Check that a symbol gives the same on different devices and in different types.

    Args:
        sym (Symbol or list of Symbol): What to check; one for all, or one for each entry.
        ctx_list (list of dict): Arguments of `Symbol.simple_bind`: ``ctx``, shapes, ``type_dict``.
        scale (float): Scale of the random arguments.
        grad_req (str or dict): ``null`` checks predictions only.
        arg_params (dict of str to array): Values of arguments.
        aux_params (dict of str to array): Values of auxiliary states; others are 0.
        rtol, atol, equal_nan: See `assert_almost_equal`.
        raise_on_err (bool): Whether to raise, or only to print.
        ground_truth (dict of str to array): What is right; None takes what the widest type gives.
        use_uniform (bool): Whether random arguments are uniform, not normal.
        rand_type (type): Type of the random arguments.

    Returns:
        dict of str to NDArray: Outputs and gradients that the others were compared with.

    Raises:
        AssertionError: Two results differ, or there is only one.
    """
    if len(ctx_list) < 2:
        raise AssertionError(
            f"check_consistency: ctx_list has {len(ctx_list)} entries; at least two are expected"
        )
    symbols = sym if isinstance(sym, list) else [sym] * len(ctx_list)
    outputs, arguments = symbols[0].list_outputs(), symbols[0].list_arguments()
    for each in symbols:
        if each.list_outputs() != outputs or each.list_arguments() != arguments:
            raise AssertionError("check_consistency: the symbols have other arguments or outputs")
    executors = [
        each.simple_bind(grad_req=grad_req, **options) for each, options in zip(symbols, ctx_list)
    ]
    values = _initial(executors[0].arg_dict, arg_params, scale, use_uniform, rand_type)
    for executor in executors:
        for name, array in executor.arg_dict.items():
            array[:] = values[name]
        for name, array in executor.aux_dict.items():
            array[:] = to_numpy((aux_params or {}).get(name, 0))
        for grad in executor.grad_dict.values():
            if grad is not None:
                grad[:] = 0
        executor.forward(is_train=False)
    tolerances = {"rtol": rtol, "atol": atol, "equal_nan": equal_nan}
    agreement = _Agreement(executors, ground_truth, tolerances, raise_on_err)
    found = agreement.check([executor.output_dict for executor in executors], "Predict")
    if grad_req == "null":
        return found
    return agreement.check([_trained(executor) for executor in executors], "Train")


def _trained(executor):
    """Outputs and gradients of a training pass; the outputs are their own head gradients."""
    executor.forward(is_train=True)
    executor.backward(executor.outputs)
    grads = {name: grad for name, grad in executor.grad_dict.items() if grad is not None}
    return {**executor.output_dict, **grads}


def check_speed(sym, location=None, ctx=None, N=20, grad_req=None, typ="whole", **kwargs):  # noqa: N803
    """Seconds that a pass through a symbol takes.

    Args:
        sym (Symbol): The symbol.
        location (dict of str to numpy.ndarray): Values of the arguments; random ones of the
            shapes in `kwargs` if not given.
        ctx (Context): Where; None is `default_context`.
        N (int): Passes to take the mean of.
        grad_req (str): What happens to gradients; ``write`` if not given.
        typ (str): ``whole`` for forward and backward, or ``forward``.
        **kwargs: Arguments of `Symbol.simple_bind`.
    """
    if typ not in ("whole", "forward"):
        raise error.ValueError(f"check_speed: typ={typ!r} is unknown; whole or forward is expected")
    ctx = ctx or default_context()
    if location is not None:
        kwargs = {name: value.shape for name, value in location.items()}
    executor = sym.simple_bind(ctx, grad_req=grad_req or "write", **kwargs)
    for name, array in executor.arg_dict.items():
        array[:] = np.random.normal(size=array.shape) if location is None else location[name]

    def run():
        executor.forward(is_train=typ == "whole")
        if typ == "whole":
            executor.backward(executor.outputs)

    run()
    nd.waitall()
    begin = time.perf_counter()
    for _ in range(N):
        run()
    nd.waitall()
    return (time.perf_counter() - begin) / N


def _copy(array):
    return array.copyto(array.context)


def compare_optimizer(
    opt1,
    opt2,
    shape,
    dtype,
    w_stype="default",
    g_stype="default",
    rtol=1e-4,
    atol=1e-5,
    compare_states=True,
    ntensors=1,
):
    """Check that two optimizers change random parameters in the same way.

    Args:
        opt1 (Optimizer): One.
        opt2 (Optimizer): The other.
        shape (tuple of int, or list of them): Shape of a parameter; of each with `ntensors`.
        dtype (type): Type of the parameters.
        w_stype (str): Kind of storage of the parameters.
        g_stype (str): Kind of storage of the gradients.
        rtol (float): Relative tolerance.
        atol (float): Absolute tolerance.
        compare_states (bool): Whether to compare the states too.
        ntensors (int): Number of parameters that one call updates.

    Raises:
        AssertionError: Parameters or states differ.
    """
    shapes = shape if isinstance(shape, list) else [shape] * ntensors

    weights = [rand_ndarray(each, w_stype, density=1, dtype=dtype) for each in shapes]
    grads = [rand_ndarray(each, g_stype, dtype=dtype) for each in shapes]
    sides = []
    for optimizer in (opt1, opt2):
        own = [_copy(weight) for weight in weights]
        states = [optimizer.create_state_multi_precision(i, weight) for i, weight in enumerate(own)]
        sides.append((optimizer, own, [_copy(grad) for grad in grads], states))
    if compare_states:
        compare_ndarray_tuple(tuple(sides[0][3]), tuple(sides[1][3]), rtol, atol)
    for optimizer, own, grad, states in sides:
        if ntensors == 1 and not isinstance(shape, list):
            optimizer.update_multi_precision(0, own[0], grad[0], states[0])
        else:
            optimizer.update_multi_precision(list(range(len(own))), own, grad, states)
    if compare_states:
        compare_ndarray_tuple(tuple(sides[0][3]), tuple(sides[1][3]), rtol, atol)
    for one, other in zip(sides[0][1], sides[1][1]):
        assert_almost_equal(one, other, rtol=rtol, atol=atol)


class _Values(initializer.Initializer):
    """Gives parameters values by their names."""

    def __init__(self, values):
        super().__init__()
        self.values = values

    def __call__(self, desc, arr):
        arr[:] = self.values[desc]


@use_np
def check_gluon_hybridize_consistency(
    net_builder, data_l, numpy_func=None, test_grad=True, rtol=1e-4, atol=1e-4
):
    """Compare what a block of `mx.np` computes as operators and as a graph, and with NumPy.

    Args:
        net_builder (function): ``net_builder(prefix=...)`` makes the block, anew for each run.
        data_l (list of ndarray): What the block is called with.
        numpy_func (function): Gives the output that is expected for the same NumPy arrays.
        test_grad (bool): Whether gradients of data and parameters are compared.
        rtol, atol: See `assert_almost_equal`.

    Raises:
        AssertionError: An output or a gradient differs.
    """
    first = values = None
    for hybridize, record in itertools.product((False, True), repeat=2):
        net = net_builder(prefix="net_")
        net.initialize(values and _Values(values))
        if hybridize:
            net.hybridize()
        outputs, gradients = _run_block(net, data_l, record, test_grad)
        if values is None:
            values = {name: each.data() for name, each in net.collect_params().items()}
            first = {False: outputs}
        for found, expected in zip(outputs, first[False]):
            assert_almost_equal(found, expected, rtol=rtol, atol=atol)
        for found, expected in zip(gradients, first.setdefault(True, gradients) if record else ()):
            assert_almost_equal(found, expected, rtol=rtol, atol=atol)
    if numpy_func is not None:
        expected = numpy_func(*(each.asnumpy() for each in data_l))
        assert_almost_equal(first[False][0], expected, rtol=rtol, atol=atol)


def _run_block(net, data, record, with_gradients):
    """The outputs of a block for copies of data, and the gradients where it records."""
    data = [each.copy() for each in data]
    for each in data if record and with_gradients else ():
        each.attach_grad()
    with autograd.record() if record else contextlib.nullcontext():
        outputs = net(*data)
    outputs = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
    if not (record and with_gradients):
        return outputs, []
    autograd.backward(outputs)
    parameters = net.collect_params().values()
    learned = [each.grad() for each in parameters if each.grad_req != "null"]
    return outputs, [*(each.grad for each in data), *learned]
