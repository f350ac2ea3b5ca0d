"""Name what pictures show: the best classes with their probabilities."""

import time

import numpy as np

from .. import error
from .arguments import add_model_arguments, number, numbers, positive_int
from .checkpoint import Checkpoint
from .output import Progress, bar, peak_memory, print_error, print_json, size_text

_CHANNELS = (1, 3)


def add_arguments(parser):
    """Add the arguments of the command."""
    add_model_arguments(parser)
    parser.add_argument("--image", nargs="+", required=True, metavar="FILE", help="the pictures")
    parser.add_argument("--synset", metavar="FILE", help="names of the classes, one in each line")
    parser.add_argument(
        "--top", type=positive_int, default=5, metavar="N", help="classes to show (default 5)"
    )
    parser.add_argument(
        "--batch", type=positive_int, metavar="N", help="pictures to compute at once (default 1)"
    )
    pixels = parser.add_argument_group(
        "pixels", "A pixel enters the network as (value * scale - mean) / std, value in 0 to 255."
    )
    pixels.add_argument("--mean", type=numbers, metavar="R,G,B", help="one number or three")
    pixels.add_argument("--std", type=numbers, metavar="R,G,B", help="one number or three")
    pixels.add_argument("--scale", type=number, default=1.0, metavar="X", help="such as 1/255")
    pixels.add_argument("--bgr", action="store_true", help="channels in the order blue, green, red")
    pixels.add_argument(
        "--crop",
        action="store_true",
        help="keep the aspect ratio and cut out the middle instead of stretching",
    )


def read_synset(path, classes):
    """Names of the classes in a file, or their numbers without a file.

    Raises:
        ValueError: The number of lines is not that of the classes.
    """
    if path is None:
        return [str(index) for index in range(classes)]
    try:
        with open(path, encoding="utf-8") as stream:
            names = stream.read().rstrip().split("\n")
    except UnicodeDecodeError as cause:
        raise error.ValueError(
            f"--synset={path} is no text file; one name a line is expected"
        ) from cause
    if len(names) != classes:
        raise error.ValueError(
            f"--synset={path} has {len(names)} lines; {classes} are expected, as the network has "
            "so many classes"
        )
    return [name.strip() for name in names]


class PictureReader:
    """Reads pictures as a network wants them.

    Args:
        shape (tuple of int): Channels, height and width.
        options: Command line with ``mean``, ``std``, ``scale``, ``bgr`` and ``crop``.
    """

    def __init__(self, shape, options):
        if len(shape) != 3 or shape[0] not in _CHANNELS:
            raise error.ValueError(
                f"predict: the input shape {shape} is no picture's; (1 or 3, height, width) is "
                "expected"
            )
        self.channels, self.height, self.width = shape
        self._mean = self._per_channel(options.mean, "--mean", 0)
        self._std = self._per_channel(options.std, "--std", 1)
        if not self._std.all():
            raise error.ValueError("--std holds 0; numbers other than 0 are expected")
        self._scale, self._bgr, self._crop = options.scale, options.bgr, options.crop

    def _per_channel(self, values, option, default):
        values = [default] if values is None else values
        if len(values) not in (1, self.channels):
            raise error.ValueError(
                f"{option} has {len(values)} numbers; 1 or {self.channels} is expected"
            )
        return np.float32(values).reshape(-1, 1, 1)

    def read(self, path):
        """The picture in a file as a float32 array (channels, height, width)."""
        from .. import image

        pixels = image.imread(path, flag=int(self.channels == 3))
        if self._crop:
            pixels, _ = image.center_crop(pixels, (self.width, self.height), interp=1)
        elif pixels.shape[:2] != (self.height, self.width):
            pixels = image.imresize(pixels, self.width, self.height)
        values = pixels.asnumpy().astype(np.float32).transpose(2, 0, 1)
        with np.errstate(all="ignore"):
            values = (values * np.float32(self._scale) - self._mean) / self._std
        if not np.isfinite(values).all():
            raise error.ValueError(
                f"{path}: its pixels leave the range of float32; other --scale, --mean or --std "
                "are expected"
            )
        return values[::-1] if self._bgr else values


class Classifier:
    """Names what pictures show, batch by batch.

    Args:
        options: The command line.

    Raises:
        MXNetError: The checkpoint, the shape of its input or the names of the classes do not fit.
    """

    def __init__(self, options):
        self.checkpoint = Checkpoint(options)
        self._reader = PictureReader(self.checkpoint.shape, options)
        self.batch = min(options.batch or 1, len(options.image))
        self._predictor = self.checkpoint.bind(self.batch)
        start = time.perf_counter()
        nothing = np.zeros((self.batch, *self.checkpoint.shape), np.float32)
        classes = self._predictor.probabilities(nothing)[0].shape[1]
        self.first_seconds = time.perf_counter() - start
        self._names = read_synset(options.synset, classes)
        self._top = options.top

    def classify(self, files):
        """What the pictures in up to `batch` files show.

        Returns:
            list of dict: ``file`` with ``latency_ms`` and ``top``, or with ``error``, each.
        """
        documents, readable, rows = [{"file": path} for path in files], [], []
        for document in documents:
            try:
                rows.append(self._reader.read(document["file"]))
                readable.append(document)
            except (error.MXNetError, OSError) as cause:
                document["error"] = str(cause)
        if rows:
            probabilities, seconds = self._predictor.probabilities(np.stack(rows))
            latency = round(seconds * 1000 / len(rows), 3)
            for document, values in zip(readable, probabilities):
                document.update(self._answer(document["file"], latency, values))
        return documents

    def _answer(self, path, latency, values):
        if np.isnan(values).any():
            return {
                "error": f"{path}: the outputs of the network hold NaN or infinity; parameters and "
                "pixels that give finite numbers are expected"
            }
        best = np.argsort(-values, kind="stable")[: self._top]
        top = [
            {"class": int(i), "name": self._names[i], "probability": float(values[i])} for i in best
        ]
        return {"latency_ms": latency, "top": top}


def predict(options):
    """Predict as the command line says.

    Returns:
        dict: What ``--json`` prints.
    """
    classifier = Classifier(options)
    pictures = []
    with Progress("predicting", len(options.image)) as progress:
        for begin in range(0, len(options.image), classifier.batch):
            files = options.image[begin : begin + classifier.batch]
            pictures += classifier.classify(files)
            progress.step(len(files))
    return {
        **classifier.checkpoint.describe(),
        "batch": classifier.batch,
        "first_prediction_ms": round(classifier.first_seconds * 1000, 3),
        "pictures": pictures,
        "peak_memory_bytes": peak_memory(),
    }


def _print(document, answered):
    width = max(len(each["name"]) for picture in answered for each in picture["top"])
    for picture in answered:
        print(f"{picture['file']}  ({picture['latency_ms']:.2f} ms)")
        for each in picture["top"]:
            probability = each["probability"]
            print(f"  {probability:6.4f}  {each['name']:{width}}  {bar(probability)}".rstrip())
    latencies = [picture["latency_ms"] for picture in answered]
    memory = size_text(document["peak_memory_bytes"])
    print(
        f"{len(latencies)} pictures, {np.median(latencies):.2f} ms each (median, batch of "
        f"{document['batch']}); loaded in {document['load_ms']:.0f} ms, first prediction "
        f"{document['first_prediction_ms']:.0f} ms, memory {memory}"
    )


def run(options):
    """Run the command.

    Returns:
        int: 0, or 1 when some of the pictures have no answer, or 2 when none has one.
    """
    document = predict(options)
    answered = [picture for picture in document["pictures"] if "error" not in picture]
    for picture in document["pictures"]:
        if "error" in picture:
            print_error(picture["error"])
    if options.json:
        print_json(document)
    elif answered:
        _print(document, answered)
    if len(answered) == len(document["pictures"]):
        return 0
    return 1 if answered else 2
