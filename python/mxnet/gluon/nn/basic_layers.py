"""Containers of layers, and dense, dropout, embedding and function layers."""

import warnings

from ... import _elsewhere, error, symbol
from ... import ndarray as nd
from ..block import Block, HybridBlock
from ..block.block import indent
from .activations import Activation

__all__ = [
    "Sequential",
    "HybridSequential",
    "Concatenate",
    "HybridConcatenate",
    "Identity",
    "Dense",
    "Dropout",
    "Embedding",
    "Flatten",
    "Lambda",
    "HybridLambda",
]

__getattr__ = _elsewhere.getter(
    __name__,
    {
        "BatchNorm": "gluon.nn.norm_layers",
        "BatchNormReLU": "gluon.nn.norm_layers",
        "GroupNorm": "gluon.nn.norm_layers",
        "InstanceNorm": "gluon.nn.norm_layers",
        "LayerNorm": "gluon.nn.norm_layers",
    },
)


class _Container:
    """What containers share: blocks by number."""

    _has_row = False

    _is_container = True

    def add(self, *blocks):
        """Put blocks at the end."""
        for block in blocks:
            self.register_child(block)

    def __repr__(self):
        lines = [f"  ({key}): {indent(repr(each), 2)}" for key, each in self._children.items()]
        return type(self).__name__ + "(\n" + "\n".join(lines) + "\n)"

    def __getitem__(self, key):
        layers = list(self._children.values())[key]
        if not isinstance(layers, list):
            return layers
        part = type(self)(prefix=self._prefix)
        with part.name_scope():
            part.add(*layers)
        return part

    def __len__(self):
        return len(self._children)

    def __iter__(self):
        return iter(list(self._children.values()))


class Sequential(_Container, Block):
    """Blocks one after the other.

    Args:
        prefix (str): See `Block`.
        params (ParameterDict): See `Block`.

    Example:
        >>> net = nn.Sequential()
        >>> net.add(nn.Dense(10, activation="relu"), nn.Dense(20))
    """

    def forward(self, x, *args):
        for block in self._children.values():
            x = block(x, *args)
            args = []
            if isinstance(x, (tuple, list)):
                x, *args = x
        return (x, *args) if args else x

    def hybridize(self, active=True, **kwargs):
        """Let the hybrid blocks inside run as compiled graphs, each on its own."""
        if self._children and all(
            isinstance(each, HybridBlock) for each in self._children.values()
        ):
            warnings.warn(
                f"All children of this Sequential layer '{self.prefix}' are HybridBlocks. Consider "
                "using HybridSequential for the best performance.",
                stacklevel=2,
            )
        super().hybridize(active, **kwargs)


class HybridSequential(_Container, HybridBlock):
    """Hybrid blocks one after the other.

    Args:
        prefix (str): See `Block`.
        params (ParameterDict): See `Block`.
    """

    def hybrid_forward(self, F, x, *args):
        for block in self._children.values():
            x = block(x, *args)
            args = []
            if isinstance(x, (tuple, list)):
                x, *args = x
        return (x, *args) if args else x


class Concatenate(Sequential):
    """Blocks side by side: their outputs are concatenated.

    Args:
        axis (int): Along which axis.
    """

    def __init__(self, axis=-1, prefix=None, params=None):
        super().__init__(prefix=prefix, params=params)
        self.axis = axis

    def forward(self, x):
        return nd.concat(*[block(x) for block in self._children.values()], dim=self.axis)


class HybridConcatenate(HybridSequential):
    """Hybrid blocks side by side: their outputs are concatenated.

    Args:
        axis (int): Along which axis.
    """

    def __init__(self, axis=-1, prefix=None, params=None):
        super().__init__(prefix=prefix, params=params)
        self.axis = axis

    def hybrid_forward(self, F, x):
        return F.concat(*[block(x) for block in self._children.values()], dim=self.axis)


class Identity(HybridBlock):
    """Gives what it gets."""

    def hybrid_forward(self, F, x):
        return x


class Dense(HybridBlock):
    """A fully connected layer: ``activation(x . weight^T + bias)``.

    Args:
        units (int): Size of the output.
        activation (str): See `Activation`; None for none.
        use_bias (bool): Whether there is a bias.
        flatten (bool): Whether all axes but the first are taken together; else it works on the
            last.
        dtype (str or type): Type of the parameters.
        weight_initializer (Initializer or str): Initializer of the weight.
        bias_initializer (Initializer or str): Initializer of the bias.
        in_units (int): Size of the input; 0 to find out in the first forward pass.

    Inputs:
        x of shape (N, ...), or (..., in_units) without `flatten`; the output has the shape
        (N, units), or (..., units).
    """

    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        flatten=True,
        dtype="float32",
        weight_initializer=None,
        bias_initializer="zeros",
        in_units=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._units = units
        self._in_units = in_units
        self._flatten = flatten
        with self.name_scope():
            self.weight = self.params.get(
                "weight",
                shape=(units, in_units),
                init=weight_initializer,
                dtype=dtype,
                allow_deferred_init=True,
            )
            self.bias = None
            if use_bias:
                self.bias = self.params.get(
                    "bias",
                    shape=(units,),
                    init=bias_initializer,
                    dtype=dtype,
                    allow_deferred_init=True,
                )
            self.act = Activation(activation, prefix=activation + "_") if activation else None

    def hybrid_forward(self, F, x, weight, bias=None):
        out = F.FullyConnected(
            x,
            weight,
            bias,
            no_bias=bias is None,
            num_hidden=self._units,
            flatten=self._flatten,
            name="fwd",
        )
        return out if self.act is None else self.act(out)

    def __repr__(self):
        units, inputs = self.weight.shape
        act = self.act if self.act else "linear"
        return f"{type(self).__name__}({inputs or None} -> {units}, {act})"


class Dropout(HybridBlock):
    """Sets elements to zero at random while training, and scales the others up.

    Args:
        rate (float): Share of the elements.
        axes (tuple of int): Axes along which the same elements are dropped.
    """

    def __init__(self, rate, axes=(), **kwargs):
        super().__init__(**kwargs)
        self._rate = rate
        self._axes = axes

    def hybrid_forward(self, F, x):
        if self._rate > 0:
            return F.Dropout(x, p=self._rate, axes=self._axes, name="fwd", cudnn_off=False)
        return F.identity(x)

    def __repr__(self):
        return f"{type(self).__name__}(p = {self._rate}, axes={self._axes})"


class Embedding(HybridBlock):
    """Turns numbers into vectors, which are learned.

    Args:
        input_dim (int): How many numbers there are.
        output_dim (int): Size of the vectors.
        dtype (str or type): Type of the vectors.
        weight_initializer (Initializer or str): Initializer of the vectors.
        sparse_grad (bool): Whether the gradient is row-sparse.

    Inputs:
        x of any shape; the output has one axis more, of size output_dim.
    """

    def __init__(
        self,
        input_dim,
        output_dim,
        dtype="float32",
        weight_initializer=None,
        sparse_grad=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._kwargs = {
            "input_dim": input_dim,
            "output_dim": output_dim,
            "dtype": dtype,
            "sparse_grad": sparse_grad,
        }
        self.weight = self.params.get(
            "weight",
            shape=(input_dim, output_dim),
            init=weight_initializer,
            dtype=dtype,
            allow_deferred_init=True,
            grad_stype="row_sparse" if sparse_grad else "default",
        )

    def hybrid_forward(self, F, x, weight):
        return F.Embedding(x, weight, name="fwd", **self._kwargs)

    def __repr__(self):
        return "{}({input_dim} -> {output_dim}, {dtype})".format(
            type(self).__name__, **self._kwargs
        )


class Flatten(HybridBlock):
    """Joins all axes but the first into one."""

    def hybrid_forward(self, F, x):
        return F.Flatten(x)

    def __repr__(self):
        return type(self).__name__


def _operator(name, module, kind):
    """An operator by its name.

    Raises:
        AssertionError: There is none.
    """
    function = getattr(module, name, None)
    if function is None:
        raise error.AssertionError(
            f"{kind}: function={name!r} is not in {module.__name__}; expected the name of an "
            "operator"
        )
    return function


def _refuse(function, kind):
    raise error.ValueError(
        f"{kind}: function={function!r} is of type {type(function).__name__}; expected a function "
        "or the name of an operator"
    )


class Lambda(Block):
    """A function as a block.

    Args:
        function (function or str): What to call, or the name of an operator of `mx.nd`.
        prefix (str): See `Block`.

    Example:
        >>> block = nn.Lambda(lambda x: mx.nd.LeakyReLU(x, slope=0.1))
    """

    def __init__(self, function, prefix=None):
        super().__init__(prefix=prefix)
        if isinstance(function, str):
            self._func_impl = _operator(function, nd, "Lambda")
        elif callable(function):
            self._func_impl = function
        else:
            _refuse(function, "Lambda")
        self._func_name = getattr(self._func_impl, "__name__", type(function).__name__)

    def forward(self, *args):
        return self._func_impl(*args)

    def __repr__(self):
        return f"{type(self).__name__}({self._func_name})"


class HybridLambda(HybridBlock):
    """A function of F and arguments as a hybrid block.

    Args:
        function (function or str): What to call, as ``function(F, x, ...)``, or the name of an
            operator.
        prefix (str): See `Block`.

    Example:
        >>> block = nn.HybridLambda(lambda F, x: F.LeakyReLU(x, slope=0.1))
    """

    def __init__(self, function, prefix=None):
        super().__init__(prefix=prefix)
        if isinstance(function, str):
            _operator(function, nd, "HybridLambda")
            _operator(function, symbol, "HybridLambda")
            self._func = lambda F, *args: getattr(F, function)(*args)
            self._func_name = function
        elif callable(function):
            self._func = function
            self._func_name = getattr(function, "__name__", type(function).__name__)
        else:
            _refuse(function, "HybridLambda")

    def hybrid_forward(self, F, x, *args):
        return self._func(F, x, *args)

    def __repr__(self):
        return f"{type(self).__name__}({self._func_name})"
