"""Fixtures that tests of several folders share."""

import pytest


@pytest.fixture
def bfloat16_kernels(monkeypatch):
    """Skips where the processor has no way to compute layers in bfloat16."""
    mx = pytest.importorskip("mxnet")
    monkeypatch.setenv("REMX_INFERENCE_DTYPE", "bfloat16")
    symbol = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2)
    try:
        symbol.simple_bind(mx.cpu(), grad_req="null", data=(1, 2)).forward()[0].wait_to_read()
    except NotImplementedError as error:
        pytest.skip(str(error))
    monkeypatch.delenv("REMX_INFERENCE_DTYPE")
