"""Name what pictures show: the best classes with their probabilities."""

import time

import numpy as np

from .. import error
from .._pictures import PictureReader
from .arguments import add_model_arguments, add_pixel_arguments, positive_int
from .checkpoint import Checkpoint
from .output import Progress, bar, peak_memory, print_error, print_json, size_text


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
    add_pixel_arguments(parser)


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
