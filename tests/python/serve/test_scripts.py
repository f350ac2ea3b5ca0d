"""Scripts with SageMaker's functions, in worker processes."""

import io
import json
import tarfile

import numpy as np
import pytest
from serving_helpers import LENET, ask, digit_rows, expected_digits

from mxnet import error

SHAPES = json.dumps([{"name": "data", "shape": [4, 1, 28, 28]}])


def archive(path, script):
    """A model.tar.gz of the digits with a script."""
    texts = {"model-shapes.json": SHAPES, "code/inference.py": script}
    with tarfile.open(path, "w:gz") as target:
        target.add(f"{LENET}-symbol.json", "model-symbol.json")
        target.add(f"{LENET}-0010.params", "model-0000.params")
        for name, text in texts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            target.addfile(entry, io.BytesIO(text.encode()))
    return path


DEFAULTS = "import os\n"
PARTS = """
import json
import numpy as np

def input_fn(body, content_type):
    if content_type != "text/plain":
        raise ValueError("text is expected, not " + content_type)
    rows = np.zeros((1, 1, 28, 28), "float32")
    rows[:] = float(body)
    return rows

def predict_fn(data, model):
    import mxnet as mx
    return model.predict(mx.io.NDArrayIter(data, batch_size=1))

def output_fn(prediction, accept):
    return json.dumps({"sum": float(prediction.asnumpy().sum())}), "application/vnd.sum+json"
"""
TRANSFORM = """
import json
import mxnet as mx
from mxnet import gluon

def model_fn(model_dir):
    symbol = mx.sym.load(model_dir + "/model-symbol.json").get_internals()["fc2_output"]
    net = gluon.nn.SymbolBlock(symbol, mx.sym.var("data"))
    net.load_parameters(model_dir + "/model-0000.params")
    return net

def transform_fn(model, data, content_type, accept, context):
    values = model(mx.nd.array(json.loads(data))).asnumpy()
    return json.dumps([values.argmax(1).tolist(), content_type, accept, context.model_name])
"""
AROUND = """
order = []

def pre_model_fn(model_dir):
    order.append("pre_model_fn")

def model_fn(model_dir):
    order.append("model_fn")
    return "model"

def model_warmup_fn(model_dir, model):
    order.append("model_warmup_fn of " + model)

class Asked(Exception):
    status_code = 422

def transform_fn(model, data, content_type, accept):
    if data:
        raise Asked("as asked")
    return " ".join(order)
"""


@pytest.fixture(scope="module")
def server(serving, tmp_path_factory):
    from mxnet.serve import ModelSettings

    folder = tmp_path_factory.mktemp("scripts")
    scripts = {"defaults": DEFAULTS, "parts": PARTS, "transform": TRANSFORM, "around": AROUND}
    models = {name: archive(folder / f"{name}.tar.gz", text) for name, text in scripts.items()}
    return serving(models, ModelSettings(code="allow"))


def invoke(server, name, body, kind=None, **headers):
    return ask(f"{server.url}/endpoints/{name}/invocations", body, kind, headers=headers)


def test_default_functions(server):
    rows, _ = digit_rows(6)  # the batch of the model is one row
    reply = invoke(server, "defaults", rows.tolist())
    assert reply.status == 200, reply.body
    np.testing.assert_allclose(reply.document, expected_digits(rows), rtol=1e-4, atol=1e-6)
    table = "\n".join(",".join(map(str, row)) for row in rows.reshape(6, -1)).encode()
    reply = invoke(server, "defaults", table, "text/csv", Accept="text/csv")
    values = np.loadtxt(io.StringIO(reply.body.decode()), delimiter=",")
    np.testing.assert_allclose(values, expected_digits(rows), rtol=1e-4, atol=1e-6)
    assert invoke(server, "defaults", b"x", "text/html").status == 415


def test_functions_of_a_script(server):
    reply = invoke(server, "parts", b"3", "text/plain")
    assert reply.headers["Content-Type"] == "application/vnd.sum+json"
    assert reply.document["sum"] == pytest.approx(1, abs=1e-5)


def test_an_error_of_a_script_is_told(server):
    reply = invoke(server, "parts", b"3", "text/html")
    assert reply.status == 500
    assert "text is expected, not text/html" in reply.document["message"]
    assert invoke(server, "parts", b"3", "text/plain").status == 200


def test_transform_fn_with_context(server):
    rows, labels = digit_rows(3)
    reply = invoke(server, "transform", rows.tolist())
    assert reply.document == [labels.tolist(), "application/json", "application/json", "transform"]


def test_functions_around_the_model(server):
    reply = invoke(server, "around", b"", "text/plain")
    assert reply.body == b"pre_model_fn model_fn model_warmup_fn of model"


def test_an_exception_names_its_status(server):
    """As those of SageMaker's toolkit do."""
    reply = invoke(server, "around", b"x", "text/plain")
    assert reply.status == 422
    assert "as asked" in reply.document["message"]


def test_a_body_as_a_tensor(server):
    """Open Inference: one element of BYTES is the body, and what is answered is another."""
    tensor = {"name": "body", "datatype": "BYTES", "shape": [1], "data": ["3"]}
    tensor["parameters"] = {"content_type": "text/plain"}
    reply = ask(f"{server.url}/v2/models/parts/infer", {"inputs": [tensor]})
    (output,) = reply.document["outputs"]
    assert (output["name"], output["datatype"], output["shape"]) == ("output", "BYTES", [1])
    assert json.loads(output["data"][0])["sum"] == pytest.approx(1, abs=1e-5)
    tensor["parameters"] = {"content_type": "text/html"}
    reply = ask(f"{server.url}/v2/models/parts/infer", {"inputs": [tensor]})
    assert reply.status == 500 and "not text/html" in reply.document["error"]
    for changed in ({"shape": [2], "data": ["1", "2"]}, {"datatype": "FP32", "data": [1]}):
        reply = ask(f"{server.url}/v2/models/parts/infer", {"inputs": [{**tensor, **changed}]})
        assert reply.status == 400 and "one body" in reply.document["error"]


def test_overload_is_refused_and_loses_nothing(serving, tmp_path):
    import concurrent.futures

    from mxnet.serve import ModelSettings

    script = "import time\ndef model_fn(folder):\n    return None\n"
    script += "def transform_fn(model, data, kind, accept):\n    time.sleep(0.3)\n    return data\n"
    path = archive(tmp_path / "slow.tar.gz", script)
    server = serving({"slow": path}, ModelSettings(code="allow", queue_size=2))
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: invoke(server, "slow", b"[1]"), range(8)))
    refused = [each for each in replies if each.status == 503]
    assert 1 <= len(refused) <= 6
    assert all(each.headers["Retry-After"] == "1" for each in refused)
    assert all(each.body == b"[1]" for each in replies if each.status == 200)
    assert len(refused) + sum(each.status == 200 for each in replies) == 8


def test_tensors_are_refused(server):
    assert ask(f"{server.url}/v2/models/parts/infer", {"inputs": []}).status == 400


def test_code_is_refused_or_ignored_when_asked(serving, tmp_path):
    from mxnet.serve import ModelSettings

    path = archive(tmp_path / "model.tar.gz", "raise SystemError('it was run')\n")
    server = serving()
    with pytest.raises(error.MXNetError, match="brings code"):
        server.service.load_all(str(path))
    server.service.load_all(str(path), "plain", ModelSettings(code="ignore"))
    rows, labels = digit_rows(1)
    assert np.argmax(invoke(server, "plain", rows.tolist()).document) == labels[0]
    with pytest.raises(error.MXNetError, match="it was run"):
        server.service.load_all(str(path), "broken", ModelSettings(code="allow"))
    assert server.service.repository.names() == ["plain"]
