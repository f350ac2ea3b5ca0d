"""The base of layers and networks."""

import re
import warnings
from collections import OrderedDict

from ... import error
from ...initializer import Uniform
from ..parameter import Parameter, ParameterDict
from ..utils import HookHandle
from . import parameter_files
from .naming import BlockScope
from .summary import print_summary

__all__ = ["Block"]


def indent(text, spaces):
    """`text` with every line but the first indented."""
    return text.replace("\n", "\n" + " " * spaces)


def _holds_blocks(value):
    """Whether a container, or one inside of it, holds blocks."""
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return False
    return any(isinstance(each, Block) or _holds_blocks(each) for each in value)


class Block:
    """A layer or network; a subclass defines `forward`.

    Blocks that are assigned to attributes become children, parameters become its own.

    Args:
        prefix (str): What names of its parameters and children begin with; None for one made of
            the class name and a number.
        params (ParameterDict): Parameters of another block, to share.

    Example:
        >>> class Net(Block):
        ...     def __init__(self, **kwargs):
        ...         super().__init__(**kwargs)
        ...         with self.name_scope():
        ...             self.dense = nn.Dense(20)
        ...     def forward(self, x):
        ...         return self.dense(x)
    """

    _has_row = True  # whether summary() shows it, rather than what it holds alone

    def __init__(self, prefix=None, params=None):
        self._empty_prefix = prefix == ""
        self._prefix, self._params = BlockScope.create(prefix, params, self._alias())
        self._name = self._prefix[:-1] if self._prefix.endswith("_") else self._prefix
        self._scope = BlockScope(self)
        self._children = OrderedDict()
        self._reg_params = {}
        self._forward_hooks = OrderedDict()
        self._forward_pre_hooks = OrderedDict()

    def __repr__(self):
        lines = [
            f"  ({key}): {indent(repr(block), 2)}"
            for key, block in vars(self).items()
            if isinstance(block, Block)
        ]
        return type(self).__name__ + "(\n" + "\n".join(lines) + "\n)"

    def __setattr__(self, name, value):
        existing = getattr(self, name, None)
        if isinstance(existing, (Parameter, Block)) and not isinstance(value, type(existing)):
            raise error.TypeError(
                f"{type(self).__name__}: attribute {name}={value!r} is of type "
                f"{type(value).__name__}; expected a {type(existing).__name__}, as it was before"
            )
        if isinstance(value, Block):
            self.register_child(value, name)
        elif isinstance(value, Parameter):
            if self._reg_params.get(name, value) is not value:
                raise error.AssertionError(
                    f"{type(self).__name__}: attribute {name} is a parameter already; expected "
                    "params= of the constructor to share parameters between blocks"
                )
            self._reg_params[name] = value
        super().__setattr__(name, value)

    def _alias(self):
        """Name of its kind, from which names are made."""
        return type(self).__name__.lower()

    @property
    def prefix(self):
        """What names of its parameters and children begin with (str)."""
        return self._prefix

    @property
    def name(self):
        """Its name: the prefix without the underscore at its end (str)."""
        return self._name

    @property
    def params(self):
        """Its own parameters, without those of children (ParameterDict)."""
        return self._params

    def name_scope(self):
        """A ``with`` block in which new blocks and parameters get names with this prefix.

        Example:
            >>> with self.name_scope():
            ...     self.dense = nn.Dense(20)
        """
        return self._scope

    def _warn_of_hidden_blocks(self):
        children = set(map(id, self._children.values()))
        for key, value in vars(self).items():
            if key == "_children" or not isinstance(value, (list, tuple, dict)):
                continue
            if _holds_blocks(value) and not all(id(each) in children for each in _blocks(value)):
                warnings.warn(
                    f"{type(self).__name__}: attribute {key} holds blocks in a container, whose "
                    "parameters are not collected; expected register_child() for each of them, or "
                    "a Sequential",
                    stacklevel=3,
                )

    def collect_params(self, select=None):
        """The parameters of this block and of all blocks in it.

        Args:
            select (str): Regular expression that names have to begin with.

        Returns:
            ParameterDict: The parameters by name.

        Example:
            >>> net.collect_params(".*_weight|.*_bias")
        """
        self._warn_of_hidden_blocks()
        found = ParameterDict(self._params.prefix)
        pattern = re.compile(select or "")
        found.update({name: each for name, each in self.params.items() if pattern.match(name)})
        for child in self._children.values():
            found.update(child.collect_params(select=select))
        return found

    def _collect_params_with_prefix(self, prefix=""):
        """The parameters by their place, as ``features.0.weight`` (dict)."""
        if prefix:
            prefix += "."
        found = {prefix + name: each for name, each in self._reg_params.items()}
        for name, child in self._children.items():
            found.update(child._collect_params_with_prefix(prefix + name))
        return found

    # Files.

    def save_parameters(self, filename, deduplicate=False):
        """Write the parameters to a file, for `load_parameters`.

        They are named by their place in the block, so that blocks of the same structure can load
        them whatever their names are. `HybridBlock.export` writes the network too.

        Args:
            filename (str): The file.
            deduplicate (bool): Whether shared parameters are written once.
        """
        parameter_files.save(self, filename, deduplicate)

    def load_parameters(
        self,
        filename,
        ctx=None,
        allow_missing=False,
        ignore_extra=False,
        cast_dtype=False,
        dtype_source="current",
    ):
        """Read the parameters from a file of `save_parameters`, `export` or an older version.

        Args:
            filename (str): The file.
            ctx (Context or list of Context): Where to put parameters without values; None is the
                CPU.
            allow_missing (bool): Whether parameters may be missing in the file.
            ignore_extra (bool): Whether it may hold others.
            cast_dtype (bool): Whether values of another type are cast.
            dtype_source (str): To which type: 'current' or 'saved'.

        Raises:
            AssertionError: Something is missing, or shapes or types differ.
            ValueError: There is too much.
        """
        parameter_files.load(
            self, filename, ctx, allow_missing, ignore_extra, cast_dtype, dtype_source
        )

    def save_params(self, filename):
        """Write the parameters by their names; `save_parameters` took its place."""
        warnings.warn("save_params is deprecated; use save_parameters", stacklevel=2)
        self.collect_params().save(filename, strip_prefix=self.prefix)

    def load_params(self, filename, ctx=None, allow_missing=False, ignore_extra=False):
        """The earlier name of `load_parameters`."""
        warnings.warn("load_params is deprecated; use load_parameters", stacklevel=2)
        self.load_parameters(filename, ctx, allow_missing, ignore_extra)

    def save(self, prefix):
        """Write ``prefix-model.params`` and, for hybridized blocks, ``prefix-model.json``.

        The parameters are enough to restore a block that was made by the same program.
        """
        self.save_parameters(prefix + "-model.params")

    def load(self, prefix):
        """Read what `save` wrote."""
        self.load_parameters(prefix + "-model.params")

    # Children and hooks.

    def register_child(self, block, name=None):
        """Make a block a child, under its number if no name is given."""
        self._children[str(len(self._children)) if name is None else name] = block

    def register_forward_pre_hook(self, hook):
        """Call ``hook(block, inputs)`` before each `forward`.

        Returns:
            HookHandle: Its `detach` ends that.
        """
        handle = HookHandle()
        handle.attach(self._forward_pre_hooks, hook)
        return handle

    def register_forward_hook(self, hook):
        """Call ``hook(block, inputs, outputs)`` after each `forward`.

        Returns:
            HookHandle: Its `detach` ends that.
        """
        handle = HookHandle()
        handle.attach(self._forward_hooks, hook)
        return handle

    def register_op_hook(self, callback, monitor_all=False):
        """Call ``callback(node name, operator name, array)`` for outputs of hybridized blocks.

        Args:
            callback (function): What to call.
            monitor_all (bool): Whether inputs are given too.
        """
        for child in self._children.values():
            child.register_op_hook(callback, monitor_all)

    def apply(self, fn):
        """Call ``fn(block)`` for each child, its children, and this block.

        Returns:
            Block: This block.
        """
        for child in self._children.values():
            child.apply(fn)
        fn(self)
        return self

    def share_parameters(self, shared):
        """Use parameters of another block of the same structure in place of own ones.

        Args:
            shared (dict of str to Parameter): Parameters by place, as ``dense0.weight``.

        Returns:
            Block: This block.
        """
        if not isinstance(shared, (dict, ParameterDict)):
            raise error.ValueError(
                f"share_parameters: shared is a {type(shared).__name__}; expected a dict of "
                "parameters"
            )
        self._share(shared, "")
        return self

    def _share(self, shared, prefix):
        for name, own in list(self._reg_params.items()):
            other = shared.get(prefix + name) if isinstance(shared, dict) else None
            if other is None or other is own:
                continue
            self._reg_params[name] = other
            self._params._params.pop(own.name, None)
            self._params._params[other.name] = other
            object.__setattr__(self, name, other)
        for name, child in self._children.items():
            child._share(shared, f"{prefix}{name}.")

    def initialize(self, init=None, ctx=None, verbose=False, force_reinit=False):
        """Initialize the parameters of this block and of all in it.

        Args:
            init (Initializer): For those without an own one; None is `mx.init.Uniform()`.
            ctx (Context or list of Context): Where; None is the current context.
            verbose (bool): Whether to log what each is initialized as.
            force_reinit (bool): Whether to initialize again what is initialized.
        """
        self.collect_params().initialize(
            Uniform() if init is None else init, ctx, verbose, force_reinit
        )

    def hybridize(self, active=True, **kwargs):
        """Let the hybrid blocks inside run as compiled graphs; see `HybridBlock.hybridize`."""
        for child in self._children.values():
            child.hybridize(active, **kwargs)

    def cast(self, dtype):
        """Turn the parameters of this block and of all in it into another type."""
        for child in self._children.values():
            child.cast(dtype)
        for parameter in self.params.values():
            parameter.cast(dtype)

    # Running.

    def __call__(self, *args):
        """`forward` between the hooks."""
        for hook in self._forward_pre_hooks.values():
            hook(self, args)
        out = self.forward(*args)
        for hook in self._forward_hooks.values():
            hook(self, args, out)
        return out

    def forward(self, *args):
        """Compute the outputs; a subclass defines it.

        Args:
            *args (NDArray): The inputs.
        """
        raise error.NotImplementedError(
            f"{type(self).__name__}: forward is not defined; expected it in the class"
        )

    def summary(self, *inputs):
        """Print a table of the layers with the shapes of their outputs and their parameters.

        Args:
            *inputs (NDArray): What the block is called with.
        """
        print_summary(self, inputs)


def _blocks(value):
    """The blocks in a container (iterator)."""
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, Block):
            yield each
        elif isinstance(each, (list, tuple, dict)):
            yield from _blocks(each)
