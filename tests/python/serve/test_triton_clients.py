"""What Triton's own example programs do with its client library, against `remx serve`.

Each test makes the calls of one of the programs `simple_http_*` and `simple_grpc_*`.
"""

import queue

import numpy as np
import pytest
from serving_helpers import DIGITS, LENET, digit_rows
from triton_helpers import (
    IDENTITY,
    ONE,
    STRINGS,
    TWO,
    add_and_subtract,
    connect,
    model_with_handler,
    plain,
    strings,
)

http = pytest.importorskip("tritonclient.http")
rpc = pytest.importorskip("tritonclient.grpc")
utils = pytest.importorskip("tritonclient.utils")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    add_and_subtract(folder / "simple")
    model_with_handler(folder / "simple_string", STRINGS)
    model_with_handler(folder / "simple_identity", IDENTITY)
    return folder


@pytest.fixture(scope="module")
def server(serving, store):
    from mxnet.serve import ModelSettings

    models = {name: store / name for name in ("simple", "simple_string", "simple_identity")}
    return serving(
        {**models, "digits": LENET},
        ModelSettings(code="allow"),
        grpc_port=0,
        multi_model=True,
        model_store=str(store),
    )


@pytest.fixture(params=[http, rpc], ids=["http", "grpc"])
def library(request):
    return request.param


@pytest.fixture
def client(server, library):
    with connect(server, library) as client:
        yield client


def simple_inputs(library):
    inputs = [library.InferInput(f"INPUT{i}", [1, 16], "INT32") for i in range(2)]
    for each, value in zip(inputs, (ONE, TWO)):
        each.set_data_from_numpy(value)
    return inputs


def wishes(library, **options):
    return [library.InferRequestedOutput(f"OUTPUT{i}", **options) for i in range(2)]


def check_simple(answer):
    np.testing.assert_array_equal(answer.as_numpy("OUTPUT0"), ONE + TWO)
    np.testing.assert_array_equal(answer.as_numpy("OUTPUT1"), ONE - TWO)


def test_infer(client, library):
    answer = client.infer(
        "simple", simple_inputs(library), outputs=wishes(library), headers={"test": "1"}
    )
    check_simple(answer)
    assert client.infer("simple", simple_inputs(library)).as_numpy("OUTPUT0_output") is not None
    statistics = plain(client.get_inference_statistics("simple"))["model_stats"]
    assert len(statistics) == 1
    with pytest.raises(utils.InferenceServerException) as caught:
        client.infer("wrong_model_name", simple_inputs(library))
    assert caught.value.message().startswith("Request for unknown model")


def test_mixed_representations(server):
    with connect(server, http) as client:
        inputs = simple_inputs(http)
        inputs[0].set_data_from_numpy(ONE, binary_data=False)
        outputs = [
            http.InferRequestedOutput("OUTPUT0", binary_data=True),
            http.InferRequestedOutput("OUTPUT1", binary_data=False),
        ]
        answer = client.infer("simple", inputs, outputs=outputs, query_params={"a": 1})
        check_simple(answer)
        for algorithm in ("gzip", "deflate"):
            answer = client.infer(
                "simple",
                inputs,
                outputs=outputs,
                request_compression_algorithm=algorithm,
                response_compression_algorithm=algorithm,
            )
            check_simple(answer)


def test_async_infer(client, library):
    if library is http:
        pending = [
            client.async_infer("simple", simple_inputs(http), outputs=wishes(http))
            for _ in range(4)
        ]
        found = [each.get_result() for each in pending]
    else:
        answers = queue.Queue()
        for _ in range(4):
            client.async_infer(
                "simple",
                simple_inputs(rpc),
                lambda result, error: answers.put(error or result),
                outputs=wishes(rpc),
            )
        found = [answers.get(timeout=20) for _ in range(4)]
    for each in found:
        check_simple(each)


def test_stream(server):
    answers = queue.Queue()
    with connect(server, rpc) as client:
        client.start_stream(lambda result, error: answers.put(error or result))
        for _ in range(3):
            client.async_stream_infer(
                "simple",
                simple_inputs(rpc),
                outputs=wishes(rpc),
                enable_empty_final_response=True,
            )
        client.async_stream_infer("wrong_model_name", simple_inputs(rpc))
        found = [answers.get(timeout=20) for _ in range(4)]
        client.stop_stream()
    for each in found[:3]:
        check_simple(each)
        assert each.get_response().parameters["triton_final_response"].bool_param
    assert "unknown model" in found[3].message()


def test_sequences_are_refused(client, library):
    with pytest.raises(utils.InferenceServerException, match="sequence_id=5"):
        client.infer("simple", simple_inputs(library), sequence_id=5, sequence_start=True)


def test_custom_arguments(client, library):
    answer = client.infer(
        "simple",
        simple_inputs(library),
        outputs=wishes(library),
        priority=1,
        timeout=500_000,
        parameters={"mine": 3, "other": "x"},
    )
    check_simple(answer)


def test_reused_objects(client, library):
    inputs, outputs = simple_inputs(library), wishes(library)
    for number in range(3):
        inputs[0].set_data_from_numpy(ONE + number)
        answer = client.infer("simple", inputs, outputs=outputs)
        np.testing.assert_array_equal(answer.as_numpy("OUTPUT0"), ONE + number + TWO)


def test_health_and_metadata(client):
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("simple")
    metadata = plain(client.get_server_metadata())
    assert metadata["name"] == "remx"
    assert {"statistics", "model_configuration", "classification"} <= set(metadata["extensions"])
    assert "system_shared_memory" not in metadata["extensions"]
    assert plain(client.get_model_metadata("simple"))["name"] == "simple"
    with_handler = plain(client.get_model_metadata("simple_string"))
    assert with_handler["platform"] == "python" and not with_handler.get("inputs")
    with pytest.raises(utils.InferenceServerException, match="Request for unknown model"):
        client.get_model_metadata("wrong_model_name")


def test_configuration(client):
    found = plain(client.get_model_config("digits"))
    found = found.get("config", found)
    assert found["max_batch_size"] == 16
    (data,) = found["input"]
    assert data["name"] == "data" and data["data_type"] == "TYPE_FP32"
    assert data["format"] == "FORMAT_NCHW"
    assert [int(size) for size in data["dims"]] == [1, 28, 28]
    assert [int(size) for size in found["output"][0]["dims"]] == [10]
    assert found["instance_group"][0]["kind"] == "KIND_CPU"


def test_model_control(client):
    client.load_model("simple")
    assert client.is_model_ready("simple")
    with pytest.raises(utils.InferenceServerException, match="failed to load.*config is not valid"):
        client.load_model("simple", config='"parameters": {"config": {{"max_batch_size": "16"}}}')
    with pytest.raises(utils.InferenceServerException, match="failed to load.*backend"):
        client.load_model("simple", config='{"backend": "x"}')
    client.load_model("simple", config='{"max_batch_size": "4"}')
    found = plain(client.get_model_config("simple"))
    assert found.get("config", found)["max_batch_size"] == 4
    with pytest.raises(utils.InferenceServerException, match="failed to load"):
        client.load_model("simple", config="{}", files={"file:1/a": b"x"})
    client.unload_model("simple")
    assert not client.is_model_ready("simple")
    with pytest.raises(utils.InferenceServerException, match="failed to load"):
        client.load_model("wrong_model_name")
    client.load_model("simple")
    names = {each["name"] for each in plain_index(client)}
    assert names == {"simple", "simple_string", "simple_identity", "digits"}


def plain_index(client):
    found = plain(client.get_model_repository_index())
    return found if isinstance(found, list) else found["models"]


def test_statistics(client, library):
    def ask():
        (found,) = plain(client.get_inference_statistics("digits", "1"))["model_stats"]
        counts = [int(found.get(name, 0)) for name in ("inference_count", "execution_count")]
        names = ("success", "fail", "queue", "compute_infer")
        figures = [found["inference_stats"].get(name, {}) for name in names]
        durations = [int(each.get("ns", 0)) for each in figures]
        return [*counts, *(int(each.get("count", 0)) for each in figures)], durations, found

    before, _, _ = ask()
    rows, _ = digit_rows(3)
    data = library.InferInput("data", rows.shape, "FP32")
    data.set_data_from_numpy(rows)
    client.infer("digits", [data])
    after, durations, found = ask()
    assert [b - a for a, b in zip(before, after)] == [3, 1, 1, 0, 1, 1]
    success, _, waiting, computing = durations
    assert 0 < computing <= success and waiting + computing <= success + 1000
    sizes = {int(each["batch_size"]) for each in found["batch_stats"]}
    assert 3 in sizes
    assert int(found["last_inference"]) > 1.6e12
    everything = plain(client.get_inference_statistics())["model_stats"]
    assert len(everything) == 4
    with pytest.raises(utils.InferenceServerException):
        client.get_inference_statistics("wrong_model_name")


def test_failures_are_counted(serving, library, tmp_path):
    from mxnet.serve import ModelSettings

    code = "def handle(data, context):\n    if data is not None:\n        raise ValueError('no')\n"
    model = model_with_handler(tmp_path / "failing", code)
    server = serving({"failing": model}, ModelSettings(code="allow"), grpc_port=0)
    with connect(server, library) as client:
        data = library.InferInput("data", [1], "BYTES")
        data.set_data_from_numpy(np.array([b"x"], object))
        with pytest.raises(utils.InferenceServerException, match="no"):
            client.infer("failing", [data])
        (found,) = plain(client.get_inference_statistics("failing"))["model_stats"]
    assert int(found["inference_stats"]["fail"]["count"]) == 1
    assert int(found["inference_stats"].get("success", {}).get("count", 0)) == 0


def test_strings(client, library):
    one, two = strings(ONE), strings(np.ones_like(ONE))
    inputs = [library.InferInput(f"INPUT{i}", [1, 16], "BYTES") for i in range(2)]
    inputs[0].set_data_from_numpy(one)
    inputs[1].set_data_from_numpy(two, **({"binary_data": False} if library is http else {}))
    answer = client.infer("simple_string", inputs, outputs=wishes(library))
    np.testing.assert_array_equal(answer.as_numpy("OUTPUT0").astype(int), ONE + 1)
    np.testing.assert_array_equal(answer.as_numpy("OUTPUT1").astype(int), ONE - 1)


@pytest.mark.parametrize("is_binary", [True, False])
@pytest.mark.parametrize("kind", [object, np.bytes_])
def test_identity_of_strings(client, library, kind, is_binary):
    text = b"he\x00llo" if kind is object else b"\x00\x01\x02\x03"
    values = np.array([text] * 16, kind).reshape(1, 16)
    options = {"binary_data": is_binary} if library is http else {}
    data = library.InferInput("INPUT0", values.shape, "BYTES")
    data.set_data_from_numpy(values, **options)
    output = library.InferRequestedOutput("OUTPUT0", **options)
    found = client.infer("simple_identity", [data], outputs=[output]).as_numpy("OUTPUT0")
    expected = [text if library is rpc or is_binary else text.decode()] * 16
    assert found.ravel().tolist() == expected


@pytest.mark.parametrize("datatype", ["INT8", "INT32", "BYTES"])
def test_explicit_contents(server, datatype):
    import grpc
    from tritonclient.grpc import service_pb2, service_pb2_grpc

    model = "simple_identity" if datatype != "INT32" else "simple"
    message = service_pb2.ModelInferRequest(model_name=model)
    for name in ("INPUT0", "INPUT1")[: 1 if model == "simple_identity" else 2]:
        data = message.inputs.add(name=name, datatype=datatype, shape=[1, 16])
        if datatype == "BYTES":
            data.contents.bytes_contents.extend([b"a\xff"] * 16)
        else:
            data.contents.int_contents.extend(range(16))
    with grpc.insecure_channel(f"127.0.0.1:{server.grpc_port}") as channel:
        answer = service_pb2_grpc.GRPCInferenceServiceStub(channel).ModelInfer(message)
    contents = answer.outputs[0].contents
    if datatype == "BYTES":
        assert list(contents.bytes_contents) == [b"a\xff"] * 16
    else:
        factor = 2 if model == "simple" else 1
        assert list(contents.int_contents) == [factor * each for each in range(16)]


def picture_bytes(digit):
    return (DIGITS / f"images/{digit}.png").read_bytes()


def test_classification_of_pictures(client, library):
    """As Triton's image_client: the best classes in place of numbers."""
    values = np.array([picture_bytes(digit) for digit in (3, 8)], object)
    data = library.InferInput("data", [2], "BYTES")
    data.set_data_from_numpy(values)
    output = library.InferRequestedOutput("softmax_output", class_count=2)
    found = client.infer("digits", [data], outputs=[output]).as_numpy("softmax_output")
    assert found.shape == (2, 2)
    best = [row[0].decode().split(":") for row in found]
    assert [each[1] for each in best] == ["3", "8"]
    assert all(float(each[0]) > 0.5 for each in best)


def test_classification_is_for_numbers(client, library):
    data = library.InferInput("INPUT0", [2], "BYTES")
    data.set_data_from_numpy(np.array([b"a", b"b"], object))
    output = library.InferRequestedOutput("OUTPUT0", class_count=1)
    with pytest.raises(utils.InferenceServerException, match="outputs of numbers"):
        client.infer("simple_identity", [data], outputs=[output])


@pytest.mark.parametrize(
    ("model", "values", "word"),
    [
        ("digits", [b"no picture"], "is no image"),
        ("simple", [b"x"] * 16, "BYTES"),
    ],
)
def test_bytes_that_do_not_fit(client, library, model, values, word):
    names = ["data"] if model == "digits" else ["INPUT0", "INPUT1"]
    inputs = [library.InferInput(name, [len(values)], "BYTES") for name in names]
    for each in inputs:
        each.set_data_from_numpy(np.array(values, object))
    with pytest.raises(utils.InferenceServerException, match=word):
        client.infer(model, inputs)


def test_settings_are_refused(client):
    for ask in (
        client.get_trace_settings,
        lambda: client.update_trace_settings(settings={"trace_level": "OFF"}),
        client.get_log_settings,
        lambda: client.update_log_settings({"log_verbose_level": 1}),
    ):
        with pytest.raises(utils.InferenceServerException, match="requests set no"):
            ask()
