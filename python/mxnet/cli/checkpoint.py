"""Checkpoints as the commands use them: loaded, with the shape of their input, ready to run."""

import ast
import os
import sys
import time

import numpy as np

from .. import error
from .. import ndarray as nd
from ..context import Context

_PARAMETER_ENDINGS = ("_weight", "_bias", "_gamma", "_beta")
_USUAL_SHAPE = (3, 224, 224)


def _device(text):
    kind, _, number = text.partition(":")
    if kind not in ("cpu", "gpu") or not (number or "0").isdecimal():
        raise error.ValueError(f"--device={text} is unknown; cpu, gpu or gpu:N is expected")
    return Context(kind, int(number or 0))


class Checkpoint:
    """A symbol with its parameters.

    Args:
        options: Command line with ``model``, ``epoch``, ``shape``, ``device`` and ``bf16``.

    Attributes:
        symbol, args, auxs: The network, its parameters and its auxiliary states.
        data_name (str): Name of the input.
        label_names (list of str): Arguments without a value that are labels.
        shape (tuple of int): Shape of the input without the batch.
        load_seconds (float): How long loading took.
        files (list of str): The symbol's and the parameters' file.

    Raises:
        MXNetError: A file is missing or damaged, or the two do not fit.
    """

    def __init__(self, options):
        from ..checkpoint import load_checkpoint, params_file

        # Asked for by name, because the core reads it when a graph is compiled.
        if options.bf16:
            os.environ["REMX_INFERENCE_DTYPE"] = "bfloat16"
        self.device = _device(options.device)
        self.files = [f"{options.model}-symbol.json", params_file(options.model, options.epoch)]
        start = time.perf_counter()
        self.symbol, self.args, self.auxs = load_checkpoint(options.model, options.epoch)
        self.load_seconds = time.perf_counter() - start
        self.data_name, self.label_names = self._inputs()
        self.shape = self._shape(options.shape)

    def _inputs(self):
        unknown = [name for name in self.symbol.list_arguments() if name not in self.args]
        missing = [name for name in unknown if name.endswith(_PARAMETER_ENDINGS)]
        missing += [n for n in self.symbol.list_auxiliary_states() if n not in self.auxs]
        if missing:
            raise error.ValueError(
                f"{self.files[1]}: parameter {missing[0]} is missing; one for each of "
                f"{self.files[0]} is expected"
            )
        labels = [name for name in unknown if name.endswith("label")]
        data = [name for name in unknown if name not in labels]
        if len(data) != 1:
            raise error.ValueError(
                f"{self.files[0]}: the inputs are {', '.join(data) or 'none'}; a network with one "
                "input is expected"
            )
        return data[0], labels

    def _shape(self, given):
        if given is not None:
            self._check_shape(given)
            return given
        stored = self.symbol.attr_dict().get(self.data_name, {}).get("__shape__")
        if stored is not None:
            shape = tuple(ast.literal_eval(stored))[1:]
            if shape and all(size > 0 for size in shape):
                return shape
        try:
            self._check_shape(_USUAL_SHAPE)
        except error.MXNetError as cause:
            raise error.ValueError(
                f"{self.files[0]}: the shape of {self.data_name} is not stored in the checkpoint; "
                "--shape, such as --shape 3,224,224, is expected"
            ) from cause
        print(
            f"remx: the checkpoint does not tell the shape of {self.data_name}; taking "
            f"{','.join(map(str, _USUAL_SHAPE))} (--shape changes it)",
            file=sys.stderr,
        )
        return _USUAL_SHAPE

    def _check_shape(self, shape):
        """Refuse a shape with which a parameter would have another shape than in the file."""
        found, _, _ = self.symbol.infer_shape(**{self.data_name: (1, *shape)})
        for name, expected in zip(self.symbol.list_arguments(), found or ()):
            value = self.args.get(name)
            if value is not None and value.shape != tuple(expected):
                raise error.ValueError(
                    f"--shape={','.join(map(str, shape))} does not fit the checkpoint; {name} has "
                    f"the shape {value.shape}, and {tuple(expected)} would be needed"
                )

    def describe(self):
        """What a JSON document says about the checkpoint."""
        return {
            "files": self.files,
            "input": {"name": self.data_name, "shape": list(self.shape)},
            "device": str(self.device),
            "load_ms": round(self.load_seconds * 1000, 3),
        }

    def bind(self, batch):
        """The network bound to batches of `batch` rows, for prediction."""
        return Predictor(self, batch)


class Predictor:
    """A checkpoint bound to batches of one size."""

    def __init__(self, checkpoint, batch):
        from ..io import DataBatch
        from ..module import Module

        self._make_batch = DataBatch
        self.batch = batch
        self.module = Module(
            checkpoint.symbol,
            data_names=(checkpoint.data_name,),
            label_names=checkpoint.label_names or None,
            context=checkpoint.device,
        )
        self.module.bind([(checkpoint.data_name, (batch, *checkpoint.shape))], for_training=False)
        self.module.set_params(checkpoint.args, checkpoint.auxs)

    def run(self, data):
        """Predict.

        Args:
            data (NDArray): The batch.

        Returns:
            tuple: The first output as a NumPy array, and the seconds it took.
        """
        start = time.perf_counter()
        self.module.forward(self._make_batch([data]), is_train=False)
        output = self.module.get_outputs()[0].asnumpy()
        return output, time.perf_counter() - start

    def probabilities(self, rows):
        """Probabilities of up to `batch` rows.

        Args:
            rows (numpy.ndarray): float32 rows; fewer than a batch are filled up with zeros.

        Returns:
            tuple: float64 array (rows, classes), and the seconds it took. A row of NaN stands for
            outputs that hold NaN or infinity.
        """
        full = np.zeros((self.batch, *rows.shape[1:]), np.float32)
        full[: len(rows)] = rows
        output, seconds = self.run(nd.array(full))
        return as_probabilities(output.reshape(len(output), -1)[: len(rows)]), seconds


def as_probabilities(output):
    """Each row of `output` (rows, classes) as it is when it adds up to 1, else its softmax.

    A row that holds NaN or infinity becomes NaN.
    """
    output = output.astype(np.float64)
    output[~np.isfinite(output).all(axis=1)] = np.nan
    add_up = np.all(output >= 0, axis=1) & (np.abs(output.sum(axis=1) - 1) <= 0.02)
    powers = np.exp(output - output.max(axis=1, keepdims=True))
    return np.where(add_up[:, np.newaxis], output, powers / powers.sum(axis=1, keepdims=True))
