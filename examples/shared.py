"""What the examples share: options, digits, progress, pictures, the check of what was learned."""

import argparse
import gzip
import json
import sys
import time
from pathlib import Path

import numpy as np

try:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot
except ImportError:  # pictures are optional
    pyplot = None
try:
    from tqdm import tqdm
except ImportError:  # so is the bar
    tqdm = None

HERE = Path(__file__).resolve().parent
DIGITS = HERE / "digits"


def parser(description, epochs, quick):
    """The options that every example has.

    Args:
        description (str): What the example does; its first line heads the help.
        epochs (int): How often it goes through its data.
        quick (int): How often with `--quick`.

    Returns:
        argparse.ArgumentParser: To add more options to; read them with `options`.
    """
    made = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.set_defaults(quick_epochs=quick, full_epochs=epochs)
    made.add_argument("--epochs", type=int, help=f"passes through the data (default {epochs})")
    made.add_argument(
        "--quick", action="store_true", help=f"{quick} passes and a lower goal: a test of seconds"
    )
    made.add_argument("--seed", type=int, default=7, help="of all random numbers (default 7)")
    made.add_argument(
        "--out", type=Path, default=Path("build/examples"), help="folder to write to (%(default)s)"
    )
    return made


def options(made, arguments):
    """Read the options, and make the folder that is written to."""
    read = made.parse_args(arguments)
    if read.epochs is None:
        read.epochs = read.quick_epochs if read.quick else read.full_epochs
    read.out.mkdir(parents=True, exist_ok=True)
    return read


def load_digits(part):
    """The bundled digits.

    Args:
        part (str): `train` (1,500 digits) or `t10k` (297, to test with).

    Returns:
        tuple: Pictures, float32 (N, 1, 28, 28) from 0 to 1, and int32 labels (N,).
    """

    def read(name, header):
        with gzip.open(DIGITS / f"data/{part}-{name}-ubyte.gz") as stream:
            return np.frombuffer(stream.read(), np.uint8, offset=header)

    pictures = read("images-idx3", 16).reshape(-1, 1, 28, 28)
    return pictures.astype(np.float32) / 255, read("labels-idx1", 8).astype(np.int32)


class Progress:
    """A bar over the steps of a training, with its latest figures; keeps every loss.

    Without tqdm, or where nobody watches a terminal, a line is printed for each epoch.

    Args:
        epochs (int): Epochs of the training.
        steps (int): Steps of an epoch.
    """

    def __init__(self, epochs, steps):
        self.losses = []
        self._epochs, self._steps = epochs, steps
        self._start = time.perf_counter()
        shown = tqdm is not None and sys.stderr.isatty() and epochs > 0
        self._bar = tqdm(total=epochs * steps, unit="step", leave=False) if shown else None

    def step(self, loss, **figures):
        """Tell that a step was done.

        Args:
            loss (float): The loss of its batch.
            **figures (float): What else to show, by name.
        """
        self.losses.append(float(loss))
        if self._bar is not None:
            self._bar.set_postfix({"loss": f"{loss:.3f}", **_texts(figures)}, refresh=False)
            self._bar.update()

    def epoch(self, **figures):
        """Print the mean loss of the epoch that ended, and other figures."""
        done = -(-len(self.losses) // self._steps)
        loss = np.mean(self.losses[-self._steps :])
        texts = "".join(f"  {name} {text}" for name, text in _texts(figures).items())
        line = f"epoch {done:2}  loss {loss:.4f}{texts}  {self.seconds:.1f} s"
        self._bar.write(line) if self._bar is not None else print(line, flush=True)
        if self._bar is not None and done == self._epochs:
            self._bar.close()

    @property
    def seconds(self):
        """float: Time since the training began."""
        return time.perf_counter() - self._start


def _texts(figures):
    return {name: f"{value:#.4g}" for name, value in figures.items()}


def plot_losses(axes, losses):
    """Draw the losses of all steps, and their running mean."""
    axes.plot(losses, color="tab:blue", alpha=0.3, linewidth=0.8)
    width = max(1, len(losses) // 40)
    if len(losses) > width:
        mean = np.convolve(losses, np.ones(width) / width, "valid")
        axes.plot(np.arange(len(mean)) + width - 1, mean, color="tab:blue")
    axes.set_xlabel("step")
    axes.set_ylabel("loss")


def tile(pictures, columns):
    """Pictures (N, H, W) side by side in rows of so many."""
    count, height, width = pictures.shape
    rows = pictures.reshape(count // columns, columns, height, width)
    return rows.transpose(0, 2, 1, 3).reshape(-1, columns * width)


def save_picture(path, draw, columns=1, size=4):
    """Draw a picture and write it, where matplotlib is installed.

    Args:
        path (Path): The file to write, a PNG.
        draw (callable): Called with the axes, one or a row of them.
        columns (int): How many axes.
        size (float): Their size in inches.
    """
    if pyplot is None:
        print(f"{path.name} is not drawn: matplotlib is not installed")
        return
    figure, axes = pyplot.subplots(1, columns, figsize=(size * columns, size))
    draw(axes)
    figure.tight_layout()
    figure.savefig(path)
    pyplot.close(figure)
    print(f"picture: {path}")


def finish(read, name, losses, figure, goal, what, rising=True):
    """Write losses and figure to `NAME.json`, print the figure, and compare it with the goal.

    Args:
        read (argparse.Namespace): The options.
        name (str): Name of the example.
        losses (list of float): The loss of each step.
        figure (float): What was reached.
        goal (float): What had to be.
        what (str): What the figure is.
        rising (bool): Whether it has to be at least, not at most, the goal.

    Returns:
        int: The exit code: 0 if the goal was reached, else 1.
    """
    text = json.dumps({"losses": losses, "figure": float(figure)})
    (read.out / f"{name}.json").write_text(text)
    reached = figure >= goal if rising else figure <= goal
    sign, verdict = ">=" if rising else "<=", "reached" if reached else "NOT reached"
    print(f"{what}: {figure:.4f} (goal: {sign} {goal}) {verdict}")
    return 0 if reached else 1
