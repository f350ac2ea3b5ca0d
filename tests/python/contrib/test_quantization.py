"""Quantization of networks: the graphs, parameters and ranges of MXNet 1.9.1, and predictions."""

import json
import logging
import pathlib
import sys

import numpy as np
import pytest

import mxnet as mx
from mxnet.contrib import quantization

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))
import quantized_networks as networks  # noqa: E402

STORED = json.loads((HERE.parents[1] / "data" / "quantized_networks.json").read_text())
RANGE = ("min_calib_range", "max_calib_range")


def split(node):
    attrs = {k: v for k, v in node["attrs"].items() if k not in RANGE}
    ranges = [float(node["attrs"][k]) for k in RANGE if k in node["attrs"]]
    return {**node, "attrs": attrs}, ranges


@pytest.mark.parametrize("key", networks.CASES)
def test_graph_is_that_of_1_9_1(key):
    got, stored = networks.described(key), STORED[key]
    assert len(got["nodes"]) == len(stored["nodes"])
    for mine, theirs in zip(got["nodes"], stored["nodes"]):
        mine, ranges = split(mine)
        theirs, expected = split(theirs)
        assert mine == theirs
        # The layers of the two add in other orders.
        np.testing.assert_allclose(ranges, expected, rtol=2e-5, atol=2e-6)
    assert got["sums"].keys() == stored["sums"].keys()
    for name, value in stored["sums"].items():
        np.testing.assert_allclose(got["sums"][name], value, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("network", networks.NETWORKS)
@pytest.mark.parametrize("way", ["none int8", "naive auto"])
def test_predictions_stay(network, way):
    plain, quantized = networks.quantized(f"{network} {way}")
    data = networks.images(networks.SHAPES[network], 4)
    expected, got = (networks.predict(*each, data) for each in (plain, quantized))
    np.testing.assert_allclose(got, expected, atol=0.05)
    assert abs(got - expected).max() > 0


def test_files_keep_a_quantized_network(tmp_path):
    _, quantized = networks.quantized("residual naive auto")
    data = networks.images(networks.SHAPES["residual"], 4)
    mx.model.save_checkpoint(str(tmp_path / "net"), 1, *quantized)
    loaded = mx.model.load_checkpoint(str(tmp_path / "net"), 1)
    np.testing.assert_array_equal(
        networks.predict(*loaded, data), networks.predict(*quantized, data)
    )


def block():
    mx.random.seed(1)
    net = mx.gluon.nn.HybridSequential()
    net.add(
        mx.gluon.nn.Conv2D(4, 3, padding=1, activation="relu"),
        mx.gluon.nn.MaxPool2D(2),
        mx.gluon.nn.Dense(5),
    )
    net.initialize(mx.init.Xavier())
    return net


PICTURES = np.random.RandomState(0).rand(8, 3, 8, 8).astype("float32")


def loader():
    data = mx.gluon.data.ArrayDataset(PICTURES, np.zeros(8, "float32"))
    return mx.gluon.data.DataLoader(data, batch_size=4)


@pytest.mark.parametrize("mode", ["none", "naive", "entropy"])
def test_net(mode):
    net = block()
    data = mx.nd.array(PICTURES)
    expected = net(data).asnumpy()
    options = {"data_shapes": [(4, 3, 8, 8)]} if mode == "none" else {"calib_data": loader()}
    quantized = quantization.quantize_net(net, calib_mode=mode, **options)
    dtypes = {str(np.dtype(p.dtype)) for p in quantized.collect_params().values()}
    assert dtypes == {"int8", "float32"}
    atol = 0.1 if mode == "entropy" else 0.05  # entropy cuts off what is rare
    np.testing.assert_allclose(quantized(data).asnumpy(), expected, atol=atol)


def test_net_leaves_out_layers():
    net = block()
    net(mx.nd.array(PICTURES))
    dense = [name for name in net.collect_params() if "dense" in name][0].rpartition("_")[0]
    options = {"calib_data": loader(), "calib_mode": "naive"}
    for left_out in (
        {"exclude_layers_match": ["dense"]},
        {"exclude_layers": [dense + "_fwd"]},
        {"exclude_operators": ["FullyConnected"]},
    ):
        parameters = quantization.quantize_net(net, **options, **left_out).collect_params()
        assert dense + "_weight" in parameters
        assert not any(name.startswith(dense) and "quantize" in name for name in parameters)


def test_collector_of_the_user():
    class Halved(quantization.CalibrationCollector):
        def collect(self, name, arr):
            if self.wants(name):
                reach = float(mx.nd.max(mx.nd.abs(arr)).asscalar()) / 2
                self.min_max_dict[name] = (-reach, reach)

    net, collector = block(), Halved()
    quantized = quantization.quantize_net_v2(
        net, calib_data=loader(), calib_mode="customize", LayerOutputCollector=collector
    )
    assert collector.include_layer == list(collector.min_max_dict)
    text = quantized(mx.sym.var("data")).tojson()
    low, high = collector.min_max_dict["data"]
    node = next(n for n in json.loads(text)["nodes"] if n["op"] == "_contrib_quantize_v2")
    assert [node["attrs"][k] for k in RANGE] == [f"{low:f}", f"{high:f}"]


def test_graph_then_calibration():
    sym = networks.lenet()
    arguments, states = networks.parameters(sym, networks.SHAPES["lenet"])
    qsym, qarguments, _, collector = quantization.quantize_graph(
        sym, arguments, states, calib_mode="naive"
    )
    assert isinstance(collector, quantization.LayerOutputMinMaxCollector)
    assert collector.include_layer[:2] == ["data", "conv1_output"]
    collector.collect("data", mx.nd.array([-1.0, 2.0]))
    collector.collect("data", mx.nd.array([-0.5, 3.0]))
    collector.collect("nobody asks", mx.nd.array([9.0]))
    assert collector.min_max_dict == {"data": (-1.0, 3.0)}
    calibrated, again, _ = quantization.calib_graph(
        qsym, arguments, states, collector, calib_mode="naive"
    )
    assert again.keys() == qarguments.keys()
    assert calibrated.attr_dict()["data_quantize"]["max_calib_range"] == "3.000000"


def test_histograms_grow_by_whole_bins():
    old = (np.array([1, 2, 3]), np.linspace(-1, 1, 4), -1, 1, 1.0)
    hist, edges, low, high, reach = quantization.combine_histogram(
        old, np.array([2.0, 3.0, -1.0]), -1, 3, 3.0
    )
    assert hist.tolist() == [0, 0, 0, 0, 2, 2, 3, 0, 1, 0, 1]
    assert (low, high) == (-1, 3)
    assert reach == pytest.approx(11 / 3)
    assert edges[-1] == pytest.approx(reach)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"calib_mode": "foo"}, "calib_mode=foo is not known"),
        ({"calib_mode": "naive"}, "calib_data=NoneType is no iterator"),
        ({"calib_mode": "none", "quantized_dtype": "int4"}, "quantized_dtype=int4 is not known"),
        ({"calib_mode": "none", "excluded_sym_names": "fc"}, "excluded_sym_names='fc' is no list"),
        ({"calib_mode": "none", "quantize_mode": "half"}, "quantize_mode=half is not known"),
    ],
)
def test_wrong_arguments(options, match):
    sym = networks.lenet()
    arguments, states = networks.parameters(sym, networks.SHAPES["lenet"])
    with pytest.raises(ValueError, match=match):
        quantization.quantize_model(sym, arguments, states, **options)


def test_logger_hears_what_is_found(caplog):
    net = block()
    logger = logging.getLogger("quantization-test")
    with caplog.at_level(logging.DEBUG, logger.name):
        quantization.quantize_net(net, calib_data=loader(), calib_mode="entropy", logger=logger)
    assert "data" in caplog.text
    assert "collected outputs of 8 examples" in caplog.text
