"""The trainer of the first versions, a thin face of Module."""

import warnings

import numpy as np

from . import error, io
from . import ndarray as nd
from .checkpoint import load_checkpoint, save_checkpoint
from .initializer import Uniform
from .module import BucketingModule, Module
from .module.slicing import device_list
from .symbol import Symbol

__all__ = ["FeedForward"]

_INITIALIZER = Uniform(0.01)


def _counted_from_1(callbacks):
    """Callbacks of training that get the numbers of the first versions, which began with 1."""
    if callbacks is None:
        return None

    def counted(param):
        for callback in callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]:
            callback(param._replace(nbatch=param.nbatch + 1))

    return counted


class FeedForward:
    """Trains and runs a network, as programs of 2015 and 2016 do; `mx.mod.Module` follows it.

    Args:
        symbol (Symbol or function): The network, or what makes it from the bucket key of a batch.
        ctx (Context or list of Context): The devices.
        num_epoch (int): Number of the epoch to end before.
        epoch_size (int): Batches in an epoch; all if not given.
        optimizer (str or Optimizer): The optimizer.
        initializer (Initializer): For parameters without a value.
        numpy_batch_size (int): Rows in a batch when data are arrays.
        arg_params (dict of str to NDArray): Parameters to start from.
        aux_params (dict of str to NDArray): Auxiliary states to start from.
        allow_extra_params (bool): Whether names that the network does not have are accepted.
        begin_epoch (int): Number of the first epoch.
        **kwargs: Arguments of the optimizer.
    """

    def __init__(
        self,
        symbol,
        ctx=None,
        num_epoch=None,
        epoch_size=None,
        optimizer="sgd",
        initializer=_INITIALIZER,
        numpy_batch_size=128,
        arg_params=None,
        aux_params=None,
        allow_extra_params=False,
        begin_epoch=0,
        **kwargs,
    ):
        warnings.warn(
            "FeedForward is deprecated; mx.mod.Module takes its place",
            DeprecationWarning,
            stacklevel=2,
        )
        self.ctx = device_list(ctx)
        self.symbol = symbol if isinstance(symbol, Symbol) else None
        self.sym_gen = None if isinstance(symbol, Symbol) else symbol
        if self.symbol is None and not callable(symbol):
            raise error.AssertedTypeError(
                f"FeedForward: symbol is a {type(symbol).__name__}; a Symbol, or a function that "
                "makes one from a bucket key, is expected"
            )
        self.num_epoch = num_epoch
        self.epoch_size = epoch_size
        self.optimizer = optimizer
        self.initializer = initializer
        self.numpy_batch_size = numpy_batch_size
        self.arg_params = arg_params
        self.aux_params = aux_params
        self.allow_extra_params = allow_extra_params
        self.begin_epoch = begin_epoch
        self.kwargs = kwargs.copy()

    @staticmethod
    def load(prefix, epoch, ctx=None, **kwargs):
        """Make a model from a checkpoint; training goes on at `epoch`."""
        symbol, arg_params, aux_params = load_checkpoint(prefix, epoch)
        return FeedForward(
            symbol,
            ctx=ctx,
            arg_params=arg_params,
            aux_params=aux_params,
            begin_epoch=epoch,
            **kwargs,
        )

    def save(self, prefix, epoch=None, remove_amp_cast=True):
        """Save symbol and parameters; `epoch` is `num_epoch` if not given."""
        epoch = self.num_epoch if epoch is None else epoch
        self._need_params()
        save_checkpoint(
            prefix,
            epoch,
            self.symbol,
            self.arg_params,
            self.aux_params,
            remove_amp_cast=remove_amp_cast,
        )

    @staticmethod
    def create(
        symbol,
        X,  # noqa: N803
        y=None,
        ctx=None,
        num_epoch=None,
        epoch_size=None,
        optimizer="sgd",
        initializer=_INITIALIZER,
        eval_data=None,
        eval_metric="acc",
        epoch_end_callback=None,
        batch_end_callback=None,
        kvstore="local",
        logger=None,
        work_load_list=None,
        eval_end_callback=None,
        eval_batch_end_callback=None,
        **kwargs,
    ):
        """Make a model and `fit` it."""
        model = FeedForward(symbol, ctx, num_epoch, epoch_size, optimizer, initializer, **kwargs)
        model.fit(
            X,
            y,
            eval_data,
            eval_metric,
            epoch_end_callback,
            batch_end_callback,
            kvstore,
            logger,
            work_load_list,
            eval_end_callback=eval_end_callback,
            eval_batch_end_callback=eval_batch_end_callback,
        )
        return model

    def _need_params(self):
        if self.arg_params is None:
            raise error.AssertionError("FeedForward: there are no parameters; fit or load first")

    def _iterator(self, data, label, is_train):
        """An iterator over arrays; an iterator is given back as it is."""
        if not isinstance(data, (np.ndarray, nd.NDArray)):
            if isinstance(data, io.DataIter):
                return data
            raise error.TypeError(
                f"FeedForward: X is a {type(data).__name__}; an array or a DataIter is expected"
            )
        if label is None:
            if is_train:
                raise error.ValueError(
                    "FeedForward.fit: y is not given; labels are expected when X is an array"
                )
            label = np.zeros(data.shape[0])
        label = label if isinstance(label, nd.NDArray) else np.asarray(label)
        if label.shape[0] != data.shape[0]:
            raise error.ValueError(
                f"FeedForward: X has {data.shape[0]} rows and y {label.shape[0]}; a label for "
                "each row is expected"
            )
        return io.NDArrayIter(
            data,
            label.reshape(-1) if label.ndim == 2 and label.shape[1] == 1 else label,
            min(data.shape[0], self.numpy_batch_size),
            shuffle=is_train,
            last_batch_handle="roll_over" if is_train else "pad",
        )

    def _module(self, data, **options):
        names = [[desc[0] for desc in descs] for descs in (data.provide_data, data.provide_label)]
        return Module(self.symbol, *names, context=self.ctx, **options)

    def _bucketing_module(self, data, **options):
        """A module that makes a network for each bucket key; `symbol` is the largest one."""
        key = getattr(data, "default_bucket_key", None)
        if key is None:
            raise error.ValueError(
                "FeedForward: X has no default_bucket_key; one is expected as symbol is a function"
            )
        self.symbol = self.sym_gen(key)
        names = [[desc[0] for desc in descs] for descs in (data.provide_data, data.provide_label)]

        def network(bucket_key):
            return self.symbol if bucket_key == key else self.sym_gen(bucket_key), *names

        return BucketingModule(network, key, context=self.ctx, **options)

    def fit(
        self,
        X,  # noqa: N803
        y=None,
        eval_data=None,
        eval_metric="acc",
        epoch_end_callback=None,
        batch_end_callback=None,
        kvstore="local",
        logger=None,
        work_load_list=None,
        monitor=None,
        eval_end_callback=None,
        eval_batch_end_callback=None,
    ):
        """Train the model; `arg_params` and `aux_params` hold the result.

        Args:
            X (array or DataIter): The data.
            y (array): The labels, if `X` is an array.
            eval_data (DataIter or pair of arrays): Data to compute the metric on after each
                epoch.
            logger (Logger): Where to log.
            work_load_list (list of float): Share of each device in a batch.
            eval_metric, epoch_end_callback, batch_end_callback, kvstore, monitor,
            eval_end_callback, eval_batch_end_callback: See `Module.fit`.
        """
        data = self._iterator(X, y, True)
        if isinstance(eval_data, (tuple, list)) and len(eval_data) == 2:
            eval_data = self._iterator(*eval_data, False)
        data.reset()
        make = self._module if self.sym_gen is None else self._bucketing_module
        module = make(data, logger=logger, work_load_list=work_load_list)
        if self.epoch_size is not None:
            data = io.ResizeIter(data, self.epoch_size, reset_internal=False)
        module.fit(
            data,
            eval_data=eval_data,
            eval_metric=eval_metric,
            epoch_end_callback=epoch_end_callback,
            batch_end_callback=_counted_from_1(batch_end_callback),
            kvstore=kvstore,
            optimizer=self.optimizer,
            optimizer_params=self.kwargs,
            eval_end_callback=eval_end_callback,
            eval_batch_end_callback=eval_batch_end_callback,
            initializer=self.initializer,
            arg_params=self.arg_params,
            aux_params=self.aux_params,
            allow_missing=True,
            begin_epoch=self.begin_epoch,
            num_epoch=self.num_epoch,
            monitor=monitor,
        )
        self.arg_params, self.aux_params = module.get_params()

    def _bound(self, data):
        self._need_params()
        module = self._module(data)
        module.bind(data.provide_data, data.provide_label, for_training=False)
        module.set_params(self.arg_params, self.aux_params or {})
        return module

    def predict(self, X, num_batch=None, return_data=False, reset=True):  # noqa: N803
        """Predict for an array or over a data iterator.

        Args:
            X (array or DataIter): The data.
            num_batch (int): Batches to look at; all if not given.
            return_data (bool): Whether to give data and labels too.
            reset (bool): Whether to start the iterator over first.

        Returns:
            NumPy array or list of them: The outputs; with `return_data`, outputs, data, labels.
        """
        data = self._iterator(X, None, False)
        parts = ([], [], [])
        for outputs, _, batch in self._bound(data).iter_predict(data, num_batch, reset):
            parts[0].append([output.asnumpy() for output in outputs])
            if return_data:
                kept = data.batch_size - (batch.pad or 0)
                parts[1].append([array[:kept].asnumpy() for array in batch.data])
                parts[2].append([array[:kept].asnumpy() for array in batch.label])
        joined = [
            [np.concatenate(arrays) for arrays in zip(*part)]
            for part in parts[: 3 if return_data else 1]
        ]
        joined = [part[0] if len(part) == 1 else part for part in joined]
        return tuple(joined) if return_data else joined[0]

    def score(
        self,
        X,  # noqa: N803
        eval_metric="acc",
        num_batch=None,
        batch_end_callback=None,
        reset=True,
    ):
        """Compute a metric over a data iterator; gives its value."""
        data = self._iterator(X, None, False)
        values = self._bound(data).score(
            data, eval_metric, num_batch, batch_end_callback, None, reset
        )
        return values[0][1] if len(values) == 1 else [value for _, value in values]
