"""Makes examples/digits: the data set, the sample images and the checkpoint of the demonstration.

usage: MXNET_SUBGRAPH_BACKEND=NONE OMP_NUM_THREADS=1 python make_demo_checkpoint.py
       (run under MXNet 1.9.1 with scikit-learn and OpenCV)

Images are the 8x8 handwritten digits that scikit-learn bundles, drawn larger: 28x28 for training,
64x64 as pictures. The network takes grey values 0 to 255 and scales them itself.
"""

import gzip
import struct
from pathlib import Path

import cv2
import numpy as np
from sklearn.datasets import load_digits

import mxnet as mx

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples/digits"
TEST_IMAGES = 297
EPOCHS = 10
BATCH = 20


def enlarge(image, size, levels):
    """Draws an 8x8 digit (0 to 16) as size x size grey values with a margin of a fourteenth."""
    margin = size // 14
    inner = size - 2 * margin
    grey = cv2.resize(np.float32(image) * (255 / 16), (inner, inner), interpolation=cv2.INTER_CUBIC)
    step = 255 / (levels - 1)
    grey = np.clip(np.round(np.round(grey / step) * step), 0, 255).astype(np.uint8)
    return np.pad(grey, margin)


def write_idx(name, array):
    """Writes a uint8 array as a gzip-compressed idx file, the format of MNIST."""
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    (FOLDER / "data").mkdir(parents=True, exist_ok=True)
    content = gzip.compress(header + array.tobytes(), 9, mtime=0)
    (FOLDER / "data" / f"{name}.gz").write_bytes(content)


def network():
    """A small LeNet; the name and shape of its input are in the symbol."""
    data = mx.sym.Variable("data", shape=(0, 1, 28, 28))
    x = data * (1 / 255)
    for number, filters in ((1, 8), (2, 16)):
        x = mx.sym.Convolution(x, kernel=(5, 5), num_filter=filters, name=f"conv{number}")
        x = mx.sym.Activation(x, act_type="tanh", name=f"tanh{number}")
        x = mx.sym.Pooling(x, pool_type="max", kernel=(2, 2), stride=(2, 2), name=f"pool{number}")
    x = mx.sym.FullyConnected(mx.sym.Flatten(x, name="flatten"), num_hidden=64, name="fc1")
    x = mx.sym.Activation(x, act_type="tanh", name="tanh3")
    return mx.sym.SoftmaxOutput(mx.sym.FullyConnected(x, num_hidden=10, name="fc2"), name="softmax")


def train(images, labels, test_images, test_labels):
    """Trains by Module.fit and writes the checkpoint of the last epoch."""
    mx.random.seed(7)
    np.random.seed(7)
    train_iter = mx.io.NDArrayIter(
        np.float32(images)[:, None], np.float32(labels), BATCH, shuffle=True
    )
    test_iter = mx.io.NDArrayIter(np.float32(test_images)[:, None], np.float32(test_labels), 99)
    module = mx.mod.Module(network())
    module.fit(
        train_iter,
        eval_data=test_iter,
        num_epoch=EPOCHS,
        optimizer="sgd",
        initializer=mx.init.Xavier(),
        eval_metric="acc",
        optimizer_params={"learning_rate": 0.03, "momentum": 0.9, "wd": 5e-4},
    )
    accuracy = dict(module.score(test_iter, "acc"))["accuracy"]
    module.save_checkpoint(str(FOLDER / "digits-lenet"), EPOCHS)
    return module, accuracy


def write_answers(module, images):
    """Stores the probabilities of the test images for tests/compat/test_digits_checkpoint.py."""
    batches = mx.io.NDArrayIter(np.float32(images)[:, None], batch_size=99)
    np.save(ROOT / "tests/data/digits_probabilities.npy", module.predict(batches).asnumpy())


def write_samples(module, images, labels):
    """Writes the first test image of every digit as PNG and checks that all are recognised."""
    folder = FOLDER / "images"
    folder.mkdir(parents=True, exist_ok=True)
    chosen = [int(np.flatnonzero(labels == digit)[0]) for digit in range(10)]
    pictures = [enlarge(images[index], 64, 256) for index in chosen]
    small = np.float32([cv2.resize(picture, (28, 28)) for picture in pictures])[:, None]
    batch = np.concatenate([small] * (BATCH // 10))
    module.forward(mx.io.DataBatch([mx.nd.array(batch)]), is_train=False)
    probability = module.get_outputs()[0].asnumpy()[:10]
    print("sample images", probability.argmax(axis=1), probability.max(axis=1))
    if not np.array_equal(probability.argmax(axis=1), np.arange(10)):
        raise SystemExit("a sample image is not recognised")
    for digit, picture in enumerate(pictures):
        cv2.imwrite(str(folder / f"{digit}.png"), picture)


def main():
    digits = load_digits()
    order = np.random.RandomState(1).permutation(len(digits.images))
    raw, labels = digits.images[order], digits.target[order].astype(np.uint8)
    images = np.stack([enlarge(image, 28, 16) for image in raw])
    for name, part in (("train", slice(TEST_IMAGES, None)), ("t10k", slice(0, TEST_IMAGES))):
        write_idx(f"{name}-images-idx3-ubyte", images[part])
        write_idx(f"{name}-labels-idx1-ubyte", labels[part])
    module, accuracy = train(
        images[TEST_IMAGES:], labels[TEST_IMAGES:], images[:TEST_IMAGES], labels[:TEST_IMAGES]
    )
    print("test accuracy", accuracy)
    write_answers(module, images[:TEST_IMAGES])
    write_samples(module, raw[:TEST_IMAGES], labels[:TEST_IMAGES])
    names = "zero one two three four five six seven eight nine".split()
    (FOLDER / "synset.txt").write_text("".join(f"{name}\n" for name in names))


if __name__ == "__main__":
    main()
