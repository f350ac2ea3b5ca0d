"""The inference compiler keeps chains of quantized layers in 8 bits, and predicts the same."""

import pathlib
import sys

import numpy as np
import pytest

import mxnet as mx

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import quantized_networks as networks  # noqa: E402

CPU = pathlib.Path("/proc/cpuinfo")
needs_avx2 = pytest.mark.skipif(
    not CPU.exists() or "avx2" not in CPU.read_text(), reason="layers in 8 bits need AVX2"
)


def bound(model, shape):
    module = mx.mod.Module(model[0])
    module.bind([("data", shape)], [("softmax_label", shape[:1])], for_training=False)
    module.set_params(*model[1:])
    batch = mx.io.DataBatch(
        [mx.nd.array(networks.images(shape, shape[0]))], [mx.nd.zeros(shape[0])]
    )
    module.forward(batch, is_train=False)
    return module, module.get_outputs()[0].asnumpy()


def operators(module):
    lines = module._exec_group.execs[0].debug_str().splitlines()
    return [line.split(",")[0][3:] for line in lines if line.startswith("Op:")]


@pytest.mark.parametrize("network", networks.NETWORKS)
@pytest.mark.parametrize("dtype", ["int8", "auto", "uint8"])
def test_predictions_are_those_of_the_operators(network, dtype, monkeypatch):
    key = f"{network} {dtype} of both"
    monkeypatch.setitem(networks.CASES, key, {"calib_mode": "naive", "quantized_dtype": dtype})
    _, model = networks.quantized(key)
    shape = networks.SHAPES[network]
    _, compiled = bound(model, shape)
    monkeypatch.setenv("MXNET_SUBGRAPH_BACKEND", "NONE")
    _, plain = bound(model, shape)
    # In uint8 the operators cut what is below 0 between a convolution and its batch norm.
    if network != "residual" or dtype != "uint8":
        # One step of a score before softmax moves a probability by as much.
        np.testing.assert_allclose(compiled, plain, atol=0.025)


@needs_avx2
def test_residual_block_stays_in_8_bits():
    _, model = networks.quantized("residual naive auto")
    names = operators(bound(model, networks.SHAPES["residual"])[0])
    assert names.count("_int8_convolution") == 3
    if "vnni" not in CPU.read_text():
        return  # its dense layer has no whole vector of filters
    assert names.count("_int8_fully_connected") == 1
    left = {"_contrib_quantize_v2", "_contrib_quantized_pooling", "_contrib_dequantize"}
    assert set(names) <= left | {"_int8_convolution", "_int8_fully_connected"} | {
        "_reorder",
        "Flatten",
        "SoftmaxOutput",
    }


def test_uncalibrated_networks_run_their_operators():
    _, model = networks.quantized("residual none int8")
    names = operators(bound(model, networks.SHAPES["residual"])[0])
    assert names.count("_contrib_quantized_conv") == 3


@needs_avx2
def test_fused_files_run_in_8_bits():
    folder = pathlib.Path(__file__).parents[2] / "data" / "fused"
    model = mx.model.load_checkpoint(str(folder / "residual_calibrated"), 0)
    names = operators(bound(model, networks.SHAPES["residual"])[0])
    assert names.count("_int8_convolution") == 3


def test_changed_weights_are_seen():
    _, model = networks.quantized("lenet naive auto")
    module, before = bound(model, networks.SHAPES["lenet"])
    arguments = {k: v.copy() for k, v in model[1].items()}
    arguments["fc2_weight_quantize"][:] = -arguments["fc2_weight_quantize"]
    _, expected = bound((model[0], arguments, model[2]), networks.SHAPES["lenet"])
    module.set_params(arguments, model[2])
    data = networks.images(networks.SHAPES["lenet"], 4)
    module.forward(mx.io.DataBatch([mx.nd.array(data)], [mx.nd.zeros(4)]), is_train=False)
    after = module.get_outputs()[0].asnumpy()
    np.testing.assert_array_equal(after, expected)
    assert abs(after - before).max() > 0.01
