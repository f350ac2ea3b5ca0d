"""Classify pictures with a checkpoint of MXNet 1.9.1; then train, save, load and use networks.

usage: python examples/demo.py [--epochs N] [--seed N] [--out FOLDER]
       python examples/demo.py --model PREFIX --epoch N --image FILE ... [--synset FILE]

The second form classifies with any other checkpoint; it takes the options of `remx predict`.
"""

import argparse
import json
import shutil
import sys
import urllib.request
from pathlib import Path

import convnet
import numpy as np
import shared

import mxnet as mx
from mxnet import serve
from mxnet.cli import main as remx

DIGITS = shared.DIGITS
IMAGES = [str(DIGITS / f"images/{digit}.png") for digit in range(10)]
BATCH = 50


def lenet():
    """LeNet with rectifiers as a symbol; it takes pictures (N, 1, 28, 28)."""
    x = mx.sym.Variable("data", shape=(0, 1, 28, 28))
    for number, filters in ((1, 20), (2, 50)):
        x = mx.sym.Convolution(x, kernel=(5, 5), num_filter=filters, name=f"conv{number}")
        x = mx.sym.Activation(x, act_type="relu", name=f"relu{number}")
        x = mx.sym.Pooling(x, pool_type="max", kernel=(2, 2), stride=(2, 2), name=f"pool{number}")
    x = mx.sym.FullyConnected(mx.sym.Flatten(x, name="flatten"), num_hidden=500, name="fc1")
    x = mx.sym.Activation(x, act_type="relu", name="relu3")
    return mx.sym.SoftmaxOutput(mx.sym.FullyConnected(x, num_hidden=10, name="fc2"), name="softmax")


def train_module(epochs):
    """Train LeNet with `Module.fit`.

    Returns:
        tuple: The module, and an iterator over the test digits.
    """
    data = mx.io.NDArrayIter(*shared.load_digits("train"), BATCH, shuffle=True)
    test_data = mx.io.NDArrayIter(*shared.load_digits("t10k"), 99)
    module = mx.mod.Module(lenet())
    progress = shared.Progress(epochs, data.num_data // BATCH)
    figures = {}

    def batch_done(param):
        figures.update(param.eval_metric.get_name_value())
        progress.step(figures["cross-entropy"], accuracy=figures["accuracy"])

    def test_done(param):
        progress.epoch(train=figures["accuracy"], test=param.eval_metric.get()[1])

    module.fit(
        data,
        eval_data=test_data,
        num_epoch=epochs,
        eval_metric=["acc", "ce"],
        validation_metric="acc",
        optimizer="adam",
        optimizer_params={"learning_rate": 0.002},
        initializer=mx.init.Xavier(),
        batch_end_callback=batch_done,
        eval_end_callback=test_done,
    )
    return module, test_data


def export(net, prefix, epochs):
    """Write a checkpoint of a Gluon network whose outputs are probabilities."""
    whole = mx.gluon.nn.HybridSequential()
    whole.add(net, mx.gluon.nn.HybridLambda("softmax"))
    whole.hybridize()
    whole(mx.nd.zeros((1, 1, 28, 28)))
    whole.export(str(prefix), epochs)


def classify(prefix, epoch, *options):
    """Classify the sample images on the screen, as the command says that is printed first."""
    command = ["predict", "--model", str(prefix), "--epoch", str(epoch), *options]
    command += ["--synset", str(DIGITS / "synset.txt"), "--top", "2", "--image"]
    print(f"$ remx {' '.join(command)} {DIGITS / 'images'}/*.png\n")
    return remx(command + IMAGES)


def draw(progress, accuracies, answers, labels, path):
    """Draw loss, accuracy, and which digit was taken for which."""

    def fill(axes):
        shared.plot_losses(axes[0], progress.losses)
        convnet.plot_accuracies(axes[1], accuracies)
        convnet.plot_confusion(axes[2], labels, answers)

    shared.save_picture(path, fill, columns=3)


def train_fleet(prefix, epochs):
    """Run fleet.py as a job of two ranks; where MPI is missing, only say so."""
    if shutil.which("mpirun") is None:
        print("needs mpirun (apt-get install openmpi-bin): left out")
        return 0
    script = str(Path(__file__).with_name("fleet.py"))
    program = [sys.executable, script, "--prefix", str(prefix), "--epochs", str(epochs)]
    print(f"$ remx launch -n 2 {' '.join(program)}\n", flush=True)
    return remx(["launch", "-n", "2", *program])


def ask(prefix):
    """Serve a network and send it the sample images, as any client of HTTP does."""
    try:
        serve.check_packages(False)
    except mx.MXNetError as missing:
        print(f"{missing}: left out")
        return
    settings = serve.ServerSettings(port=0, management_port=None)
    pictures = serve.ModelSettings(shape=(1, 28, 28), pixels=serve.PixelSettings(scale=1 / 255))
    with serve.make_server(settings, pictures) as server:
        server.service.load_all(str(prefix), "digits")
        print(
            f"$ curl -H 'content-type: image/png' --data-binary @4.png {server.url}/invocations\n"
        )
        for path in IMAGES:
            body = Path(path).read_bytes()
            request = urllib.request.Request(
                f"{server.url}/invocations", body, {"Content-Type": "image/png"}
            )
            with urllib.request.urlopen(request, timeout=60) as response:
                scores = np.ravel(json.load(response))
            print(f"{Path(path).name}  {scores.argmax()}  {scores.max():.4f}")


def title(text):
    """Print the title of a part."""
    print(f"\n{text}\n{'-' * len(text)}\n", flush=True)


def demonstrate(epochs, seed, folder):
    """Run the whole demonstration.

    Returns:
        int: The exit code.
    """
    title("1. Classify pictures with a checkpoint that Apache MXNet 1.9.1 wrote")
    if code := classify(DIGITS / "digits-lenet", 10):
        return code
    folder.mkdir(parents=True, exist_ok=True)
    mx.random.seed(seed)
    np.random.seed(seed)

    title("2. Train a digit classifier with Module.fit (1,500 digits to learn, 297 to test)")
    module, test_data = train_module(epochs)
    module.save_checkpoint(str(folder / "lenet"), epochs)
    loaded = mx.mod.Module.load(str(folder / "lenet"), epochs)
    loaded.bind(test_data.provide_data, test_data.provide_label, for_training=False)
    ((_, lenet_accuracy),) = loaded.score(test_data, "acc")
    print(f"\naccuracy on the test digits after saving and loading: {lenet_accuracy:.4f}")

    title("3. Train another one in Gluon, from the same digits moved a little")
    net = convnet.network()
    progress, accuracies = convnet.train(net, epochs)
    pictures, labels = shared.load_digits("t10k")
    answers = convnet.predict(net, pictures).argmax(axis=1)
    print(f"\naccuracy on the test digits: {np.mean(answers == labels):.4f}")
    draw(progress, accuracies, answers, labels, folder / "digits.png")
    figures = {"module": lenet_accuracy, "gluon": list(map(float, accuracies))}
    (folder / "accuracy.json").write_text(json.dumps(figures))

    title("4. Export it as a checkpoint and classify the pictures of the first part with that")
    export(net, folder / "convnet", epochs)
    if code := classify(folder / "convnet", epochs, "--scale", "1/255", "--shape", "1,28,28"):
        return code

    title("5. Train LeNet with two ranks of this machine")
    if code := train_fleet(folder / "fleet", epochs):
        return code

    title("6. Serve what was exported, and ask")
    ask(folder / "convnet")
    return 0


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--epochs", type=int, default=15, help="epochs to train (default 15)")
    parser.add_argument("--seed", type=int, default=7, help="of all random numbers (default 7)")
    parser.add_argument(
        "--out", type=Path, default=Path("build/demo"), help="folder to write to (build/demo)"
    )
    parser.add_argument("--model", metavar="PREFIX", help="classify with this checkpoint instead")
    options, rest = parser.parse_known_args(arguments)
    if options.model is not None:
        return remx(["predict", "--model", options.model, *rest])
    if rest:
        parser.error(f"unknown arguments: {' '.join(rest)} (--model would take them)")
    return demonstrate(options.epochs, options.seed, options.out)


if __name__ == "__main__":
    sys.exit(main())
