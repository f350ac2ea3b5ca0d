"""SageMaker's functions: model_fn, input_fn, predict_fn, output_fn, transform_fn, and around them
pre_model_fn and model_warmup_fn."""

import csv
import inspect
import io
import json
import os
import traceback

import numpy as np

from .answers import failure, load_module, to_body
from .context import Context

__all__ = ["ScriptHandler"]

_OPTIONAL = ("pre_model_fn", "model_fn", "model_warmup_fn")
_STEPS = ("input_fn", "predict_fn", "output_fn", "transform_fn")
_JSON, _CSV, _NPY = "application/json", "text/csv", "application/x-npy"


class UnsupportedFormat(Exception):
    """A type that the default functions do not know."""


class ScriptHandler:
    """The functions of a script, with the defaults of SageMaker's toolkit for MXNet.

    Args:
        document (dict): What the server says: path of the script, folder of the model.
    """

    def __init__(self, document):
        self._context = Context(document)
        script = load_module(document["path"])
        given = {name: getattr(script, name, None) for name in (*_OPTIONAL, *_STEPS)}
        self._transform = given["transform_fn"]
        if self._transform and (given["input_fn"] or given["predict_fn"] or given["output_fn"]):
            raise ValueError(
                "the script has transform_fn and input_fn, predict_fn or output_fn; one way is "
                "expected"
            )
        self._input = given["input_fn"] or default_input_fn
        self._predict = given["predict_fn"] or default_predict_fn
        self._output = given["output_fn"] or default_output_fn
        folder = document["folder"]
        if given["pre_model_fn"]:
            self._call(given["pre_model_fn"], folder)
        self._model = self._call(given["model_fn"] or default_model_fn, folder)
        if given["model_warmup_fn"]:
            self._call(given["model_warmup_fn"], folder, self._model)

    def _call(self, function, *arguments):
        """Call a function of the script, with the context where it takes one more argument."""
        wanted = len(inspect.signature(function).parameters)
        if wanted == len(arguments) + 1:
            arguments = (*arguments, self._context)
        return function(*arguments)

    def answer(self, requests):
        """Answer a batch, which holds one request.

        Returns:
            tuple: The document of the answer and its pieces, as `frames.send` takes them.
        """
        self._context.begin(requests)
        _, kind, body = requests[0]["parts"][0]
        accept = requests[0]["headers"].get("accept", "")
        try:
            returned, kind = self._run(body, kind or _JSON, _accepted(accept))
            piece, _ = to_body(returned)
        except UnsupportedFormat as cause:
            return failure(415, cause)
        except Exception as cause:
            traceback.print_exc()
            status = _status_of(cause)
            return failure(status, f"the script failed: {type(cause).__name__}: {cause}")
        status, _ = self._context.get_response_status(0)
        return {"answers": [{"status": status, "type": kind, "headers": []}]}, [piece]

    def _run(self, body, kind, accept):
        if kind in (_JSON, _CSV):
            body = body.decode()
        if self._transform:
            returned = self._call(self._transform, self._model, body, kind, accept)
        else:
            data = self._call_input(body, kind)
            prediction = self._call(self._predict, data, self._model)
            returned = self._call(self._output, prediction, accept)
        if isinstance(returned, tuple):
            return returned[0], returned[1]
        return returned, accept

    def _call_input(self, body, kind):
        """Call input_fn, which was given the model once."""
        if "model" in inspect.signature(self._input).parameters:
            return self._input(body, kind, model=self._model)
        return self._call(self._input, body, kind)


def _status_of(cause):
    """The status that an exception asks for, as those of SageMaker's toolkit do; 500 without."""
    status = getattr(cause, "status_code", None)
    return status if isinstance(status, int) and 400 <= status < 600 else 500


def _accepted(text):
    kind = text.partition(",")[0].partition(";")[0].strip()
    if kind in ("", "*/*"):
        return os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", _JSON)
    return kind


def default_model_fn(model_dir):
    """The Module of ``model-symbol.json``, ``model-0000.params`` and ``model-shapes.json``."""
    import mxnet as mx

    with open(os.path.join(model_dir, "model-shapes.json"), encoding="utf-8") as stream:
        described = json.load(stream)
    rows = int(os.environ.get("SAGEMAKER_DEFAULT_MODEL_FIRST_DIMENSION_SIZE", 1))
    shapes = [(each["name"], (rows, *each["shape"][1:])) for each in described]
    symbol, args, auxs = mx.model.load_checkpoint(os.path.join(model_dir, "model"), 0)
    module = mx.mod.Module(symbol, data_names=[name for name, _ in shapes], label_names=None)
    module.bind(shapes, for_training=False)
    module.set_params(args, auxs, allow_missing=True)
    return module


def _is_module(model):
    return hasattr(model, "data_shapes")


def default_input_fn(data, content_type, model):
    """The array in the body of a request; for a Module an iterator over its batches."""
    import mxnet as mx

    kinds = (_JSON, _CSV, _NPY) if _is_module(model) else (_JSON, _NPY)
    if content_type not in kinds:
        raise UnsupportedFormat(f"content-type={content_type}; {', '.join(kinds)} is expected")
    if content_type == _JSON:
        values = np.array(json.loads(data), np.float32)
    elif content_type == _CSV:
        values = np.array([row for row in csv.reader(io.StringIO(data)) if row], np.float32)
    else:
        values = np.load(io.BytesIO(data), allow_pickle=False)
    if not _is_module(model):
        return mx.nd.array(values)
    (shape,) = (each[1] for each in model.data_shapes)
    if content_type == _CSV:
        values = values.reshape(-1, *shape[1:])
    return _filled_iterator(values, shape[0])


def _filled_iterator(values, batch):
    """An iterator over batches; the last one is filled up, and what was added is left out."""
    import mxnet as mx

    missing = -len(values) % batch
    filled = np.concatenate([values, np.zeros((missing, *values.shape[1:]), values.dtype)])

    class FilledIter(mx.io.NDArrayIter):
        """Iterates over whole batches and says how many rows of the last were added."""

        def getpad(self):
            """Rows of the current batch that were added."""
            return missing if self.cursor + self.batch_size >= len(filled) else 0

    return FilledIter(filled, batch_size=batch)


def default_predict_fn(data, model):
    """The prediction of a Module or of a network of Gluon."""
    return model.predict(data) if _is_module(model) else model(data)


def default_output_fn(prediction, accept):
    """The body of an answer: JSON, CSV or npy."""
    values = prediction.asnumpy()
    if accept == _JSON:
        return json.dumps(values.tolist())
    stream = io.StringIO() if accept == _CSV else io.BytesIO()
    if accept == _CSV:
        csv.writer(stream, lineterminator="\n").writerows(values.reshape(len(values), -1).tolist())
    elif accept == _NPY:
        np.save(stream, values, allow_pickle=False)
    else:
        raise UnsupportedFormat(f"accept={accept}; {_JSON}, {_CSV} or {_NPY} is expected")
    return stream.getvalue()
