"""Networks converted to mixed precision: parameters, execution, Gluon, buckets, errors."""

import sys
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx
from mxnet.contrib import amp
from mxnet.gluon import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "networks"))

import amp_networks  # noqa: E402

TYPES = ["float16", "bfloat16"]
SHAPE = (2, 3, 16, 16)


def is_of(array, dtype):
    return mx._core.same_dtype(array, dtype)


@pytest.fixture
def model():
    """A bound residual network with seeded parameters: symbol, executor, parameters, states."""
    symbol = amp_networks.resnet()
    executor = symbol.simple_bind(mx.cpu(), grad_req="null", data=SHAPE)
    state = np.random.RandomState(0)
    for array in executor.arg_dict.values():
        array[:] = state.uniform(-0.3, 0.3, array.shape)
    for array in executor.aux_dict.values():
        array[:] = state.uniform(0.5, 1, array.shape)
    parameters = {name: each for name, each in executor.arg_dict.items() if name != "data"}
    return symbol, executor, parameters, executor.aux_dict


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("cast", [False, True])
def test_models_keep_their_predictions(model, dtype, cast):
    symbol, executor, parameters, states = model
    expected = executor.forward()[0].asnumpy()
    converted, new_parameters, new_states = amp.convert_model(
        symbol, parameters, states, target_dtype=dtype, cast_optional_params=cast
    )
    for name, array in {**new_parameters, **new_states}.items():
        low = cast and name.endswith(("weight", "bias"))
        assert is_of(array, dtype if low else "float32"), name
    arguments = {**new_parameters, "data": executor.arg_dict["data"]}
    bound = converted.bind(mx.cpu(), arguments, aux_states=new_states, grad_req="null")
    for _ in range(2):
        computed = mx._core.inference_statistics()["constants_computed"]
        found = bound.forward()[0]
        assert found.dtype == np.float32
        np.testing.assert_allclose(found.asnumpy(), expected, rtol=0, atol=5e-3)
    # Parameters are cast, folded and packed at the first call only.
    assert mx._core.inference_statistics()["constants_computed"] == computed


@pytest.mark.parametrize("dtype", TYPES)
def test_types_of_parameters_are_written_down(model, dtype):
    symbol, _, parameters, states = model
    converted = amp.convert_model(
        symbol, parameters, states, target_dtype=dtype, cast_optional_params=True
    )[0]
    attributes = converted.attr_dict()
    assert attributes["a1_weight"]["__dtype__"] == {"float16": "2", "bfloat16": "12"}[dtype]
    assert attributes["bn0_gamma"]["__dtype__"] == "0"
    assert "__dtype__" not in attributes.get("data", {})
    assert "__dtype__" not in symbol.attr_dict().get("a1_weight", {})


def test_a_parameter_that_is_also_read_in_float32_stays(model):
    weight = mx.sym.Variable("weight")
    dense = mx.sym.FullyConnected(mx.sym.Variable("data"), weight, no_bias=True, num_hidden=2)
    symbol = mx.sym.Group([dense, mx.sym.exp(weight)])
    converted = amp.convert_symbol(symbol, data_names=["data"], cast_optional_params=True)
    assert converted.attr_dict()["weight"]["__dtype__"] == "0"


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("cast", [False, True])
def test_hybrid_blocks(dtype, cast):
    net = nn.HybridSequential()
    net.add(nn.Conv2D(4, 3), nn.BatchNorm(), nn.PReLU(), nn.Dense(3))
    net.initialize(mx.init.Xavier())
    data = mx.nd.random.uniform(shape=(2, 3, 8, 8))
    with pytest.raises(mx.MXNetError, match="hybridize"):
        amp.convert_hybrid_block(net, dtype)
    net.hybridize()
    expected = net(data).asnumpy()
    converted = amp.convert_hybrid_block(net, dtype, cast_optional_params=cast)
    found = converted(data)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found.asnumpy(), expected, rtol=0, atol=2e-2)
    weights = [p for name, p in converted.collect_params().items() if name.endswith("weight")]
    assert len(weights) == 2
    for each in weights:
        assert is_of(each.data(), dtype if cast else "float32")
    net.collect_params().setattr("grad_req", "null")
    np.testing.assert_array_equal(net(data).asnumpy(), expected)  # has parameters of its own


def test_bucketing_modules():
    def network(length):
        data = mx.sym.Variable("data")
        rows = mx.sym.FullyConnected(data, num_hidden=4, flatten=False, name="fc")
        out = mx.sym.SoftmaxOutput(mx.sym.mean(rows, axis=1), name="softmax")
        return out, ("data",), ("softmax_label",)

    module = mx.mod.BucketingModule(network, default_bucket_key=6)
    with pytest.raises(AssertionError, match="no parameters"):
        amp.amp.convert_bucketing_module(module)
    module.bind([("data", (2, 6, 3))], [("softmax_label", (2,))], for_training=False)
    module.init_params(mx.init.Xavier())
    converted = amp.amp.convert_bucketing_module(module, cast_optional_params=True)
    converted.bind([("data", (2, 6, 3))], [("softmax_label", (2,))], for_training=False)
    for length in (6, 4):
        shape = (2, length, 3)
        batch = mx.io.DataBatch(
            [mx.nd.random.uniform(shape=shape)],
            bucket_key=length,
            provide_data=[("data", shape)],
            provide_label=[("softmax_label", (2,))],
        )
        outputs = []
        for each in (module, converted):
            each.forward(batch, is_train=False)
            outputs.append(each.get_outputs()[0].asnumpy())
        np.testing.assert_allclose(*outputs, rtol=0, atol=1e-2)
    assert is_of(converted.get_params()[0]["fc_weight"], "float16")


@pytest.mark.parametrize(
    "arguments, text",
    [
        ({"target_dtype": "float64"}, "Only target_dtype float16 and bfloat16"),
        ({"target_dtype_ops": "x"}, "target_dtype_ops should be a list of strs"),
        ({"target_dtype_ops": ["nope"]}, r"'nope'\] is in no list"),
        ({"target_dtype_ops": ["exp"]}, "two or more lists"),
        ({"fp32_ops": ["Activation"]}, "two or more lists"),
        ({"excluded_sym_names": "c1"}, "excluded_sym_names should be a list of strs"),
        ({"conditional_fp32_ops": [("Activation", "act_type")]}, "list of .str, str, list of str."),
    ],
)
def test_wrong_arguments(arguments, text):
    with pytest.raises(AssertionError, match=text):
        amp.convert_symbol(amp_networks.lenet(), **arguments)


def test_names_of_data_are_checked():
    with pytest.raises(ValueError, match="data_names holds zz"):
        amp.convert_symbol(amp_networks.lenet(), data_names=["zz"])
    for function in (amp.convert_symbol, lambda s: amp.convert_model(s, {}, {})):
        with pytest.raises(AssertionError, match="should be Symbol"):
            function("x")


@pytest.mark.parametrize("dtype", [*TYPES, np.float16])
def test_lists(dtype):
    low = amp.list_lp16_ops(dtype)
    groups = [
        low,
        amp.list_fp32_ops(dtype),
        amp.list_lp16_fp32_ops(dtype),
        [each[0] for each in amp.list_conditional_fp32_ops(dtype)],
    ]
    names = [name for group in groups for name in group]
    assert "Convolution" in low and len(names) == len(set(names))
    assert set(amp.list_loss_output_functions(dtype)) <= set(amp.list_fp32_ops(dtype))
    if dtype != np.float16 and dtype == "bfloat16":
        assert set(amp.list_lp16_use_fp32_params(dtype)) == {"BatchNorm", "BatchNormWithReLU"}
    else:
        assert amp.list_lp16_use_fp32_params(dtype) is None
    with pytest.raises(AssertionError, match="not supported type"):
        amp.list_lp16_ops("int8")
