"""Fourier transforms: products with the matrices of cosines and sines."""

import numpy as np

from ...registry import translates
from ...values import Size
from ..linear.products import multiply


@translates("DFT", until=19)
def dft_attribute(node, x, length=None):
    return _dft(node, x, length, node.attr("axis", 1))


@translates("DFT", since=20)
def dft(node, x, length=None, axis=None):
    return _dft(
        node, x, length, -2 if axis is None else int(node.need(axis, "axis").reshape(-1)[0])
    )


def _dft(node, x, length, axis):
    axis = node.axis(axis, x.rank)
    size = x.shape[axis]
    if isinstance(size, Size):
        raise node.refuse("input", list(x.shape), "a known length (input_shapes)")
    inverse, half = bool(node.attr("inverse", 0)), bool(node.attr("onesided", 0))
    if length is not None:
        count = int(node.need(length, "dft_length").reshape(-1)[0])
    else:
        count = 2 * (size - 1) if half and inverse else size
    if not 0 < count <= 1 << 13:
        raise node.refuse("dft_length", count, f"a known length of at most {1 << 13}")
    if half and inverse:
        return _real_inverse(node, x, axis, count)
    outputs = count // 2 + 1 if half else count
    used = min(size, count)
    if used < size:
        x = node.slice_axis(x, axis, 0, used)
    return _complex_product(node, x, axis, _matrices(used, outputs, count, inverse))


def _matrices(rows, columns, count, inverse):
    """Cosines and sines (rows, columns) of a transform of `count` elements."""
    turns = np.outer(np.arange(rows), np.arange(columns)) % count * (2 * np.pi / count)
    scale = 1 / count if inverse else 1
    return np.cos(turns) * scale, np.sin(turns) * (scale if inverse else -scale)


def _along(node, x, axis, matrix):
    order = [*[i for i in range(x.rank) if i != axis], axis]
    # Sums of many terms that nearly cancel: float64 keeps what float32 would lose.
    wide = node.cast(node.transpose(x, order), "float64")
    moved = node.cast(multiply(node, wide, node.const(matrix, "float64")), x.dtype)
    return node.transpose(moved, np.argsort(order).tolist())


def _complex_product(node, x, axis, matrices):
    """(..., n, ..., 1 or 2) times a complex matrix along an axis."""
    cosine, sine = matrices
    last = x.rank - 1
    real = node.slice_axis(x, last, 0, 1)
    first, second = _along(node, real, axis, cosine), _along(node, real, axis, sine)
    if x.shape[last] == 2:
        other = node.slice_axis(x, last, 1, 2)
        first = node.sub(first, _along(node, other, axis, sine))
        second = node.add(second, _along(node, other, axis, cosine))
    return node.concat([first, second], last)


def _real_inverse(node, x, axis, count):
    """Real numbers from the first half of a spectrum, whose other half is its mirror."""
    used, last = min(x.shape[axis], count // 2 + 1), x.rank - 1
    x = node.slice_axis(x, axis, 0, used) if used < x.shape[axis] else x
    cosine, sine = _matrices(used, count, count, True)
    twice = np.full((used, 1), 2.0)
    twice[0] = 1
    if count % 2 == 0 and used == count // 2 + 1:
        twice[-1] = 1
    real = _along(node, node.slice_axis(x, last, 0, 1), axis, cosine * twice)
    other = _along(node, node.slice_axis(x, last, 1, 2), axis, sine * twice)
    return node.sub(real, other)


@translates("STFT")
def stft(node, signal, step, window=None, length=None):
    hop = int(node.need(step, "frame_step").reshape(-1)[0])
    size = signal.shape[1]
    if length is not None:
        count = int(node.need(length, "frame_length").reshape(-1)[0])
    else:
        count = window.shape[0]
    if isinstance(size, Size) or not 0 < count <= min(size, 1 << 13) or hop < 1:
        raise node.refuse("frame_length", count, "a length within the signal, and a positive step")
    if signal.rank == 2:
        signal = node.expand_dims(signal, 2)
    frames = (size - count) // hop + 1
    node.check_constant((frames, count), "int64")
    places = np.arange(frames)[:, None] * hop + np.arange(count)
    pieces = node.take(signal, node.const(places, "int64"), 1)
    if window is not None:
        pieces = node.mul(pieces, node.reshape(window, (1, 1, count, 1)))
    outputs = count // 2 + 1 if node.attr("onesided", 1) else count
    return _complex_product(node, pieces, 2, _matrices(count, outputs, count, False))


@translates("MelWeightMatrix")
def mel_weights(node, bands, length, rate, low, high):
    names = ("num_mel_bins", "dft_length", "sample_rate", "lower_edge_hertz", "upper_edge_hertz")
    values = (bands, length, rate, low, high)
    count, size, rate, low, high = (
        node.need(value, name).reshape(-1)[0].item() for value, name in zip(values, names)
    )
    rows = size // 2 + 1
    node.check_constant((rows, count), "float32")
    ends = 2595 * np.log10(1 + np.array([low, high]) / 700)
    mels = ends[0] + np.arange(count + 2) * (ends[1] - ends[0]) / (count + 2)
    bins = ((size + 1) * (700 * (10 ** (mels / 2595) - 1)) // rate).astype(int)
    matrix = np.zeros((rows, count))
    for i in range(count):
        left, centre, right = bins[i : i + 3]
        up = np.arange(left, centre + 1)
        matrix[up, i] = (up - left) / (centre - left) if centre > left else 1
        down = np.arange(centre, right)
        if right > centre:
            matrix[down, i] = (right - down) / (right - centre)
    return node.const(matrix, "float32")
