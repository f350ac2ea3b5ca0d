"""Clients and small models that tests of servers share."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np

import mxnet as mx

ROOT = Path(__file__).resolve().parents[3]
DIGITS = ROOT / "examples/digits"
LENET = DIGITS / "digits-lenet"


class Reply:
    """An answer of HTTP: `status`, `headers` and `body`."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def document(self):
        """The body as JSON."""
        return json.loads(self.body)


def ask(url, body=None, kind=None, method=None, headers=()):
    """Send a request; a body that is no bytes goes as JSON."""
    headers = dict(headers)
    if body is not None and not isinstance(body, bytes):
        body, kind = json.dumps(body).encode(), kind or "application/json"
    if kind is not None:
        headers["Content-Type"] = kind
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return Reply(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as answer:
        return Reply(answer.code, answer.headers, answer.read())


def digit_rows(count=10):
    """Test pictures of digits with their labels: float32 (count, 1, 28, 28), int."""
    import gzip

    with gzip.open(DIGITS / "data/t10k-images-idx3-ubyte.gz") as stream:
        pixels = np.frombuffer(stream.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    with gzip.open(DIGITS / "data/t10k-labels-idx1-ubyte.gz") as stream:
        labels = np.frombuffer(stream.read(), np.uint8, offset=8)
    return pixels[:count].astype(np.float32), labels[:count].astype(int)


def expected_digits(rows):
    """What the network itself says."""
    module = mx.mod.Module.load(str(LENET), 10)
    module.bind([("data", rows.shape)], for_training=False)
    module.forward(mx.io.DataBatch([mx.nd.array(rows)]), is_train=False)
    return module.get_outputs()[0].asnumpy()


def save_network(prefix, symbol, values=None):
    """Write a checkpoint."""
    arrays = {name: mx.nd.array(value) for name, value in (values or {}).items()}
    mx.model.save_checkpoint(str(prefix), 0, symbol, arrays, {})
    return prefix
