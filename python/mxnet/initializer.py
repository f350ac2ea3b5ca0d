"""Initial values of parameters."""

import json
import logging
import math
import re
import warnings

import numpy as np

from . import error, random, registry
from .ndarray import NDArray, load

__all__ = [
    "InitDesc",
    "Initializer",
    "Load",
    "Mixed",
    "Zero",
    "One",
    "Constant",
    "Uniform",
    "Normal",
    "Orthogonal",
    "Xavier",
    "MSRAPrelu",
    "Bilinear",
    "LSTMBias",
    "register",
    "alias",
    "create",
]


class InitDesc(str):
    """Name of a parameter with what else decides its initial value.

    Args:
        name (str): The name.
        attrs (dict of str to str): Attributes of its variable; ``__init__`` there names its
            initializer.
        global_init (Initializer): The initializer of the whole network.
    """

    def __new__(cls, name, attrs=None, global_init=None):
        desc = super().__new__(cls, name)
        desc.attrs = attrs or {}
        desc.global_init = global_init
        return desc


def _root_mean_square(array):
    values = array.asnumpy()
    return str(np.linalg.norm(values) / np.float32(math.sqrt(max(values.size, 1))))


# Which method of an initializer fills a parameter, by the end of the parameter's name.
_BY_SUFFIX = (
    ("weight", "_init_weight"),
    ("bias", "_init_bias"),
    ("gamma", "_init_gamma"),
    ("beta", "_init_beta"),
    ("min", "_init_zero"),
    ("max", "_init_one"),
    ("weight_quantize", "_init_quantized_weight"),
    ("bias_quantize", "_init_quantized_bias"),
    ("moving_mean", "_init_zero"),
    ("running_mean", "_init_zero"),
    ("moving_var", "_init_one"),
    ("running_var", "_init_one"),
    ("moving_inv_var", "_init_zero"),
    ("moving_avg", "_init_zero"),
)


class Initializer:
    """Base of all initializers; a subclass defines `_init_weight`.

    Called with a parameter it chooses by the name: weights go to `_init_weight`, biases, betas
    and running means become 0, gammas and running variances 1. An ``__init__`` attribute of the
    variable goes before the name.

    Args:
        **kwargs: Arguments of the subclass, for `dumps`.
    """

    def __init__(self, **kwargs):
        self._kwargs = kwargs
        self._verbose = False
        self._print_func = None

    def __eq__(self, other):
        return type(self) is type(other) and self._kwargs == other._kwargs

    __hash__ = None

    def set_verbosity(self, verbose=False, print_func=None):
        """Log what each parameter is initialized as.

        Args:
            verbose (bool): Whether to log.
            print_func (function): Makes the text to log from an NDArray; the root of the mean
                square if not given.

        Returns:
            Initializer: Itself.
        """
        self._verbose = verbose
        self._print_func = print_func or _root_mean_square
        return self

    def _log(self, desc, kind, array):
        if self._verbose and self._print_func:
            logging.info("Initialized %s as %s: %s", desc, kind, self._print_func(array))

    def dumps(self):
        """The initializer as JSON, from which `create` makes it again.

        Example:
            >>> Normal(0.5).dumps()
            '["normal", {"sigma": 0.5}]'
        """
        return json.dumps([type(self).__name__.lower(), self._kwargs])

    def __call__(self, desc, arr):
        """Fill a parameter.

        Args:
            desc (InitDesc): Its name and attributes; a plain string is accepted.
            arr (NDArray): The parameter, filled in place.

        Raises:
            ValueError: The name does not tell what the parameter is.
        """
        if not isinstance(desc, InitDesc):
            self._init_by_plain_name(desc, arr)
            return
        if desc.global_init is None:
            desc.global_init = self
        own = desc.attrs.get("__init__", "")
        if own:
            create(own)._init_weight(desc, arr)
            self._log(desc, own, arr)
        else:
            self._init_by_suffix(desc, arr)

    def _init_by_suffix(self, name, arr):
        for suffix, method in _BY_SUFFIX:
            if name.endswith(suffix):
                getattr(self, method)(name, arr)
                self._log(name, suffix, arr)
                return
        self._init_default(name, arr)

    def _init_by_plain_name(self, name, arr):
        """Names without attributes, which earlier versions passed, say more by convention."""
        warnings.warn(
            "initializers are called with mx.init.InitDesc(name) in place of a plain string",
            DeprecationWarning,
            stacklevel=3,
        )
        if not isinstance(name, str):
            raise error.TypeError(
                f"{type(self).__name__}: name={name!r} is a {type(name).__name__}; a "
                "string is expected"
            )
        if name.startswith("upsampling"):
            self._init_bilinear(name, arr)
        elif name.startswith("stn_loc") and name.endswith("weight"):
            self._init_zero(name, arr)
        elif name.startswith("stn_loc") and name.endswith("bias"):
            self._init_loc_bias(name, arr)
        else:
            self._init_by_suffix(name, arr)

    def _init_weight(self, name, arr):
        raise error.NotImplementedError(
            f"{type(self).__name__} does not define _init_weight(name, arr)"
        )

    def _init_default(self, name, arr):
        raise error.ValueError(
            f"{type(self).__name__}: parameter {name} does not tell by its name what it is; a "
            "name that ends in weight, bias, gamma or beta is expected, or an initializer of its "
            "own, as in mx.sym.Variable(name, init=mx.init.One())"
        )

    def _init_zero(self, _, arr):
        arr[:] = 0

    def _init_one(self, _, arr):
        arr[:] = 1

    def _init_bias(self, name, arr):
        self._init_zero(name, arr)

    def _init_gamma(self, name, arr):
        self._init_one(name, arr)

    def _init_beta(self, name, arr):
        self._init_zero(name, arr)

    def _init_quantized_bias(self, name, arr):
        self._init_zero(name, arr)

    def _init_quantized_weight(self, _, arr):
        arr[:] = random.randint(-127, 127, dtype="int32").asscalar()

    def _init_loc_bias(self, name, arr):
        if arr.shape != (6,):
            raise error.ValueError(
                f"{type(self).__name__}: {name} has the shape {arr.shape}; (6,) is "
                "expected for the bias of an affine transformation"
            )
        arr[:] = np.array([1, 0, 0, 0, 1, 0])

    def _init_bilinear(self, name, arr):
        if len(arr.shape) < 4:
            raise error.ValueError(
                f"{type(self).__name__}: {name} has the shape {arr.shape}; 4 "
                "dimensions are expected for an interpolation kernel"
            )
        height, width = arr.shape[2:4]
        half = math.ceil(width / 2)
        centre = (2 * half - 1 - half % 2) / (2 * half)
        rows, columns = (1 - np.abs(np.arange(size) / half - centre) for size in (height, width))
        arr[:] = np.broadcast_to(np.outer(rows, columns).astype(np.float32), arr.shape)


register = registry.get_register_func(Initializer, "initializer")
alias = registry.get_alias_func(Initializer, "initializer")
create = registry.get_create_func(Initializer, "initializer")


class Load:
    """Takes parameters from a file or a dict, and the others from another initializer.

    Args:
        param (str or dict of str to NDArray): File that `mx.nd.save` wrote, or the parameters;
            ``arg:`` and ``aux:`` before names are dropped.
        default_init (Initializer): For parameters that are not there.
        verbose (bool): Whether to log where each parameter came from.

    Raises:
        ValueError: A parameter has another shape, or is not there and there is no `default_init`.
    """

    def __init__(self, param, default_init=None, verbose=False):
        if isinstance(param, str):
            param = load(param)
        if not isinstance(param, dict):
            raise error.ValueError(
                f"Load: param is a {type(param).__name__}; arrays by name, or a "
                "file of arrays by name, are expected"
            )
        self.param = {
            name[4:] if name.startswith(("arg:", "aux:")) else name: array
            for name, array in param.items()
        }
        self.default_init = default_init
        self.verbose = verbose

    def __call__(self, name, arr):
        if name in self.param:
            found = self.param[name]
            if found.shape != arr.shape:
                raise error.ValueError(
                    f"Load: parameter {name} has the shape {found.shape}; {arr.shape} is expected"
                )
            arr[:] = found
            source = "loading"
        elif self.default_init is not None:
            self.default_init(name, arr)
            source = "default"
        else:
            raise error.ValueError(
                f"Load: parameter {name} is not among those loaded; a "
                "default_init is expected for parameters of its own"
            )
        if self.verbose:
            logging.info("Initialized %s by %s", name, source)


class Mixed:
    """Chooses an initializer by the first pattern that the parameter's name begins with.

    Args:
        patterns (list of str): Regular expressions.
        initializers (list of Initializer): One for each pattern.

    Example:
        >>> Mixed(["bias", ".*"], [Zero(), Uniform(0.1)])("fc_weight", array)
    """

    def __init__(self, patterns, initializers):
        if len(patterns) != len(initializers):
            raise error.ValueError(
                f"Mixed: there are {len(patterns)} patterns and "
                f"{len(initializers)} initializers; one initializer for each "
                "pattern is expected"
            )
        self.map = [(re.compile(pattern), init) for pattern, init in zip(patterns, initializers)]

    def __call__(self, name, arr):
        for pattern, init in self.map:
            if pattern.match(name):
                init(name, arr)
                return
        raise error.ValueError(
            f"Mixed: parameter {name} matches no pattern; a last pattern '.*' is "
            "expected for all others"
        )


@alias("zeros")
@register
class Zero(Initializer):
    """Zeros."""

    def __init__(self):
        super().__init__()

    def _init_weight(self, _, arr):
        arr[:] = 0


@alias("ones")
@register
class One(Initializer):
    """Ones."""

    def __init__(self):
        super().__init__()

    def _init_weight(self, _, arr):
        arr[:] = 1


@register
class Constant(Initializer):
    """One value for all elements, or an array that broadcasts to the parameter.

    Args:
        value (float or array): The value.
    """

    def __init__(self, value):
        super().__init__(value=value)
        self.value = value

    def _init_weight(self, _, arr):
        arr[:] = np.asarray(self.value) if isinstance(self.value, (list, tuple)) else self.value

    def dumps(self):
        value = self.value.asnumpy() if isinstance(self.value, NDArray) else self.value
        value = value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value
        return json.dumps([type(self).__name__.lower(), {"value": value}])


@register
class Uniform(Initializer):
    """Uniformly distributed values from -scale to scale.

    Args:
        scale (float): The bound.
    """

    def __init__(self, scale=0.07):
        super().__init__(scale=scale)
        self.scale = scale

    def _init_weight(self, _, arr):
        random.uniform(-self.scale, self.scale, out=arr)


@register
class Normal(Initializer):
    """Normally distributed values around 0.

    Args:
        sigma (float): The standard deviation.
    """

    def __init__(self, sigma=0.01):
        super().__init__(sigma=sigma)
        self.sigma = sigma

    def _init_weight(self, _, arr):
        random.normal(0, self.sigma, out=arr)


@register
class Orthogonal(Initializer):
    """A matrix with orthogonal rows or columns (Saxe et al. 2013, arXiv:1312.6120).

    Args:
        scale (float): Length of the rows or columns.
        rand_type (str): Distribution of the matrix it is made from: ``uniform`` or ``normal``.
    """

    def __init__(self, scale=1.414, rand_type="uniform"):
        super().__init__(scale=scale, rand_type=rand_type)
        if rand_type not in ("uniform", "normal"):
            raise error.ValueError(
                f"Orthogonal: rand_type={rand_type!r} is unknown; uniform or normal is expected"
            )
        self.scale = scale
        self.rand_type = rand_type

    def _init_weight(self, _, arr):
        shape = (arr.shape[0], math.prod(arr.shape[1:]))
        start = (
            random.uniform(-1.0, 1.0, shape=shape)
            if self.rand_type == "uniform"
            else random.normal(0.0, 1.0, shape=shape)
        )
        left, _, right = np.linalg.svd(start.asnumpy(), full_matrices=False)
        arr[:] = (self.scale * (left if left.shape == shape else right)).reshape(arr.shape)


@register
class Xavier(Initializer):
    """Values whose spread depends on the numbers of inputs and outputs of a neuron.

    The bound (``uniform``) or standard deviation (``gaussian``) is ``sqrt(magnitude / factor)``
    (Glorot and Bengio 2010).

    Args:
        rnd_type (str): Distribution: ``uniform`` or ``gaussian``.
        factor_type (str): The factor: ``in``, ``out``, or ``avg`` of both.
        magnitude (float): The magnitude.
    """

    def __init__(self, rnd_type="uniform", factor_type="avg", magnitude=3):
        super().__init__(rnd_type=rnd_type, factor_type=factor_type, magnitude=magnitude)
        self.rnd_type = rnd_type
        self.factor_type = factor_type
        self.magnitude = float(magnitude)

    def _init_weight(self, name, arr):
        shape = arr.shape
        if len(shape) < 2:
            raise error.ValueError(
                f"Xavier: parameter {name} has the shape {shape}; at least 2 "
                "dimensions are expected"
            )
        positions = math.prod(shape[2:])
        inputs, outputs = shape[1] * positions, shape[0] * positions
        factors = {"avg": (inputs + outputs) / 2, "in": inputs, "out": outputs}
        if self.factor_type not in factors:
            raise error.ValueError(
                f"Xavier: factor_type={self.factor_type!r} is unknown; avg, in or out is expected"
            )
        scale = math.sqrt(self.magnitude / factors[self.factor_type])
        if self.rnd_type == "uniform":
            random.uniform(-scale, scale, out=arr)
        elif self.rnd_type == "gaussian":
            random.normal(0, scale, out=arr)
        else:
            raise error.ValueError(
                f"Xavier: rnd_type={self.rnd_type!r} is unknown; uniform or gaussian is expected"
            )


@register
class MSRAPrelu(Xavier):
    """Xavier's values for networks with leaky ReLU (He et al. 2015, arXiv:1502.01852).

    Args:
        factor_type (str): The factor: ``in``, ``out``, or ``avg`` of both.
        slope (float): Slope of the ReLU on the negative side.
    """

    def __init__(self, factor_type="avg", slope=0.25):
        super().__init__("gaussian", factor_type, 2.0 / (1 + slope**2))
        self._kwargs = {"factor_type": factor_type, "slope": slope}


@register
class Bilinear(Initializer):
    """Kernels with which a transposed convolution interpolates."""

    def __init__(self):
        super().__init__()

    def _init_weight(self, name, arr):
        self._init_bilinear(name, arr)


@register
class LSTMBias(Initializer):
    """Biases of an LSTM: those of the forget gate get a value, the others 0.

    Args:
        forget_bias (float): The value.
    """

    def __init__(self, forget_bias=1.0):
        super().__init__(forget_bias=forget_bias)
        self.forget_bias = forget_bias

    def _init_weight(self, _, arr):
        hidden = arr.shape[0] // 4
        arr[:] = 0
        arr[hidden : 2 * hidden] = self.forget_bias
