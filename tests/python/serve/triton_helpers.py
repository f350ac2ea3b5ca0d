"""The models that Triton's own examples ask, and what tests of its clients share."""

import json

import numpy as np
from serving_helpers import save_network

import mxnet as mx

ONE, TWO = np.arange(16, dtype=np.int32)[np.newaxis], np.full((1, 16), -1, np.int32)

STRINGS = """
import numpy as np

def handle(data, context):
    if data is None:
        return None
    answers = []
    for request in data:
        one, two = (request[name].astype(np.int64) for name in ("INPUT0", "INPUT1"))
        values = {"OUTPUT0": one + two, "OUTPUT1": one - two}
        answers.append({name: value.astype(str) for name, value in values.items()})
    return answers
"""
IDENTITY = """
def handle(data, context):
    if data is None:
        return None
    return [{"OUTPUT0": request["INPUT0"]} for request in data]
"""


def add_and_subtract(prefix):
    """The sum and difference of two int32 tensors."""
    one, two = (mx.sym.Variable(f"INPUT{i}", shape=(0, 16), dtype="int32") for i in range(2))
    total = mx.sym.elemwise_add(one, two, name="OUTPUT0")
    return save_network(
        prefix, mx.sym.Group([total, mx.sym.elemwise_sub(one, two, name="OUTPUT1")])
    )


def model_with_handler(folder, text):
    """A folder with the code of Multi Model Server's handlers."""
    (folder / "MAR-INF").mkdir(parents=True)
    (folder / "service.py").write_text(text)
    manifest = {"model": {"modelName": folder.name, "handler": "service.py:handle"}}
    (folder / "MAR-INF/MANIFEST.json").write_text(json.dumps(manifest))
    return folder


def connect(server, library):
    """A client of `server`: that of tritonclient.http or tritonclient.grpc."""
    if library.__name__.endswith("http"):
        return library.InferenceServerClient(server.url.partition("://")[2], concurrency=4)
    return library.InferenceServerClient(f"127.0.0.1:{server.grpc_port}")


def plain(answer):
    """An answer as dicts and lists, whichever library it came by."""
    if isinstance(answer, (dict, list)):
        return answer
    from google.protobuf import json_format

    return json_format.MessageToDict(answer, preserving_proto_field_name=True)


def strings(values):
    """Numbers as BYTES."""
    array = np.array([str(value).encode() for value in values.ravel()], object)
    return array.reshape(values.shape)
