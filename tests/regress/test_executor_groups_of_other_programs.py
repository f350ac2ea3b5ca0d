"""DataParallelExecutorGroup took inputs as DataDesc alone, and brought parameters to nobody."""

import mxnet as mx
from mxnet.module.executor_group import DataParallelExecutorGroup

DEVICES = [mx.cpu(0), mx.cpu(1)]


def network(layers):
    out = mx.sym.var("data")
    for number in range(layers):
        out = mx.sym.FullyConnected(out, num_hidden=4, name=f"f{number}")
    return mx.sym.SoftmaxOutput(out, name="softmax")


def group(symbol, names, **options):
    return DataParallelExecutorGroup(
        symbol=symbol,
        contexts=DEVICES,
        workload=[1, 1],
        data_shapes=[("data", (4, 3))],
        label_shapes=[("softmax_label", (4,))],
        param_names=names,
        for_training=True,
        inputs_need_grad=False,
        **options,
    )


def test_groups_share_parameters():
    symbol = network(2)
    inputs = ("data", "softmax_label")
    names = [name for name in symbol.list_arguments() if name not in inputs]
    first = group(symbol, names)
    second = group(network(3), names, shared_group=first)
    assert first.data_names == ["data"] and first.label_names == ["softmax_label"]
    for one, other in zip(first.execs, second.execs):
        for name in names:
            assert mx.test_utils.same_array(one.arg_dict[name], other.arg_dict[name])
            assert mx.test_utils.same_array(one.grad_dict[name], other.grad_dict[name])


def test_parameters_are_brought():
    symbol = network(1)
    first = group(symbol, ["f0_weight", "f0_bias"])
    first.set_params({"f0_weight": mx.nd.ones((4, 3)), "f0_bias": mx.nd.zeros(4)}, {})
    first.forward(mx.io.DataBatch([mx.nd.ones((4, 3))], [mx.nd.zeros(4)]), is_train=True)
    first.backward()
    assert first.get_outputs()[0].shape == (4, 4)
    weights, states = {"f0_weight": mx.nd.zeros((4, 3))}, {}
    kept = weights["f0_weight"]
    first.get_params(weights, states)
    assert (kept.asnumpy() == 1).all() and weights["f0_bias"].shape == (4,) and not states
