"""Resize and Upsample: each axis is multiplied by the matrix of its interpolation."""

import math

import numpy as np

from ..... import error
from ...registry import translates
from ...values import Size, is_known, sample
from ..linear.products import multiply
from ..tensor.shape import sizes_in


def _coordinates(node, mode, size, out, scale, roi):
    """Where the elements of a result lie in the axis that is resized."""
    x = np.arange(out, dtype=np.float64)
    if mode == "half_pixel":
        return (x + 0.5) / scale - 0.5
    if mode == "half_pixel_symmetric":
        exact = scale * size
        shift = (size / 2) * (1 - out / exact)
        return shift + (x + 0.5) / scale - 0.5
    if mode == "pytorch_half_pixel":
        return (x + 0.5) / scale - 0.5 if out > 1 else np.zeros(1)
    if mode == "align_corners":
        exact = scale * size
        return x * (size - 1) / (exact - 1) if exact != 1 else np.zeros(out)
    if mode == "asymmetric":
        return x / scale
    if mode == "tf_crop_and_resize":
        begin, end = roi
        if out > 1:
            return begin * (size - 1) + x * (end - begin) * (size - 1) / (out - 1)
        return np.full(out, 0.5 * (begin + end) * (size - 1))
    raise node.refuse("coordinate_transformation_mode", mode, "one of the operator's definition")


def _nearest(node, places, size, mode):
    if mode == "round_prefer_floor":
        rounded = np.ceil(places - 0.5)
    elif mode == "round_prefer_ceil":
        rounded = np.floor(places + 0.5)
    elif mode == "floor":
        rounded = np.floor(places)
    elif mode == "ceil":
        rounded = np.ceil(places)
    else:
        raise node.refuse("nearest_mode", mode, "round_prefer_floor or _ceil, floor or ceil")
    return np.clip(rounded, 0, size - 1).astype(np.int64)


def _weights(distance, mode, a):
    """Weights of taps at a distance (in elements) from the wanted place."""
    d = np.abs(distance)
    if mode == "linear":
        return np.maximum(1 - d, 0)
    near = ((a + 2) * d - (a + 3)) * d * d + 1
    far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return np.where(d <= 1, near, np.where(d < 2, far, 0))


def _matrix(node, places, size, scale, mode):
    """The interpolation of an axis as a matrix (result, data)."""
    a = node.attr("cubic_coeff_a", -0.75)
    squeeze = min(scale, 1.0) if node.attr("antialias", 0) else 1.0
    reach = (2 if mode == "cubic" else 1) / squeeze
    matrix = np.zeros((len(places), size))
    for row, place in enumerate(places):
        taps = np.arange(math.floor(place - reach), math.ceil(place + reach) + 1)
        weights = _weights((taps - place) * squeeze, mode, a)
        if node.attr("exclude_outside", 0):
            weights = np.where((taps >= 0) & (taps < size), weights, 0)
        weights = weights / weights.sum()
        np.add.at(matrix[row], np.clip(taps, 0, size - 1), weights)
    return matrix


def _apply(node, x, axis, matrix):
    """Multiply an axis by a matrix."""
    last = x.rank - 1
    order = [*[i for i in range(x.rank) if i != axis], axis]
    moved = multiply(node, node.transpose(x, order), node.const(matrix.T, x.dtype))
    return moved if axis == last else node.transpose(moved, np.argsort(order).tolist())


def _targets(node, x, axes, scales, sizes):
    """Sizes and scales of the axes that are resized."""
    spatial = [x.shape[axis] for axis in axes]
    kept = [
        isinstance(size, Size) and (scales[i] == 1 if sizes is None else sizes[i] == size)
        for i, size in enumerate(spatial)
    ]
    spatial = [1 if keep else size for keep, size in zip(kept, spatial)]
    if sizes is not None:
        sizes = [1 if keep else size for keep, size in zip(kept, sizes)]
    if not is_known(spatial) or not is_known(sizes or ()):
        raise node.refuse("X", list(x.shape), "known sizes of axes that are resized")
    if sizes is None:
        targets = [math.floor(s * f) for s, f in zip(spatial, scales)]
        return [None if k else t for k, t in zip(kept, targets)], list(scales)
    policy = node.attr("keep_aspect_ratio_policy", "stretch")
    factors = [target / size for target, size in zip(sizes, spatial)]
    if policy == "stretch":
        return [None if k else size for k, size in zip(kept, sizes)], factors
    moving = [factor for factor, keep in zip(factors, kept) if not keep]
    factor = min(moving) if policy == "not_larger" else max(moving)
    return [math.floor(size * factor + 0.5) for size in spatial], [factor] * len(spatial)


def _resize(node, x, scales, sizes, roi, mode):
    axes = [node.axis(axis, x.rank) for axis in node.attr("axes") or range(x.rank)]
    given = sizes if scales is None else scales
    if given is None or len(given) != len(axes) or min(sample(given, 0)) <= 0:
        raise error.ValueError(
            f"{node.title}: scales or sizes of {node.proto.op_type} are {given}; a positive number "
            f"for each of {len(axes)} axes is expected"
        )
    targets, factors = _targets(node, x, axes, scales, sizes)
    node.check_size([size or 1 for size in targets], x.dtype)
    transform = node.attr("coordinate_transformation_mode", "half_pixel")
    dtype = x.dtype
    outside = []
    for i, axis in enumerate(axes):
        size, out = x.shape[axis], targets[i]
        if out is None:
            continue
        ends = (roi[i], roi[i + len(axes)]) if roi is not None else (0.0, 1.0)
        if out == size and factors[i] == 1 and transform != "tf_crop_and_resize":
            continue
        if out * size > 1 << 26 or (mode != "nearest" and out > 1 << 14):
            raise node.refuse("sizes", out, "axes of fewer elements")
        places = _coordinates(node, transform, size, out, factors[i], ends)
        if transform == "tf_crop_and_resize":
            outside.append((axis, (places < 0) | (places > size - 1)))
        if mode == "nearest":
            nearest = node.attr("nearest_mode", "round_prefer_floor")
            x = node.take(x, node.const(_nearest(node, places, size, nearest), "int64"), axis)
        else:
            matrix = _matrix(node, places, size, factors[i], mode)
            x = _apply(node, node.cast(x, "float32") if x.dtype == "uint8" else x, axis, matrix)
    if mode != "nearest" and x.dtype != dtype:
        x = node.cast(node.pointwise("_npi_around", x), dtype)
    for axis, mask in outside:
        if mask.any():
            shape = [-1 if i == axis else 1 for i in range(x.rank)]
            number = node.const(node.attr("extrapolation_value", 0.0), x.dtype)
            x = node.where(node.const(mask.reshape(shape), "bool"), number, x)
    return x


def _doubled(node, x, scales, mode, transform):
    """Nearest neighbours at a whole scale of pictures, which is an operator; None otherwise."""
    if mode != "nearest" or x.rank != 4 or list(scales[:2]) != [1, 1]:
        return None
    scale = scales[2]
    plain = transform == "asymmetric" and node.attr("nearest_mode", "floor") == "floor"
    if scale != scales[3] or scale != int(scale) or scale < 1 or not plain:
        return None
    return node.op("UpSampling", x, scale=int(scale), sample_type="nearest", num_args=1)


@translates("Resize", since=10, until=10)
def resize_10(node, x, scales):
    return _upsample(node, x, node.need(scales, "scales").reshape(-1).tolist())


@translates("Resize", since=11)
def resize(node, x, roi=None, scales=None, sizes=None):
    mode = node.attr("mode", "nearest")
    if mode not in ("nearest", "linear", "cubic"):
        raise node.refuse("mode", mode, "nearest, linear or cubic")
    factors = None if scales is None or scales.is_empty else node.need(scales, "scales")
    targets = None if sizes is None or sizes.is_empty else list(sizes_in(node, sizes, "sizes"))
    transform = node.attr("coordinate_transformation_mode", "half_pixel")
    ends = None
    if transform == "tf_crop_and_resize":
        ends = node.need(roi, "roi").reshape(-1).astype(float).tolist()
    factors = None if factors is None else factors.reshape(-1).astype(float).tolist()
    if factors is not None and not node.has("axes") and node.has("nearest_mode"):
        quick = _doubled(node, x, factors, mode, transform)
        if quick is not None:
            return quick.like(dtype=x.dtype)
    return _resize(node, x, factors, targets, ends, mode)


@translates("Upsample", until=8)
def upsample_attribute(node, x):
    return _upsample(node, x, node.attr("scales", []))


@translates("Upsample", since=9, until=9)
def upsample(node, x, scales):
    return _upsample(node, x, node.need(scales, "scales").reshape(-1).tolist())


def _upsample(node, x, scales):
    """Upsample, and Resize of opset 10, whose places are those of `asymmetric`."""
    modes = {"nearest": "nearest", "linear": "linear", "bilinear": "linear"}
    mode = node.attr("mode", "nearest")
    if mode not in modes:
        raise node.refuse("mode", mode, "nearest or linear")
    sizes = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    kind = modes[mode]
    import onnx

    floats = onnx.helper.make_node("Resize", ["x", "", "scales"], [node.title], mode=kind, **sizes)
    values = [x, None, node.const(np.array(scales, np.float32))]
    return node.reader.translate_as(floats, values, 11)
