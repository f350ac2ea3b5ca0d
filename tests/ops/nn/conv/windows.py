"""Convolution and pooling in NumPy, for the references of this folder."""

import itertools

import numpy as np


def channels_first(x, layout):
    """Data or weights with the channels on axis 1."""
    return np.moveaxis(x, -1, 1) if (layout or "NCW")[-1] == "C" else x


def restore_layout(x, layout):
    """The reverse of channels_first."""
    return np.moveaxis(x, 1, -1) if (layout or "NCW")[-1] == "C" else x


def fill(values, rank, default):
    """A tuple argument with its default."""
    return tuple(values) if len(values) else (default,) * rank


def positions(in_sizes, out_sizes, kernel, stride, dilate, pad):
    """For each place in the window, slices of the output and of the data that it joins."""
    for place in itertools.product(*(range(k) for k in kernel)):
        outs, ins = [], []
        for i, at in enumerate(place):
            first = at * dilate[i] - pad[i]
            begin = max(0, -(first // stride[i])) if first < 0 else 0
            end = min(out_sizes[i], (in_sizes[i] - first + stride[i] - 1) // stride[i])
            end = max(begin, end)
            start = begin * stride[i] + first
            outs.append(slice(begin, end))
            ins.append(
                slice(
                    start,
                    start + (end - begin - 1) * stride[i] + 1 if end > begin else start,
                    stride[i],
                )
            )
        yield place, (Ellipsis, *outs), (Ellipsis, *ins)


def window_arguments(kernel, stride, dilate, pad):
    """The four tuples with their defaults."""
    rank = len(kernel)
    return kernel, fill(stride, rank, 1), fill(dilate, rank, 1), fill(pad, rank, 0)


def convolve(x, w, window, groups=1):
    """Channels first: x (N, C, ...), w (F, C / groups, ...)."""
    kernel, stride, dilate, pad = window
    sizes = [
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, d, p in zip(x.shape[2:], kernel, stride, dilate, pad)
    ]
    batch, filters, depth = x.shape[0], w.shape[0], w.shape[1]
    out = np.zeros((batch, groups, filters // groups, *sizes))
    x = x.reshape(batch, groups, depth, *x.shape[2:])
    w = w.reshape(groups, filters // groups, depth, *kernel)
    for place, to, at in positions(x.shape[3:], sizes, kernel, stride, dilate, pad):
        out[to] += np.einsum("ngc...,gfc->ngf...", x[at], w[(Ellipsis, *place)])
    return out.reshape(batch, filters, *sizes)


def spread(d_out, w, shape, window, groups=1):
    """Gradient of convolve's data, which has that shape."""
    kernel, stride, dilate, pad = window
    batch, filters, depth = d_out.shape[0], w.shape[0], w.shape[1]
    out = np.zeros((batch, groups, depth, *shape[2:]))
    d_out = d_out.reshape(batch, groups, filters // groups, *d_out.shape[2:])
    w = w.reshape(groups, filters // groups, depth, *kernel)
    for place, at, to in positions(shape[2:], d_out.shape[3:], kernel, stride, dilate, pad):
        out[to] += np.einsum("ngf...,gfc->ngc...", d_out[at], w[(Ellipsis, *place)])
    return out.reshape(shape)


def correlate(x, d_out, shape, window, groups=1):
    """Gradient of convolve's weight, which has that shape."""
    kernel, stride, dilate, pad = window
    batch, filters, depth = x.shape[0], shape[0], shape[1]
    out = np.zeros((groups, filters // groups, depth, *kernel))
    x = x.reshape(batch, groups, depth, *x.shape[2:])
    d_out = d_out.reshape(batch, groups, filters // groups, *d_out.shape[2:])
    letters = "xyz"[: len(kernel)]
    for place, to, at in positions(x.shape[3:], d_out.shape[3:], kernel, stride, dilate, pad):
        out[(Ellipsis, *place)] = np.einsum(f"ngc{letters},ngf{letters}->gfc", x[at], d_out[to])
    return out.reshape(shape)
