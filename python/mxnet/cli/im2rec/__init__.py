"""List the pictures in a folder, or pack the pictures of such lists into record files."""

import argparse
import os

from ... import error
from ..arguments import positive_int
from ..output import print_error, print_json
from .lists import find_lists, write_lists
from .records import write_records

_LARGEST_SIDE = 1 << 20


def _between(smallest, largest, kind, what):
    """A kind of number for an option."""

    def convert(text):
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not smallest <= value <= largest:
            raise argparse.ArgumentTypeError(f"{text!r} is not {what} from {smallest} to {largest}")
        return value

    return convert


_ratio = _between(0, 1, float, "a number")
_side = _between(0, _LARGEST_SIDE, int, "a whole number")
_quality = _between(0, 100, int, "a whole number")


def add_arguments(parser):
    """Add the arguments of the command, those of 1.9.1."""
    parser.add_argument("prefix", help="the files are PREFIX*.lst, PREFIX*.rec and PREFIX*.idx")
    parser.add_argument("root", help="the folder of the pictures")
    lists = parser.add_argument_group("lists")
    lists.add_argument(
        "--list", action="store_true", help="write lists of pictures; otherwise pack those of lists"
    )
    lists.add_argument(
        "--exts",
        nargs="+",
        default=[".jpeg", ".jpg", ".png"],
        metavar="EXT",
        help="how names of pictures end (default .jpeg .jpg .png)",
    )
    lists.add_argument(
        "--chunks", type=positive_int, default=1, metavar="N", help="number of lists (default 1)"
    )
    lists.add_argument(
        "--train-ratio",
        type=_ratio,
        default=1.0,
        metavar="X",
        help="fraction of the pictures for PREFIX_train.lst (default 1: no such list)",
    )
    lists.add_argument(
        "--test-ratio",
        type=_ratio,
        default=0.0,
        metavar="X",
        help="fraction for PREFIX_test.lst (default 0); the rest goes to PREFIX_val.lst",
    )
    lists.add_argument(
        "--recursive",
        action="store_true",
        help="look into folders inside; the pictures of each get a label of their own, not 0",
    )
    lists.add_argument(
        "--no-shuffle", dest="shuffle", action="store_false", help="keep the order of the names"
    )
    _add_record_arguments(parser.add_argument_group("records"))


def _add_record_arguments(records):
    records.add_argument(
        "--pass-through", action="store_true", help="pack the files as they are, without changes"
    )
    records.add_argument(
        "--resize",
        type=_side,
        default=0,
        metavar="N",
        help="length of the shorter side in pixels (default 0: as it is)",
    )
    records.add_argument("--center-crop", action="store_true", help="cut out the middle square")
    records.add_argument(
        "--quality",
        type=_quality,
        default=95,
        metavar="N",
        help="quality of JPEG, 1 to 100, or compression of PNG, 1 to 9 (default 95)",
    )
    records.add_argument(
        "--num-thread",
        type=int,
        default=1,
        metavar="N",
        help="pictures to pack at once (default 1); the order stays",
    )
    records.add_argument(
        "--color",
        type=int,
        default=1,
        choices=[-1, 0, 1],
        help="1: color; 0: grayscale; -1: as stored, with transparency (default 1)",
    )
    records.add_argument(
        "--encoding", default=".jpg", choices=[".jpg", ".png"], help="format (default .jpg)"
    )
    records.add_argument(
        "--pack-label", action="store_true", help="pack all labels of a line, not the first alone"
    )


def _make_lists(options):
    labels, lists = write_lists(options)
    if options.json:
        print_json({"labels": labels, "lists": lists})
        return 0
    for folder, label in labels.items():
        print(folder, label)
    return 0


def _make_records(options):
    documents = []
    for path in find_lists(options.prefix):
        if not options.json:
            print(f"Creating .rec file from {path} in {os.path.dirname(path)}", flush=True)
        document = write_records(path, options)
        documents.append(document)
        for message in document["skipped"]:
            print_error(message)
        if not options.json:
            print(f"{document['file']}: {document['records']} records", flush=True)
    if options.json:
        print_json(documents)
    return 1 if any(each["skipped"] for each in documents) else 0


def _check_folder(argument, value, folder):
    if not os.path.isdir(folder):
        raise error.ValueError(
            f"im2rec: {argument}={value!r} does not fit: {folder!r} is no folder; a folder that "
            "is there is expected"
        )


def run(options):
    """Run the command.

    Returns:
        int: 0, or 1 when lines of lists were skipped.

    Raises:
        OSError: A folder or list cannot be read, or a file cannot be written.
        ValueError: There is no such folder or no list, a name cannot stand in a list, or no line
            of one can be packed.
    """
    _check_folder("root", options.root, options.root)
    _check_folder("prefix", options.prefix, os.path.dirname(options.prefix) or ".")
    return _make_lists(options) if options.list else _make_records(options)
