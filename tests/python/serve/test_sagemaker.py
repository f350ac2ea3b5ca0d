"""SageMaker's protocol with the default functions."""

import io
import json
import tarfile

import numpy as np
import pytest
from serving_helpers import DIGITS, LENET, ask, digit_rows, expected_digits


def test_ping(digits):
    assert ask(f"{digits.url}/ping").status == 200


def test_json_gives_the_digits(digits):
    rows, labels = digit_rows()
    reply = ask(f"{digits.url}/invocations", rows.tolist())
    assert reply.status == 200, reply.body
    assert reply.headers["Content-Type"] == "application/json"
    np.testing.assert_allclose(reply.document, expected_digits(rows), rtol=1e-5, atol=1e-7)
    assert list(np.argmax(reply.document, axis=1)) == list(labels)


def test_one_picture_needs_no_batch(digits):
    rows, _ = digit_rows(1)
    reply = ask(f"{digits.url}/invocations", rows[0].tolist())
    np.testing.assert_allclose(reply.document, expected_digits(rows), rtol=1e-5, atol=1e-7)


def test_csv_in_and_out(digits):
    rows, _ = digit_rows(3)
    table = "\n".join(",".join(map(str, row)) for row in rows.reshape(3, -1)).encode()
    reply = ask(f"{digits.url}/invocations", table, "text/csv", headers={"Accept": "text/csv"})
    assert reply.headers["Content-Type"] == "text/csv"
    values = np.loadtxt(io.StringIO(reply.body.decode()), delimiter=",")
    np.testing.assert_allclose(values, expected_digits(rows), rtol=1e-5, atol=1e-7)


def test_npy_in_and_out(digits):
    rows, _ = digit_rows(3)
    stream = io.BytesIO()
    np.save(stream, rows)
    accept = {"Accept": "application/x-npy"}
    reply = ask(f"{digits.url}/invocations", stream.getvalue(), "application/x-npy", headers=accept)
    values = np.load(io.BytesIO(reply.body))
    np.testing.assert_allclose(values, expected_digits(rows), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("digit", range(10))
def test_pictures_give_the_digits(digits, digit):
    picture = (DIGITS / f"images/{digit}.png").read_bytes()
    reply = ask(f"{digits.url}/invocations", picture, "image/png")
    assert np.argmax(reply.document) == digit


def test_batches_of_any_size(digits):
    rows, labels = digit_rows(37)  # more than max_batch, and no power of two
    reply = ask(f"{digits.url}/invocations", rows.tolist())
    assert len(reply.document) == 37
    np.testing.assert_allclose(reply.document, expected_digits(rows), rtol=1e-4, atol=1e-6)


def test_a_model_archive_with_its_shapes(serving, tmp_path):
    path = tmp_path / "model.tar.gz"
    shapes = json.dumps([{"name": "data", "shape": [8, 1, 28, 28]}]).encode()
    with tarfile.open(path, "w:gz") as archive:
        archive.add(f"{LENET}-symbol.json", "model-symbol.json")
        archive.add(f"{LENET}-0010.params", "model-0000.params")
        entry = tarfile.TarInfo("model-shapes.json")
        entry.size = len(shapes)
        archive.addfile(entry, io.BytesIO(shapes))
    server = serving({"model": path})
    rows, labels = digit_rows(3)
    reply = ask(f"{server.url}/invocations", rows.tolist())
    assert list(np.argmax(reply.document, axis=1)) == list(labels)


@pytest.mark.parametrize(
    ("body", "kind", "accept", "status", "word"),
    [
        (b"[1, 2", "application/json", "", 400, "JSON"),
        (b'["a"]', "application/json", "", 400, "tensor"),
        (b"[[1], [1, 2]]", "application/json", "", 400, "tensor"),
        (b"[[1, 2]]", "application/json", "", 400, "shape"),
        (b'{"other": [1]}', "application/json", "", 400, "other"),
        (b"1,2\n3", "text/csv", "", 400, "table"),
        (b"\x93NUMPYxx", "application/x-npy", "", 400, "npy"),
        (b"no picture", "image/jpeg", "", 400, "image"),
        (b"<a/>", "text/xml", "", 415, "text/xml"),
        (b"[]", "application/json", "text/html", 406, "text/html"),
    ],
)
def test_mistakes_are_said_in_one_line(digits, body, kind, accept, status, word):
    reply = ask(f"{digits.url}/invocations", body, kind, headers={"Accept": accept})
    assert reply.status == status, reply.body
    message = reply.document["message"]
    assert word in message and "\n" not in message
    assert reply.document["code"] == status


def test_endpoints_by_name(digits):
    rows, labels = digit_rows(1)
    reply = ask(f"{digits.url}/endpoints/digits/invocations", rows.tolist())
    assert np.argmax(reply.document) == labels[0]
    assert ask(f"{digits.url}/endpoints/other/invocations", b"[]").status == 404


def test_request_identifiers_come_back(digits):
    assert ask(f"{digits.url}/ping", headers={"X-Request-Id": "abc-1"}).headers["X-Request-Id"] == (
        "abc-1"
    )
    assert len(ask(f"{digits.url}/ping").headers["X-Request-Id"]) == 16
