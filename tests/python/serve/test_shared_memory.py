"""Tensors in shared memory, as Triton's programs `simple_*_shm_client` hand them over."""

import os

import numpy as np
import pytest
from serving_helpers import ask
from triton_helpers import (
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
shm = pytest.importorskip("tritonclient.utils.shared_memory")


@pytest.fixture(scope="module")
def server(serving, tmp_path_factory):
    from mxnet.serve import ModelSettings

    folder = tmp_path_factory.mktemp("models")
    models = {
        "simple": add_and_subtract(folder / "simple"),
        "simple_string": model_with_handler(folder / "simple_string", STRINGS),
    }
    return serving(
        models, ModelSettings(code="allow"), grpc_port=0, shared_memory=True, max_body=4096
    )


@pytest.fixture(params=[http, rpc], ids=["http", "grpc"])
def library(request):
    return request.param


@pytest.fixture
def client(server, library):
    with connect(server, library) as client:
        client.unregister_system_shared_memory()
        client.unregister_cuda_shared_memory()
        yield client
        client.unregister_system_shared_memory()


@pytest.fixture
def region(client):
    """Makes regions that end with the test: region(name, size)."""
    handles = []

    def make(name, size):
        key = f"/remx_test_{os.getpid()}_{name}"
        handles.append(shm.create_shared_memory_region(name, key, size))
        client.register_system_shared_memory(name, key, size)
        return handles[-1]

    yield make
    for each in handles:
        shm.destroy_shared_memory_region(each)


def in_memory(library, kind, places):
    found = []
    for name, (where, size, offset, *shape) in places.items():
        each = (
            library.InferInput(name, *shape, kind)
            if name.startswith("IN")
            else library.InferRequestedOutput(name)
        )
        each.set_shared_memory(where, size, offset)
        found.append(each)
    return found


def test_numbers(client, library, region):
    inputs, outputs = region("input_data", 128), region("output_data", 128)
    shm.set_shared_memory_region(inputs, [ONE])
    shm.set_shared_memory_region(inputs, [TWO], offset=64)
    names = {"INPUT0": ("input_data", 64, 0, [1, 16]), "INPUT1": ("input_data", 64, 64, [1, 16])}
    wanted = {"OUTPUT0": ("output_data", 64, 0), "OUTPUT1": ("output_data", 64, 64)}
    answer = client.infer(
        "simple",
        in_memory(library, "INT32", names),
        outputs=in_memory(library, "INT32", wanted),
    )
    described = plain(answer.get_output("OUTPUT0"))
    assert not described.get("data") and not described.get("contents")  # they went another way
    assert [int(size) for size in described["shape"]] == [1, 16]
    found = shm.get_contents_as_numpy(outputs, np.int32, [1, 16])
    np.testing.assert_array_equal(found, ONE + TWO)
    found = shm.get_contents_as_numpy(outputs, np.int32, [1, 16], offset=64)
    np.testing.assert_array_equal(found, ONE - TWO)
    status = plain(client.get_system_shared_memory_status())
    status = status if isinstance(status, list) else status["regions"].values()
    assert {each["name"] for each in status} == {"input_data", "output_data"}


def test_strings(client, library, region):
    one = utils.serialize_byte_tensor(strings(ONE))
    total = utils.serialize_byte_tensor(strings(2 * ONE))
    sizes = [utils.serialized_byte_size(each) for each in (one, total)]
    inputs, outputs = region("input0_data", sizes[0]), region("output0_data", sizes[1])
    shm.set_shared_memory_region(inputs, [one])
    places = {f"INPUT{i}": ("input0_data", sizes[0], 0, [1, 16]) for i in range(2)}
    client.infer(
        "simple_string",
        in_memory(library, "BYTES", places),
        outputs=in_memory(library, "BYTES", {"OUTPUT0": ("output0_data", sizes[1], 0)}),
    )
    found = shm.get_contents_as_numpy(outputs, np.object_, [1, 16])
    np.testing.assert_array_equal(found.astype(int), 2 * ONE)


def test_inputs_alone(client, library, region):
    shm.set_shared_memory_region(region("input_data", 64), [ONE])
    first = library.InferInput("INPUT0", [1, 16], "INT32")
    first.set_data_from_numpy(TWO)
    (second,) = in_memory(library, "INT32", {"INPUT1": ("input_data", 64, 0, [1, 16])})
    answer = client.infer("simple", [first, second])
    np.testing.assert_array_equal(answer.as_numpy("OUTPUT1_output"), TWO - ONE)


def refused(client, library, place, word, output=None):
    inputs = in_memory(library, "INT32", {f"INPUT{i}": (*place, [1, 16]) for i in range(2)})
    outputs = in_memory(library, "INT32", {"OUTPUT0": output}) if output else None
    with pytest.raises(utils.InferenceServerException, match=word):
        client.infer("simple", inputs, outputs=outputs)


def test_mistakes_are_said(client, library, region):
    handle = region("data", 64)
    shm.set_shared_memory_region(handle, [ONE])
    refused(client, library, ("other", 64, 0), "other is not registered")
    refused(client, library, ("data", 64, 8), "has 64 bytes; 72 are expected")
    refused(client, library, ("data", 32, 0), "64 are expected")
    refused(client, library, ("data", 64, 0), "other is not registered", ("other", 64, 0))
    refused(client, library, ("data", 64, 0), "too small", ("data", 32, 0))
    client.unregister_system_shared_memory("data")
    refused(client, library, ("data", 64, 0), "data is not registered")


@pytest.mark.parametrize(
    ("key", "size", "word"),
    [
        ("/not_there_at_all", 4, "cannot be opened"),
        ("/../../etc/passwd", 4, "is no name"),
        ("a/b", 4, "is no name"),
        (".", 4, "is no name"),
        ("", 4, "is no name"),
        ("/remx_small", 5, "has 4 bytes"),
        ("/remx_small", 0, "whole numbers"),
        ("/remx_link", 4, "cannot be opened"),
        ("/remx_folder", 4, "cannot be opened"),
        ("/remx_pipe", 4, "is no shared memory"),
    ],
)
def test_what_cannot_be_registered(client, key, size, word):
    with open("/dev/shm/remx_small", "wb") as stream:
        stream.write(b"1234")
    os.symlink("/etc/hostname", "/dev/shm/remx_link")
    os.mkdir("/dev/shm/remx_folder")
    os.mkfifo("/dev/shm/remx_pipe")
    try:
        with pytest.raises(utils.InferenceServerException, match=word):
            client.register_system_shared_memory("mine", key, size)
    finally:
        for name in ("small", "link", "pipe"):
            os.unlink(f"/dev/shm/remx_{name}")
        os.rmdir("/dev/shm/remx_folder")


def test_names_are_taken_once(client, region):
    region("data", 64)
    with pytest.raises(utils.InferenceServerException, match="registered already"):
        client.register_system_shared_memory("data", "/remx", 64)


def test_a_region_that_becomes_smaller(client, library, region):
    """It is an error, where a mapping would end the server by a signal."""
    region("data", 64)
    os.truncate(f"/dev/shm/remx_test_{os.getpid()}_data", 10)
    refused(client, library, ("data", 64, 0), "has become smaller")
    assert client.is_server_live()


def test_large_tensors_are_refused(client, library, region):
    region("data", 8192)
    refused(client, library, ("data", 8192, 0), "at most 4096")


def test_memory_of_gpus(client, library):
    status = plain(client.get_cuda_shared_memory_status())
    assert not status
    with pytest.raises(utils.InferenceServerException, match="no memory of GPUs"):
        client.register_cuda_shared_memory("data", b"aGFuZGxl", 0, 64)


def test_the_operator_decides(serving, library, tmp_path):
    server = serving({"simple": add_and_subtract(tmp_path / "simple")}, grpc_port=0)
    with connect(server, library) as client:
        for call in (
            client.get_system_shared_memory_status,
            client.unregister_system_shared_memory,
            client.get_cuda_shared_memory_status,
            lambda: client.register_system_shared_memory("a", "/a", 4),
        ):
            with pytest.raises(utils.InferenceServerException, match="--shared-memory"):
                call()
        refused(client, library, ("data", 64, 0), "--shared-memory")


@pytest.mark.parametrize(
    "parameters",
    [
        {"shared_memory_region": "a"},
        {"shared_memory_byte_size": 4},
        {"shared_memory_region": 1, "shared_memory_byte_size": 4},
        {"shared_memory_region": "a", "shared_memory_byte_size": -1},
        {"shared_memory_region": "a", "shared_memory_byte_size": 4, "shared_memory_offset": 1.5},
        {"shared_memory_region": "a", "shared_memory_byte_size": True},
    ],
)
def test_damaged_parameters(server, parameters):
    tensor = {"name": "INPUT0", "datatype": "INT32", "shape": [1], "parameters": parameters}
    reply = ask(f"{server.url}/v2/models/simple/infer", {"inputs": [tensor]})
    assert reply.status == 400
    assert "shared_memory_region" in reply.document["error"]
