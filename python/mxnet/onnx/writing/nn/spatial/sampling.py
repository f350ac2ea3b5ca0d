"""Pictures read at points of a grid."""

import numpy as np

from ...registry import translates


def _lines(size):
    """Places of the elements of an axis, from -1 to 1; a single one is in the middle."""
    return np.linspace(-1, 1, size) if size > 1 else np.zeros(1)


def affine_grid(node, g, matrices, height, width):
    """Points (batch, 2, height, width) that affine maps (batch, 6) make of a regular grid."""
    y, x = np.meshgrid(_lines(height), _lines(width), indexing="ij")
    points = np.stack([x, y, np.ones_like(x)]).reshape(3, -1).astype(node.dtype())
    maps = g.Reshape(matrices, g.ints(-1, 2, 3))
    return g.Reshape(g.MatMul(maps, g.constant(points)), g.ints(-1, 2, height, width))


@translates("GridGenerator")
def grid_generator(node, g):
    attrs = node.attrs
    if attrs.transform_type == "affine":
        return affine_grid(node, g, node.inputs[0], *attrs.target_shape)
    attrs.ignore("target_shape")
    height, width = node.size(2), node.size(3)
    places = np.stack(np.meshgrid(np.arange(height), np.arange(width), indexing="ij")[::-1])
    sizes = np.array([width, height]).reshape(2, 1, 1)
    many = sizes > 1
    scale = np.where(many, 2 / np.maximum(sizes - 1, 1), 0).astype(node.dtype())
    moved = g.Add(node.inputs[0], g.constant(places.astype(node.dtype())))
    return g.Sub(g.Mul(moved, g.constant(scale)), g.constant(many.astype(node.dtype())))


def sample(g, data, grid):
    """Values between elements of data at points (batch, 2, height, width)."""
    points = g.Transpose(grid, perm=[0, 2, 3, 1])
    mode = "linear" if g.opset >= 20 else "bilinear"
    return g.GridSample(data, points, mode=mode, padding_mode="zeros", align_corners=1)


@translates("BilinearSampler", opset=16, kind="one")
def bilinear_sampler(node, g):
    return sample(g, *node.inputs)


@translates("SpatialTransformer", opset=16, ignores=("sampler_type", "transform_type"))
def spatial_transformer(node, g):
    data, maps = node.inputs
    return sample(g, data, affine_grid(node, g, maps, *node.attrs.target_shape))
