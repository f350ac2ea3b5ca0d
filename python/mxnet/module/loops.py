"""Training, scoring and predicting over data iterators, the same for every module."""

import time
import warnings

import numpy as np

from .. import error, metric
from .. import ndarray as nd
from ..checkpoint import BatchEndParam
from ..initializer import Uniform
from ..io import DataBatch, DataIter

__all__ = ["Loops"]

DEFAULT_INITIALIZER = Uniform(0.01)


def as_list(value):
    """`value` as a list; one that is not a list becomes a list of one."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _call(callbacks, param):
    for callback in as_list(callbacks):
        callback(param)


def _metric(eval_metric):
    if isinstance(eval_metric, metric.EvalMetric):
        return eval_metric
    return metric.create(eval_metric)


def _check_data(data, owner, argument):
    """Refuse what is no data iterator.

    Raises:
        TypeError: It lacks what an iterator has.
    """
    if not (hasattr(data, "reset") and hasattr(data, "provide_data")):
        raise error.TypeError(
            f"{owner}: {argument} is a {type(data).__name__}; a DataIter is expected, such as "
            "mx.io.NDArrayIter makes from arrays"
        )


def _check_epochs(begin_epoch, num_epoch):
    """Refuse numbers that are no integers, and warn where nothing will be done."""
    if num_epoch is None:
        raise error.AssertedValueError(
            "Module.fit: num_epoch is not given; the number of the epoch to end before is expected"
        )
    for argument, value in (("begin_epoch", begin_epoch), ("num_epoch", num_epoch)):
        if not hasattr(value, "__index__"):
            raise error.TypeError(
                f"Module.fit: {argument}={value!r} is a {type(value).__name__}; an int is expected"
            )
    if num_epoch <= begin_epoch:
        warnings.warn(
            f"Module.fit: num_epoch={num_epoch} is not above begin_epoch={begin_epoch}; no epoch "
            "is trained",
            stacklevel=3,
        )


def _check_callbacks(**callbacks):
    """Refuse what cannot be called, before the first batch is trained."""
    for argument, value in callbacks.items():
        for callback in as_list(value) if value is not None else ():
            if not callable(callback):
                raise error.TypeError(
                    f"Module.fit: {argument} has a {type(callback).__name__}; a function, or a "
                    "list of functions, is expected"
                )


class Loops:
    """What a module does with a data iterator, in terms of what it does with a batch."""

    def forward_backward(self, data_batch):
        """`forward` for training, then `backward`."""
        self.forward(data_batch, is_train=True)
        self.backward()

    def score(
        self,
        eval_data,
        eval_metric,
        num_batch=None,
        batch_end_callback=None,
        score_end_callback=None,
        reset=True,
        epoch=0,
        sparse_row_id_fn=None,
    ):
        """Compute a metric over a data iterator.

        Args:
            eval_data (DataIter): The data.
            eval_metric (EvalMetric, str or list): The metric, as `mx.metric.create` takes it.
            num_batch (int): Batches to look at; all if not given.
            batch_end_callback (function or list): Called with a `BatchEndParam` after each batch.
            score_end_callback (function or list): Called with one at the end.
            reset (bool): Whether to start the iterator over first.
            epoch (int): Number of the epoch, for the callbacks.
            sparse_row_id_fn (function): See `prepare`.

        Returns:
            list of (str, float): Names and values of the metric.
        """
        self._need(bound=True, params=True)
        _check_data(eval_data, "Module.score", "eval_data")
        if reset:
            eval_data.reset()
        eval_metric = _metric(eval_metric)
        eval_metric.reset()
        actual_num_batch = 0
        for nbatch, eval_batch in enumerate(eval_data):
            if nbatch == num_batch:
                break
            self.prepare(eval_batch, sparse_row_id_fn=sparse_row_id_fn)
            self.forward(eval_batch, is_train=False)
            self._count(eval_metric, eval_batch)
            if batch_end_callback is not None:
                _call(batch_end_callback, BatchEndParam(epoch, nbatch, eval_metric, locals()))
            actual_num_batch += 1
        if score_end_callback is not None:
            _call(score_end_callback, BatchEndParam(epoch, actual_num_batch, eval_metric, locals()))
        return eval_metric.get_name_value()

    def _count(self, eval_metric, batch):
        if isinstance(batch, list):
            self.update_metric(eval_metric, [part.label for part in batch], pre_sliced=True)
        else:
            self.update_metric(eval_metric, batch.label)

    def iter_predict(self, eval_data, num_batch=None, reset=True, sparse_row_id_fn=None):
        """Predict batch by batch.

        Args:
            eval_data (DataIter): The data.
            num_batch (int): Batches to look at; all if not given.
            reset (bool): Whether to start the iterator over first.
            sparse_row_id_fn (function): See `prepare`.

        Yields:
            tuple: Outputs (a list of NDArray without the padding), number of the batch, batch.
            The outputs are valid until the next batch.
        """
        self._need(bound=True, params=True)
        _check_data(eval_data, "Module.iter_predict", "eval_data")
        if reset:
            eval_data.reset()
        for nbatch, eval_batch in enumerate(eval_data):
            if nbatch == num_batch:
                break
            self.prepare(eval_batch, sparse_row_id_fn=sparse_row_id_fn)
            self.forward(eval_batch, is_train=False)
            pad = getattr(eval_batch, "pad", None) or 0
            outputs = self.get_outputs()
            if pad:
                outputs = [output[: output.shape[0] - pad] for output in outputs]
            yield outputs, nbatch, eval_batch

    def predict(
        self,
        eval_data,
        num_batch=None,
        merge_batches=True,
        reset=True,
        always_output_list=False,
        sparse_row_id_fn=None,
    ):
        """Predict for an array or over a data iterator.

        Args:
            eval_data (NDArray, NumPy array or DataIter): The data; an array is one batch.
            num_batch (int): Batches to look at; all if not given.
            merge_batches (bool): Whether to join the outputs of all batches.
            reset (bool): Whether to start the iterator over first.
            always_output_list (bool): Whether to give a list for a single output too.
            sparse_row_id_fn (function): See `prepare`.

        Returns:
            NDArray or list of NDArray: The outputs; a list of lists, one for each batch, if
            `merge_batches` is false.

        Raises:
            ValueError: `eval_data` is of the wrong kind, or outputs of batches do not fit.
        """
        self._need(bound=True, params=True)
        if isinstance(eval_data, (nd.NDArray, np.ndarray)):
            data = nd.array(eval_data) if isinstance(eval_data, np.ndarray) else eval_data
            self.forward(DataBatch([data]), is_train=False)
            return self.get_outputs()[0]
        if not isinstance(eval_data, DataIter):
            raise error.ValueError(
                f"Module.predict: eval_data is a {type(eval_data).__name__}; an "
                "NDArray, a NumPy array or a DataIter is expected"
            )
        # The arrays of an executor are written again by the next batch, so they are copied.
        batches = [
            [output.copy() for output in outputs]
            for outputs, _, _ in self.iter_predict(eval_data, num_batch, reset, sparse_row_id_fn)
        ]
        if not batches or not merge_batches:
            return batches
        if len({len(outputs) for outputs in batches}) > 1:
            raise error.ValueError(
                "Module.predict: the batches have different numbers of outputs; "
                "merge_batches=False gives them one by one"
            )
        merged = [
            nd.concat(*parts, dim=0) if len(parts) > 1 else parts[0] for parts in zip(*batches)
        ]
        return merged[0] if len(merged) == 1 and not always_output_list else merged

    def fit(
        self,
        train_data,
        eval_data=None,
        eval_metric="acc",
        epoch_end_callback=None,
        batch_end_callback=None,
        kvstore="local",
        optimizer="sgd",
        optimizer_params=(("learning_rate", 0.01),),
        eval_end_callback=None,
        eval_batch_end_callback=None,
        initializer=DEFAULT_INITIALIZER,
        arg_params=None,
        aux_params=None,
        allow_missing=False,
        force_rebind=False,
        force_init=False,
        begin_epoch=0,
        num_epoch=None,
        validation_metric=None,
        monitor=None,
        sparse_row_id_fn=None,
    ):
        """Train the module.

        Args:
            train_data (DataIter): The training data.
            eval_data (DataIter): Data to compute `validation_metric` on after each epoch.
            eval_metric (EvalMetric, str or list): Metric of the training data.
            epoch_end_callback (function or list): Called after each epoch with its number, the
                symbol, the parameters and the auxiliary states.
            batch_end_callback (function or list): Called with a `BatchEndParam` after each batch.
            kvstore (str or KVStore): How gradients of several devices are added.
            optimizer (str or Optimizer): The optimizer.
            optimizer_params (dict or pairs): Its arguments.
            eval_end_callback (function or list): Called after each validation.
            eval_batch_end_callback (function or list): Called after each batch of a validation.
            initializer (Initializer): For parameters without a value.
            arg_params (dict of str to NDArray): Parameters to start from.
            aux_params (dict of str to NDArray): Auxiliary states to start from.
            allow_missing (bool): Whether `arg_params` may lack some, which are initialized.
            force_rebind (bool): Whether to bind again if it is bound.
            force_init (bool): Whether to initialize parameters that have values.
            begin_epoch (int): Number of the first epoch.
            num_epoch (int): Number of the epoch to end before.
            validation_metric (EvalMetric, str or list): Metric of `eval_data`; `eval_metric` if
                not given.
            monitor (Monitor): Watches the executors.
            sparse_row_id_fn (function): See `prepare`.

        Raises:
            MXNetError: An argument has a wrong value.

        Example:
            >>> module.fit(train, eval_data=test, num_epoch=5,
            ...            optimizer_params={"learning_rate": 0.1},
            ...            epoch_end_callback=mx.callback.do_checkpoint("lenet"))
        """
        _check_epochs(begin_epoch, num_epoch)
        _check_data(train_data, "Module.fit", "train_data")
        if eval_data is not None:
            _check_data(eval_data, "Module.fit", "eval_data")
        _check_callbacks(
            epoch_end_callback=epoch_end_callback,
            batch_end_callback=batch_end_callback,
            eval_end_callback=eval_end_callback,
            eval_batch_end_callback=eval_batch_end_callback,
        )
        self.bind(
            data_shapes=train_data.provide_data,
            label_shapes=train_data.provide_label,
            for_training=True,
            force_rebind=force_rebind,
        )
        if monitor is not None:
            self.install_monitor(monitor)
        self.init_params(
            initializer=initializer,
            arg_params=arg_params,
            aux_params=aux_params,
            allow_missing=allow_missing,
            force_init=force_init,
        )
        self.init_optimizer(kvstore=kvstore, optimizer=optimizer, optimizer_params=optimizer_params)
        eval_metric = _metric(eval_metric)
        validation_metric = eval_metric if validation_metric is None else validation_metric
        for epoch in range(begin_epoch, num_epoch):
            tic = time.time()
            values = self._train_epoch(
                epoch, train_data, eval_metric, batch_end_callback, monitor, sparse_row_id_fn
            )
            for name, value in values:
                self.logger.info("Epoch[%d] Train-%s=%f", epoch, name, value)
            self.logger.info("Epoch[%d] Time cost=%.3f", epoch, time.time() - tic)
            self._end_epoch(epoch, epoch_end_callback)
            if eval_data is not None:
                for name, value in self.score(
                    eval_data,
                    validation_metric,
                    score_end_callback=eval_end_callback,
                    batch_end_callback=eval_batch_end_callback,
                    epoch=epoch,
                ):
                    self.logger.info("Epoch[%d] Validation-%s=%f", epoch, name, value)
            train_data.reset()

    def _train_epoch(
        self, epoch, train_data, eval_metric, batch_end_callback, monitor, sparse_row_id_fn
    ):
        """Train on every batch once; gives names and values of the metric."""
        eval_metric.reset()
        eval_name_vals = []
        data_iter = iter(train_data)
        next_data_batch = next(data_iter, None)
        nbatch = 0
        while next_data_batch is not None:
            data_batch = next_data_batch
            if monitor is not None:
                monitor.tic()
            self.forward_backward(data_batch)
            self.update()
            # Only some metrics wait for the outputs: the next batch is read while this one is
            # still being computed, but after the metric has seen its labels, as an iterator may
            # hand over the same arrays again.
            self._count(eval_metric, data_batch)
            next_data_batch = next(data_iter, None)
            if next_data_batch is not None:
                self.prepare(next_data_batch, sparse_row_id_fn=sparse_row_id_fn)
            if monitor is not None:
                monitor.toc_print()
            if next_data_batch is None:
                # Callbacks may reset the metric.
                eval_name_vals = eval_metric.get_global_name_value()
            if batch_end_callback is not None:
                _call(batch_end_callback, BatchEndParam(epoch, nbatch, eval_metric, locals()))
            nbatch += 1
        if nbatch == 0:
            warnings.warn(
                f"Module.fit: train_data gives no batch in epoch {epoch}; nothing is trained",
                stacklevel=3,
            )
        return eval_name_vals

    def _end_epoch(self, epoch, epoch_end_callback):
        """Bring the parameters of all devices together and hand them to the callbacks."""
        if epoch_end_callback is None and not self._params_differ_by_device():
            return
        arg_params, aux_params = self.get_params()
        if self._params_differ_by_device():
            self.set_params(arg_params, aux_params)
        for callback in as_list(epoch_end_callback if epoch_end_callback is not None else []):
            callback(epoch, self.symbol, arg_params, aux_params)

    def _params_differ_by_device(self):
        """Whether devices may hold different values of a parameter."""
        return True
