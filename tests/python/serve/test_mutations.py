"""Requests and archives with damaged bytes: an answer that says what is wrong, never a failure."""

import io
import json
import random
import tarfile
import zipfile

import numpy as np
import pytest
from serving_helpers import DIGITS, LENET, ask

from mxnet import error

COUNT = 40  # of each kind
REFUSED = (400, 404, 405, 406, 408, 411, 413, 415, 422)


def npy():
    stream = io.BytesIO()
    np.save(stream, np.zeros((1, 1, 28, 28), np.float32))
    return stream.getvalue()


def binary():
    described = {
        "name": "data",
        "datatype": "FP32",
        "shape": [1, 1, 28, 28],
        "parameters": {"binary_data_size": 3136},
    }
    head = json.dumps({"inputs": [described], "outputs": [{"name": "softmax_output"}]}).encode()
    return head, head + bytes(3136)


def form():
    part = b'--xx\r\nContent-Disposition: form-data; name="data"\r\nContent-Type: image/png\r\n\r\n'
    return part + (DIGITS / "images/1.png").read_bytes() + b"\r\n--xx--\r\n"


TENSOR = {"name": "data", "datatype": "FP32", "shape": [1, 1, 1, 2], "data": [1, 2.5]}
HEAD, BINARY = binary()
REQUESTS = {
    "json": ("/invocations", b"[[[[0.5, 1], [2, 3e2]]]]", "application/json", {}),
    "csv": ("/invocations", b"1,2,3\n4,5,6.5\n", "text/csv", {}),
    "npy": ("/invocations", npy(), "application/x-npy", {}),
    "png": ("/invocations", (DIGITS / "images/2.png").read_bytes(), "image/png", {}),
    "form": ("/predictions/digits", form(), "multipart/form-data; boundary=xx", {}),
    "tensors": ("/v2/models/digits/infer", json.dumps({"inputs": [TENSOR]}).encode(), None, {}),
    "binary": (
        "/v2/models/digits/infer",
        BINARY,
        None,
        {"Inference-Header-Content-Length": str(len(HEAD))},
    ),
    "instances": ("/v1/models/digits:predict", b'{"instances": [{"data": [[1]]}]}', None, {}),
}
WORDS = [
    b"null", b"true", b"-1", b"1e999", b"NaN", b"{}", b"[]", b'"a"', b"\xff\xfe", b"9" * 30,
    b"\r\n", b"--xx", b"[" * 2000, b'{"parameters": 1}', b"-0.0", b"\x00",
]  # fmt: skip


def mutated(data, state):
    """`data` with some bytes changed, cut, doubled or replaced by words."""
    data = bytearray(data)
    for _ in range(state.randint(1, 3)):
        at = state.randrange(len(data) + 1)
        end = min(len(data), at + state.choice([0, 1, 1, 2, 8, 40]))
        how = state.randrange(4)
        if how == 0:
            data[at:end] = bytes(state.randrange(256) for _ in range(end - at))
        elif how == 1:
            del data[at:end]
        elif how == 2:
            data[at:at] = data[at:end] * state.choice([1, 3])
        else:
            data[at:end] = state.choice(WORDS)
    return bytes(data)


@pytest.mark.parametrize("kind", list(REQUESTS))
def test_damaged_requests(digits, kind):
    path, body, content_type, headers = REQUESTS[kind]
    state = random.Random(kind)
    for _ in range(COUNT):
        data = mutated(body, state)
        reply = ask(f"{digits.url}{path}", data, content_type, "POST", headers)
        assert reply.status == 200 or reply.status in REFUSED, (data, reply.status, reply.body)


def archives():
    files = {
        "model-symbol.json": open(f"{LENET}-symbol.json", "rb").read(),
        "model-0000.params": open(f"{LENET}-0010.params", "rb").read(),
        "model-shapes.json": b'[{"name": "data", "shape": [1, 1, 28, 28]}]',
        "MAR-INF/MANIFEST.json": b'{"model": {"modelName": "digits", "modelVersion": "1"}}',
        "signature.json": b'{"inputs": [{"data_name": "data", "data_shape": [1, 1, 28, 28]}]}',
    }
    return files


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_damaged_archives(serving, tmp_path, kind):
    """Either they load, or they are refused in one line."""
    repository = serving().service
    state, files, path = random.Random(kind), archives(), tmp_path / "a.mar"
    for _ in range(COUNT // 2):
        changed = dict(files)
        name = state.choice([each for each in files if each.endswith(".json")])
        changed[name] = mutated(files[name], state)
        stream = io.BytesIO()
        if kind == "zip":
            with zipfile.ZipFile(stream, "w") as archive:
                for each, data in changed.items():
                    archive.writestr(each, data)
        else:
            with tarfile.open(fileobj=stream, mode="w") as archive:
                for each, data in changed.items():
                    entry = tarfile.TarInfo(each)
                    entry.size = len(data)
                    archive.addfile(entry, io.BytesIO(data))
        data = stream.getvalue()
        path.write_bytes(mutated(data, state) if state.random() < 0.5 else data)
        try:
            repository.load_all(str(path), "m")
        except error.MXNetError as cause:
            assert "\n" not in str(cause)
