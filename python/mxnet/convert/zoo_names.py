"""Parameters of torchvision's networks for those of `mxnet.gluon.model_zoo.vision`.

Both sides name their layers in the same order once torchvision's names are sorted as its programs
make them, so that no table of names is needed: each pair is checked by kind and shape.
"""

import re

import numpy as np

from .. import error
from .. import ndarray as nd
from ..context import cpu

__all__ = ["fill", "supported"]

# Networks that compute the same as torchvision's of the same size.
_SAME = re.compile(
    r"alexnet|vgg\d\d(_bn)?|squeezenet1\.[01]|densenet\d+|inceptionv3|resnet(18|34)_v1"
)
_REASONS = {
    r"resnet\d+_v1": "torchvision's has its strides in other convolutions",
    r"resnet\d+_v2": "torchvision has none that normalizes before each convolution",
    r"mobilenetv2": "torchvision's first block has one convolution less",
    r"mobilenet": "torchvision has none of version 1",
}
# Words of torchvision's names in the order in which its programs make the layers; what is not here
# is sorted by its numbers and letters between the second and the third line.
_FIRST = """norm1 conv1 bn1 norm2 conv2 bn2 conv3 bn3 conv0 norm0 norm conv bn downsample squeeze
    expand1x1 expand3x3 branch1x1 branch5x5_1 branch5x5_2 branch7x7_1 branch7x7_2 branch7x7_3
    branch3x3 branch3x3_1 branch3x3_2 branch3x3_2a branch3x3_2b branch7x7dbl_1 branch7x7dbl_2
    branch7x7dbl_3 branch7x7dbl_4 branch7x7dbl_5 branch7x7x3_1 branch7x7x3_2 branch7x7x3_3
    branch7x7x3_4 branch3x3dbl_1 branch3x3dbl_2 branch3x3dbl_3 branch3x3dbl_3a branch3x3dbl_3b
    branch_pool features""".split()
_LAST = "norm5 classifier fc".split()
_SKIPPED = re.compile(r"(^|\.)AuxLogits\.|num_batches_tracked$")
_PARTS = {"weight": 0, "bias": 1, "running_mean": 2, "running_var": 3}
_OURS = {"weight": 0, "gamma": 0, "bias": 1, "beta": 1, "running_mean": 2, "running_var": 3}


def supported(name):
    """Why a network of the zoo has no counterpart, or None if it has one.

    Args:
        name (str): Its name, as `get_model` takes it.
    """
    if _SAME.fullmatch(name):
        return None
    reasons = [reason for pattern, reason in _REASONS.items() if re.match(pattern, name)]
    return reasons[0] if reasons else "it is not in the zoo"


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
    """Give a network of the zoo the parameters of torchvision's.

    Args:
        net (HybridBlock): The network.
        name (str): Its name, as `get_model` takes it.
        arrays (dict of str to numpy.ndarray): Parameters by torchvision's names, in any order.

    Returns:
        int: How many parameters it got.

    Raises:
        ValueError: The network has no counterpart, or the parameters are those of another one.
    """
    reason = supported(name)
    if reason:
        raise error.ValueError(
            f"convert: --arch={name} cannot take these parameters: {reason}; a network of the same "
            "structure is expected, or its ONNX file, which holds the structure, too"
        )
    theirs, ours = _layers(arrays), _our_layers(net)
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
    layers = _layers(arrays)
    return layers[-1][0][1].shape[0] if layers and 0 in layers[-1] else 1000
