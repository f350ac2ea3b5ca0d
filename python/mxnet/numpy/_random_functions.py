"""The functions of `mx.np.random` and `mx.sym.np.random`, which differ in what they make."""

import numpy as onp

from .. import _core, error
from ._arguments import ARRAYS, NUMBERS, check_array, dtype_or
from ._ops import operator

__all__ = ["Drawer", "Random"]

_add, _divide, _multiply = map(operator, ("_npi_add", "_npi_true_divide", "_npi_multiply_scalar"))
_cast, _exp, _take, _sum = map(operator, ("_npi_cast", "_npi_exp", "_npi_take", "_np_sum"))
_cholesky, _einsum, _shuffle = map(operator, ("_npi_cholesky", "_npi_einsum", "_npi_shuffle"))


class Drawer:
    """Applies the operators of distributions.

    Args:
        make (function): Makes the function of an operator from its name in the registry.
        default_ctx (function): Tells the device where none is asked for; without it the operators
            take the current one.
    """

    def __init__(self, make, default_ctx=None):
        self._make = make
        self._default_ctx = default_ctx
        self._operators = {}

    def operator(self, name):
        """The function of an operator, made at its first use."""
        if name not in self._operators:
            self._operators[name] = self._make(name)
        return self._operators[name]

    def place(self, ctx):
        """The device to ask an operator for."""
        return self._default_ctx() if ctx is None and self._default_ctx else ctx

    def draw(self, function, parameters, op=None, **options):
        """Random numbers of a distribution.

        Args:
            function (str): Name of the function that was called.
            parameters (dict): The distribution's parameters, numbers or arrays.
            op (str): Name of the operator; None is that of the function.
            **options: Further arguments of the operator.
        """
        arrays, numbers = [], {}
        for name, value in parameters.items():
            if type(value) is float or type(value) is int:  # quick to tell
                numbers[name] = value
            elif isinstance(value, ARRAYS):
                arrays.append(value)
                numbers[name] = None
            elif isinstance(value, NUMBERS):
                numbers[name] = float(value)
            else:
                raise error.TypeError(
                    f"{function}: {name}={value!r} is of type {type(value).__name__}; expected a "
                    "number or an array of mx.np"
                )
        return self.operator(op or f"_npi_{function}")(*arrays, **numbers, **options)


class Random:
    """Functions that draw random numbers: as arrays or as symbols.

    All take a `size` (int or tuple of int), the shape of the result: None is the shape that the
    parameters have together, which is () for numbers. Parameters that are arrays are broadcast to
    it.

    Args:
        make (function): Makes the function of an operator from its name in the registry.
        default_ctx (function): See `Drawer`.
    """

    def __init__(self, make, default_ctx=None):
        drawer = Drawer(make, default_ctx)
        self._draw, self._operator, self._place = drawer.draw, drawer.operator, drawer.place

    def functions(self):
        """The functions by their names."""
        return {
            name: getattr(self, name)
            for name, member in vars(Random).items()
            if not name.startswith("_") and name != "functions" and callable(member)
        }

    def uniform(self, low=0.0, high=1.0, size=None, dtype=None, ctx=None, out=None):
        """Draw from a uniform distribution over [low, high).

        Args:
            low (number or ndarray): Lower limit.
            high (number or ndarray): Upper limit.
            size (int or tuple of int): Shape of the result.
            dtype (str or type): float16, float32 or float64; None is float32.
            ctx (Context): Where to make the result; None is the current context.
            out (ndarray): Where to write the result.
        """
        return self._floats("uniform", {"low": low, "high": high}, size, dtype, ctx, out)

    def normal(self, loc=0.0, scale=1.0, size=None, dtype=None, ctx=None, out=None):
        """Draw from a normal distribution.

        Args:
            loc (number or ndarray): Mean.
            scale (number or ndarray): Standard deviation, at least 0.
            size (int or tuple of int): Shape of the result.
            dtype (str or type): float16, float32 or float64; None is float32.
            ctx (Context): Where to make the result; None is the current context.
            out (ndarray): Where to write the result.

        Raises:
            ValueError: The deviation is negative.
        """
        return self._floats("normal", {"loc": loc, "scale": scale}, size, dtype, ctx, out)

    def lognormal(self, mean=0.0, sigma=1.0, size=None, dtype=None, ctx=None, out=None):
        """Draw numbers whose logarithms have a normal distribution.

        Args:
            mean (number or ndarray): Mean of the logarithms.
            sigma (number or ndarray): Standard deviation of the logarithms, at least 0.
            size (int or tuple of int): Shape of the result.
            dtype (str or type): float16, float32 or float64; None is float32.
            ctx (Context): Where to make the result; None is the current context.
            out (ndarray): Where to write the result.

        Raises:
            ValueError: The deviation is negative.
        """
        return _exp(self.normal(mean, sigma, size, dtype, ctx), out=out)

    def gamma(self, shape, scale=1.0, size=None, dtype=None, ctx=None, out=None):
        """Draw from a gamma distribution.

        Args:
            shape (number or ndarray): Its shape, above 0.
            scale (number or ndarray): Its scale, above 0.
            size (int or tuple of int): Shape of the result.
            dtype (str or type): float16, float32 or float64; None is float32.
            ctx (Context): Where to make the result; None is the current context.
            out (ndarray): Where to write the result; it has the shape where `size` is None.

        Raises:
            ValueError: A parameter is out of its range.
        """
        if size is None and out is not None:
            size = out.shape
        return self._floats("gamma", {"shape": shape, "scale": scale}, size, dtype, ctx, out)

    def _floats(self, function, parameters, size, dtype, ctx, out):
        dtype = dtype_or(dtype, onp.float32)
        return self._draw(
            function, parameters, size=size, dtype=dtype, ctx=self._place(ctx), out=out
        )

    def chisquare(self, df, size=None, dtype=None, ctx=None):
        """Draw from a chi-square distribution.

        Args:
            df (number or ndarray): Degrees of freedom, above 0.
            size (int or tuple of int): Shape of the result.
            dtype (str or type): float16, float32 or float64; None is float32.
            ctx (Context): Where to make the result; None is the current context.

        Raises:
            ValueError: There are no degrees of freedom.
        """
        if isinstance(df, ARRAYS):
            half = _multiply(df, scalar=0.5, is_int=False)
        elif isinstance(df, NUMBERS):
            half = df / 2
        else:
            raise error.TypeError(
                f"chisquare: df={df!r} is of type {type(df).__name__}; expected a number or an "
                "array of mx.np"
            )
        return self.gamma(half, 2.0, size, dtype, ctx)

    def beta(self, a, b, size=None, dtype=None, ctx=None):
        """Draw from a beta distribution.

        Args:
            a (number or ndarray): First parameter, above 0.
            b (number or ndarray): Second parameter, above 0.
            size (int or tuple of int): Shape of the result.
            dtype (str or type): float16, float32 or float64; None is float32.
            ctx (Context): Where to make the result; None is the current context.

        Raises:
            ValueError: A parameter is out of its range.
        """
        first, second = (self.gamma(each, 1, size, onp.float64, ctx) for each in (a, b))
        return _cast(_divide(first, _add(first, second)), dtype=dtype_or(dtype, onp.float32))

    def logistic(self, loc=0.0, scale=1.0, size=None, ctx=None, out=None):
        """Draw from a logistic distribution.

        Args:
            loc (number or ndarray): Mean.
            scale (number or ndarray): Scale, at least 0.
            size (int or tuple of int): Shape of the result.
            ctx (Context): Where to make the result; None is the current context.
            out (ndarray): Where to write the result.

        Raises:
            ValueError: The scale is negative.
        """
        parameters = {"loc": loc, "scale": scale}
        return self._draw("logistic", parameters, size=size, ctx=self._place(ctx), out=out)

    def gumbel(self, loc=0.0, scale=1.0, size=None, ctx=None, out=None):
        """Draw from a Gumbel distribution, whose mode is `loc`; see `logistic` for the rest."""
        parameters = {"loc": loc, "scale": scale}
        return self._draw("gumbel", parameters, size=size, ctx=self._place(ctx), out=out)

    def exponential(self, scale=1.0, size=None, ctx=None, out=None):
        """Draw from an exponential distribution.

        Args:
            scale (number or ndarray): Mean, at least 0.
            size (int or tuple of int): Shape of the result.
            ctx (Context): Where to make the result; None is the current context.
            out (ndarray): Where to write the result.

        Raises:
            ValueError: The scale is negative.
        """
        return self._draw("exponential", {"scale": scale}, size=size, ctx=self._place(ctx), out=out)

    def rayleigh(self, scale=1.0, size=None, ctx=None, out=None):
        """Draw from a Rayleigh distribution, whose mode is `scale`; see `exponential`."""
        return self._draw("rayleigh", {"scale": scale}, size=size, ctx=self._place(ctx), out=out)

    def pareto(self, a, size=None, ctx=None, out=None):
        """Draw from a Pareto distribution that begins at 0.

        Args:
            a (number or ndarray): Shape, above 0.
            size (int or tuple of int): Shape of the result.
            ctx (Context): Where to make the result; None is the current context.
            out (ndarray): Where to write the result.

        Raises:
            ValueError: The shape is not above 0.
        """
        return self._draw("pareto", {"a": a}, size=size, ctx=self._place(ctx), out=out)

    def weibull(self, a, size=None, ctx=None, out=None):
        """Draw from a Weibull distribution of shape `a` and scale 1; see `pareto`."""
        return self._draw("weibull", {"a": a}, size=size, ctx=self._place(ctx), out=out)

    def power(self, a, size=None):
        """Draw from [0, 1] with the density a * x**(a - 1).

        Args:
            a (number or ndarray): Above 0.
            size (int or tuple of int): Shape of the result.

        Raises:
            ValueError: `a` is not above 0.
        """
        return self._draw("power", {"a": a}, op="_npi_powerd", size=size)

    def rand(self, *size, dtype=None, ctx=None):
        """Draw from a uniform distribution over [0, 1).

        Args:
            *size (int): Dimensions of the result.
            dtype (str or type): float16, float32 or float64; None is float32.
            ctx (Context): Where to make the result; None is the current context.
        """
        return self.uniform(0, 1, size, dtype, ctx)

    def randn(self, *size, dtype=None, ctx=None):
        """Draw from the standard normal distribution; see `rand` for the arguments."""
        return self.normal(0, 1, size, dtype, ctx)

    def randint(self, low, high=None, size=None, dtype=None, ctx=None, out=None):
        """Draw integers of [low, high), each as likely as the others.

        Args:
            low (int): The smallest one; with `high` None they are of [0, low).
            high (int): The end.
            size (int or tuple of int): Shape of the result; None is ().
            dtype (str or type): int32 or int64; None is int64.
            ctx (Context): Where to make the result; None is the current context.
            out (ndarray): Where to write the result.

        Raises:
            MXNetError: There is no such integer, or a limit is none.
        """
        if high is None:
            low, high = 0, low
        return self._operator("_npi_random_randint")(
            low=low,
            high=high,
            shape=() if size is None else size,
            dtype=dtype_or(dtype, onp.int64),
            ctx=self._place(ctx),
            out=out,
        )

    def choice(self, a, size=None, replace=True, p=None, ctx=None, out=None):
        """Draw from a row of elements.

        Args:
            a (int or ndarray): The elements, of shape (count,); a count stands for 0, 1, 2 ...
            size (int or tuple of int): Shape of the result; None is ().
            replace (bool): Whether one element may be drawn more than once.
            p (ndarray): Probabilities of the elements; None makes all as likely.
            ctx (Context): Where to make the result; None is the current context.
            out (ndarray): Where to write the result.

        Returns:
            An array of a's dtype, or of int64.

        Raises:
            ValueError: `a` has more than one axis.
            MXNetError: There are too few elements, or none.
        """
        if p is not None:
            check_array("choice", p=p)
        choose = self._operator("_npi_choice")
        weights = [] if p is None else [p]
        options = {
            "size": size,
            "replace": replace,
            "weighted": p is not None,
            "ctx": self._place(ctx),
        }
        if not isinstance(a, ARRAYS):
            return choose(*weights, a=a, out=out, **options)
        if isinstance(a, _core.NDArray) and a.ndim != 1:
            raise error.ValueError(
                f"choice: a has the shape {a.shape}; expected a row of elements or a count"
            )
        places = choose(a, *weights, a=None, **options)
        return _take(a, places, axis=0, mode="clip", out=out)

    def multinomial(self, n, pvals, size=None):
        """Draw how often each outcome comes in `n` experiments.

        Args:
            n (int): Number of experiments.
            pvals (ndarray or list of float): Probabilities of the outcomes, of shape (k,).
            size (int or tuple of int): How often to draw; None is ().

        Returns:
            int64 array of shape (*size, k).

        Raises:
            ValueError: The probabilities are an array of NumPy.
        """
        draw = self._operator("_npi_multinomial")
        if isinstance(pvals, ARRAYS):
            return draw(pvals, pvals=None, n=n, size=size)
        if isinstance(pvals, onp.ndarray):
            raise error.ValueError(
                "multinomial: pvals is an array of NumPy; expected one of mx.np or a list"
            )
        return draw(n=n, pvals=tuple(pvals), size=size)

    def multivariate_normal(self, mean, cov, size=None, check_valid=None, tol=None):
        """Draw vectors from normal distributions.

        Args:
            mean (ndarray): Means, of shape (..., n).
            cov (ndarray): Covariances, positive definite and of shape (..., n, n).
            size (int or tuple of int): How many vectors of each distribution; None is ().
            check_valid (str): None: a matrix that is not positive definite raises an error.
            tol (float): None.

        Returns:
            Array of shape (*size, ..., n).

        Raises:
            TypeError: Means or covariances are no arrays.
            MXNetError: A matrix is not positive definite.
        """
        check_array("multivariate_normal", mean=mean, cov=cov)
        if check_valid is not None or tol is not None:
            raise error.NotImplementedError(
                f"multivariate_normal: check_valid={check_valid!r} and tol={tol!r} are not "
                "implemented; expected None"
            )
        nothing = _multiply(_sum(cov, axis=-1), scalar=0.0, is_int=False)
        mean = _add(mean, nothing)  # of all batch axes
        dtype = mean.dtype if isinstance(mean, _core.NDArray) else onp.dtype("float32")
        noise = self._operator("_npi_normal_n")(
            _multiply(mean, scalar=0.0, is_int=False),
            loc=None,
            scale=1.0,
            size=size,
            dtype=dtype,
            ctx=self._place(None),
        )
        return _add(mean, _einsum(_cholesky(cov), noise, subscripts="...ij,...j->...i"))

    def shuffle(self, x):
        """Put the rows of an array into a random order, in place.

        Args:
            x (ndarray): What to shuffle along its first axis.

        Raises:
            TypeError: It is no array.
        """
        check_array("shuffle", x=x)
        _shuffle(x, out=x)
