"""tritonclient's clients for asyncio, many requests at a time."""

import asyncio

import numpy as np
import pytest
from serving_helpers import LENET, digit_rows

http = pytest.importorskip("tritonclient.http.aio")
rpc = pytest.importorskip("tritonclient.grpc.aio")


@pytest.fixture(scope="module")
def server(serving):
    return serving({"digits": LENET}, grpc_port=0, management_port=None)


async def classify(client, module, count=24):
    rows, labels = digit_rows(count)

    async def one(row):
        data = module.InferInput("data", (1, *row.shape), "FP32")
        data.set_data_from_numpy(row[np.newaxis])
        answer = await client.infer("digits", [data])
        return int(answer.as_numpy("softmax_output").argmax())

    assert await asyncio.gather(*(one(row) for row in rows)) == list(labels)


def test_http(server):
    async def check():
        async with http.InferenceServerClient(server.url.partition("://")[2]) as client:
            await classify(client, http)

    asyncio.run(check())


def test_rpc(server):
    async def check():
        async with rpc.InferenceServerClient(f"127.0.0.1:{server.grpc_port}") as client:
            await classify(client, rpc)

    asyncio.run(check())
