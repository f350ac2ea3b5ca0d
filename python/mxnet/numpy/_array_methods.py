"""The methods of arrays of `mx.np` that are functions of `mx.np` or conversions."""

import numpy as onp

from .. import _core, error
from ..ndarray.ndarray import NDArray
from . import _indexing_functions, _products, _reductions, _shapes
from ._arguments import check_order
from ._ops import operator

_clip, _around, _cast = operator("_npi_clip"), operator("_npi_around"), operator("Cast")
_slice_assign, _slice_assign_scalar = operator("_slice_assign"), operator("_slice_assign_scalar")

# Methods of `mx.nd` that NumPy's arrays have not, or have with another meaning: `mx.np` and
# `mx.npx` have functions for them.
_REFUSED = """
abs arccos arccosh arcsin arcsinh arctan arctanh argmax_channel asscalar broadcast_axes
broadcast_like cbrt ceil cos cosh degrees depth_to_space diag exp expand_dims expm1 fix flip floor
log log10 log1p log2 log_softmax nanprod nansum norm one_hot ones_like pad pick radians rcbrt
reciprocal relu reshape_like rint rsqrt shape_array sigmoid sign sin sinh size_array slice
slice_axis slice_like softmax softmin space_to_depth split split_v2 sqrt square tan tanh tile topk
trunc zeros_like
""".split()


class ArrayMethods(NDArray):
    """Methods of `mxnet.numpy.ndarray`; `x.sum(...)` is ``np.sum(x, ...)``, and so on."""

    @property
    def T(self):
        """The array with its axes in reverse order."""
        return _shapes.transpose(self)

    def sum(self, axis=None, dtype=None, out=None, keepdims=False):
        """Sum of the elements; see `mx.np.sum`."""
        return _reductions.sum(self, axis, dtype, keepdims, out=out)

    def mean(self, axis=None, dtype=None, out=None, keepdims=False):
        """Mean of the elements; see `mx.np.mean`."""
        return _reductions.mean(self, axis, dtype, out, keepdims)

    def prod(self, axis=None, dtype=None, out=None, keepdims=False):
        """Product of the elements; see `mx.np.prod`."""
        return _reductions.prod(self, axis, dtype, out, keepdims)

    def std(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
        """Standard deviation of the elements; see `mx.np.std`."""
        return _reductions.std(self, axis, dtype, out, ddof, keepdims)

    def var(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
        """Variance of the elements; see `mx.np.var`."""
        return _reductions.var(self, axis, dtype, out, ddof, keepdims)

    def max(self, axis=None, out=None, keepdims=False):
        """The largest element; see `mx.np.max`."""
        return _reductions.max(self, axis, keepdims, out)

    def min(self, axis=None, out=None, keepdims=False):
        """The smallest element; see `mx.np.min`."""
        return _reductions.min(self, axis, keepdims, out)

    def any(self, axis=None, out=None, keepdims=False):
        """Whether an element is true; see `mx.np.any`."""
        return _reductions.any(self, axis, keepdims, out)

    def all(self, axis=None, out=None, keepdims=False):
        """Whether all elements are true; see `mx.np.all`."""
        return _reductions.all(self, axis, keepdims, out)

    def argmax(self, axis=None, out=None):
        """Place of the largest element; see `mx.np.argmax`."""
        return _reductions.argmax(self, axis, out)

    def argmin(self, axis=None, out=None):
        """Place of the smallest element; see `mx.np.argmin`."""
        return _reductions.argmin(self, axis, out)

    def cumsum(self, axis=None, dtype=None, out=None):
        """Sums of the elements so far; see `mx.np.cumsum`."""
        return _reductions.cumsum(self, axis, dtype, out)

    def round(self, decimals=0, out=None, **kwargs):
        """The elements rounded to some decimals; see `mx.np.around`."""
        return _around(self, decimals=decimals, out=out, **kwargs)

    def clip(self, min=None, max=None, out=None):
        """The elements with bounds.

        Args:
            min (number): Lower bound; None is none.
            max (number): Upper bound; None is none.
            out (ndarray): Where to write the result.

        Raises:
            ValueError: Both are None.
        """
        if min is None and max is None:
            raise error.ValueError("clip: min=None, max=None; expected at least one bound")
        low = -onp.inf if min is None else min
        return _clip(self, a_min=low, a_max=onp.inf if max is None else max, out=out)

    def dot(self, b, out=None):
        """Product with another array; see `mx.np.dot`."""
        return _products.dot(self, b, out)

    def sort(self, axis=-1, kind=None, order=None):
        """A sorted copy; see `mx.np.sort`."""
        return _indexing_functions.sort(self, axis, kind, order)

    def argsort(self, axis=-1, kind=None, order=None):
        """The places that sort the elements; see `mx.np.argsort`."""
        return _indexing_functions.argsort(self, axis, kind, order)

    def take(self, indices, axis=None, mode="raise"):
        """The elements at these places; see `mx.np.take`."""
        return _indexing_functions.take(self, indices, axis, mode)

    def nonzero(self):
        """The places of the elements that are not zero; see `mx.np.nonzero`."""
        return _indexing_functions.nonzero(self)

    def reshape(self, *args, **kwargs):
        """The elements in another shape; see `mx.np.reshape`.

        Args:
            *args (int or tuple of int): The shape, as one argument or several.
            **kwargs: `order`, 'C'.
        """
        order = kwargs.pop("order", "C")
        if kwargs:
            raise error.TypeError(
                f"reshape: {next(iter(kwargs))} is an unexpected argument; expected order"
            )
        if not args:
            raise error.TypeError("reshape: no shape was given; expected sizes")
        shape = args[0] if len(args) == 1 else args
        return _shapes.reshape(self, shape, order)

    def reshape_view(self, *shape, **kwargs):
        """The same memory in another shape.

        Args:
            *shape (int or tuple of int): The shape, with the codes of `mx.nd.NDArray.reshape`.
            **kwargs: `reverse` (bool), as there.
        """
        shape = shape[0] if len(shape) == 1 and isinstance(shape[0], (list, tuple)) else shape
        return self._reshape(shape or kwargs["shape"], kwargs.get("reverse", False))

    def transpose(self, *axes):
        """The axes in another order; see `mx.np.transpose`.

        Args:
            *axes (int or tuple of int): The order, as one argument or several.
        """
        if len(axes) == 1 and (axes[0] is None or isinstance(axes[0], (list, tuple))):
            axes = axes[0]
        return _shapes.transpose(self, axes or None)

    def flatten(self, order="C"):
        """A copy in one dimension; see `mx.np.ravel`."""
        check_order("flatten", order)
        return _shapes.reshape(self, -1)

    def squeeze(self, axis=None):
        """The array without axes of size 1; see `mx.np.squeeze`."""
        return _shapes.squeeze(self, axis)

    def repeat(self, repeats, axis=None):
        """Each element several times; see `mx.np.repeat`."""
        return _shapes.repeat(self, repeats, axis)

    def swapaxes(self, axis1, axis2):
        """The array with two axes exchanged; see `mx.np.swapaxes`."""
        return _shapes.swapaxes(self, axis1, axis2)

    def broadcast_to(self, shape):
        """The array repeated along axes; see `mx.np.broadcast_to`."""
        return _shapes.broadcast_to(self, shape)

    def astype(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
        """The elements in another type.

        Args:
            dtype (str or type): The type; None is float32.
            order (str): 'K', 'C' or 'A', which mean the same here.
            casting (str): 'unsafe'.
            subok (bool): True.
            copy (bool): Whether to copy even if the array has that type already.

        Raises:
            ValueError: Another order, way of casting or class is asked for.
        """
        for name, value, expected in (
            ("order", order, ("C", "K", "A")),
            ("casting", casting, ("unsafe",)),
            ("subok", subok, (True,)),
        ):
            if value not in expected:
                raise error.ValueError(
                    f"astype: {name}={value!r} is not supported; expected one of {expected}"
                )
        dtype = _core.numpy_dtype(onp.float32 if dtype is None else dtype)
        if not copy and dtype == self.dtype:
            return self
        return _cast(self, dtype=dtype)

    def copy(self, order="C"):
        """A copy, on the tape while recording.

        Args:
            order (str): 'C'.
        """
        check_order("copy", order)
        return self._copy_to_device(self.context)

    def item(self, *args):
        """One element as a Python number.

        Args:
            *args (int or tuple of int): Its place; nothing for an array of one element.

        Raises:
            ValueError: No place is given and there is not one element.
            IndexError: There is no such place.
        """
        return self.asnumpy().item(*args)

    def tolist(self):
        """The elements as nested lists of Python numbers."""
        return self.asnumpy().tolist()

    def as_in_ctx(self, ctx):
        """This array on a device: itself if it lies there, or a copy; see `as_in_context`."""
        return self.as_in_context(ctx)

    def attach_grad(self, grad_req="write"):
        """Make this array a variable: `backward` computes its gradient, found in `grad`.

        Args:
            grad_req (str): 'write', 'add' (to what is there) or 'null'.
        """
        super().attach_grad(grad_req)

    def slice_assign(self, rhs, begin, end, step):
        """Write an array into a part of this one, ``x[begin:end:step] = rhs``; gives this array."""
        return _slice_assign(self, rhs, begin=begin, end=end, step=step, out=self)

    def slice_assign_scalar(self, value, begin, end, step):
        """Write a number into a part of this array; gives this array."""
        return _slice_assign_scalar(self, scalar=value, begin=begin, end=end, step=step, out=self)


def _refused(name):
    def method(self, *args, **kwargs):
        raise AttributeError(
            f"'mxnet.numpy.ndarray' object has no attribute '{name}'; functions of mx.np and "
            "mx.npx or as_nd_ndarray() are expected"
        )

    method.__name__ = name
    method.__qualname__ = f"ArrayMethods.{name}"
    method.__doc__ = "Refused, as NumPy's arrays have no such method."
    return method


for _name in _REFUSED:
    setattr(ArrayMethods, _name, _refused(_name))
