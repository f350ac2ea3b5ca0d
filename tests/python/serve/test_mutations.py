"""Requests and archives with damaged bytes: an answer that says what is wrong, never a failure."""

import random

import pytest
from mutations import REFUSED, REQUESTS, damaged_archive, damaged_request
from serving_helpers import ask

from mxnet import error

COUNT = 40  # of each kind; tests/fuzz/fuzz_requests.py tries more


@pytest.mark.parametrize("kind", list(REQUESTS))
def test_damaged_requests(digits, kind):
    state = random.Random(kind)
    for _ in range(COUNT):
        path, data, content_type, headers = damaged_request(kind, state)
        reply = ask(f"{digits.url}{path}", data, content_type, "POST", headers)
        assert reply.status == 200 or reply.status in REFUSED, (data, reply.status, reply.body)


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_damaged_archives(serving, tmp_path, kind):
    """Either they load, or they are refused in one line."""
    service = serving().service
    state, path = random.Random(kind), tmp_path / "a.mar"
    for _ in range(COUNT // 2):
        path.write_bytes(damaged_archive(kind, state))
        try:
            service.load_all(str(path), "m")
        except error.MXNetError as cause:
            assert "\n" not in str(cause)
