"""Fixtures that tests of several folders share."""

import sys

import pytest


def interface_in_use():
    """Whether arrays and shapes are those of the NumPy interface on this thread."""
    mx = sys.modules.get("mxnet")
    return (mx.util.is_np_array(), mx.util.is_np_shape()) if mx else (False, False)


@pytest.fixture(autouse=True)
def leaves_the_interface_as_it_was():
    """A test that chose the NumPy interface and kept it would change what all later ones mean."""
    before = interface_in_use()
    yield
    after = interface_in_use()
    if after != before:
        sys.modules["mxnet"].util.reset_np()
        pytest.fail(f"(is_np_array, is_np_shape) were {before} and are {after} after the test")


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
