"""Pictures of another size."""

import numpy as np

from ...registry import translates


def resize(g, x, sizes, **how):
    """Resize to a size of all axes: a tuple with None where an axis stays as it is."""
    if None not in sizes:
        return g.Resize(x, None, None, g.ints(*sizes), **how)
    parts = [g.size(x, axis) if n is None else g.ints(n) for axis, n in enumerate(sizes)]
    return g.Resize(x, None, None, g.Concat(*parts, axis=0), **how)


@translates(
    "_contrib_BilinearResize2D",
    ignores=("height", "width", "scale_height", "scale_width", "mode"),
)
def bilinear_resize(node, g):
    corners = "align_corners" if node.attrs.align_corners else "half_pixel"
    sizes = node.out_dims()
    if None in sizes[2:]:
        node.refuse("needs the size of its input", "export it with dynamic=False", "mode")
    sizes = (None, None, *sizes[2:]) if None in sizes else sizes
    return resize(g, node.inputs[0], sizes, mode="linear", coordinate_transformation_mode=corners)


@translates("UpSampling", ignores=("num_filter",))
def upsampling(node, g):
    attrs = node.attrs
    if attrs.sample_type == "bilinear":
        attrs.ignore("multi_input_mode")
        return _deconvolved(node, g)
    if len(node.inputs) == 1:
        attrs.ignore("multi_input_mode")
        return _repeated(g, node.inputs[0], attrs.scale, attrs.scale)
    height, width = node.size(2) * attrs.scale, node.size(3) * attrs.scale
    parts = [
        _repeated(g, x, height // node.size(2, i), width // node.size(3, i))
        for i, x in enumerate(node.inputs)
    ]
    return g.Sum(*parts) if attrs.multi_input_mode == "sum" else g.Concat(*parts, axis=1)


def _repeated(g, x, rows, columns):
    scales = g.constant(np.array([1, 1, rows, columns], dtype=np.float32))
    return g.Resize(
        x,
        None,
        scales,
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )


def _deconvolved(node, g):
    scale = node.attrs.scale
    kernel, pad = 2 * scale - scale % 2, scale // 2
    return g.ConvTranspose(
        *node.inputs,
        kernel_shape=[kernel] * 2,
        strides=[scale] * 2,
        pads=[pad] * 4,
        group=node.size(1),
    )
