"""The Open Inference Protocol over HTTP, asked by tritonclient, and KServe's version 1."""

import base64
import json

import numpy as np
import pytest
from serving_helpers import DIGITS, ask, digit_rows, expected_digits
from triton_helpers import add_and_subtract

http = pytest.importorskip("tritonclient.http")


@pytest.fixture(scope="module")
def server(serving, tmp_path_factory):
    from serving_helpers import LENET

    simple = add_and_subtract(tmp_path_factory.mktemp("simple") / "simple")
    return serving({"digits": LENET, "simple": simple})


@pytest.fixture(scope="module")
def client(server):
    return http.InferenceServerClient(server.url.partition("://")[2])


def test_metadata(client):
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("digits") and not client.is_model_ready("other")
    assert client.get_server_metadata()["name"] == "remx"
    assert client.get_model_metadata("digits", "1") == {
        "name": "digits",
        "versions": ["1"],
        "platform": "mxnet",
        "inputs": [{"name": "data", "datatype": "FP32", "shape": [-1, 1, 28, 28]}],
        "outputs": [{"name": "softmax_output", "datatype": "FP32", "shape": [-1, 10]}],
    }


@pytest.mark.parametrize("binary_in", [True, False])
@pytest.mark.parametrize("binary_out", [True, False])
def test_inference(client, binary_in, binary_out):
    rows, _ = digit_rows(3)
    data = http.InferInput("data", rows.shape, "FP32")
    data.set_data_from_numpy(rows, binary_data=binary_in)
    output = http.InferRequestedOutput("softmax_output", binary_data=binary_out)
    answer = client.infer("digits", [data], outputs=[output], request_id="7")
    np.testing.assert_allclose(
        answer.as_numpy("softmax_output"), expected_digits(rows), rtol=1e-5, atol=1e-7
    )
    assert answer.get_response()["id"] == "7"
    assert answer.get_response()["model_version"] == "1"


@pytest.mark.parametrize("compression", [None, "gzip", "deflate"])
def test_two_inputs_and_outputs(client, compression):
    values = np.arange(16, dtype=np.int32)[np.newaxis], np.full((1, 16), -3, np.int32)
    inputs = [http.InferInput(f"INPUT{i}", [1, 16], "INT32") for i in range(2)]
    for each, value in zip(inputs, values):
        each.set_data_from_numpy(value)
    answer = client.infer("simple", inputs, request_compression_algorithm=compression)
    np.testing.assert_array_equal(answer.as_numpy("OUTPUT0_output"), values[0] + values[1])
    outputs = [http.InferRequestedOutput("OUTPUT1")]  # as the examples call it
    answer = client.infer("simple", inputs, outputs=outputs)
    np.testing.assert_array_equal(answer.as_numpy("OUTPUT1"), values[0] - values[1])
    assert answer.as_numpy("OUTPUT0_output") is None


def tensor(**changes):
    return {
        "name": "data",
        "datatype": "FP32",
        "shape": [1, 1, 28, 28],
        "data": [0] * 784,
    } | changes


@pytest.mark.parametrize(
    ("document", "word"),
    [
        ({}, "inputs"),
        ({"inputs": {}}, "inputs"),
        ({"inputs": [tensor(name="x")]}, "x is unknown"),
        ({"inputs": [tensor(), tensor()]}, "twice"),
        ({"inputs": []}, "missing"),
        ({"inputs": [tensor(datatype="FP33")]}, "FP33"),
        ({"inputs": [tensor(datatype="BYTES")]}, "BYTES"),
        ({"inputs": [tensor(datatype="BYTES", shape=[2], data=["a"])]}, "has 1 elements"),
        ({"inputs": [tensor(datatype="BYTES", shape=[1], data=["a"])]}, "is no image"),
        ({"inputs": [tensor(datatype="BYTES", shape=[1], data=[None])]}, "texts are expected"),
        ({"inputs": [tensor(parameters=[])]}, "parameters"),
        ({"inputs": [tensor()], "parameters": {"sequence_id": "a"}}, "sequence_id='a'"),
        ({"inputs": [tensor()], "outputs": [{"name": "softmax", "parameters": 1}]}, "parameters"),
        (
            {
                "inputs": [tensor()],
                "outputs": [{"name": "softmax", "parameters": {"classification": -1}}],
            },
            "classification",
        ),
        ({"inputs": [tensor(shape=[1, 1, 28, 29])]}, "shape"),
        ({"inputs": [tensor(shape=[-1, 784])]}, "-1"),
        ({"inputs": [tensor(shape=[1 << 40, 1 << 40])]}, "too large"),
        ({"inputs": [tensor(shape=[0, 1, 28, 28], data=[])]}, "empty"),
        ({"inputs": [tensor(data=["a"] * 784)]}, "data"),
        ({"inputs": [tensor(parameters={"binary_data_size": 3136})]}, "bytes are left"),
        ({"inputs": [tensor()], "outputs": [{"name": "y"}]}, "y is unknown"),
    ],
)
def test_mistakes_are_said(server, document, word):
    reply = ask(f"{server.url}/v2/models/digits/infer", document)
    assert reply.status == 400, reply.body
    assert word in reply.document["error"]


def test_binary_data_of_another_length(server):
    head = json.dumps({"inputs": [tensor(parameters={"binary_data_size": 3132})]}).encode()
    reply = ask(
        f"{server.url}/v2/models/digits/infer",
        head + bytes(3132),
        "application/octet-stream",
        headers={"Inference-Header-Content-Length": str(len(head))},
    )
    assert reply.status == 400
    assert "3136 are expected" in reply.document["error"]


def test_models_that_are_not_there(server):
    assert ask(f"{server.url}/v2/models/other/infer", {"inputs": []}).status == 404
    assert ask(f"{server.url}/v2/models/digits/versions/9").status == 404
    assert ask(f"{server.url}/v3").status == 404
    assert ask(f"{server.url}/v2", method="DELETE").status == 405


def test_version_1(server):
    rows, labels = digit_rows(4)
    assert ask(f"{server.url}/v1/models").document == {"models": ["digits", "simple"]}
    assert ask(f"{server.url}/v1/models/digits").document["ready"] is True
    reply = ask(f"{server.url}/v1/models/digits:predict", {"instances": rows.tolist()})
    assert list(np.argmax(reply.document["predictions"], axis=1)) == list(labels)
    rows = [{"INPUT0": [i] * 16, "INPUT1": [1] * 16} for i in range(2)]
    reply = ask(f"{server.url}/v1/models/simple:predict", {"instances": rows})
    assert [each["OUTPUT0_output"][0] for each in reply.document["predictions"]] == [1, 2]
    assert ask(f"{server.url}/v1/models/digits:predict", {"instances": []}).status == 400
    assert ask(f"{server.url}/v1/models/digits:other", {"instances": []}).status == 404


def test_version_1_takes_pictures(server):
    """Bytes go as objects with the key b64, alone or by the name of the input."""
    encoded = [
        {"b64": base64.b64encode((DIGITS / f"images/{digit}.png").read_bytes()).decode()}
        for digit in (4, 9)
    ]
    for instances in (encoded, [{"data": each} for each in encoded]):
        reply = ask(f"{server.url}/v1/models/digits:predict", {"instances": instances})
        assert list(np.argmax(reply.document["predictions"], axis=1)) == [4, 9]
    for wrong in ([{"b64": "&"}], [{"b64": 1}], [encoded[0], 3]):
        reply = ask(f"{server.url}/v1/models/digits:predict", {"instances": wrong})
        assert reply.status == 400, reply.body


@pytest.mark.parametrize(
    "data", [b"\xff\xff\xff\xffa", b"\x01\0\0", b"\x01\0\0\0ab", b"", b"\x01\0\0\0a" * 2]
)
def test_damaged_elements(server, data):
    described = tensor(datatype="BYTES", shape=[1], parameters={"binary_data_size": len(data)})
    head = json.dumps({"inputs": [described]}).encode()
    reply = ask(
        f"{server.url}/v2/models/digits/infer",
        head + data,
        "application/octet-stream",
        headers={"Inference-Header-Content-Length": str(len(head))},
    )
    assert reply.status == 400
    assert "input data" in reply.document["error"]
