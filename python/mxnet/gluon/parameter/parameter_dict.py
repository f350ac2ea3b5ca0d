"""Parameters by name, with a prefix that all names begin with."""

from collections import OrderedDict

from ... import error
from ... import ndarray as nd
from ..._numpy_mode import array_of_mode
from ...base import integer_types
from ...initializer import Uniform
from .parameter import Constant, Parameter

__all__ = ["ParameterDict"]


def _brief(names, limit=10):
    """Names in quotes for a message, with the middle left out if there are many."""
    names = [repr(name) for name in names]
    if len(names) > limit:
        names = [*names[: limit // 2], "...", *names[-limit // 2 :]]
    return ", ".join(names)


def _joined_shape(desired, stored):
    """The shape that fits both, or None."""
    if len(desired) != len(stored):
        return None
    joined = []
    for new, old in zip(desired, stored):
        if new > 0 and old > 0 and new != old:
            return None
        joined.append(max(new, old))
    return tuple(joined)


class ParameterDict:
    """A dictionary of parameters whose names begin with `prefix`.

    Args:
        prefix (str): What names of new parameters begin with.
        shared (ParameterDict): Where `get` looks for parameters that are not here.
    """

    def __init__(self, prefix="", shared=None):
        self._prefix = prefix
        self._params = OrderedDict()
        self._shared = shared

    def __repr__(self):
        name = self._prefix + " " if self._prefix else ""
        lines = "\n".join("  " + repr(parameter) for parameter in self.values())
        return f"{name}(\n{lines}\n)"

    def __getitem__(self, key):
        return self._params[key]

    def __iter__(self):
        return iter(self._params)

    def __contains__(self, key):
        return key in self._params

    def items(self):
        """Names with parameters."""
        return self._params.items()

    def keys(self):
        """Names."""
        return self._params.keys()

    def values(self):
        """Parameters."""
        return self._params.values()

    @property
    def prefix(self):
        """What names of new parameters begin with (str)."""
        return self._prefix

    def _find(self, name):
        """The parameter of a full name, here or where this one shares; None if there is none."""
        if name not in self._params and self._shared is not None and name in self._shared._params:
            self._params[name] = self._shared._params[name]
        return self._params.get(name)

    def get(self, name, **kwargs):
        """The parameter ``prefix + name``, made if there is none.

        Args:
            name (str): Name without the prefix.
            **kwargs: Arguments of `Parameter`; those of a parameter that is there have to agree.

        Raises:
            AssertionError: They do not agree.
        """
        name = self.prefix + name
        parameter = self._find(name)
        if parameter is None:
            parameter = Parameter(name, **kwargs)
            self._params[name] = parameter
            return parameter
        for key, value in kwargs.items():
            self._agree(parameter, key, value)
        return parameter

    @staticmethod
    def _agree(parameter, key, value):
        """Check that a parameter has the attribute `key` with `value`; sets it if it has none."""
        stored = getattr(parameter, key, None)
        if stored is None:
            setattr(parameter, key, value)
            return
        if value is None or value == stored:
            return
        if key == "shape":
            joined = _joined_shape((value,) if isinstance(value, integer_types) else value, stored)
            if joined is not None:
                parameter._shape = joined
                return
        if key == "dtype" and nd.zeros((1,), dtype=value).dtype == nd.zeros(1, dtype=stored).dtype:
            return
        raise error.AssertionError(
            f"ParameterDict.get: {key}={value} does not agree with the Parameter "
            f"{parameter.name} that is there; expected {stored}"
        )

    def get_constant(self, name, value=None):
        """The constant ``prefix + name``, made of `value` if there is none.

        Args:
            name (str): Name without the prefix.
            value (array_like): Its value; has to agree with that of a constant that is there.

        Raises:
            KeyError: There is none, and no value was given.
            AssertionError: It has another value, or is no constant.
        """
        name = self.prefix + name
        parameter = self._find(name)
        if parameter is None:
            if value is None:
                raise error.KeyError(
                    f"ParameterDict.get_constant: there is no constant {name}; expected a value to "
                    "make it of"
                )
            parameter = Constant(name, value)
            self._params[name] = parameter
        elif value is not None:
            if not isinstance(parameter, Constant):
                raise error.AssertionError(
                    f"ParameterDict.get_constant: {name} is a parameter that is learned; expected "
                    "a constant"
                )
            value = value if isinstance(value, nd.NDArray) else array_of_mode(value)
            same = value.shape == parameter.value.shape and (
                value.asnumpy() == parameter.value.asnumpy()
            )
            if same is False or not same.all():
                raise error.AssertionError(
                    f"ParameterDict.get_constant: {name} is there with another value; expected the "
                    "same value, or none"
                )
        return parameter

    def update(self, other):
        """Take the parameters of another dictionary in.

        Args:
            other (ParameterDict): Names that both have must stand for the same parameter.
        """
        for name, parameter in other.items():
            if self._params.get(name, parameter) is not parameter:
                raise error.AssertionError(
                    f"ParameterDict.update: there are two different parameters named {name}; "
                    "expected blocks with prefixes of their own, or shared parameters"
                )
        self._params.update(other.items())

    def initialize(self, init=None, ctx=None, verbose=False, force_reinit=False):
        """Initialize all parameters; see `Parameter.initialize`.

        Args:
            init (Initializer): For those without an own one; None is `mx.init.Uniform()`.
            ctx (Context or list of Context): Where.
            verbose (bool): Whether to log what each is initialized as.
            force_reinit (bool): Whether to initialize again what is initialized.
        """
        init = Uniform() if init is None else init
        if verbose:
            init.set_verbosity(verbose=verbose)
        for parameter in self.values():
            parameter.initialize(None, ctx, init, force_reinit=force_reinit)

    def zero_grad(self):
        """Set all gradients to zero."""
        for parameter in self.values():
            parameter.zero_grad()

    def reset_ctx(self, ctx):
        """Move all parameters to other devices."""
        for parameter in self.values():
            parameter.reset_ctx(ctx)

    def list_ctx(self):
        """Where the parameters are (list of Context)."""
        found = {}
        for parameter in self.values():
            found.update(dict.fromkeys(parameter.list_ctx()))
        return list(found)

    def setattr(self, name, value):
        """Set an attribute of all parameters.

        Example:
            >>> net.collect_params(".*bias").setattr("lr_mult", 2)
        """
        for parameter in self.values():
            setattr(parameter, name, value)

    def save(self, filename, strip_prefix=""):
        """Write all parameters to a file.

        Args:
            filename (str): The file.
            strip_prefix (str): Left out of the names; all have to begin with it.
        """
        arrays = {}
        for parameter in self.values():
            if not parameter.name.startswith(strip_prefix):
                raise error.ValueError(
                    f"ParameterDict.save: strip_prefix={strip_prefix!r} does not begin the name "
                    f"{parameter.name}; expected a prefix that all names share"
                )
            arrays[parameter.name[len(strip_prefix) :]] = parameter._reduce()
        nd.save(filename, arrays)

    def load(
        self,
        filename,
        ctx=None,
        allow_missing=False,
        ignore_extra=False,
        restore_prefix="",
        cast_dtype=False,
        dtype_source="current",
    ):
        """Read parameters from a file; see `load_dict` for the arguments.

        Args:
            filename (str): The file.
        """
        if restore_prefix:
            for name in self.keys():
                if not name.startswith(restore_prefix):
                    raise error.AssertionError(
                        f"ParameterDict.load: restore_prefix={restore_prefix!r} does not begin the "
                        f"name {name}; expected a prefix that all names share"
                    )
        loaded = nd.load(filename)
        if not isinstance(loaded, dict):
            raise error.ValueError(
                f"ParameterDict.load: {filename!r} holds arrays without names; expected what save "
                "or save_parameters wrote"
            )
        self.load_dict(
            loaded,
            ctx,
            allow_missing,
            ignore_extra,
            restore_prefix,
            filename,
            cast_dtype,
            dtype_source,
        )

    def load_dict(
        self,
        param_dict,
        ctx=None,
        allow_missing=False,
        ignore_extra=False,
        restore_prefix="",
        filename=None,
        cast_dtype=False,
        dtype_source="current",
    ):
        """Take values by name.

        Args:
            param_dict (dict of str to NDArray): The values; names may begin with arg: or aux:.
            ctx (Context or list of Context): Where to put parameters without values so far.
            allow_missing (bool): Whether parameters may be missing in `param_dict`.
            ignore_extra (bool): Whether it may hold others.
            restore_prefix (str): What is put before the names in it.
            filename (str): Where they come from, for messages.
            cast_dtype (bool): Whether values of another type are cast.
            dtype_source (str): To which type: that of the parameter ('current') or of the value
                ('saved').

        Raises:
            AssertionError: Names, shapes or types do not fit.
        """
        if dtype_source not in ("current", "saved"):
            raise error.AssertionError(
                f"ParameterDict.load: dtype_source={dtype_source!r} is not known; expected "
                "'current' or 'saved'"
            )
        source = f"file {filename!r}" if filename else "param_dict"
        loaded = {}
        for name, array in param_dict.items():
            plain = name[4:] if name.startswith(("arg:", "aux:")) else name
            loaded[restore_prefix + plain] = array
        missing = [name for name in self.keys() if name not in loaded]
        if missing and not allow_missing:
            raise error.AssertionError(
                f"ParameterDict.load: {_brief(missing)} missing in {source}, which has "
                f"{_brief(param_dict)}; expected blocks with the same prefixes, or "
                "allow_missing=True"
            )
        extra = [name for name in loaded if name not in self._params]
        if extra and not ignore_extra:
            raise error.AssertionError(
                f"ParameterDict.load: {source} holds {_brief(extra)}, and there are only "
                f"{_brief(self.keys())}; expected blocks with the same prefixes, or "
                "ignore_extra=True"
            )
        for name, array in loaded.items():
            if name in self._params:
                self[name]._load_init(array, ctx, cast_dtype, dtype_source)
