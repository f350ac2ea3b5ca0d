"""`print_summary` knew the parameters of four layers only, and flattened inputs wrongly."""

import math
import re

import mxnet as mx


def test_total_is_the_sum_of_the_shapes(capsys):
    shared = mx.sym.Variable("shared_weight")
    net = mx.sym.Convolution(mx.sym.Variable("data"), num_filter=4, kernel=(3, 3), name="conv")
    net = mx.sym.LeakyReLU(mx.sym.BatchNorm(net, name="norm"), act_type="prelu", name="act")
    net = mx.sym.Deconvolution(net, num_filter=3, kernel=(2, 2), name="up")
    net = mx.sym.FullyConnected(net, num_hidden=7, name="flat")
    net = mx.sym.FullyConnected(net, weight=shared, num_hidden=7, name="first")
    net = mx.sym.FullyConnected(net, weight=shared, num_hidden=7, name="second")
    net = mx.sym.broadcast_add(net, mx.sym.Variable("row", shape=(1, 7)), name="sum")
    net = mx.sym.SoftmaxOutput(net, name="softmax")
    mx.viz.print_summary(net, shape={"data": (2, 3, 8, 8)})
    text = capsys.readouterr().out
    shapes = dict(zip(net.list_arguments(), net.infer_shape(data=(2, 3, 8, 8))[0]))
    expected = sum(
        math.prod(shape) for name, shape in shapes.items() if name not in ("data", "softmax_label")
    )
    assert f"Total params: {expected}\n" in text
    counts = dict(re.findall(r"^(\w+)\(\w+\) +\S+ +(\d+)", text, re.M))
    assert counts["act"] == "4" and counts["up"] == "48" and counts["flat"] == str(3 * 49 * 7 + 7)
    assert counts["first"] == "56" and counts["second"] == "7" and counts["sum"] == "7"
