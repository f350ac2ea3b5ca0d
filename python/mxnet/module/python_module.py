"""Modules that are written in Python and have no parameters, such as losses."""

import logging

from .. import error
from .. import ndarray as nd
from .base_module import BaseModule
from .loops import DEFAULT_INITIALIZER

__all__ = ["PythonModule", "PythonLossModule"]


class PythonModule(BaseModule):
    """Base of modules without parameters. A subclass defines `forward`, `backward`, `get_outputs`,
    `get_input_grads` and `_compute_output_shapes`.

    Args:
        data_names (list of str): Names of the inputs.
        label_names (list of str): Names of the labels; None or empty without.
        output_names (list of str): Names of the outputs.
        logger (Logger): Where to log.
    """

    def __init__(self, data_names, label_names, output_names, logger=logging):
        super().__init__(logger=logger)
        self._data_names = _names(data_names)
        self._label_names = _names(label_names)
        self._output_names = _names(output_names)
        self._data_shapes = None
        self._label_shapes = None
        self._output_shapes = None

    @property
    def data_names(self):
        """Names of the inputs."""
        return self._data_names

    @property
    def output_names(self):
        """Names of the outputs."""
        return self._output_names

    @property
    def data_shapes(self):
        """Descriptions of the inputs."""
        return self._data_shapes

    @property
    def label_shapes(self):
        """Descriptions of the labels."""
        return self._label_shapes

    @property
    def output_shapes(self):
        """Pairs of name and shape of the outputs."""
        return self._output_shapes

    def get_params(self):
        """Parameters and auxiliary states, of which there are none."""
        return {}, {}

    def init_params(
        self,
        initializer=DEFAULT_INITIALIZER,
        arg_params=None,
        aux_params=None,
        allow_missing=False,
        force_init=False,
        allow_extra=False,
    ):
        """There is nothing to initialize."""
        self.params_initialized = True

    def init_optimizer(
        self,
        kvstore="local",
        optimizer="sgd",
        optimizer_params=(("learning_rate", 0.01),),
        force_init=False,
    ):
        """There is nothing to optimize."""
        self.optimizer_initialized = True

    def update(self):
        """There is nothing to update."""

    def install_monitor(self, mon):
        """There is no executor to watch."""

    def update_metric(self, eval_metric, labels, pre_sliced=False):
        """Count the outputs in a metric, if there are labels."""
        if self._label_shapes is None:
            return
        if pre_sliced:
            raise error.ValueError(
                f"{type(self).__name__}.update_metric: pre_sliced=True is for several devices; "
                "labels of the whole batch are expected"
            )
        eval_metric.update(labels, self.get_outputs())

    def bind(
        self,
        data_shapes,
        label_shapes=None,
        for_training=True,
        inputs_need_grad=False,
        force_rebind=False,
        shared_module=None,
        grad_req="write",
    ):
        """Take shapes, and tell those of the outputs; see `Module.bind`.

        Raises:
            ValueError: `grad_req` is not "write", or names are not those of the module.
        """
        if self.binded and not force_rebind:
            self.logger.warning("Already bound, ignoring bind()")
            return
        if grad_req != "write":
            raise error.ValueError(
                f"{type(self).__name__}.bind: grad_req={grad_req!r} is not supported; write is "
                "expected"
            )
        self._check("data_shapes", data_shapes, self._data_names)
        if label_shapes is not None:
            self._check("label_shapes", label_shapes, self._label_names)
        self._data_shapes = data_shapes
        self._label_shapes = label_shapes
        self.for_training = for_training
        self.inputs_need_grad = inputs_need_grad
        self._output_shapes = self._compute_output_shapes()
        self.binded = True

    def _check(self, argument, shapes, names):
        given = [desc[0] for desc in shapes]
        if given != names:
            raise error.AssertedValueError(
                f"{type(self).__name__}.bind: {argument} has the names {given}; {names} is expected"
            )

    def _compute_output_shapes(self):
        """Pairs of name and shape of the outputs, from `_data_shapes` and `_label_shapes`."""
        raise self._missing("_compute_output_shapes()")


def _names(names):
    return list(names) if names is not None else []


class PythonLossModule(PythonModule):
    """A loss whose gradient is a Python function. Its outputs are its inputs.

    Args:
        name (str): Name of the loss; comes before ``_output``.
        data_names (list of str): Name of the input; one.
        label_names (list of str): Name of the labels; one.
        logger (Logger): Where to log.
        grad_func (function): Takes scores and labels (NDArray) and gives the gradient of the scores
            (NDArray, or what makes one). A subclass may define `_backward_impl` in its place.

    Raises:
        ValueError: There are several names.
        TypeError: `grad_func` cannot be called.
    """

    def __init__(
        self,
        name="pyloss",
        data_names=("data",),
        label_names=("softmax_label",),
        logger=logging,
        grad_func=None,
    ):
        super().__init__(data_names, label_names, [f"{name}_output"], logger=logger)
        for argument, names in (("data_names", data_names), ("label_names", label_names)):
            if len(names) != 1:
                raise error.AssertedValueError(
                    f"PythonLossModule: {argument}={list(names)} has {len(names)} names; one is "
                    "expected"
                )
        if grad_func is not None and not callable(grad_func):
            raise error.AssertedTypeError(
                f"PythonLossModule: grad_func={grad_func!r} is a {type(grad_func).__name__}; a "
                "function of scores and labels is expected"
            )
        self._name = name
        self._grad_func = grad_func
        self._scores = None
        self._labels = None
        self._scores_grad = None

    def _compute_output_shapes(self):
        return [(f"{self._name}_output", self._data_shapes[0][1])]

    def _ready(self, array, what, call):
        if array is None:
            raise error.MXNetError(f"{type(self).__name__}.{what}: call {call} first")
        return array

    def forward(self, data_batch, is_train=None):
        """Keep the scores of a batch, and in training mode its labels."""
        self._scores = data_batch.data[0]
        if self.for_training if is_train is None else is_train:
            self._labels = data_batch.label[0]

    def get_outputs(self, merge_multi_context=True):
        """The scores."""
        return [self._ready(self._scores, "get_outputs", "forward()")]

    def backward(self, out_grads=None):
        """Compute the gradient of the scores.

        Raises:
            ValueError: `out_grads` is given; nothing comes after a loss.
        """
        if out_grads is not None:
            raise error.ValueError(
                f"{type(self).__name__}.backward: out_grads is given; a loss takes none"
            )
        self._ready(self._labels, "backward", "forward(is_train=True)")
        self._backward_impl()

    def _backward_impl(self):
        """Set `_scores_grad` from `_scores` and `_labels`."""
        if self._grad_func is None:
            raise error.NotImplementedError(
                f"{type(self).__name__}: neither grad_func nor _backward_impl() is defined; one of "
                "them is expected"
            )
        grad = self._grad_func(self._scores, self._labels)
        self._scores_grad = grad if isinstance(grad, nd.NDArray) else nd.array(grad)

    def get_input_grads(self, merge_multi_context=True):
        """The gradient of the scores."""
        return [self._ready(self._scores_grad, "get_input_grads", "backward()")]
