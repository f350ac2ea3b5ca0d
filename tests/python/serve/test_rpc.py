"""The Open Inference Protocol over gRPC, asked by tritonclient."""

import queue

import numpy as np
import pytest
from serving_helpers import LENET, digit_rows, expected_digits

rpc = pytest.importorskip("tritonclient.grpc")


@pytest.fixture(scope="module")
def server(serving):
    return serving({"digits": LENET}, grpc_port=0, management_port=None, model_store=LENET.parent)


@pytest.fixture(scope="module")
def client(server):
    with rpc.InferenceServerClient(f"127.0.0.1:{server.grpc_port}") as client:
        yield client


def request(rows):
    data = rpc.InferInput("data", rows.shape, "FP32")
    data.set_data_from_numpy(rows)
    return [data]


def test_metadata(client):
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("digits") and not client.is_model_ready("other")
    assert client.get_server_metadata().name == "remx"
    found = client.get_model_metadata("digits", as_json=True)
    assert found["inputs"] == [
        {"name": "data", "datatype": "FP32", "shape": ["-1", "1", "28", "28"]}
    ]


def test_inference(client):
    rows, _ = digit_rows(3)
    answer = client.infer("digits", request(rows), request_id="9")
    values = answer.as_numpy("softmax_output")
    np.testing.assert_allclose(values, expected_digits(rows), rtol=1e-5, atol=1e-7)
    assert answer.get_response().id == "9"


def test_typed_contents(server):
    """Values in fields of their type, as KServe's clients may send them."""
    import grpc
    from tritonclient.grpc import service_pb2, service_pb2_grpc

    rows, _ = digit_rows(1)
    message = service_pb2.ModelInferRequest(model_name="digits")
    data = message.inputs.add(name="data", datatype="FP32", shape=rows.shape)
    data.contents.fp32_contents.extend(rows.ravel().tolist())
    with grpc.insecure_channel(f"127.0.0.1:{server.grpc_port}") as channel:
        answer = service_pb2_grpc.GRPCInferenceServiceStub(channel).ModelInfer(message)
    assert not answer.raw_output_contents
    values = np.float32(answer.outputs[0].contents.fp32_contents).reshape(1, 10)
    np.testing.assert_allclose(values, expected_digits(rows), rtol=1e-5, atol=1e-7)


def test_a_stream(client):
    rows, labels = digit_rows(4)
    answers = queue.Queue()
    client.start_stream(lambda result, error: answers.put((result, error)))
    for row in rows:
        client.async_stream_infer("digits", request(row[np.newaxis]))
    found = [answers.get(timeout=20) for _ in rows]
    client.stop_stream()
    digits = [int(result.as_numpy("softmax_output").argmax()) for result, _ in found]
    assert digits == list(labels)


@pytest.mark.parametrize(
    ("name", "shape", "code"),
    [("digits", (1, 28), "INVALID_ARGUMENT"), ("other", (1, 1, 28, 28), "NOT_FOUND")],
)
def test_mistakes_have_codes(client, name, shape, code):
    with pytest.raises(rpc.InferenceServerException) as caught:
        client.infer(name, request(np.zeros(shape, np.float32)))
    assert code in caught.value.status()


def test_models_are_managed(client):
    client.load_model("digits-lenet")
    assert client.is_model_ready("digits-lenet")
    names = {each["name"] for each in client.get_model_repository_index(as_json=True)["models"]}
    assert names == {"digits", "digits-lenet"}
    client.unload_model("digits-lenet")
    assert not client.is_model_ready("digits-lenet")


def test_management_needs_the_token(serving):
    server = serving({"digits": LENET}, grpc_port=0, management_port=None, token="secret")
    with rpc.InferenceServerClient(f"127.0.0.1:{server.grpc_port}") as client:
        with pytest.raises(rpc.InferenceServerException) as caught:
            client.unload_model("digits")
        assert "UNAUTHENTICATED" in caught.value.status()
        client.unload_model("digits", headers={"authorization": "Bearer secret"})
        assert not client.is_model_ready("digits")
