"""Parameters of published networks: fetched once, checked, kept in a folder."""

import os
import pathlib
import zipfile

from ... import error, util
from ..utils import check_sha1, download, replace_file

__all__ = ["get_model_file", "load_pretrained", "purge"]

# SHA-1 hashes of the files, whose names hold the first eight digits.
_model_sha1 = {
    "alexnet": "44335d1f0046b328243b32a26a4fbd62d9057b45",
    "densenet121": "f27dbf2dbd5ce9a80b102d89c7483342cd33cb31",
    "densenet161": "b6c8a95717e3e761bd88d145f4d0a214aaa515dc",
    "densenet169": "2603f878403c6aa5a71a124c4a3307143d6820e9",
    "densenet201": "1cdbc116bc3a1b65832b18cf53e1cb8e7da017eb",
    "inceptionv3": "ed47ec45a937b656fcc94dabde85495bbef5ba1f",
    "mobilenet0.25": "9f83e440996887baf91a6aff1cccc1c903a64274",
    "mobilenet0.5": "8e9d539cc66aa5efa71c4b6af983b936ab8701c3",
    "mobilenet0.75": "529b2c7f4934e6cb851155b22c96c9ab0a7c4dc2",
    "mobilenet1.0": "6b8c5106c730e8750bcd82ceb75220a3351157cd",
    "mobilenetv2_1.0": "36da4ff1867abccd32b29592d79fc753bca5a215",
    "mobilenetv2_0.75": "e2be7b72a79fe4a750d1dd415afedf01c3ea818d",
    "mobilenetv2_0.5": "aabd26cd335379fcb72ae6c8fac45a70eab11785",
    "mobilenetv2_0.25": "ae8f9392789b04822cbb1d98c27283fc5f8aa0a7",
    "resnet18_v1": "a0666292f0a30ff61f857b0b66efc0228eb6a54b",
    "resnet34_v1": "48216ba99a8b1005d75c0f3a0c422301a0473233",
    "resnet50_v1": "0aee57f96768c0a2d5b23a6ec91eb08dfb0a45ce",
    "resnet101_v1": "d988c13d6159779e907140a638c56f229634cb02",
    "resnet152_v1": "671c637a14387ab9e2654eafd0d493d86b1c8579",
    "resnet18_v2": "a81db45fd7b7a2d12ab97cd88ef0a5ac48b8f657",
    "resnet34_v2": "9d6b80bbc35169de6b6edecffdd6047c56fdd322",
    "resnet50_v2": "ecdde35339c1aadbec4f547857078e734a76fb49",
    "resnet101_v2": "18e93e4f48947e002547f50eabbcc9c83e516aa6",
    "resnet152_v2": "f2695542de38cf7e71ed58f02893d82bb409415e",
    "squeezenet1.0": "264ba4970a0cc87a4f15c96e25246a1307caf523",
    "squeezenet1.1": "33ba0f93753c83d86e1eb397f38a667eaf2e9376",
    "vgg11": "dd221b160977f36a53f464cb54648d227c707a05",
    "vgg11_bn": "ee79a8098a91fbe05b7a973fed2017a6117723a8",
    "vgg13": "6bc5de58a05a5e2e7f493e2d75a580d83efde38c",
    "vgg13_bn": "7d97a06c3c7a1aecc88b6e7385c2b373a249e95e",
    "vgg16": "e660d4569ccb679ec68f1fd3cce07a387252a90a",
    "vgg16_bn": "7f01cf050d357127a73826045c245041b0df7363",
    "vgg19": "ad2f660d101905472b83590b59708b71ea22b2e5",
    "vgg19_bn": "f360b758e856f1074a85abd5fd873ed1d98297c3",
}


def default_root():
    """The folder in which files are kept: ``$MXNET_HOME/models``."""
    return os.path.join(util.data_dir(), "models")


def short_hash(name):
    """The digits in the name of the file of a network.

    Raises:
        ValueError: No parameters were published for it.
    """
    if name not in _model_sha1:
        raise error.ValueError(
            f"get_model: no parameters were published for {name!r}; expected one of "
            f"{', '.join(sorted(_model_sha1))}, or pretrained=False"
        )
    return _model_sha1[name][:8]


def get_model_file(name, root=None):
    """The file with the parameters of a network, which is fetched if it is not there.

    It is looked for in `root`: a file that `remx convert` made, with the network's name, or the
    published one, whose SHA-1 hash is checked. Else it comes from ``$MXNET_GLUON_REPO``, a folder
    or an address, also with ``file://``.

    Args:
        name (str): Name of the network, as `get_model` takes it.
        root (str): Folder in which files are kept; None is ``~/.mxnet/models``.

    Returns:
        str: The file.

    Raises:
        ValueError: No parameters were published for it, or the file is another one.
        OSError: The file cannot be had.
    """
    stem = f"{name}-{short_hash(name)}"
    root = os.path.expanduser(root or default_root())
    converted = os.path.join(root, name + ".params")
    if os.path.exists(converted):
        return converted
    path = os.path.join(root, stem + ".params")
    if os.path.exists(path) and check_sha1(path, _model_sha1[name]):
        return path
    repository = os.environ.get("MXNET_GLUON_REPO", "").rstrip("/")
    if not repository:
        raise error.OSError(_how_to_get(name, path, "MXNET_GLUON_REPO is not set"))
    os.makedirs(root, exist_ok=True)
    try:
        packed = _fetch(repository, stem, root)
    except OSError as cause:
        raise error.OSError(_how_to_get(name, path, " ".join(str(cause).split()))) from cause
    try:
        _unpack(packed, stem + ".params", path)
    finally:
        os.remove(packed)
    if not check_sha1(path, _model_sha1[name]):
        os.remove(path)
        raise error.ValueError(
            f"get_model: the file of {name!r} in {repository} has another SHA-1 hash than the "
            f"published one; expected {_model_sha1[name]}"
        )
    return path


def _how_to_get(name, path, why):
    """Two lines: what is missing, and where it may come from."""
    from ...convert.zoo_names import has_structure, supported

    made = os.path.join(os.path.dirname(path), name + ".params")
    way, reason = "remx convert IN.onnx PREFIX makes a network of an ONNX file", supported(name)
    if reason is None:
        way = (
            f"remx convert IN {made} --arch {name} makes them of torchvision's or timm's (.pth, "
            f".safetensors); {way}"
        )
    elif has_structure(name):
        way = (
            f"{reason}: remx convert IN PREFIX --arch {name} makes a checkpoint of its structure "
            f"(.pth, .safetensors); {way}"
        )
    return (
        f"get_model: the parameters of {name!r} are not in {path!r} ({why}); the published file or "
        f"a repository with it is expected\n{way}"
    )


def _fetch(repository, stem, root):
    """Bring the archive with a file into a folder; gives its name there."""
    address = f"{repository}/gluon/models/{stem}.zip"
    if "://" not in repository:
        address = pathlib.Path(os.path.abspath(os.path.expanduser(address))).as_uri()
    return download(address, root, overwrite=True, retries=1)


def _unpack(packed, name, path):
    """Take one file out of an archive."""
    try:
        with zipfile.ZipFile(packed) as archive, archive.open(name) as source:
            content = source.read()
    except (zipfile.BadZipFile, KeyError) as cause:
        raise error.ValueError(
            f"get_model: {packed!r} is no archive with {name} in it ({cause}); expected the "
            "published one"
        ) from cause
    partial = f"{path}.{os.getpid()}"
    with open(partial, "wb") as target:
        target.write(content)
    replace_file(partial, path)


def load_pretrained(net, name, root, ctx):
    """Give a network its published parameters.

    Args:
        net (HybridBlock): The network.
        name (str): Its name in the store.
        root (str): See `get_model_file`.
        ctx (Context): Where to put them.
    """
    net.load_parameters(get_model_file(name, root), ctx=ctx)


def purge(root=None):
    """Delete the parameter files in a folder; None is ``~/.mxnet/models``."""
    root = os.path.expanduser(root or default_root())
    for name in os.listdir(root):
        if name.endswith(".params"):
            os.remove(os.path.join(root, name))
