"""Files of a server of HTTP on this machine: by ranges, as a whole, refused, slow."""

import http.server
import os
import re
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import mxnet as mx
from mxnet import _files

pytest.importorskip("fsspec")
pytest.importorskip("aiohttp")

RECORDS = [bytes([i]) * (5000 * i + 3) for i in range(50)]


class Files(http.server.BaseHTTPRequestHandler):
    """Gives files below a folder, and parts of them. Names begin with what is done to requests."""

    protocol_version = "HTTP/1.1"
    folder = None
    asked = []  # method, name and range of each request
    problems = []  # codes of the next answers
    ended = threading.Event()

    def log_message(self, *arguments):
        pass

    def do_HEAD(self):
        self.answer(with_body=False)

    def do_GET(self):
        self.answer(with_body=True)

    def answer(self, with_body):
        kind, name = self.path.strip("/").split("/", 1)
        self.asked.append((self.command, name, self.headers["Range"]))
        path = os.path.join(self.folder, name)
        if with_body and self.problems:
            return self.send(self.problems.pop(0), b"")
        if not os.path.exists(path):
            return self.send(404, b"")
        if kind == "slow" and with_body:
            self.ended.wait()
        with open(path, "rb") as file:
            data = file.read()
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"] or "")
        if not wanted or kind == "whole":
            return self.send(200, data, with_body)
        first, last = int(wanted[1]), min(int(wanted[2]), len(data) - 1)
        place = f"bytes {first}-{last}/{len(data)}"
        return self.send(206, data[first : last + 1], with_body, **{"Content-Range": place})

    def send(self, code, data, with_body=True, **heads):
        self.send_response(code)
        for name, value in {"Content-Length": len(data), **heads}.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(data)


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    Files.folder = str(tmp_path_factory.mktemp("served"))
    mx.nd.save(f"{Files.folder}/a.params", {"x": mx.nd.arange(5)})
    writer = mx.recordio.MXIndexedRecordIO(f"{Files.folder}/a.idx", f"{Files.folder}/a.rec", "w")
    for key, data in enumerate(RECORDS):
        writer.write_idx(key, data)
    writer.close()
    writer = mx.recordio.MXIndexedRecordIO(f"{Files.folder}/p.idx", f"{Files.folder}/p.rec", "w")
    for i in range(60):
        picture = b"P6 64 64 255\n" + bytes([i]) * (64 * 64 * 3)
        writer.write_idx(i, mx.recordio.pack(mx.recordio.IRHeader(0, i, i, 0), picture))
    writer.close()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    Files.ended.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    Files.asked.clear()
    Files.problems.clear()
    monkeypatch.setattr(_files.objects, "_FIRST_WAIT", 0)


def test_whole_files(url):
    assert mx.nd.load(f"{url}/files/a.params")["x"].asnumpy().tolist() == [0, 1, 2, 3, 4]
    with pytest.raises(OSError, match=f"'{url}/files/none.params' cannot be read .FileNotFound"):
        mx.nd.load(f"{url}/files/none.params")
    with pytest.raises(NotImplementedError, match="'http://.*' would not be written in one step"):
        mx.nd.save(f"{url}/files/b.params", [mx.nd.ones(1)])


def test_records(url):
    record = mx.recordio.MXRecordIO(f"{url}/files/a.rec", "r")
    assert list(iter(record.read, None)) == RECORDS
    record = mx.recordio.MXIndexedRecordIO(f"{url}/files/a.idx", f"{url}/files/a.rec", "r")
    Files.asked.clear()
    assert record.read_idx(30) == RECORDS[30]
    wanted = f"bytes={record.idx[30]}-{record.idx[31] - 1}"
    assert Files.asked == [("GET", "a.rec", wanted)]


def test_datasets_in_worker_processes(url):
    data = mx.gluon.data.RecordFileDataset(f"{url}/files/a.rec")
    assert data[30] == RECORDS[30]
    loader = mx.gluon.data.DataLoader(data.transform(len), batch_size=10, num_workers=2)
    assert np.concatenate([batch.asnumpy() for batch in loader]).tolist() == list(map(len, RECORDS))


@pytest.mark.parametrize("index", [False, True])
@pytest.mark.parametrize("shuffle", [False, True])
def test_pictures(url, shuffle, index):
    found = []
    for part in range(3):
        source = mx.io.ImageRecordIter(
            path_imgrec=f"{url}/files/p.rec",
            path_imgidx=f"{url}/files/p.idx" if index else "",
            part_handle="keep",
            data_shape=(3, 64, 64),
            batch_size=4,
            num_parts=3,
            part_index=part,
            shuffle=shuffle,
            round_batch=False,
        )
        for batch in source:
            label = batch.label[0].asnumpy()[: 4 - batch.pad]
            assert (batch.data[0].asnumpy()[: len(label)] == label[:, None, None, None]).all()
            found += label.tolist()
    assert sorted(found) == list(range(60)) and (found != sorted(found)) == shuffle


def test_faults(url):
    reader = _files.ObjectReader(f"{url}/files/a.rec", "test")
    Files.problems += [503, 429, 500]
    assert reader.fetch([(0, 4)]) == [b"\x0a\x23\xd7\xce"]
    Files.asked.clear()
    Files.problems += [403]
    with pytest.raises(OSError, match="test: 'http.*a.rec' cannot be read from byte 0 to 4 .*403"):
        reader.fetch([(0, 4)])
    assert len(Files.asked) == 1


def test_a_server_that_gives_whole_files_only_is_asked_once(url):
    reader = _files.ObjectReader(f"{url}/whole/a.rec", "test")
    Files.asked.clear()
    with pytest.raises(OSError, match="bytes came of 4: the store does not read by ranges"):
        reader.fetch([(0, 4)])
    assert len(Files.asked) == 1


def test_ctrl_c_while_the_server_is_slow(url):
    program = f"""
import mxnet as mx
source = mx.io.ImageRecordIter(
    path_imgrec="{url}/slow/p.rec", data_shape=(3, 64, 64), batch_size=4
)
source.next()
"""
    child = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True)
    while ("GET", "p.rec") not in [request[:2] for request in Files.asked]:
        assert child.poll() is None
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert child.returncode == -signal.SIGINT
    assert errors.startswith("Traceback") and errors.endswith("\nKeyboardInterrupt\n")
