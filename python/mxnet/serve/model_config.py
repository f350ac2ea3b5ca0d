"""The configuration of a model in the words of Triton."""

import json

from .errors import RequestError
from .open_inference import datatype_of

__all__ = ["describe", "load"]

_CHANGES = {"max_batch_size": "max_batch"}


def describe(version):
    """The configuration of a version, as a JSON document of Triton's ModelConfig.

    ``max_batch_size`` is 0 where the rows of a batch depend on each other or shapes are not known;
    dimensions are those of a row otherwise.
    """
    model, settings = version.model, version.settings
    document = {
        "name": version.name,
        "platform": "mxnet" if model.takes_tensors else "python",
        "backend": "mxnet" if model.takes_tensors else "python",
        "max_batch_size": 0,
        "input": [],
        "output": [],
        "instance_group": [
            {
                "name": version.name,
                "kind": "KIND_CPU" if settings.device == "cpu" else "KIND_GPU",
                "count": settings.workers,
            }
        ],
    }
    if not model.takes_tensors:
        return document
    rows = _batch(model, settings)
    picture = "FORMAT_NCHW" if model.pictures is not None else "FORMAT_NONE"
    document["max_batch_size"] = rows
    document["input"] = [{**_tensor(info, rows), "format": picture} for info in model.inputs]
    document["output"] = [_tensor(info, rows) for info in model.outputs]
    if rows > 1 and model.joins is not False:
        document["dynamic_batching"] = {
            "preferred_batch_size": list(settings.batch_sizes),
            "max_queue_delay_microseconds": round(settings.max_delay * 1e6),
        }
    return document


def _batch(model, settings):
    """Rows of the largest batch; 0 where the size of the batch is one dimension among others."""
    if model.network.fixed_rows is not None:
        return model.network.fixed_rows
    has_rows = model.joins is not False or settings.max_batch == 1
    known = all(info.shape is not None for info in (*model.inputs, *model.outputs))
    return settings.max_batch if has_rows and known else 0


def _tensor(info, rows):
    shape = [-1] if info.shape is None else list(info.shape)
    datatype = f"TYPE_{datatype_of(info.dtype)}"
    return {"name": info.name, "data_type": datatype, "dims": shape[1:] if rows else shape}


async def load(service, name, parameters):
    """Load a model of the store as a client of Triton asks for it.

    Args:
        service (Service): The models.
        name (str): The model.
        parameters (dict): ``config``, a JSON document with what differs from the settings of the
            server: ``max_batch_size``.

    Raises:
        RequestError: It is not there, cannot be loaded, or a parameter is not known.
    """
    try:
        changes = {}
        for key, value in parameters.items():
            if key != "config":
                raise RequestError(
                    400, f"parameter {key!r} is not taken from requests; config is expected"
                )
            changes = _changes(value)
        await service.load(name, name, **changes)
    except RequestError as cause:
        # Programs look for these words, which Triton uses.
        raise RequestError(cause.status, f"failed to load {name!r}, {cause.message}") from None


def _changes(text):
    try:
        document = json.loads(text)
        if not isinstance(document, dict):
            raise ValueError("no object")
        changes = {}
        for key, value in document.items():
            if key not in _CHANGES:
                raise ValueError(f"{key} cannot be changed")
            changes[_CHANGES[key]] = number = int(value)
            if not 0 < number < 2**20:
                raise ValueError(f"{key}={value!r}")
        return changes
    except (TypeError, ValueError, RecursionError) as cause:
        raise RequestError(
            400,
            f"config is not valid ({cause}); a JSON object with {', '.join(_CHANGES)} is expected",
        ) from None
