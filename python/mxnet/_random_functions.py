"""The functions of `mx.nd.random` and `mx.sym.random`, which differ in what an array is."""

import numpy as np

from . import error
from ._core import _Null

__all__ = ["make_functions"]

# Function, its parameters with defaults, what it draws from, and the parameters of the operators
# for numbers and for arrays.
_DISTRIBUTIONS = [
    (
        "uniform",
        {"low": 0, "high": 1},
        "a uniform distribution over [low, high)",
        ("low", "high"),
        ("low", "high"),
    ),
    (
        "normal",
        {"loc": 0, "scale": 1},
        "a normal distribution with mean `loc` and standard deviation `scale`",
        ("loc", "scale"),
        ("mu", "sigma"),
    ),
    (
        "gamma",
        {"alpha": 1, "beta": 1},
        "a gamma distribution with shape `alpha` and scale `beta`",
        ("alpha", "beta"),
        ("alpha", "beta"),
    ),
    ("poisson", {"lam": 1}, "a Poisson distribution with rate `lam`", ("lam",), ("lam",)),
    (
        "negative_binomial",
        {"k": 1, "p": 1},
        "a negative binomial distribution: failures before `k` successes of probability `p`",
        ("k", "p"),
        ("k", "p"),
    ),
    (
        "generalized_negative_binomial",
        {"mu": 1, "alpha": 1},
        "a generalized negative binomial distribution with mean `mu` and dispersion `alpha`",
        ("mu", "alpha"),
        ("mu", "alpha"),
    ),
]
_NUMBERS = (float, int, np.generic)


class _Drawer:
    """Chooses between the operator that takes numbers and the one that takes arrays."""

    def __init__(self, array_type, internal):
        self.array_type = array_type
        self.internal = internal

    def draw(self, name, values, scalar_names, array_names, shape, options):
        """Apply the operator of a distribution to its parameters `values`."""
        if all(isinstance(value, _NUMBERS) for value in values):
            if shape is _Null and options.get("out") is None:
                shape = 1
            function = getattr(self.internal, "_random_" + name)
            return function(**dict(zip(scalar_names, values)), shape=shape, **options)
        if array_names and all(isinstance(value, self.array_type) for value in values):
            options.pop("ctx", None)
            function = getattr(self.internal, "_sample_" + name)
            return function(**dict(zip(array_names, values)), shape=shape, **options)
        given = ", ".join(f"{key}={value!r}" for key, value in zip(scalar_names, values))
        if not array_names:
            raise error.TypeError(f"{name}: {given} are not all numbers; expected numbers")
        raise error.AssertedValueError(
            f"{name}: {given} are neither all numbers nor all of type "
            f"{self.array_type.__name__}; expected one kind"
        )


def _distribution(drawer, module, spec):
    name, defaults, text, scalar_names, array_names = spec
    names = list(defaults)

    def function(*args, **kwargs):
        values = dict(defaults)
        names_by_place = names + ["shape", "dtype", "ctx", "out"]
        if len(args) > len(names_by_place):
            raise error.TypeError(
                f"{name}: {len(args)} arguments were given; expected at most {len(names_by_place)}"
            )
        given = dict(zip(names_by_place, args))
        twice = set(given) & set(kwargs)
        if twice:
            raise error.TypeError(f"{name}: {sorted(twice)[0]} was given twice")
        given.update(kwargs)
        values.update((key, given.pop(key)) for key in names if key in given)
        shape = given.pop("shape", _Null)
        options = {key: value for key, value in given.items() if value is not None}
        return drawer.draw(name, list(values.values()), scalar_names, array_names, shape, options)

    kind = drawer.array_type.__name__
    lines = "\n".join(
        f"    {key} (number or {kind}): Parameter of the distribution, default {value}."
        for key, value in defaults.items()
    )
    return _finish(
        function,
        name,
        module,
        f"""Draw random numbers from {text}.

Args:
{lines}
    shape (int or tuple of int): Shape of the result; for array parameters, of the numbers drawn
        for each element.
    dtype (str): Type of the result; float32 for numbers, that of the parameters for arrays.
    ctx (Context): Where to make the result.
    out (NDArray): Where to write the result.

Returns:
    {kind}: The numbers.
""",
        defaults,
    )


def _finish(function, name, module, doc, defaults):
    import inspect

    kind = inspect.Parameter
    params = [
        kind(key, kind.POSITIONAL_OR_KEYWORD, default=value)
        for key, value in {
            **defaults,
            "shape": _Null,
            "dtype": _Null,
            "ctx": None,
            "out": None,
        }.items()
    ]
    params.append(kind("kwargs", kind.VAR_KEYWORD))
    function.__signature__ = inspect.Signature(params)
    function.__name__ = function.__qualname__ = name
    function.__module__ = module
    function.__doc__ = doc
    return function


def make_functions(array_type, internal, module, get_prob=False):
    """The functions as a dict.

    Args:
        array_type (type): NDArray or Symbol.
        internal (module): Where the operators are.
        module (str): Module that the functions belong to.
        get_prob (bool): Whether `multinomial` tells likelihoods unless it is asked not to.
    """
    drawer = _Drawer(array_type, internal)
    functions = {spec[0]: _distribution(drawer, module, spec) for spec in _DISTRIBUTIONS}
    normal = functions["normal"]

    def randn(*shape, **kwargs):
        """Draw from a normal distribution.

        Args:
            *shape (int): Dimensions of the result.
            loc (number): Mean.
            scale (number): Standard deviation.
            dtype, ctx, out: As for `normal`.
        """
        return normal(kwargs.pop("loc", 0), kwargs.pop("scale", 1), shape=shape, **kwargs)

    def exponential(scale=1, shape=_Null, dtype=_Null, ctx=None, out=None, **kwargs):
        """Draw random numbers from an exponential distribution.

        Args:
            scale (number or array): Mean; the inverse of the rate.
            shape (int or tuple of int): Shape of the result.
            dtype (str): Type of the result.
            ctx (Context): Where to make the result.
            out (NDArray): Where to write the result.
        """
        kwargs.update(
            (key, value)
            for key, value in (("dtype", dtype), ("ctx", ctx), ("out", out))
            if value is not None
        )
        return drawer.draw("exponential", [1.0 / scale], ("lam",), ("lam",), shape, kwargs)

    def randint(low, high, shape=_Null, dtype=_Null, ctx=None, out=None, **kwargs):
        """Draw integers from a uniform distribution over [low, high).

        Args:
            low (int): Smallest number.
            high (int): End of the range.
            shape (int or tuple of int): Shape of the result.
            dtype (str): int32 or int64.
            ctx (Context): Where to make the result.
            out (NDArray): Where to write the result.
        """
        kwargs.update(
            (key, value)
            for key, value in (("dtype", dtype), ("ctx", ctx), ("out", out))
            if value is not None
        )
        return drawer.draw("randint", [low, high], ("low", "high"), (), shape, kwargs)

    def multinomial(data, shape=_Null, get_prob=get_prob, out=None, dtype="int32", **kwargs):
        """Draw indices with given probabilities.

        Args:
            data (array): Probabilities along the last axis.
            shape (int or tuple of int): Shape of the numbers drawn for each row.
            get_prob (bool): Whether to return the logarithm of the likelihood too. By default
                symbols have it and arrays do not.
            out (NDArray): Where to write the result.
            dtype (str): Type of the result.
        """
        if out is not None:
            kwargs["out"] = out
        return internal._sample_multinomial(
            data, shape=shape, get_prob=get_prob, dtype=dtype, **kwargs
        )

    def shuffle(data, **kwargs):
        """The array with its rows (along the first axis) in random order."""
        return internal._shuffle(data, **kwargs)

    for function in (randn, exponential, randint, multinomial, shuffle):
        function.__module__ = module
        functions[function.__name__] = function
    return functions
