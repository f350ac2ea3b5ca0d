"""remx info: layers, parameters, multiply-adds, memory."""

import pytest

import mxnet as mx


def info(remx, *arguments):
    outcome = remx("info", *arguments, "--json")
    assert outcome.code == 0, outcome.err
    return outcome.document


def test_digits(remx, digits):
    document = info(remx, *digits)
    found = {layer["name"]: layer for layer in document["layers"]}
    assert found["conv1"] == {
        "name": "conv1",
        "operator": "Convolution",
        "output_shape": [1, 8, 24, 24],
        "dtype": "float32",
        "parameters": 8 * 25 + 8,
        "multiply_adds": 8 * 24 * 24 * 25,
    }
    assert found["conv2"]["multiply_adds"] == 16 * 8 * 8 * 8 * 25
    assert found["fc1"]["multiply_adds"] == 256 * 64
    assert found["tanh1"]["multiply_adds"] == 0
    assert document["parameters"] == 20522
    assert document["parameter_dtypes"] == ["float32"]
    assert document["multiply_adds"] == 115200 + 204800 + 16384 + 640
    assert sorted(document["file_bytes"].values())[1] > 20522 * 4
    assert 0 < document["planned_bytes"] <= document["planned_bytes_without_sharing"]


def test_batch_counts(remx, digits):
    one, four = info(remx, *digits), info(remx, *digits, "--batch", 4)
    assert four["multiply_adds"] == 4 * one["multiply_adds"]
    assert four["parameters"] == one["parameters"]
    assert four["planned_bytes"] > 2 * one["planned_bytes"]
    assert four["layers"][-1]["output_shape"] == [4, 10]


def test_groups_deconvolution_and_products(remx, save):
    data = mx.sym.Variable("data", shape=(0, 4, 6, 6))
    x = mx.sym.Convolution(
        data, num_filter=8, num_group=2, kernel=(3, 3), no_bias=True, name="conv"
    )
    x = mx.sym.Deconvolution(x, num_filter=2, kernel=(2, 2), stride=(2, 2), name="up")
    x = mx.sym.Reshape(x, shape=(-3, 64), name="rows")
    x = mx.sym.dot(x, mx.sym.Variable("matrix_weight", shape=(64, 5)), name="product")
    document = info(remx, *save(x, {"data": (1, 4, 6, 6)}), "--batch", 1)
    found = {layer["name"]: layer for layer in document["layers"]}
    assert found["conv"]["multiply_adds"] == 8 * 4 * 4 * 2 * 9
    assert found["conv"]["parameters"] == 8 * 2 * 9
    assert found["up"]["multiply_adds"] == 8 * 4 * 4 * 2 * 4
    assert found["product"]["multiply_adds"] == 2 * 64 * 5
    assert found["product"]["parameters"] == 64 * 5


def test_shared_parameters_and_statistics_count_once(remx, save):
    weight = mx.sym.Variable("shared_weight")
    x = mx.sym.Variable("data", shape=(0, 6))
    for number in (1, 2):
        x = mx.sym.FullyConnected(x, weight, num_hidden=6, no_bias=True, name=f"fc{number}")
    x = mx.sym.BatchNorm(x, name="norm")
    document = info(remx, *save(x, {"data": (1, 6)}))
    counts = {layer["name"]: layer["parameters"] for layer in document["layers"]}
    assert counts == {"fc1": 36, "fc2": 0, "norm": 24}
    assert document["parameters"] == 60


def test_layers_with_several_outputs(remx, save):
    parts = mx.sym.SliceChannel(mx.sym.Variable("data", shape=(0, 6)), num_outputs=2, name="cut")
    document = info(remx, *save(parts[0] * parts[1], {"data": (1, 6)}))
    assert document["layers"][0]["output_shape"] == [1, 3]


def test_text(remx, digits):
    outcome = remx("info", *digits)
    lines = outcome.out.splitlines()
    assert lines[0].split() == [
        "layer",
        "operator",
        "output",
        "dtype",
        "parameters",
        "multiply-adds",
    ]
    assert "conv1        Convolution     1x8x24x24  float32         208        115,200" in lines
    assert "parameters      20,522 (float32)" in lines
    assert "multiply-adds   337,024" in lines
    assert any(line.startswith("planned memory  ") for line in lines)


@pytest.mark.parametrize("batch", [1, 2])
def test_products_of_batches(remx, save, batch):
    left = mx.sym.Variable("data", shape=(0, 3, 4))
    symbol = mx.sym.batch_dot(left, mx.sym.transpose(left, axes=(0, 2, 1)), name="product")
    document = info(remx, *save(symbol, {"data": (1, 3, 4)}), "--batch", batch)
    assert document["multiply_adds"] == batch * 3 * 4 * 3
