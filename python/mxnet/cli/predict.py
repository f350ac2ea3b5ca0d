"""Name what pictures show: the best classes with their probabilities."""

import time

import numpy as np

from .. import error
from .arguments import add_model_arguments, number, numbers, positive_int
from .checkpoint import Checkpoint
from .output import Progress, bar, peak_memory, print_json, size_text

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
        values = (values * np.float32(self._scale) - self._mean) / self._std
        return values[::-1] if self._bgr else values


def predict(options):
    """Predict as the command line says.

    Returns:
        dict: What ``--json`` prints.
    """
    checkpoint = Checkpoint(options)
    reader = PictureReader(checkpoint.shape, options)
    batch = min(options.batch or 1, len(options.image))
    predictor = checkpoint.bind(batch)
    start = time.perf_counter()
    predictor.probabilities(np.zeros((batch, *checkpoint.shape), np.float32))
    first_seconds = time.perf_counter() - start
    names, pictures = None, []
    with Progress("predicting", len(options.image)) as progress:
        for begin in range(0, len(options.image), batch):
            files = options.image[begin : begin + batch]
            rows = np.stack([reader.read(path) for path in files])
            probabilities, seconds = predictor.probabilities(rows)
            names = names or read_synset(options.synset, probabilities.shape[1])
            for path, values in zip(files, probabilities):
                best = np.argsort(-values, kind="stable")[: options.top]
                top = [
                    {"class": int(i), "name": names[i], "probability": float(values[i])}
                    for i in best
                ]
                latency = round(seconds * 1000 / len(files), 3)
                pictures.append({"file": path, "latency_ms": latency, "top": top})
            progress.step(len(files))
    return {
        **checkpoint.describe(),
        "batch": batch,
        "first_prediction_ms": round(first_seconds * 1000, 3),
        "pictures": pictures,
        "peak_memory_bytes": peak_memory(),
    }


def run(options):
    """Run the command."""
    document = predict(options)
    if options.json:
        print_json(document)
        return
    width = max(len(each["name"]) for picture in document["pictures"] for each in picture["top"])
    for picture in document["pictures"]:
        print(f"{picture['file']}  ({picture['latency_ms']:.2f} ms)")
        for each in picture["top"]:
            probability = each["probability"]
            print(f"  {probability:6.4f}  {each['name']:{width}}  {bar(probability)}".rstrip())
    latencies = [picture["latency_ms"] for picture in document["pictures"]]
    memory = size_text(document["peak_memory_bytes"])
    print(
        f"{len(latencies)} pictures, {np.median(latencies):.2f} ms each (median, batch of "
        f"{document['batch']}); loaded in {document['load_ms']:.0f} ms, first prediction "
        f"{document['first_prediction_ms']:.0f} ms, memory {memory}"
    )
