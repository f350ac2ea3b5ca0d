"""Valid requests and archives, and what damages them; tests and the fuzzer of requests share it."""

import gzip
import io
import json
import tarfile
import zipfile

import numpy as np
from serving_helpers import DIGITS, LENET

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


def elements():
    """Two pictures as BYTES."""
    pictures = [(DIGITS / f"images/{digit}.png").read_bytes() for digit in (1, 2)]
    data = b"".join(len(each).to_bytes(4, "little") + each for each in pictures)
    described = {"name": "data", "datatype": "BYTES", "shape": [2]}
    described["parameters"] = {"binary_data_size": len(data)}
    wish = {"name": "softmax_output", "parameters": {"classification": 3}}
    return json.dumps({"inputs": [described], "outputs": [wish]}).encode(), data


def form():
    part = b'--xx\r\nContent-Disposition: form-data; name="data"\r\nContent-Type: image/png\r\n\r\n'
    return part + (DIGITS / "images/1.png").read_bytes() + b"\r\n--xx--\r\n"


TENSOR = {"name": "data", "datatype": "FP32", "shape": [1, 1, 1, 2], "data": [1, 2.5]}
HEAD, BINARY = binary()
ELEMENTS_HEAD, ELEMENTS = elements()
HEAD_LENGTH = "Inference-Header-Content-Length"
JSON_KINDS = ("json", "tensors", "binary", "elements", "instances")
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
        {HEAD_LENGTH: str(len(HEAD))},
    ),
    "elements": (
        "/v2/models/digits/infer",
        ELEMENTS_HEAD + ELEMENTS,
        None,
        {HEAD_LENGTH: str(len(ELEMENTS_HEAD))},
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


VALUES = [
    None, True, -1, 0, 1e308, 2**63, 2**80, "", "a", "\ud800", [], {}, [[]], [1, "a"],
    {"b64": "AA=="},
    "BYTES", "FP16", "INT64", [1 << 40], [0], [-1, 2], {"binary_data_size": 2**62},
    {"shared_memory_region": "a", "shared_memory_byte_size": 8}, {"classification": 2**40},
]  # fmt: skip


def changed_document(document, state):
    """A JSON document with one of its values replaced, left out, doubled or put elsewhere."""
    if isinstance(document, dict) and document:
        key = state.choice(list(document))
        changed = dict(document)
        how = state.randrange(4)
        if how == 0:
            del changed[key]
        elif how == 1:
            changed[state.choice(["name", "shape", "data", "parameters", "x"])] = changed[key]
        else:
            changed[key] = changed_document(document[key], state)
        return changed
    if isinstance(document, list) and document and state.random() < 0.7:
        at = state.randrange(len(document))
        return [*document[:at], changed_document(document[at], state), *document[at + 1 :]]
    return state.choice(VALUES)


def damaged_request(kind, state):
    """Path, body, type and headers of a request of a kind that is damaged."""
    path, body, content_type, headers = REQUESTS[kind]
    head = body[: int(headers[HEAD_LENGTH])] if HEAD_LENGTH in headers else body
    if kind in JSON_KINDS and state.random() < 0.5:
        document = json.loads(head)
        for _ in range(state.randint(1, 3)):
            document = changed_document(document, state)
        changed = json.dumps(document).encode()
        headers = {**headers, HEAD_LENGTH: str(len(changed))} if HEAD_LENGTH in headers else headers
        return path, changed + body[len(head) :], content_type, headers
    return path, mutated(body, state), content_type, headers


def model_files():
    """Files of a model by their names in an archive."""
    return {
        "model-symbol.json": open(f"{LENET}-symbol.json", "rb").read(),
        "model-0000.params": open(f"{LENET}-0010.params", "rb").read(),
        "model-shapes.json": b'[{"name": "data", "shape": [1, 1, 28, 28]}]',
        "MAR-INF/MANIFEST.json": b'{"model": {"modelName": "digits", "modelVersion": "1"}}',
        "signature.json": b'{"inputs": [{"data_name": "data", "data_shape": [1, 1, 28, 28]}]}',
    }


def pack(kind, files):
    """An archive of files: a zip, a tar, or a tar that is compressed."""
    stream = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return stream.getvalue()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return gzip.compress(stream.getvalue(), 1) if kind == "tar.gz" else stream.getvalue()


NAMES = ["../a", "/tmp/a", "a/../../b", "code/inference.py", "a" * 300, ".", "a\0b", "MAR-INF"]


def damaged_archive(kind, state):
    """An archive with a damaged file, a strange name, or damaged bytes."""
    files = model_files()
    name = state.choice([each for each in files if each.endswith(".json")])
    how = state.randrange(4)
    if how < 2:
        files[name] = mutated(files[name], state)
    elif how == 2:
        files[state.choice(NAMES)] = files.pop(name)
    data = pack(kind, files)
    return mutated(data, state) if how == 3 or state.random() < 0.3 else data
