"""Recomputation in the backward pass: the same numbers, less memory."""

import re

import numpy as np
import pytest

import mxnet as mx


def network():
    """Three normalised convolutions, one of them beside a shortcut."""
    net = mx.sym.Variable("data")
    shortcut = None
    for i in range(3):
        # No bias: before a norm its gradient is zero, and rounding alone would be compared.
        conv = mx.sym.Convolution(
            net, kernel=(3, 3), pad=(1, 1), num_filter=8, no_bias=True, name=f"conv{i}"
        )
        norm = mx.sym.BatchNorm(conv, fix_gamma=i == 1, eps=1e-3, name=f"norm{i}")
        net = mx.sym.Activation(norm + shortcut if i == 2 else norm, act_type="relu")
        shortcut = net
    return mx.sym.sum(net * net)


def shortcuts(blocks=7):
    """Normalised convolutions, each added to what goes into it."""
    net = mx.sym.Variable("data")
    for i in range(blocks):
        conv = mx.sym.Convolution(
            net, kernel=(3, 3), pad=(1, 1), num_filter=8, no_bias=True, name=f"conv{i}"
        )
        norm = mx.sym.BatchNorm(conv, fix_gamma=False, eps=1e-3, name=f"norm{i}")
        net = mx.sym.Activation(norm + net if i else norm, act_type="relu")
    return mx.sym.sum(net * net)


def trained(mode, monkeypatch, shape=(4, 8, 10, 10), make=network):
    """Gradients and running averages after a step, and the planned megabytes."""
    monkeypatch.setenv("MXNET_BACKWARD_DO_MIRROR", mode)
    executor = make().simple_bind(mx.cpu(), data=shape)
    generator = np.random.RandomState(0)
    for array in executor.arg_arrays + executor.aux_arrays:
        array[:] = generator.uniform(0.5, 1.5, array.shape)
    executor.forward(is_train=True)
    executor.backward(mx.nd.ones(()) if executor.outputs[0].shape == () else mx.nd.ones((1,)))
    arrays = {**executor.grad_dict, **executor.aux_dict}
    megabytes = float(re.search(r"Total ([\d.]+) MB", executor.debug_str())[1])
    return {name: array.asnumpy() for name, array in arrays.items()}, megabytes


@pytest.mark.parametrize("make", [network, shortcuts])
def test_recomputation_changes_no_number(make, monkeypatch):
    kept, _ = trained("0", monkeypatch, make=make)
    again, _ = trained("1", monkeypatch, make=make)
    for name, value in kept.items():
        scale = np.abs(value).max()
        np.testing.assert_allclose(again[name], value, rtol=1e-4, atol=1e-4 * scale, err_msg=name)


def test_recomputation_saves_memory(monkeypatch):
    _, kept = trained("0", monkeypatch)
    _, again = trained("1", monkeypatch)
    assert again < kept


def test_every_other_shortcut_is_computed_again(monkeypatch):
    _, kept = trained("0", monkeypatch, (4, 8, 40, 40), shortcuts)
    _, again = trained("1", monkeypatch, (4, 8, 40, 40), shortcuts)
    assert again < 0.85 * kept  # seven outputs of convolutions and four sums instead of seven


@pytest.mark.parametrize("side, recomputes", [(10, False), (1100, True)])
def test_only_large_graphs_recompute_unasked(monkeypatch, side, recomputes):
    def planned(mode):
        monkeypatch.setenv("MXNET_BACKWARD_DO_MIRROR", mode)
        executor = network().simple_bind(mx.cpu(), data=(1, 8, side, side))
        return float(re.search(r"Total ([\d.]+) MB", executor.debug_str())[1])

    assert planned("auto") == planned("1" if recomputes else "0")
    assert planned("0") != planned("1")
