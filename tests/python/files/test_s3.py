"""Objects of S3, in a server of moto on this machine."""

import os

import numpy as np
import pytest

import mxnet as mx
from mxnet import _files

boto3 = pytest.importorskip("boto3")
pytest.importorskip("s3fs")
server_module = pytest.importorskip("moto.server", reason="moto[s3] with flask is not there")

RECORDS = [bytes([i]) * (5000 * i + 3) for i in range(50)]


@pytest.fixture(scope="module")
def server():
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def client(server, monkeypatch):
    """A client of the bucket ``bucket``, and what s3fs needs to find it, in the environment."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    client = boto3.client("s3")
    client.create_bucket(Bucket="bucket")
    yield client
    for each in client.list_objects_v2(Bucket="bucket").get("Contents", []):
        client.delete_object(Bucket="bucket", Key=each["Key"])
    client.delete_bucket(Bucket="bucket")


def keys(client):
    return [each["Key"] for each in client.list_objects_v2(Bucket="bucket").get("Contents", [])]


def write_records(base):
    record = mx.recordio.MXIndexedRecordIO(base + ".idx", base + ".rec", "w")
    for key, data in enumerate(RECORDS):
        record.write_idx(key, data)
    record.close()


def test_checkpoints(client):
    symbol = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    weights = {"fc_weight": mx.nd.ones((2, 3)), "fc_bias": mx.nd.zeros(2)}
    mx.model.save_checkpoint("s3://bucket/run/net", 0, symbol, weights, {})
    assert keys(client) == ["run/net-0000.params", "run/net-symbol.json"]
    loaded, arguments, _ = mx.model.load_checkpoint("s3://bucket/run/net", 0)
    assert loaded.tojson() == symbol.tojson()
    assert (arguments["fc_weight"].asnumpy() == 1).all()
    with pytest.raises(OSError, match="'s3://bucket/run/net-0007.params' cannot be .*NotFound"):
        mx.model.load_checkpoint("s3://bucket/run/net", 7)


def test_records_large_enough_for_several_uploads(client):
    record = mx.recordio.MXRecordIO("s3://bucket/large.rec", "w")
    large = np.random.RandomState(0).bytes(30_000_000)
    for _ in range(2):
        record.write(large)
    assert keys(client) == []  # it is there when it is whole
    record.close()
    assert keys(client) == ["large.rec"]
    record = mx.recordio.MXRecordIO("s3://bucket/large.rec", "r")
    assert all(record.read() == large for _ in range(2)) and record.read() is None


def test_an_upload_that_is_dropped_leaves_nothing(client):
    record = mx.recordio.MXRecordIO("s3://bucket/dropped.rec", "w")
    for _ in range(2):
        record.write(bytes(30_000_000))
    with pytest.warns(ResourceWarning, match="was not closed"):
        del record
    assert keys(client) == []
    assert not client.list_multipart_uploads(Bucket="bucket").get("Uploads")


def test_datasets_in_worker_processes(client):
    write_records("s3://bucket/a")
    data = mx.gluon.data.RecordFileDataset("s3://bucket/a.rec")
    assert data[30] == RECORDS[30]
    loader = mx.gluon.data.DataLoader(data.transform(len), batch_size=10, num_workers=2)
    assert np.concatenate([batch.asnumpy() for batch in loader]).tolist() == list(map(len, RECORDS))


@pytest.mark.parametrize("shuffle", [False, True])
def test_pictures(client, shuffle):
    writer = mx.recordio.MXIndexedRecordIO("s3://bucket/p.idx", "s3://bucket/p.rec", "w")
    for i in range(60):
        picture = b"P6 64 64 255\n" + bytes([i]) * (64 * 64 * 3)
        writer.write_idx(i, mx.recordio.pack(mx.recordio.IRHeader(0, i, i, 0), picture))
    writer.close()
    source = mx.io.ImageRecordIter(
        path_imgrec="s3://bucket/p.rec",
        path_imgidx="s3://bucket/p.idx",
        data_shape=(3, 64, 64),
        batch_size=10,
        num_parts=3,
        part_index=1,
        shuffle=shuffle,
    )
    for _ in range(2):
        labels = []
        for batch in source:
            label = batch.label[0].asnumpy()
            assert (batch.data[0].asnumpy() == label[:, None, None, None]).all()
            labels += label.tolist()
        assert sorted(labels) == list(range(20, 40)) and (labels != sorted(labels)) == shuffle
        source.reset()


def test_what_another_program_writes_is_seen(client):
    client.put_object(Bucket="bucket", Key="x.csv", Body=b"1,2\n")
    assert _files.list_objects("s3://bucket/x.csv", "test") == ["s3://bucket/x.csv"]
    for text in (b"3,4\n", b"5,6\n7,8\n"):
        client.put_object(Bucket="bucket", Key="x.csv", Body=text)
        source = mx.io.CSVIter(data_csv="s3://bucket/x.csv", data_shape=(2,), batch_size=1)
        assert source.next().data[0].asnumpy()[0, 0] == float(text[:1])


def test_no_credentials_and_no_bucket(client, monkeypatch):
    with pytest.raises(OSError, match="'s3://none/a.params' cannot be read"):
        mx.nd.load("s3://none/a.params")
    with pytest.raises(OSError, match="save: 's3://none/a.params' cannot be written"):
        mx.nd.save("s3://none/a.params", [mx.nd.ones(1)])
    assert os.environ["AWS_ENDPOINT_URL"]
