"""Real files of 2015 to 2022 against the answers of MXNet 1.9.1 beside them.

The files are not part of the repository: they lie in `../shared/data` next to it or where the
environment variable REMX_SHARED_DATA points; without them all of this is skipped.
"""

import gzip
import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest

mx = pytest.importorskip("mxnet")

try:
    import cv2  # what the references were prepared with
except ImportError:
    cv2 = None

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("REMX_SHARED_DATA", ROOT.parent / "shared" / "data"))
RELATIVE = 1e-4  # of the largest value of the reference

pytestmark = [
    pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is absent"),
    pytest.mark.filterwarnings("ignore:Data provided by label_shapes"),
]


def reference(folder, name):
    """An array of a folder's ref/."""
    return np.load(SHARED / folder / "ref" / name)


def facts(folder, name):
    """A JSON file of a folder's ref/."""
    return json.loads((SHARED / folder / "ref" / name).read_text())


def assert_close(actual, expected):
    assert actual.shape == expected.shape
    np.testing.assert_allclose(actual, expected, rtol=0, atol=RELATIVE * np.abs(expected).max())


def read_image(path, size=None):
    """RGB pixels (H, W, 3), resized bilinearly to size x size; by OpenCV where it is installed."""
    if cv2:
        image = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
        return cv2.resize(image, (size, size)) if size else image
    return read_image_natively(path, size)


def read_image_natively(path, size=None):
    """The same by `mx.image`."""
    image = mx.image.imread(str(path))
    return (mx.image.imresize(image, size, size) if size else image).asnumpy()


def channels_first(images):
    """(N, H, W, 3) as float32 (N, 3, H, W)."""
    return np.ascontiguousarray(np.stack(images).astype(np.float32).transpose(0, 3, 1, 2))


def predict(symbol, args, auxs, data, label_shapes=None):
    """All outputs for a NumPy batch, by Module."""
    labels = [name for name in symbol.list_arguments() if name.endswith("label")]
    module = mx.mod.Module(symbol, label_names=labels or None)
    module.bind([("data", data.shape)], label_shapes, for_training=False)
    module.set_params(args, auxs)
    module.forward(mx.io.DataBatch([mx.nd.array(data)]), is_train=False)
    return [output.asnumpy() for output in module.get_outputs()]


def predict_checkpoint(folder, prefix, epoch, data, output=None):
    """Outputs of a checkpoint, or of one of its inner layers."""
    symbol, args, auxs = mx.model.load_checkpoint(str(SHARED / folder / prefix), epoch)
    if output:
        symbol = symbol.get_internals()[output]
    args = {name: args[name] for name in symbol.list_arguments() if name in args}
    return predict(symbol, args, auxs, data)


def mnist_images(count):
    """The first test images as (N, 1, 28, 28) in 0 to 1."""
    content = gzip.decompress((SHARED / "mnist/t10k-images-idx3-ubyte.gz").read_bytes())
    pixels = np.frombuffer(content, np.uint8, count * 784, 16)
    return pixels.reshape(-1, 1, 28, 28).astype(np.float32) / np.float32(255)


def assert_arrays(loaded, expected):
    """Named arrays against shapes, types and hashes."""
    assert set(loaded) == set(expected)
    for name, fact in expected.items():
        array = loaded[name].asnumpy()
        assert list(array.shape) == fact["shape"] and str(array.dtype) == fact["dtype"]
        assert hashlib.sha256(array.tobytes()).hexdigest() == fact["sha256_of_raw_le_bytes"]


@pytest.mark.parametrize(
    "folder, prefix, epoch",
    [
        ("mnist_lenet_2015", "mnist-lenet-0", 10),
        ("mnist_lenet_v1.3", "lenet", 100),
        ("mnist_mlp_sagemaker", "model", 0),
    ],
)
def test_mnist_checkpoints(folder, prefix, epoch):
    outputs = predict_checkpoint(folder, prefix, epoch, mnist_images(1000))
    assert_close(outputs[0], reference(folder, "prob_t10k_first1000.npy"))


def test_mnist_lenet_2015_arrays():
    loaded = mx.nd.load(str(SHARED / "mnist_lenet_2015/mnist-lenet-0-0010.params"))
    assert_arrays(loaded, facts("mnist_lenet_2015", "arrays.json"))


def test_sagemaker_digits():
    digits = [
        json.loads(path.read_text())
        for path in sorted((SHARED / "mnist/digits_json").glob("*.json"))
    ]
    data = np.array(digits, np.float32).reshape(10, 1, 28, 28)
    outputs = predict_checkpoint("mnist_mlp_sagemaker", "model", 0, data)
    assert_close(outputs[0], reference("mnist_mlp_sagemaker", "prob_digits_json.npy"))


def cifar_input(images):
    mean, std = np.float32([0.4914, 0.4822, 0.4465]), np.float32([0.2023, 0.1994, 0.2010])
    scaled = [(image.astype(np.float32) / 255 - mean) / std for image in images]
    return channels_first(scaled)


def test_cifar_resnet20_v1():
    folder = "cifar_resnet20_v1"
    rows = (SHARED / "cifar10_sample/labels.csv").read_text().split()
    names = [row.split(",")[0] for row in rows if ".jpg" in row]
    images = [read_image(SHARED / "cifar10_sample/images" / Path(name).name) for name in names]
    outputs = predict_checkpoint(folder, folder, 0, cifar_input(images))
    assert_close(outputs[0], reference(folder, "logits_cifar10_sample.npy"))
    plane = cifar_input([read_image(SHARED / "images/plane-draw.jpeg", 32)])
    assert_close(plane, reference(folder, "input_plane-draw.npy"))
    outputs = predict_checkpoint(folder, folder, 0, plane)
    assert_close(outputs[0], reference(folder, "logits_plane-draw.npy"))


def test_squeezenet_v1_0():
    folder, prefix = "squeezenet_v1.0_imagenet", "squeezenet_v1.0"
    names = list(facts(folder, "top5.json"))
    mean = np.float32([104, 117, 123])
    data = channels_first(
        [read_image(SHARED / "images" / name, 227)[:, :, ::-1] - mean for name in names]
    )
    assert_close(data[1:2], reference(folder, "input_sample-image1.npy"))
    assert_close(predict_checkpoint(folder, prefix, 0, data)[0], reference(folder, "prob.npy"))
    logits = predict_checkpoint(folder, prefix, 0, data, "pool10_output")[0]
    assert_close(logits.reshape(10, 1000), reference(folder, "pool10_logits.npy"))


@pytest.mark.parametrize(
    "network, outputs",
    [
        ("det1", ("conv4_2", "prob1")),
        ("det2", ("conv5_2", "prob1")),
        ("det3", ("conv6_3", "conv6_2", "prob1")),
    ],
)
def test_mtcnn(network, outputs):
    folder = "mtcnn_det1_det2_det3"
    actual = predict_checkpoint(folder, network, 1, reference(folder, f"{network}_input.npy"))
    assert len(actual) == len(outputs)
    for values, output in zip(actual, outputs):
        assert_close(values, reference(folder, f"{network}_{output}_output.npy"))


def recipe_parameters(symbol, shape):
    """The seeded parameters that the folder's README prescribes for Inception-BN."""

    def draw(random, name, shape):
        if name.endswith("weight"):
            return random.standard_normal(shape) * np.sqrt(2 / np.prod(shape[1:]))
        if name.endswith(("gamma", "var")):
            return random.uniform(0.5, 1.5, shape)
        return random.uniform(-0.1, 0.1, shape)

    arg_shapes, _, aux_shapes = symbol.infer_shape(data=shape)
    args, auxs = {}, {}
    for index, (name, each) in enumerate(zip(symbol.list_arguments(), arg_shapes)):
        if name != "data" and not name.endswith("label"):
            random = np.random.RandomState(1000 + index)
            args[name] = mx.nd.array(draw(random, name, each).astype(np.float32))
    for index, (name, each) in enumerate(zip(symbol.list_auxiliary_states(), aux_shapes)):
        random = np.random.RandomState(5000 + index)
        auxs[name] = mx.nd.array(draw(random, name, each).astype(np.float32))
    return args, auxs


def predict_by_recipe(symbol):
    """Probabilities for a seeded picture and the recipe's parameters."""
    args, auxs = recipe_parameters(symbol, (1, 3, 224, 224))
    data = np.random.RandomState(0).uniform(-1, 1, (1, 3, 224, 224)).astype(np.float32)
    return predict(symbol, args, auxs, data)[0]


def test_inception_bn():
    folder = "inception_bn_symbol"
    symbol = mx.sym.load(str(SHARED / folder / "Inception-BN-symbol.json"))
    data = channels_first([read_image(SHARED / "images/sample-image0.jpeg", 224)])
    data = (data - np.float32(127.5)) / np.float32(127.5)
    args, auxs = recipe_parameters(symbol, data.shape)
    expected = facts(folder, "shapes.json")
    for name, shape in expected["arguments"].items():
        assert name in ("data",) or name.endswith("label") or list(args[name].shape) == shape
    probabilities = predict(symbol, args, auxs, data)[0]
    assert_close(probabilities, reference(folder, "det_prob_sample-image0.npy"))
    dense = [name for name in symbol.list_arguments() if name.endswith("_bias")][-1]
    inner = symbol.get_internals()[dense.replace("_bias", "_output")]
    assert_close(
        predict(inner, args, auxs, data)[0], reference(folder, "det_fc1_sample-image0.npy")
    )


def test_inception_bn_of_2015_runs():
    """MXNet 1.9.1 cannot infer this graph; see docs/formats/legacy_pooling.md."""
    folder = "inception_bn_symbol"
    symbol = mx.sym.load(str(SHARED / folder / "2015_Inception_BN-symbol.json"))
    expected = facts(folder, "2015_symbol.json")
    assert symbol.list_arguments() == expected["arguments"]
    assert symbol.list_auxiliary_states() == expected["aux"]
    assert symbol.list_outputs() == expected["outputs"]
    arg_shapes, outputs, _ = symbol.infer_shape(data=(1, 3, 224, 224))
    assert [tuple(shape) for shape in outputs] == [(1, 1000)]
    shapes = dict(zip(symbol.list_arguments(), arg_shapes))
    assert tuple(shapes[[name for name in shapes if name.endswith("weight")][-1]]) == (1000, 1024)
    expected = np.load(ROOT / "tests/data/inception_bn_2015.npy")
    assert_close(predict_by_recipe(symbol), expected)


@pytest.mark.parametrize("size", [60, 64, 96, 112, 128, 224, 227])
def test_faces_2016_symbol_infers(size):
    """60 and 64 only infer when pooling rounds up, as in the year the graph was made."""
    symbol = mx.sym.load(str(SHARED / "recordio_faces_2016/lenetweights-symbol.json"))
    _, outputs, _ = symbol.infer_shape(data=(2, 3, size, size))
    assert [tuple(shape) for shape in outputs] == [(2, 2)]


LEGACY_SYMBOLS = (
    "save_000800.json",
    "test_mkldnn_model1.json",
    "lightened_cnn-symbol.json",
    "go_test-symbol.json",
)


@pytest.mark.parametrize("name", LEGACY_SYMBOLS)
def test_legacy_symbols(name):
    symbol = mx.sym.load(str(SHARED / "legacy_formats" / name))
    expected = facts("legacy_formats", "symbols.json")[name]
    assert symbol.list_arguments() == expected["arguments"]
    assert symbol.list_auxiliary_states() == expected["aux"]
    assert symbol.list_outputs() == expected["outputs"]
    assert symbol.attr_dict() == expected["attr_dict"]
    assert json.loads(symbol.tojson()) == expected["resaved_json_by_1.9.1"]
    if expected["out_shapes"] is not None:
        shapes = symbol.infer_shape(
            **{key: tuple(shape) for key, shape in expected["infer_shape_input"].items()}
        )
        for actual, key in zip(shapes, ("arg_shapes", "out_shapes", "aux_shapes")):
            assert [list(shape) for shape in actual] == expected[key]


def test_legacy_arrays():
    arrays = mx.nd.load(str(SHARED / "legacy_formats/legacy_ndarray.v0"))
    assert len(arrays) == 6
    for array in arrays:
        np.testing.assert_array_equal(array.asnumpy(), np.arange(128, dtype=np.float32))


def test_go_predictor_checkpoint():
    data = np.float32([[-1], [0], [0.5], [3]])
    checkpoint = mx.model.load_checkpoint(str(SHARED / "legacy_formats/go_test"), 1)
    outputs = predict(*checkpoint, data, [("softmax_label", (4,))])
    assert_close(outputs[0], reference("legacy_formats", "go_test_prob.npy"))


def test_deep_dog():
    """A parameter file of 2017 in the graph of the same network with two classes."""
    folder = "gluon_deep_dog"
    loaded = mx.nd.load(str(SHARED / folder / "deep-dog-5a342a6f.params"))
    assert_arrays(loaded, facts(folder, "arrays.json"))
    content = gzip.decompress(
        (ROOT / "tests/compat/networks/squeezenet1_1-symbol.json.gz").read_bytes()
    ).decode()
    symbol = mx.sym.load_json(content.replace('"1000"', '"2"').replace("(1000,", "(2,"))
    names = list(facts(folder, "summary.json"))
    paths = [SHARED / (folder if name.startswith("hotdog") else "images") / name for name in names]
    mean, std = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
    data = channels_first(
        [(np.float32(read_image(path, 224)) / 255 - mean) / std for path in paths]
    )
    args = {
        name: loaded[name.split("_", 1)[1]] for name in symbol.list_arguments() if name != "data"
    }
    assert_close(predict(symbol, args, {}, data)[0], reference(folder, "logits.npy"))


def test_images_decode():
    """Pixels of cv2 or of MXNet 1.9.1, whose JPEG libraries disagree by up to 2 on four files."""
    for name, fact in facts("images", "decoded_pixels.json").items():
        pixels = read_image_natively(SHARED / "images" / name)
        assert list(pixels.shape) == fact["shape_hwc"], name
        assert pixels.dtype == np.uint8
        assert list(pixels[0, 0, ::-1]) == fact["first_pixel_bgr"], name
        sums = (fact["bgr_pixel_sum"], fact["mx_imdecode_rgb_sum"])
        assert pixels.sum(dtype=np.int64) in sums, name


def test_image_resize():
    pixels = read_image_natively(SHARED / "images/sample-image0.jpeg", 224)
    np.testing.assert_array_equal(pixels, reference("images", "sample-image0_rgb224_uint8.npy"))


def test_mnist_iterator(tmp_path):
    """MNISTIter reads the original files."""
    for name in ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"):
        content = gzip.decompress((SHARED / "mnist" / f"{name}.gz").read_bytes())
        (tmp_path / name).write_bytes(content)
    batches = mx.io.MNISTIter(
        image=str(tmp_path / "t10k-images-idx3-ubyte"),
        label=str(tmp_path / "t10k-labels-idx1-ubyte"),
        batch_size=100,
        shuffle=False,
    )
    expected = facts("mnist", "facts.json")["t10k"]
    images = labels = 0
    for number, batch in enumerate(batches):
        images += np.rint(batch.data[0].asnumpy() * 256).sum(dtype=np.int64)
        labels += batch.label[0].asnumpy().sum()
        if number == 0:
            assert batch.label[0].asnumpy()[:10].tolist() == expected["first_labels"]
    assert (images, labels) == (expected["images_sum"], expected["labels_sum"])
