"""Automatic differentiation of computations on arrays."""

from . import _core, error
from ._core import AutogradScope as _Scope
from ._core import NDArray, is_recording, is_training, set_recording

__all__ = [
    "record",
    "pause",
    "train_mode",
    "predict_mode",
    "is_recording",
    "is_training",
    "set_recording",
    "set_training",
    "mark_variables",
    "backward",
    "grad",
    "get_symbol",
    "Function",
    "detect_anomaly",
]

set_training = _core.set_training


def record(train_mode=True):
    """A ``with`` block in which operators are recorded, so that they can be differentiated.

    Args:
        train_mode (bool): Whether operators such as Dropout and BatchNorm train inside.
    """
    return _Scope(True, train_mode)


def pause(train_mode=False):
    """A ``with`` block inside of `record` in which nothing is recorded.

    Args:
        train_mode (bool): Whether operators such as Dropout and BatchNorm train inside.
    """
    return _Scope(False, train_mode)


def train_mode():
    """A ``with`` block in which Dropout, BatchNorm and the like train."""
    return _Scope(None, True)


def predict_mode():
    """A ``with`` block in which Dropout, BatchNorm and the like predict."""
    return _Scope(None, False)


class detect_anomaly:  # noqa: N801
    """A ``with`` block in which every result is looked at for NaN and Inf.

    The first operator that makes one out of finite inputs is an error that names the operator, its
    node in a graph and the line of the program that called it; for gradients that is the line of
    the forward pass. The error is raised where the result is waited for, at the end of the block at
    the latest. Graphs that are compiled inside are compiled without fused operators.

    Raises:
        MXNetError: An operator made NaN or Inf out of finite inputs.
    """

    def __enter__(self):
        _core.anomaly_begin()
        return self

    def __exit__(self, kind, value, trace):
        try:
            if kind is None:
                _core.waitall()
        finally:
            _core.anomaly_end()


def mark_variables(variables, gradients, grad_reqs="write"):
    """Let `backward` compute the gradients of arrays.

    Args:
        variables (NDArray or list of NDArray): The arrays.
        gradients (NDArray or list of NDArray): Where their gradients go; same shapes and types.
        grad_reqs (str or list of str): 'write', 'add' or 'null', for all or for each.
    """
    variables, gradients = _as_list(variables), _as_list(gradients)
    if isinstance(grad_reqs, str):
        grad_reqs = [grad_reqs] * len(variables)
    _core.mark_variables(variables, gradients, grad_reqs)


def backward(heads, head_grads=None, retain_graph=False, train_mode=True):
    """Compute the gradients of arrays with respect to all variables they depend on.

    Args:
        heads (NDArray or list of NDArray): What to differentiate.
        head_grads (NDArray or list of NDArray): Weights of the elements; None means ones.
        retain_graph (bool): Whether to keep the record, for another call.
        train_mode (bool): Whether the computation was made in train mode.

    Raises:
        MXNetError: A head was not computed inside of `record`.
    """
    heads, head_grads = _as_lists(heads, head_grads)
    _core.backward(heads, head_grads, retain_graph, train_mode)


def grad(heads, variables, head_grads=None, retain_graph=None, create_graph=False, train_mode=True):
    """The gradients of arrays with respect to chosen variables; `NDArray.grad` stays as it is.

    Args:
        heads (NDArray or list of NDArray): What to differentiate.
        variables (NDArray or list of NDArray): With respect to what.
        head_grads (NDArray or list of NDArray): Weights of the elements; None means ones.
        retain_graph (bool): Whether to keep the record; None means as `create_graph`.
        create_graph (bool): Whether to record the gradients too, so that they can be
            differentiated again.
        train_mode (bool): Whether the computation was made in train mode.

    Returns:
        list of NDArray: The gradients, one for each variable.
    """
    heads, head_grads = _as_lists(heads, head_grads)
    variables = list(_as_list(variables))
    if not variables:
        raise error.AssertedValueError("grad: variables is empty; expected at least one NDArray")
    retain = create_graph if retain_graph is None else retain_graph
    return _core.grad(heads, variables, head_grads, retain, create_graph, train_mode)


def get_symbol(x):
    """How an array was computed, as a symbol.

    Args:
        x (NDArray): A result that was recorded and whose tape was not freed.

    Returns:
        Symbol: Its arguments stand for the arrays with ``attach_grad`` (``var0`` ...) and for
        constants (``null1`` ...).

    Raises:
        TypeError: `x` is no NDArray.
        ValueError: `x` is not known to the tape, or depends on a `Function`.
    """
    if not isinstance(x, NDArray):
        raise error.AssertedTypeError(
            f"get_symbol: x={x!r} is of type {type(x).__name__}; expected an NDArray"
        )
    from .symbol import Symbol  # loaded by programs that use symbols only

    return Symbol(_core.recorded_symbol(x))


def _as_list(arrays):
    return [arrays] if isinstance(arrays, NDArray) else arrays


def _as_lists(heads, head_grads):
    heads, head_grads = _as_list(heads), _as_list(head_grads)
    return list(heads), None if head_grads is None else list(head_grads)


class Function:
    """A differentiable computation written in Python.

    A subclass defines ``forward(self, *inputs)``, which returns an NDArray or several, and
    ``backward(self, *output_grads)``, which returns the gradients of the inputs. An object is
    called once:

        class Double(mx.autograd.Function):
            def forward(self, x):
                return x * 2
            def backward(self, dy):
                return dy * 2
        y = Double()(x)
    """

    def __init__(self):
        self._used = False
        self.saved_tensors = ()

    def save_for_backward(self, *args):
        """Keep arrays for `backward`, which finds them in `saved_tensors`."""
        self.saved_tensors = args

    def __call__(self, *inputs):
        if self._used:
            raise error.AssertedValueError(
                f"{type(self).__name__}: this object was called already; expected a new one for "
                "each call"
            )
        self._used = True
        with pause():
            result = self.forward(*inputs)
        if not is_recording():
            return result
        outputs = [result] if isinstance(result, NDArray) else list(result)
        if not all(isinstance(output, NDArray) for output in outputs):
            raise error.TypeError(
                f"{type(self).__name__}: forward gave {type(result).__name__} while recording, as "
                "in a hybridized block; expected arrays, or an operator of mx.operator in its "
                "place, which graphs can differentiate"
            )
        outputs = [output.detach() for output in outputs]
        _core.record_custom(type(self).__name__, inputs, outputs, self._gradients)
        return outputs[0] if isinstance(result, NDArray) else outputs

    def _gradients(self, output_grads):
        grads = self.backward(*output_grads)
        if grads is None or isinstance(grads, NDArray):
            return [grads]
        if not isinstance(grads, (list, tuple)):
            raise error.TypeError(
                f"{type(self).__name__}.backward: the result is of type {type(grads).__name__}; "
                "expected an NDArray, or one for each input"
            )
        return grads

    def forward(self, *inputs):
        """Compute the outputs; nothing is recorded inside."""
        raise error.NotImplementedError(
            "Function: forward is not defined; expected it in the subclass"
        )

    def backward(self, *output_grads):
        """Compute the gradients of the inputs."""
        raise error.NotImplementedError(
            "Function: backward is not defined; expected it in the subclass"
        )
