"""Handlers of Multi Model Server: ``handle(data, context)``, or a class that has it."""

import inspect
import json
import os
import sys
import traceback
import types

from .answers import PredictionException, failure, load_module, to_body
from .context import Context, RequestProcessor
from .tensors import pack_outputs, unpack

__all__ = ["ServiceHandler"]

_DECODING = "MMS_DECODE_INPUT_REQUEST"  # SageMaker's containers set false: all parts are bytes


class ServiceHandler:
    """The handler of an archive.

    Args:
        document (dict): What the server says: path of the file, name of the function, model.
    """

    def __init__(self, document):
        _offer_mms()
        self._context = Context(document)
        module = load_module(document["path"])
        self._handle = self._find(module, document["function"])

    def _find(self, module, function):
        found = getattr(module, function or "handle", None)
        if found is None and not function:
            found = _only_class(module)
        if found is None:
            raise AttributeError(
                f"{module.__name__} has no {function or 'handle'}; a function or class is expected"
            )
        if inspect.isclass(found):
            service = found()
            service.initialize(self._context)
            return service.handle
        found(None, self._context)  # the first call, which loads the model
        return found

    def answer(self, requests):
        """Answer a batch.

        Returns:
            tuple: The document of the answer and its pieces, as `frames.send` takes them.
        """
        self._context.begin(requests)
        try:
            data = [
                {name: _value(kind, value) for name, kind, value in each["parts"]}
                for each in requests
            ]
            returned = self._handle(data, self._context)
            if not isinstance(returned, list) or len(returned) != len(requests):
                raise TypeError(
                    f"the handler returned {type(returned).__name__}; a list with an entry for "
                    f"each of {len(requests)} requests is expected"
                )
            return self._answers(requests, returned)
        except PredictionException as cause:
            return failure(cause.error_code, cause.message)
        except MemoryError as cause:
            traceback.print_exc()
            return failure(507, f"the handler is out of memory ({cause})")
        except Exception as cause:
            traceback.print_exc()
            return failure(500, f"the handler failed: {type(cause).__name__}: {cause}")

    def _answers(self, requests, returned):
        answers, pieces = [], []
        for number, (request, value) in enumerate(zip(requests, returned)):
            described = None
            if request["wants_tensors"] and isinstance(value, dict):
                (described, body), kind = pack_outputs(value), None
            else:
                body, kind = to_body(value)
            headers = dict(self._context.get_response_headers(number))
            kind = headers.pop("content-type", None) or kind
            status, _ = self._context.get_response_status(number)
            answers.append(
                {
                    "status": int(status or 200),
                    "type": kind,
                    "tensors": described,
                    "headers": [[str(key), str(item)] for key, item in headers.items()],
                }
            )
            pieces.append(body)
        return {"answers": answers}, pieces


def _value(kind, value):
    """The value of a part as handlers get it: arrays, JSON and text decoded, all else bytes."""
    array = unpack(kind, value)
    if array is not None:
        return array
    if os.environ.get(_DECODING, "true") != "true":
        return value
    if kind == "application/json":
        return json.loads(value)
    return value.decode() if kind.startswith("text") else value


def _only_class(module):
    """The class of a module that no other of its classes derives from."""
    classes = [
        each
        for _, each in inspect.getmembers(module, inspect.isclass)
        if each.__module__ == module.__name__ and hasattr(each, "handle")
    ]
    last = [each for each in classes if not any(each in other.__mro__[1:] for other in classes)]
    return last[0] if len(last) == 1 else None


def _offer_mms():
    """Let handlers import the names of Multi Model Server that they use, where it is not there."""
    if "mms" in sys.modules:
        return
    package, service, context = (
        types.ModuleType(name) for name in ("mms", "mms.service", "mms.context")
    )
    service.PredictionException = PredictionException
    context.Context, context.RequestProcessor = Context, RequestProcessor
    package.service, package.context, package.__path__ = service, context, []
    for module in (package, service, context):
        sys.modules[module.__name__] = module
