"""Archives of Multi Model Server: inference, management, description."""

import json
import zipfile

import pytest
from serving_helpers import DIGITS, LENET, ask
from triton_helpers import model_with_handler

SIGNATURE = {"inputs": [{"data_name": "data", "data_shape": [1, 1, 28, 28]}]}
SERVICE = """
import json
import os
import time
import mxnet as mx
from mms.service import PredictionException

class Base:
    def initialize(self, context):
        folder = context.system_properties["model_dir"]
        symbol, args, auxs = mx.model.load_checkpoint(os.path.join(folder, "net"), 0)
        self.module = mx.mod.Module(symbol, label_names=None)
        self.module.bind([("data", (1, 1, 28, 28))], for_training=False)
        self.module.set_params(args, auxs)

class Service(Base):
    def handle(self, data, context):
        return [self.one(each, number, context) for number, each in enumerate(data)]

    def one(self, each, number, context):
        if "body" in each and each["body"] == {"do": "raise"}:
            raise RuntimeError("as asked")
        if "body" in each and each["body"] == {"do": "refuse"}:
            raise PredictionException("refused", 422)
        if "body" in each and each["body"] == {"do": "exit"}:
            os._exit(3)
        if "body" in each and each["body"] == {"do": "hang"}:
            time.sleep(60)
        if "text" in each:
            context.set_response_content_type(number, "text/x-shout")
            context.set_response_header(number, "X-Pid", str(os.getpid()))
            return each["text"].decode().upper()
        pixels = mx.image.imresize(mx.image.imdecode(each["data"], flag=0), 28, 28)
        rows = pixels.transpose((2, 0, 1)).expand_dims(0).astype("float32")
        self.module.forward(mx.io.DataBatch([rows]), is_train=False)
        return {"digit": int(self.module.get_outputs()[0].asnumpy().argmax())}
"""


def pack(path, handler=None, text="", version="1.0", name="digits"):
    """An archive of the digits."""
    model = {"modelName": name, "modelVersion": version}
    if handler:
        model["handler"] = handler
    with zipfile.ZipFile(path, "w") as target:
        target.write(f"{LENET}-symbol.json", "net-symbol.json")
        target.write(f"{LENET}-0010.params", "net-0000.params")
        target.write(DIGITS / "synset.txt", "synset.txt")
        target.writestr("signature.json", json.dumps(SIGNATURE))
        target.writestr("MAR-INF/MANIFEST.json", json.dumps({"model": model}))
        if text:
            target.writestr("service.py", text)
    return path


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    pack(folder / "plain.mar", name="plain")
    pack(folder / "coded.mar", "service.py", SERVICE, name="coded")
    pack(
        folder / "function.mar",
        "service.py:handle",
        "def handle(data, context):\n"
        "    if data is None:\n        return None\n"
        "    return [str(len(data))] * len(data)\n",
        name="function",
    )
    return folder


@pytest.fixture(scope="module")
def server(serving, store):
    from mxnet.serve import ModelSettings

    settings = ModelSettings(code="allow", timeout=2)
    return serving({"coded": store / "coded.mar"}, settings, model_store=str(store))


@pytest.fixture(scope="module")
def management(server):
    return f"http://127.0.0.1:{server.management.port}"


def picture(digit):
    return (DIGITS / f"images/{digit}.png").read_bytes()


def form(name, value, kind):
    head = f'--xx\r\nContent-Disposition: form-data; name="{name}"; filename="a"\r\n'
    return head.encode() + f"Content-Type: {kind}\r\n\r\n".encode() + value + b"\r\n--xx--\r\n"


def test_a_service_class_takes_a_form(server):
    body = form("data", picture(7), "image/png")
    reply = ask(f"{server.url}/predictions/coded", body, "multipart/form-data; boundary=xx")
    assert reply.document == {"digit": 7}, reply.body


def test_a_service_sets_type_and_headers(server):
    reply = ask(f"{server.url}/predictions/coded?text=hello")
    assert reply.body == b"HELLO"
    assert reply.headers["Content-Type"] == "text/x-shout"
    assert int(reply.headers["X-Pid"]) > 0


def test_errors_of_a_handler(server):
    def ask_for(what):
        return ask(f"{server.url}/predictions/coded", {"do": what})

    def process():
        return ask(f"{server.url}/predictions/coded?text=a").headers["X-Pid"]

    first = process()
    reply = ask_for("raise")
    assert (reply.status, "as asked" in reply.document["message"]) == (500, True)
    assert ask_for("refuse").status == 422
    assert process() == first
    reply = ask_for("exit")
    assert (reply.status, "exit code 3" in reply.document["message"]) == (500, True)
    second = process()
    assert second != first
    assert ask_for("hang").status == 504
    assert process() != second


def test_models_are_managed(management, server):
    listed = ask(f"{management}/models").document["models"]
    assert [each["modelName"] for each in listed] == ["coded"]
    reply = ask(f"{management}/models?url=plain.mar&synchronous=true", method="POST")
    assert reply.document == {"status": 'Model "plain" registered'}
    assert ask(f"{management}/models?url=plain.mar&model_name=plain", method="POST").status == 409
    details = ask(f"{management}/models/plain").document
    assert (details["modelName"], details["modelVersion"]) == ("plain", "1.0")
    page = ask(f"{management}/models?limit=1").document
    assert [each["modelName"] for each in page["models"]] == ["coded"]
    page = ask(f"{management}/models?limit=1&next_page_token={page['nextPageToken']}").document
    assert [each["modelName"] for each in page["models"]] == ["plain"]
    assert "nextPageToken" not in page
    best = ask(f"{server.url}/predictions/plain", picture(3), "application/octet-stream").document
    assert (best[0]["class"], len(best)) == ("three", 5)
    reply = ask(f"{management}/models/plain?min_worker=2&synchronous=true", method="PUT")
    assert reply.document == {"status": "Workers scaled"}
    assert ask(f"{management}/models/plain").document["minWorkers"] == 2
    reply = ask(f"{management}/models/plain", method="DELETE")
    assert reply.document == {"status": 'Model "plain" unregistered'}
    assert ask(f"{server.url}/predictions/plain", b"[]").status == 404


def test_a_function_gets_batches(management, server):
    url = (
        f"{management}/models?url=function.mar&batch_size=4&max_batch_delay=2000&initial_workers=1"
    )
    assert ask(url, method="POST").document == {"status": "Workers scaled"}
    import concurrent.futures

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        replies = list(
            pool.map(lambda _: ask(f"{server.url}/predictions/function", b"x").body, range(4))
        )
    assert replies == [b"4"] * 4
    assert ask(f"{management}/models/function", method="DELETE").status == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("url=../../etc", 403),
        ("url=/etc/passwd", 403),
        ("url=nothing.mar", 404),
        ("url=plain.mar&batch_size=0", 400),
        ("url=plain.mar&model_name=../x", 400),
        ("url=coded.mar&model_name=x&handler=../../x.py", 400),
        ("url=coded.mar&model_name=x&handler=service.py:nothing", 400),
    ],
)
def test_what_is_not_registered(management, query, status):
    reply = ask(f"{management}/models?{query}", method="POST")
    assert reply.status == status, reply.body
    assert reply.document["code"] == status


def test_sagemaker_manages_many_models(serving, store):
    server = serving(model_store=str(store), management_port=None, multi_model=True)
    body = {"model_name": "m1", "url": str(store / "plain.mar")}
    assert ask(f"{server.url}/models", body).status == 200
    assert ask(f"{server.url}/models", body).status == 409
    assert ask(f"{server.url}/models/m1").document["modelUrl"] == str(store / "plain.mar")
    reply = ask(f"{server.url}/models/m1/invoke", picture(4), "image/png")
    assert max(range(10), key=reply.document[0].__getitem__) == 4
    target = {"X-Amzn-SageMaker-Target-Model": "m1"}
    assert ask(f"{server.url}/invocations", picture(4), "image/png", headers=target).status == 200
    assert ask(f"{server.url}/models/m1", method="DELETE").status == 200
    assert ask(f"{server.url}/models/m1").status == 404


def test_open_inference_manages_models_too(management, server):
    http = pytest.importorskip("tritonclient.http")
    client = http.InferenceServerClient(management.partition("://")[2])
    client.load_model("plain")
    index = client.get_model_repository_index()
    assert {"name": "plain", "version": "1.0", "state": "READY"} in index
    client.unload_model("plain")
    assert not client.is_model_ready("plain")


def test_management_is_not_on_the_port_of_inference(server):
    assert ask(f"{server.url}/models").status == 404


def test_the_description_names_every_path(server):
    document = ask(f"{server.url}/", method="OPTIONS").document
    assert document["openapi"].startswith("3.0")
    assert {"/predictions/{model}", "/invocations", "/v2/models/{model}/infer"} <= set(
        document["paths"]
    )
    identifiers = [
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
    ]
    assert len(identifiers) == len(set(identifiers))
    assert document == ask(f"{server.url}/api-description").document


def test_parts_may_stay_bytes(serving, tmp_path, monkeypatch):
    """As in SageMaker's containers, whose toolkit decodes JSON and text by itself."""
    from mxnet.serve import ModelSettings

    code = "def handle(data, context):\n    return data and [type(data[0]['body']).__name__]\n"
    model = model_with_handler(tmp_path / "kinds", code)
    found = []
    for value in ("true", "false"):
        monkeypatch.setenv("MMS_DECODE_INPUT_REQUEST", value)
        server = serving({"kinds": model}, ModelSettings(code="allow"))
        for kind in ("application/json", "text/plain", "image/png"):
            found.append(ask(f"{server.url}/invocations", b"[1]", kind).body.decode())
    assert found == ["list", "str", "bytes", "bytes", "bytes", "bytes"]
