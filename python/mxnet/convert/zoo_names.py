"""Parameters of torchvision's and timm's networks for those of `mxnet.gluon.model_zoo.vision`.

Both sides name their layers in the same order once torchvision's names are sorted as its programs
make them, so that no table of names is needed: each pair is checked by kind and shape. Where timm
has names of its own, they become torchvision's first.
"""

import re

import numpy as np

from .. import error
from .. import ndarray as nd
from ..context import cpu

__all__ = ["as_torchvision", "classes_in", "fill", "has_structure", "supported"]

# Networks that compute the same as torchvision's of the same size.
_SAME = re.compile(
    r"alexnet|vgg\d\d(_bn)?|squeezenet1\.[01]|densenet\d+|inceptionv3|resnet(18|34)_v1"
)
_OTHER = re.compile(r"mobilenetv2_1\.0|resnet(50|101|152)_v1|resnet(18|34|50|101|152)_v2")
_REASONS = {
    r"resnet\d+_v1": "torchvision's and timm's has its strides in other convolutions",
    r"resnet\d+_v2": "timm's does not normalize behind its first convolution",
    r"mobilenetv2_1.0": "torchvision's and timm's has one convolution less and a bias",
    r"mobilenetv2": "torchvision's and timm's has other numbers of channels",
    r"mobilenet": "torchvision has none of version 1",
}
# Words of torchvision's names in the order in which its programs make the layers; what is not here
# is sorted by its numbers and letters between the second and the third line.
_FIRST = """norm1 conv1 bn1 norm2 conv2 bn2 norm3 conv3 bn3 conv0 norm0 norm conv bn downsample
    squeeze expand1x1 expand3x3 branch1x1 branch5x5_1 branch5x5_2 branch7x7_1
    branch7x7_2 branch7x7_3 branch3x3 branch3x3_1 branch3x3_2 branch3x3_2a branch3x3_2b
    branch7x7dbl_1 branch7x7dbl_2 branch7x7dbl_3 branch7x7dbl_4 branch7x7dbl_5
    branch7x7x3_1 branch7x7x3_2 branch7x7x3_3 branch7x7x3_4 branch3x3dbl_1
    branch3x3dbl_2 branch3x3dbl_3 branch3x3dbl_3a branch3x3dbl_3b branch_pool features""".split()
_LAST = "norm5 classifier fc".split()
# timm's names of layers that torchvision has under others; those of MobileNet stand in `_blocks`.
_TIMM = (
    (re.compile(r"^pre_logits\.fc1\."), "classifier.0."),
    (re.compile(r"^pre_logits\.fc2\."), "classifier.3."),
    (re.compile(r"^head\.fc\."), "classifier.6."),
    (re.compile(r"^stem\.conv\."), "conv0."),
    (re.compile(r"^norm\."), "norm5."),
)
_BLOCK = re.compile(r"^blocks\.(\d+)\.(\d+)\.(conv_pwl|conv_pw|conv_dw|bn\d)\.")
_SKIPPED = re.compile(r"(^|\.)AuxLogits\.|num_batches_tracked$")
_PARTS = {"weight": 0, "bias": 1, "running_mean": 2, "running_var": 3}
_OURS = {"weight": 0, "gamma": 0, "bias": 1, "beta": 1, "running_mean": 2, "running_var": 3}


def has_structure(name):
    """Whether `structures` has what torchvision or timm has in place of a network of the zoo."""
    return bool(_OTHER.fullmatch(name))


def supported(name):
    """Why a network of the zoo computes something else than its counterpart, or None.

    Args:
        name (str): Its name, as `get_model` takes it.
    """
    if _SAME.fullmatch(name):
        return None
    reasons = [reason for pattern, reason in _REASONS.items() if re.match(pattern, name)]
    return reasons[0] if reasons else "it is not in the zoo"


def _blocks(arrays):
    """timm's names of MobileNet as torchvision would number the layers."""
    places = {}
    for name in arrays:
        match = _BLOCK.match(name)
        if match:
            block = places.setdefault((int(match[1]), int(match[2])), set())
            block.add(match[3])
    order = {}
    for number, (key, words) in enumerate(sorted(places.items()), 1):
        inner = ["conv_dw", "bn1", "conv_pw", "bn2"]
        if "conv_pwl" in words:
            inner = ["conv_pw", "bn1", "conv_dw", "bn2", "conv_pwl", "bn3"]
        order[key] = number, inner
    ends = {"conv_stem": "0.0", "bn1": "0.1", "conv_head": f"{len(places) + 1}.0"}
    ends["bn2"] = f"{len(places) + 1}.1"
    renamed = {}
    for name, array in arrays.items():
        match = _BLOCK.match(name)
        first, _, part = name.partition(".")
        if match:
            number, inner = order[int(match[1]), int(match[2])]
            name = f"features.{number}.{inner.index(match[3])}.{name[match.end() :]}"
        elif first in ends:
            name = f"features.{ends[first]}.{part}"
        renamed[name] = array
    return renamed


def as_torchvision(arrays):
    """Parameters of timm by torchvision's names; those of torchvision as they are."""
    if "conv_stem.weight" in arrays:
        return _blocks(arrays)
    renamed = {}
    for name, array in arrays.items():
        for pattern, word in _TIMM:
            name = pattern.sub(word, name)
        renamed[name] = array
    return renamed


def _rank(module):
    """A key that sorts names of modules as torchvision makes them."""
    key = []
    for word in module.split("."):
        if word in _FIRST:
            key.append((0, _FIRST.index(word), ""))
        elif word in _LAST:
            key.append((2, _LAST.index(word), ""))
        else:
            # denseblock1, transition1, denseblock2 ...; layer1, layer2 ...; 0, 1, ...
            number = re.search(r"\d+", word)
            middle = int(number[0]) if number else 0
            if word.startswith(("Conv2d_", "Mixed_")):
                key.append((1, middle, word))
            else:
                key.append((1, middle, re.sub(r"\d+", "", word)))
    return key


def _layers(arrays):
    """Parameters of each module of torchvision, in order."""
    modules = {}
    for name, array in arrays.items():
        module, _, part = name.rpartition(".")
        if not _SKIPPED.search(name) and part in _PARTS:
            modules.setdefault(module, {})[_PARTS[part]] = (name, array)
    return [modules[name] for name in sorted(modules, key=_rank)]


def _our_layers(net):
    layers = {}
    for name, parameter in net._collect_params_with_prefix().items():
        module, _, part = name.rpartition(".")
        layers.setdefault(module, {})[_OURS[part]] = (name, parameter)
    return list(layers.values())


def fill(net, name, arrays):
    """Give a network the parameters of torchvision's or timm's.

    Args:
        net (HybridBlock): The network, of the zoo or of `structures`.
        name (str): Its name, as `get_model` takes it.
        arrays (dict of str to numpy.ndarray): Parameters by torchvision's or timm's names, in any
            order.

    Returns:
        int: How many parameters it got.

    Raises:
        ValueError: The parameters are those of another network.
    """
    theirs, ours = _layers(as_torchvision(arrays)), _our_layers(net)
    if len(theirs) != len(ours):
        raise error.ValueError(
            f"convert: the file has {len(theirs)} layers; {len(ours)} of {name} are expected"
        )
    count = 0
    for source, target in zip(theirs, ours):
        if set(source) != set(target):
            raise _misfit(name, source, target)
        for part, (_, parameter) in target.items():
            array = np.asarray(source[part][1], np.float32)
            known = parameter.shape
            if array.ndim == 4 and len(known) == 2:
                # timm has dense layers as convolutions of all places at once.
                array = array.reshape(len(array), -1)
            if len(known) != array.ndim or any(a not in (0, b) for a, b in zip(known, array.shape)):
                raise _misfit(name, source, target)
            parameter._load_init(nd.array(array), cpu())
            count += 1
    return count


def _misfit(name, source, target):
    theirs = {n: array.shape for n, array in source.values()}
    ours = {n: parameter.shape for n, parameter in target.values()}
    return error.ValueError(
        f"convert: {theirs} of the file does not fit {ours} of {name}; the parameters of this "
        "network are expected"
    )


def classes_in(arrays):
    """The number of classes of a network: rows of its last layer."""
    layers = _layers(as_torchvision(arrays))
    return layers[-1][0][1].shape[0] if layers and 0 in layers[-1] else 1000
