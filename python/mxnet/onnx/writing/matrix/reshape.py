"""The same elements in another shape."""

from ..registry import translates


@translates("Reshape", kind="one", ignores=("keep_highest", "target_shape"))
def reshape(node, g):
    x, dims = node.inputs[0], node.out_dims()
    codes, reverse = node.attrs.shape, node.attrs.reverse
    if dims.count(None) <= 1:
        return g.reshape(x, dims)
    if reverse or not codes:
        node.refuse("needs all sizes but one", "export it with dynamic=False", "shape")
    return g.reshape(x, _sizes(node, g, codes, dims))


def _sizes(node, g, codes, dims):
    """Sizes of the result where several vary: known ones, or what computes them."""
    x, parts, axis, codes = node.inputs[0], [], 0, list(codes)
    while codes:
        code = codes.pop(0)
        if code == -2:
            codes = [0] * (node.rank() - axis) + codes
        elif code == -3:
            parts.append(g.Mul(g.size(x, axis), g.size(x, axis + 1)))
            axis += 2
        elif code == -4:
            parts += [None if size == -1 else size for size in codes[:2]]
            codes, axis = codes[2:], axis + 1
        else:
            parts.append(g.size(x, axis) if code == 0 else None if code == -1 else code)
            axis += 1
    found = [part if size is None else size for part, size in zip(parts, dims)]
    if found.count(None) > 1:
        node.refuse("leaves more than one size open", "export it with dynamic=False", "shape")
    return found


@translates("_np_reshape", "_npx_reshape", kind="one", ignores=("newshape", "reverse", "order"))
def numpy_reshape(node, g):
    dims = node.out_dims()
    if dims.count(None) > 1:
        node.refuse("needs all sizes but one", "export it with dynamic=False", "newshape")
    return g.reshape(node.inputs[0], dims)


@translates("Flatten", kind="one")
def flatten(node, g):
    return g.Flatten(node.inputs[0], axis=1)


@translates("reshape_like")
def reshape_like(node, g):
    data, like = node.inputs
    attrs = node.attrs
    whole = (attrs.lhs_begin, attrs.lhs_end, attrs.rhs_begin, attrs.rhs_end) == (None,) * 4
    if whole:
        return g.Reshape(data, g.Shape(like))
    return g.reshape(data, _one_open(node))


def _one_open(node):
    dims = node.out_dims()
    if dims.count(None) > 1:
        node.refuse("needs all sizes but one", "export it with dynamic=False")
    return dims


@translates("expand_dims", kind="one")
def expand_dims(node, g):
    axis = node.attrs.axis
    return g.unsqueeze(node.inputs[0], axis if axis >= 0 else axis + node.rank() + 1)


@translates("squeeze", kind="one")
def squeeze(node, g):
    axes = node.attrs.axis
    if axes is None:
        axes = [axis for axis, size in enumerate(node.dims()) if size == 1]
        # A result has at least one axis.
        axes = axes[1:] if len(axes) == node.rank() else axes
        return g.squeeze(node.inputs[0], *axes) if axes else node.inputs[0]
    axes = sorted(node.axis(axis) for axis in axes)
    if len(axes) == node.rank():
        axes = axes[1:]
    return g.squeeze(node.inputs[0], *axes) if axes else node.inputs[0]


@translates("_np_squeeze", kind="one")
def numpy_squeeze(node, g):
    axes = node.attrs.axis
    if axes is None:
        axes = [axis for axis, size in enumerate(node.dims()) if size == 1]
    axes = sorted(node.axis(axis) for axis in axes)
    return g.squeeze(node.inputs[0], *axes) if axes else node.inputs[0]


@translates("transpose", "_np_transpose", kind="one")
def transpose(node, g):
    axes = node.attrs.axes or range(node.rank())[::-1]
    return g.Transpose(node.inputs[0], perm=[node.axis(axis) for axis in axes])


@translates("SwapAxis", kind="one")
def swap_axes(node, g):
    axes = list(range(node.rank()))
    a, b = node.axis(node.attrs.dim1), node.axis(node.attrs.dim2)
    axes[a], axes[b] = axes[b], axes[a]
    return g.Transpose(node.inputs[0], perm=axes)


@translates("depth_to_space", kind="one")
def depth_to_space(node, g):
    return g.DepthToSpace(node.inputs[0], blocksize=node.attrs.block_size)


@translates("space_to_depth", kind="one")
def space_to_depth(node, g):
    return g.SpaceToDepth(node.inputs[0], blocksize=node.attrs.block_size)
