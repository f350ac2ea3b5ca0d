"""Lists of pictures: a line has a number, labels and a path, with tabulators between them."""

import os
import random
from typing import NamedTuple

from ... import error
from .replacing import replacing

_SEED = 100  # of 1.9.1, so that lists made anew are those of old
# Names of files are bytes; those that are no UTF-8 come back as they were.
_TEXT = {"encoding": "utf-8", "errors": "surrogateescape"}


class Line(NamedTuple):
    """A picture of a list: its number, its labels and its path below the root."""

    number: int
    labels: tuple[float, ...]
    path: str


def _leads_back(folder, name):
    """Whether a folder is a link to one that it lies in, which would never end."""
    inner = os.path.join(folder, name)
    if not os.path.islink(inner):
        return False
    target, here = os.path.realpath(inner), os.path.realpath(folder)
    return os.path.commonpath([target, here]) == target


def _raise(cause):
    raise cause


def _pictures(root, endings, recursive):
    """Paths of pictures below a folder: first those of a folder, then those of folders in it."""
    for folder, folders, names in os.walk(root, followlinks=True, onerror=_raise):
        folders[:] = sorted(each for each in folders if not _leads_back(folder, each))
        for name in sorted(names):
            path = os.path.join(folder, name)
            if os.path.splitext(name)[1].lower() in endings and os.path.isfile(path):
                yield os.path.relpath(path, root)
        if not recursive:
            return


def list_pictures(root, endings, recursive):
    """The pictures in a folder, in the order of their names.

    Args:
        root (str): The folder.
        endings (list of str): How their names end, such as ".jpg", in letters of any case.
        recursive (bool): Look into the folders inside too; otherwise all labels are 0.

    Returns:
        tuple: Labels by folder (dict), which is empty if not recursive, and a list of `Line`.

    Raises:
        OSError: A folder cannot be read.
        ValueError: A path has a tabulator or the end of a line in it.
    """
    labels, lines = {}, []
    for path in _pictures(root, {each.lower() for each in endings}, recursive):
        if any(each in path for each in "\t\r\n"):
            raise error.ValueError(
                f"im2rec: path={path!r} cannot stand in a list; a name without tabulators and ends "
                "of lines is expected"
            )
        folder = os.path.dirname(path) or "."
        label = labels.setdefault(folder, len(labels)) if recursive else 0
        lines.append(Line(len(lines), (float(label),), path))
    return labels, lines


def _split(lines, options):
    """Ends of file names, and the lines that go there."""
    size = -(-len(lines) // options.chunks)
    tested, trained = int(size * options.test_ratio), int(size * options.train_ratio)
    for i in range(options.chunks):
        chunk = lines[i * size : (i + 1) * size]
        suffix = f"_{i}" if options.chunks > 1 else ""
        if options.train_ratio == 1:
            yield suffix, chunk
            continue
        if options.test_ratio:
            yield f"{suffix}_test", chunk[:tested]
        if options.train_ratio + options.test_ratio < 1:
            yield f"{suffix}_val", chunk[tested + trained :]
        yield f"{suffix}_train", chunk[tested : tested + trained]


def write_lists(options):
    """Write the lists of the pictures in a folder; see `im2rec.add_arguments` for the options.

    Returns:
        tuple: Labels by folder (dict), and what was written: dicts with ``file``, ``pictures``.

    Raises:
        OSError: A folder cannot be read or a list cannot be written.
        ValueError: A path cannot stand in a list.
    """
    labels, lines = list_pictures(options.root, options.exts, options.recursive)
    if options.shuffle:
        random.Random(_SEED).shuffle(lines)
    written = []
    for suffix, part in _split(lines, options):
        path = f"{options.prefix}{suffix}.lst"
        with replacing(path) as temporary, open(temporary, "w", newline="\n", **_TEXT) as file:
            for line in part:
                file.write(f"{line.number}\t{line.labels[0]:f}\t{line.path}\n")
        written.append({"file": path, "pictures": len(part)})
    return labels, written


def find_lists(prefix):
    """Paths of the lists whose names begin with a prefix, sorted.

    Raises:
        OSError: The folder cannot be read.
        ValueError: There is none.
    """
    folder, start = os.path.split(os.path.abspath(prefix))
    names = sorted(os.listdir(folder))
    paths = [os.path.join(folder, name) for name in names if name.startswith(start)]
    paths = [path for path in paths if path.endswith(".lst") and os.path.isfile(path)]
    if not paths:
        raise error.ValueError(
            f"im2rec: prefix={prefix!r} has no list; a file {prefix}*.lst is expected, which "
            "--list writes"
        )
    return paths


def _parse(text):
    number, *labels, path = (each.strip() for each in text.split("\t"))
    if not labels:
        raise ValueError("it has too few columns")
    return Line(int(number), tuple(float(each) for each in labels), path)


def read_list(path):
    """The lines of a list one by one; empty lines are passed over.

    Args:
        path (str): The list.

    Yields:
        `Line`, or the message (str) of what is wrong with a line.

    Raises:
        OSError: It cannot be read.
    """
    with open(path, newline="\n", **_TEXT) as file:
        for i, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                yield _parse(text)
            except ValueError as cause:
                yield (
                    f"{path}: line {i} is {text.strip()!r} ({cause}); a whole number, labels and a "
                    "path with tabulators between them are expected"
                )
