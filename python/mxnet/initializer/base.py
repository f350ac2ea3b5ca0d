"""What every initializer shares: choosing by name and attribute, JSON, the registry."""

import json
import math
import warnings

import numpy as np

from .. import error, random, registry
from ..log import logger
from ..monitor import root_mean_square

__all__ = ["InitDesc", "Initializer", "register", "alias", "create"]


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


def _describe(array):
    return str(root_mean_square(array))


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
        self._print_func = print_func or _describe
        return self

    def _log(self, desc, kind, array):
        if self._verbose and self._print_func:
            logger.info("Initialized %s as %s: %s", desc, kind, self._print_func(array))

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
