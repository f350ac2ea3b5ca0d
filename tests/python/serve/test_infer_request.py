"""Requests whose JSON is that of an earlier one."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from mxnet.serve.errors import RequestError
from mxnet.serve.http.infer_request import InferRequest

INPUT = {
    "name": "data",
    "datatype": "FP32",
    "shape": [1, 3],
    "parameters": {"binary_data_size": 12},
}


def infer(document, data, shared_memory=None):
    head = json.dumps(document).encode()
    request = SimpleNamespace(body=head + data, id="some")
    return InferRequest(request, str(len(head)), shared_memory)


def test_equal_json_brings_other_bytes():
    document = {"inputs": [INPUT], "id": "a", "parameters": {"binary_data_output": True}}
    for first in (1, 2):
        values = np.arange(first, first + 3, dtype="float32")
        asked = infer(document, values.tobytes())
        np.testing.assert_array_equal(asked.tensors.inputs["data"], [values])
        assert asked.id == "a" and asked.is_binary and asked.tensors.id == "some"
    with pytest.raises(RequestError, match="11 bytes are left"):
        infer(document, bytes(11))
    with pytest.raises(RequestError, match="1 bytes are left behind"):
        infer(document, bytes(13))
    assert infer(document, bytes(12)).tensors.inputs["data"].shape == (1, 3)


def test_what_one_request_does_is_not_seen_by_the_next():
    document = {"inputs": [INPUT], "outputs": [{"name": "out"}]}
    first = infer(document, bytes(12))
    first.tensors.outputs.clear()
    first.tensors.inputs.clear()
    second = infer(document, bytes(12))
    assert [each.name for each in second.tensors.outputs] == ["out"]
    assert list(second.tensors.inputs) == ["data"]


def test_damaged_json_is_refused_every_time():
    for _ in range(2):
        with pytest.raises(RequestError, match="input data is there twice"):
            infer({"inputs": [INPUT, INPUT]}, bytes(24))
