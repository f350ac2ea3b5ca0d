"""`remx convert`: between networks, between files of arrays, and into the model zoo."""

import json
import zlib
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx

TORCHVISION = Path(__file__).parents[1] / "convert/data/torchvision.json"


@pytest.fixture
def prefix(tmp_path):
    """A checkpoint of a small network with a batch norm."""
    net = mx.sym.Convolution(mx.sym.var("data"), kernel=(3, 3), num_filter=4, name="conv")
    net = mx.sym.BatchNorm(net, name="bn")
    net = mx.sym.FullyConnected(mx.sym.Activation(net, act_type="relu"), num_hidden=3, name="fc")
    net = mx.sym.SoftmaxOutput(net, name="softmax")
    module = mx.mod.Module(net)
    module.bind([("data", (2, 3, 6, 6))], [("softmax_label", (2,))])
    module.init_params(mx.init.Uniform(0.5))
    module.save_checkpoint(str(tmp_path / "net"), 3)
    return str(tmp_path / "net")


def test_arrays_through_all_kinds(remx, prefix, tmp_path):
    """The last file has what the first one had."""
    files = [f"{prefix}-0003.params"]
    for ending in ("npz", "safetensors", "params"):
        files.append(str(tmp_path / f"x.{ending}"))
        done = remx("convert", *files[-2:], "--check", "--json")
        assert done.code == 0 and done.document["largest_difference"] == 0
        assert done.document["arrays"] == 8
    first, last = mx.nd.load(files[0]), mx.nd.load(files[-1])
    assert sorted(first) == sorted(last)
    for name, array in first.items():
        np.testing.assert_array_equal(array.asnumpy(), last[name].asnumpy())


def test_checkpoint_into_arrays_and_a_checkpoint(remx, prefix, tmp_path):
    done = remx("convert", prefix, tmp_path / "x.npz", "--json")
    assert done.document["arrays"] == 8
    with np.load(tmp_path / "x.npz") as arrays:
        assert "arg:conv_weight" in arrays and "aux:bn_moving_mean" in arrays
    done = remx("convert", prefix, tmp_path / "copy", "--check", "--shape", "2,3,6,6")
    assert done.code == 0 and "largest difference: 0" in done.out
    assert mx.model.load_checkpoint(str(tmp_path / "copy"), 0)[1].keys() == {
        "conv_weight",
        "conv_bias",
        "bn_gamma",
        "bn_beta",
        "fc_weight",
        "fc_bias",
    }


def test_onnx_into_a_checkpoint(remx, tmp_path):
    """Both sides run, ONNX by another program."""
    onnx = pytest.importorskip("onnx")
    helper = onnx.helper
    rng = np.random.default_rng(0)
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["x", "w"], ["c"]),
            helper.make_node("Relu", ["c"], ["r"]),
            helper.make_node("GlobalAveragePool", ["r"], ["p"]),
            helper.make_node("Flatten", ["p"], ["y"]),
        ],
        "graph",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["N", 3, 8, 8])],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["N", 5])],
        [onnx.numpy_helper.from_array(rng.random((5, 3, 3, 3), np.float32), "w")],
    )
    opsets = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    file = tmp_path / "net.onnx"
    file.write_bytes(model.SerializeToString())
    done = remx("convert", file, tmp_path / "net", "--check", "--json")
    assert done.code == 0 and done.document["largest_difference"] < 1e-4
    symbol, args, _ = mx.model.load_checkpoint(str(tmp_path / "net"), 0)
    assert symbol.list_arguments() == ["x", "w"] and list(args) == ["w"]


def test_checkpoint_into_onnx_and_back(remx, prefix, tmp_path):
    """Labels are no inputs."""
    pytest.importorskip("onnx")
    file = tmp_path / "net.onnx"
    for source, target in ((prefix, file), (file, tmp_path / "back")):
        done = remx("convert", source, target, "--check", "--json", "--shape", "data=2,3,6,6")
        assert done.code == 0 and done.document["largest_difference"] < 1e-5, done.err


def model_of_words():
    """Rows of a table by numbers of words; a number of another dtype without axes is added."""
    import onnx

    helper, types = onnx.helper, onnx.TensorProto
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "words"], ["rows"]),
            helper.make_node("Cast", ["more"], ["float"], to=types.FLOAT),
            helper.make_node("Add", ["rows", "float"], ["y"]),
        ],
        "graph",
        [
            helper.make_tensor_value_info("words", types.INT64, ["N", 5]),
            helper.make_tensor_value_info("more", types.UINT16, []),
        ],
        [helper.make_tensor_value_info("y", types.FLOAT, None)],
        [onnx.numpy_helper.from_array(np.array([[1, 2], [3, np.nan]], np.float32), "table")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def test_inputs_of_whole_numbers(remx, tmp_path):
    """Both sides get the dtypes that they want, also where those here are wider; NaN equals NaN."""
    pytest.importorskip("onnx")
    file, back = tmp_path / "net.onnx", tmp_path / "back.onnx"
    file.write_bytes(model_of_words().SerializeToString())
    done = remx("convert", file, tmp_path / "net", "--check", "--json")
    assert done.code == 0 and done.document["largest_difference"] == 0, done.err
    done = remx(
        *("convert", tmp_path / "net", back, "--check", "--json"),
        *("--shape", "words=1,5", "--shape", "more=1"),
    )
    assert done.code == 0 and done.document["largest_difference"] == 0, done.err


def test_differences_that_are_no_numbers():
    from mxnet.cli.convert import _difference

    nan, one = np.array([np.nan, np.inf, 1]), np.array([1, np.inf, 1])
    assert _difference([nan], [nan.copy()]) == 0
    assert _difference([nan], [one]) == np.inf
    with pytest.raises(mx.MXNetError, match="1 outputs and 2"):
        _difference([nan], [nan, one])


@pytest.fixture(scope="module")
def squeezenet(tmp_path_factory):
    """Parameters by torchvision's names, in no order."""
    from mxnet.convert import write_arrays

    shapes = json.loads(TORCHVISION.read_text())["squeezenet1.1"]["shapes"]
    arrays = {}
    for name, shape in sorted(shapes.items()):
        rng = np.random.RandomState(zlib.crc32(name.encode()))
        arrays[name] = rng.uniform(-0.1, 0.1, shape).astype(np.float32)
    file = str(tmp_path_factory.mktemp("torchvision") / "squeezenet.safetensors")
    write_arrays(file, arrays)
    return file, arrays


def test_into_the_model_zoo(remx, squeezenet, tmp_path, monkeypatch):
    """The name of the network in the zoo's folder is where pretrained=True looks."""
    file, arrays = squeezenet
    monkeypatch.setenv("MXNET_HOME", str(tmp_path))
    target = tmp_path / "models" / "squeezenet1.1.params"
    done = remx("convert", file, target, "--arch", "squeezenet1.1", "--check", "--json")
    assert done.code == 0, done.err
    assert done.document["largest_difference"] == 0
    net = mx.gluon.model_zoo.vision.get_model("squeezenet1.1", classes=10, pretrained=True)
    found = net.features[0].weight.data().asnumpy()
    np.testing.assert_array_equal(found, arrays["features.0.weight"])


def test_into_an_exported_network(remx, squeezenet, tmp_path):
    file, _ = squeezenet
    target = str(tmp_path / "net")
    done = remx(
        *("convert", file, target, "--arch", "squeezenet1.1", "--shape", "1,3,224,224"),
        *("--check", "--json"),
    )
    assert done.code == 0, done.err
    assert done.document["largest_difference"] == 0
    net = mx.gluon.SymbolBlock.imports(f"{target}-symbol.json", ["data"], f"{target}-0000.params")
    assert net(mx.nd.ones((1, 3, 224, 224))).shape == (1, 10)


def test_networks_of_another_structure(remx, tmp_path):
    """A checkpoint holds the structure; the zoo's network would compute something else."""
    from mxnet.convert import write_arrays

    shapes = json.loads(TORCHVISION.with_name("timm.json").read_text())["mobilenetv2_1.0"]["shapes"]
    rng = np.random.default_rng(0)
    arrays = {name: rng.uniform(0.5, 1, shape).astype("f") for name, shape in shapes.items()}
    file = str(tmp_path / "net.safetensors")
    write_arrays(file, arrays)
    done = remx("convert", file, tmp_path / "x.params", "--arch", "mobilenetv2_1.0")
    assert done.code == 2 and "one convolution less" in done.err and "checkpoint" in done.err
    target = str(tmp_path / "net")
    done = remx("convert", file, target, "--arch", "mobilenetv2_1.0", "--shape", "1,3,64,64")
    assert done.code == 0, done.err
    net = mx.gluon.SymbolBlock.imports(f"{target}-symbol.json", ["data"], f"{target}-0000.params")
    assert net(mx.nd.ones((2, 3, 64, 64))).shape == (2, 10)


@pytest.mark.parametrize("naming", ["places", "full", "short", "exported"])
def test_every_naming_of_gluon(remx, tmp_path, naming):
    """All end as the file that `load_parameters` of the zoo's network reads."""
    net = mx.gluon.model_zoo.vision.squeezenet1_1(classes=5, prefix="mine_")
    net.initialize(mx.init.Xavier())
    net.hybridize()
    net(mx.nd.zeros((1, 3, 224, 224)))
    source = str(tmp_path / "old-0000.params")
    if naming == "places":
        net.save_parameters(source)
    elif naming == "exported":
        net.export(str(tmp_path / "old"))
    else:
        net.collect_params().save(source, strip_prefix=net.prefix if naming == "short" else "")
    target = str(tmp_path / "new.params")
    done = remx("convert", source, target, "--arch", "squeezenet1.1", "--classes", "5")
    assert done.code == 0, done.err
    other = mx.gluon.model_zoo.vision.squeezenet1_1(classes=5)
    other.load_parameters(target)
    expected = [p.data().asnumpy() for p in net.collect_params().values()]
    for found, array in zip(other.collect_params().values(), expected):
        np.testing.assert_array_equal(found.data().asnumpy(), array)


def test_parameters_of_another_gluon_network(remx, tmp_path):
    net = mx.gluon.nn.Dense(2, in_units=3)
    net.initialize()
    source = str(tmp_path / "a.params")
    net.collect_params().save(source)
    done = remx("convert", source, tmp_path / "b.params", "--arch", "alexnet")
    assert done.code == 2 and "alexnet" in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere", "x.npz"], "nowhere"),
        (["nowhere.onnx", "x"], "nowhere.onnx"),
        (["{prefix}-0003.params", "x"], "needs a network"),
        (["{prefix}", "x", "--check", "--shape", "data=a"], "--shape"),
        (["{prefix}", "x", "--epoch", "7"], "7"),
        (["{prefix}-0003.params", "x.params", "--arch", "resnet50_v1"], "resnet50_v1"),
        (["{prefix}-0003.params", "x.params", "--arch", "nonsense"], "nonsense"),
        (["{prefix}-0003.params", "x.params", "--arch", "alexnet"], "alexnet"),
    ],
)
def test_mistakes(remx, prefix, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    done = remx("convert", *[each.format(prefix=prefix) for each in arguments])
    assert done.code == 2 and words in done.err and done.err.count("\n") == 1
