"""Classify pictures with a checkpoint of MXNet 1.9.1; then train, save, load and use a network.

usage: python examples/demo.py [--epochs N] [--out FOLDER]
       python examples/demo.py --model PREFIX --epoch N --image FILE ... [--synset FILE]

The second form classifies with any other checkpoint; it takes the options of `remx predict`.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import picture  # noqa: E402

import mxnet as mx  # noqa: E402
from mxnet.cli import main as remx  # noqa: E402
from mxnet.cli.output import bar  # noqa: E402

DIGITS = HERE / "digits"
IMAGES = [str(DIGITS / f"images/{digit}.png") for digit in range(10)]
BATCH, TEST_BATCH = 20, 99
SCALE = "1/256"  # what MNISTIter multiplies grey values with


def network():
    """LeNet with rectifiers; it takes pictures (N, 1, 28, 28)."""
    x = mx.sym.Variable("data", shape=(0, 1, 28, 28))
    for number, filters in ((1, 20), (2, 50)):
        x = mx.sym.Convolution(x, kernel=(5, 5), num_filter=filters, name=f"conv{number}")
        x = mx.sym.Activation(x, act_type="relu", name=f"relu{number}")
        x = mx.sym.Pooling(x, pool_type="max", kernel=(2, 2), stride=(2, 2), name=f"pool{number}")
    x = mx.sym.FullyConnected(mx.sym.Flatten(x, name="flatten"), num_hidden=500, name="fc1")
    x = mx.sym.Activation(x, act_type="relu", name="relu3")
    return mx.sym.SoftmaxOutput(mx.sym.FullyConnected(x, num_hidden=10, name="fc2"), name="softmax")


def digits(part, batch, shuffle):
    """An iterator over the bundled digits, `part` being train or t10k."""
    return mx.io.MNISTIter(
        image=str(DIGITS / f"data/{part}-images-idx3-ubyte.gz"),
        label=str(DIGITS / f"data/{part}-labels-idx1-ubyte.gz"),
        batch_size=batch,
        shuffle=shuffle,
        silent=True,
    )


class Screen:
    """Callbacks of `Module.fit` that show progress, and keep the accuracies.

    Args:
        batches (int): Batches in an epoch.
    """

    def __init__(self, batches):
        self.batches = batches
        self.train, self.test = [], []
        self._start = time.perf_counter()
        self._accuracy = 0.0

    def batch(self, param):
        """Called after each batch."""
        self._accuracy = param.eval_metric.get()[1]
        if sys.stdout.isatty():
            done = (param.nbatch + 1) / self.batches
            line = f"epoch {param.epoch + 1:2}  {bar(done, 20):20}  train {self._accuracy:.3f}"
            print("\r" + line, end="", flush=True)

    def tested(self, param):
        """Called after the test that follows each epoch."""
        self.train.append(self._accuracy)
        self.test.append(param.eval_metric.get()[1])
        seconds, self._start = time.perf_counter() - self._start, time.perf_counter()
        print(
            ("\r" if sys.stdout.isatty() else "")
            + f"epoch {param.epoch + 1:2}  train {self.train[-1]:.4f}  test {self.test[-1]:.4f}  "
            + f"{bar(self.test[-1], 20):20}  {seconds:.1f} s",
            flush=True,
        )


def train(epochs):
    """Train a network on the bundled digits.

    Returns:
        tuple: The module, and the `Screen` with the accuracies.
    """
    mx.random.seed(7)
    np.random.seed(7)
    train_data, test_data = digits("train", BATCH, True), digits("t10k", TEST_BATCH, False)
    batches = sum(1 for _ in train_data)
    train_data.reset()
    module = mx.mod.Module(network())
    screen = Screen(batches)
    steps = batches * max(1, epochs // 3)
    module.fit(
        train_data,
        eval_data=test_data,
        num_epoch=epochs,
        optimizer="adam",
        optimizer_params={
            "learning_rate": 0.001,
            "lr_scheduler": mx.lr_scheduler.FactorScheduler(steps, 0.5),
        },
        initializer=mx.init.Xavier(),
        batch_end_callback=screen.batch,
        eval_end_callback=screen.tested,
    )
    return module, screen


def classify(prefix, epoch, *options):
    """Classify the sample images on the screen, as the command says that is printed first."""
    command = ["predict", "--model", str(prefix), "--epoch", str(epoch), *options]
    command += ["--synset", str(DIGITS / "synset.txt"), "--top", "2", "--image"]
    print(f"$ remx {' '.join(command)} {DIGITS / 'images'}/*.png\n")
    return remx(command + IMAGES)


def answers_of(module):
    """Class and probability of each sample image, and whether it is right."""
    pictures = [mx.image.imread(path, flag=0) for path in IMAGES]
    rows = [mx.image.imresize(each, 28, 28).asnumpy()[:, :, 0] for each in pictures]
    values = np.float32(rows)[:, None] / 256
    module.forward(mx.io.DataBatch([mx.nd.array(values)]), is_train=False)
    probabilities = module.get_outputs()[0].asnumpy()
    answers = [
        (int(row.argmax()), float(row.max()), int(row.argmax()) == digit)
        for digit, row in enumerate(probabilities)
    ]
    return [each.asnumpy()[:, :, 0] for each in pictures], answers


def draw(module, screen, path):
    """Draw the sample images with their classes beside the training curve."""
    canvas = picture.Canvas(206, 780)
    picture.draw_digits(canvas, *answers_of(module), top=14, left=14)
    picture.draw_curve(canvas, screen.train, screen.test, top=14, left=450, height=160, width=310)
    canvas.save(path)


def title(text):
    """Print the title of a part."""
    print(f"\n{text}\n{'-' * len(text)}\n", flush=True)


def demonstrate(epochs, folder):
    """Run the whole demonstration.

    Returns:
        int: The exit code.
    """
    title("1. Classify pictures with a checkpoint that Apache MXNet 1.9.1 wrote")
    if code := classify(DIGITS / "digits-lenet", 10):
        return code
    title("2. Train a digit classifier with Module.fit (1,500 digits to learn, 297 to test)")
    module, screen = train(epochs)
    folder.mkdir(parents=True, exist_ok=True)
    prefix = folder / "lenet"
    module.save_checkpoint(str(prefix), epochs)
    print(f"\nbest accuracy on the test digits: {max(screen.test):.4f}")
    title("3. Load the new checkpoint and classify the same pictures with it")
    if code := classify(prefix, epochs, "--scale", SCALE):
        return code
    draw(module, screen, folder / "digits.png")
    (folder / "accuracy.json").write_text(json.dumps({"train": screen.train, "test": screen.test}))
    print(f"\nThe digits and the training curve: {folder / 'digits.png'}")
    return 0


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--epochs", type=int, default=10, help="epochs to train (default 10)")
    parser.add_argument(
        "--out", type=Path, default=Path("build/demo"), help="folder to write to (build/demo)"
    )
    parser.add_argument("--model", metavar="PREFIX", help="classify with this checkpoint instead")
    options, rest = parser.parse_known_args(arguments)
    if options.model is not None:
        return remx(["predict", "--model", options.model, *rest])
    if rest:
        parser.error(f"unknown arguments: {' '.join(rest)} (--model would take them)")
    return demonstrate(options.epochs, options.out)


if __name__ == "__main__":
    sys.exit(main())
