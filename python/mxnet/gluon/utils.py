"""Helpers: dividing batches among devices, clipping gradients, downloading files."""

import hashlib
import math
import os
import shutil
import tempfile
import urllib.error
import urllib.request
import warnings
import weakref

import numpy as np

from .. import _core, _elsewhere, error
from .. import ndarray as nd
from .._numpy_mode import array_of_mode, is_np_array, is_np_shape, shape_is_known

__all__ = [
    "split_data",
    "split_and_load",
    "clip_global_norm",
    "check_sha1",
    "download",
    "replace_file",
    "shape_is_known",
    "HookHandle",
    "is_np_array",
    "is_np_shape",
]

__getattr__ = _elsewhere.getter(__name__, {"_indent": "gluon.block.block:indent"})

_CHUNK = 1 << 20
_REPOSITORY = "https://apache-mxnet.s3-accelerate.dualstack.amazonaws.com/"


def _get_repo_url():
    """The folder of published models and data: ``$MXNET_GLUON_REPO``, with a slash at its end."""
    return os.environ.get("MXNET_GLUON_REPO", _REPOSITORY).rstrip("/") + "/"


def _get_repo_file_url(namespace, filename):
    """A file in the folder of published models and data.

    Args:
        namespace (str): The folder in it, such as ``gluon/dataset/mnist``.
        filename (str): The file.
    """
    return f"{_get_repo_url()}{namespace}/{filename}"


def _brief_print_list(lst, limit=7):
    """The items of a list in quotes, those in the middle of a long one left out."""
    shown = [f"'{item}'" for item in lst]
    if len(shown) > limit:
        shown = [*shown[: limit // 2], "...", *shown[-(limit // 2) :]]
    return ", ".join(shown)


class HookHandle:
    """Stands for a hook that was registered; `detach` takes it away.

    As a context manager it does so at the end of the block.
    """

    def __init__(self):
        self._hooks = None
        self._key = None

    def attach(self, hooks_dict, hook):
        """Put `hook` into a dict of hooks; done once for each handle."""
        if self._hooks is not None:
            raise error.AssertionError(
                "HookHandle.attach: the handle has a hook already; expected a new handle"
            )
        self._key = id(self)
        hooks_dict[self._key] = hook
        self._hooks = weakref.ref(hooks_dict)

    def detach(self):
        """Take the hook away; nothing happens if it is gone."""
        hooks = self._hooks() if self._hooks is not None else None
        if hooks is not None:
            hooks.pop(self._key, None)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.detach()


def split_data(data, num_slice, batch_axis=0, even_split=True):
    """Cut an array along its batch axis.

    Args:
        data (NDArray): The array.
        num_slice (int): How many parts.
        batch_axis (int): The axis.
        even_split (bool): Whether all parts have to be of the same size.

    Returns:
        list of NDArray: The parts; the first ones are larger by one where it is not even.

    Raises:
        ValueError: There are fewer rows than parts, or the parts differ in size with `even_split`.
    """
    size = data.shape[batch_axis]
    if even_split and size % num_slice:
        raise error.ValueError(
            f"split_data: data of shape {data.shape} cannot be divided evenly into {num_slice} "
            f"parts along axis {batch_axis}; expected a batch size that is a multiple of "
            f"{num_slice}, or even_split=False"
        )
    if size < num_slice:
        raise error.ValueError(
            f"split_data: num_slice={num_slice} is more than the {size} rows of data; expected a "
            "smaller number"
        )
    if num_slice == 1:
        return [data]
    least, larger = divmod(size, num_slice)
    ends = np.cumsum([least + 1] * larger + [least] * (num_slice - larger)).tolist()
    bounds = zip([0, *ends[:-1]], ends)
    if batch_axis == 0:
        return [data[begin:end] for begin, end in bounds]
    return [nd.slice_axis(data, axis=batch_axis, begin=begin, end=end) for begin, end in bounds]


def split_and_load(data, ctx_list, batch_axis=0, even_split=True):
    """Cut an array as `split_data` does, and put each part on a device.

    Args:
        data (NDArray or array_like): The array.
        ctx_list (list of Context): The devices.
        batch_axis (int): The axis.
        even_split (bool): Whether all parts have to be of the same size.

    Returns:
        list of NDArray: One for each device.
    """
    if not isinstance(data, nd.NDArray):
        data = array_of_mode(data, ctx_list[0])
    parts = split_data(data, len(ctx_list), batch_axis, even_split)
    return [part.as_in_context(ctx) for part, ctx in zip(parts, ctx_list)]


def clip_global_norm(arrays, max_norm, check_isfinite=True):
    """Scale arrays down in place, so that their norm taken together is at most `max_norm`.

    Args:
        arrays (list of NDArray): The arrays.
        max_norm (float): The bound.
        check_isfinite (bool): Whether to warn of a norm that is no number, for which the result
            has to be waited for.

    Raises:
        TypeError: `max_norm` is no number.

    Returns:
        float: The norm before; an NDArray of shape (1,) without `check_isfinite`.
    """
    arrays = list(arrays)
    if not arrays:
        raise error.AssertionError("clip_global_norm: arrays is empty; expected at least one")
    if isinstance(max_norm, str):
        raise error.AssertedTypeError(
            f"clip_global_norm: max_norm={max_norm!r} is a str; expected a number"
        )
    is_numpy = _core.is_numpy(arrays[0])
    arrays = [array.as_nd_ndarray() for array in arrays]
    by_place = {}
    for array in arrays:
        by_place.setdefault((array.context, np.dtype(array.dtype)), []).append(array)
    home = arrays[0].context
    squares = [
        nd.multi_sum_sq(*group, num_arrays=len(group)).sum().as_in_context(home)
        for group in by_place.values()
    ]
    total = nd.sqrt(nd.add_n(*squares)).reshape((1,))
    if check_isfinite:
        total = float(total.item())
        if not math.isfinite(total):
            warnings.warn(
                "nan or inf is detected. Clipping results will be undefined.", stacklevel=2
            )
        scale = min(max_norm / (total + 1e-8), 1.0)
        if scale == 1.0:
            return total
        for array in arrays:
            array *= scale
        return total
    scale = nd.minimum(max_norm / (total + 1e-8), 1.0)
    for array in arrays:
        array *= scale.astype(array.dtype).as_in_context(array.context)
    return total._with_interface(is_numpy)


def check_sha1(filename, sha1_hash):
    """Whether the SHA-1 hash of a file begins with `sha1_hash` (hexadecimal str)."""
    digest = hashlib.sha1()
    with open(filename, "rb") as stream:
        for chunk in iter(lambda: stream.read(_CHUNK), b""):
            digest.update(chunk)
    found = digest.hexdigest()
    length = min(len(found), len(sha1_hash))
    return found[:length] == sha1_hash[:length]


def replace_file(src, dst):
    """Give the file `src` the name `dst`, in one step."""
    os.replace(src, dst)


def _target(url, path):
    """Name of the file that a download goes to."""
    name = url.split("/")[-1]
    if path is None:
        if not name:
            raise error.AssertionError(
                f"download: url={url!r} does not end in a file name; expected path="
            )
        return name
    path = os.path.expanduser(path)
    return os.path.join(path, name) if os.path.isdir(path) else path


def _fetch(url, fname, verify_ssl):
    """Write what is at `url` to a file beside `fname`; gives its name."""
    import ssl

    context = None
    if url.startswith("https:") and not verify_ssl:
        warnings.warn("Unverified HTTPS request is being made (verify_ssl=False).", stacklevel=4)
        context = ssl._create_unverified_context()
    with urllib.request.urlopen(url, context=context) as answer:
        handle, partial = tempfile.mkstemp(
            prefix=os.path.basename(fname) + ".", dir=os.path.dirname(os.path.abspath(fname))
        )
        try:
            with os.fdopen(handle, "wb") as stream:
                shutil.copyfileobj(answer, stream, _CHUNK)
        except BaseException:
            os.remove(partial)
            raise
    return partial


def download(url, path=None, overwrite=False, sha1_hash=None, retries=5, verify_ssl=True):
    """Fetch a file, unless it is there.

    Args:
        url (str): Where it is; http, https and file are known.
        path (str): File or folder to write to; None is the file name in the current folder.
        overwrite (bool): Whether to fetch it though it is there.
        sha1_hash (str): What its SHA-1 hash begins with; a file with another one is fetched again.
        retries (int): How often to try again.
        verify_ssl (bool): Whether certificates are checked.

    Returns:
        str: The file.

    Raises:
        OSError: It cannot be had; the message names the address.
    """
    if retries < 0:
        raise error.AssertionError(f"download: retries={retries} is negative; expected 0 or more")
    fname = _target(url, path)
    there = os.path.exists(fname) and (not sha1_hash or check_sha1(fname, sha1_hash))
    if there and not overwrite:
        return fname
    os.makedirs(os.path.dirname(os.path.abspath(fname)), exist_ok=True)
    cause = None
    for _ in range(retries + 1):
        try:
            partial = _fetch(url, fname, verify_ssl)
        except (OSError, ValueError) as problem:
            cause = getattr(problem, "reason", problem)
            continue
        if sha1_hash and not check_sha1(partial, sha1_hash):
            os.remove(partial)
            cause = f"its SHA-1 hash does not begin with {sha1_hash}"
            continue
        os.chmod(partial, 0o644)
        replace_file(partial, fname)
        return fname
    raise error.OSError(
        f"download: url={url!r} cannot be fetched ({cause}); expected a reachable file, or the "
        f"file at {fname!r}"
    )
