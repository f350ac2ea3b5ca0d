"""Registries of classes by name: how metrics, optimizers and initializers are looked up."""

import json
import warnings

from . import error

__all__ = ["get_registry", "get_register_func", "get_alias_func", "get_create_func"]

_CLASSES = {}


def get_registry(base_class):
    """A copy of the table of the classes registered under `base_class`, by lower-case name."""
    return dict(_CLASSES.get(base_class, {}))


def get_register_func(base_class, nickname):
    """Make the function that registers subclasses of `base_class`.

    Args:
        base_class (type): What is registered derives from this class.
        nickname (str): What such a class is called in messages.

    Returns:
        function: ``register(klass, name=None)``, usable as a decorator.
    """
    table = _CLASSES.setdefault(base_class, {})

    def register(klass, name=None):
        if not (isinstance(klass, type) and issubclass(klass, base_class)):
            kind = error.AssertedValueError if isinstance(klass, type) else error.TypeError
            raise kind(
                f"{nickname}.register: {klass!r} is of the wrong kind; a "
                f"subclass of {base_class.__name__} is expected"
            )
        key = (name or klass.__name__).lower()
        if key in table and table[key] is not klass:
            warnings.warn(
                f"{nickname} {klass.__module__}.{klass.__name__} replaces "
                f"{table[key].__module__}.{table[key].__name__} under the name {key}",
                UserWarning,
                stacklevel=2,
            )
        table[key] = klass
        return klass

    register.__doc__ = f"Register a {nickname} class, under `name` or else its own name."
    return register


def get_alias_func(base_class, nickname):
    """Make the decorator that registers a class under several names."""
    register = get_register_func(base_class, nickname)

    def alias(*aliases):
        def register_all(klass):
            for name in aliases:
                register(klass, name)
            return klass

        return register_all

    alias.__doc__ = f"Decorator that registers a {nickname} class under each of the given names."
    return alias


def get_create_func(base_class, nickname):
    """Make the function that creates an instance of a registered class.

    Returns:
        function: ``create(name, *args, **kwargs)``. The name may also be an instance, which is
        returned, or JSON as ``dumps`` writes it: ``'["name", {"argument": value}]'``.
    """
    table = _CLASSES.setdefault(base_class, {})

    def create(*args, **kwargs):
        if not args and nickname not in kwargs:
            raise KeyError(nickname)
        name, args = (args[0], args[1:]) if args else (kwargs.pop(nickname), ())
        if isinstance(name, base_class):
            if args or kwargs:
                raise error.ValueError(
                    f"{nickname}: {name!r} is an instance already; no further "
                    "arguments are expected"
                )
            return name
        if isinstance(name, dict):
            return create(**name)
        if not isinstance(name, str):
            raise error.AssertedValueError(
                f"{nickname}={name!r} is a {type(name).__name__}; the name of a "
                f"registered {nickname} or an instance is expected"
            )
        if name.startswith("["):
            name, options = json.loads(name)
            return create(name, **options)
        if name.startswith("{"):
            return create(**json.loads(name))
        if name.lower() not in table:
            raise error.AssertedValueError(
                f"{nickname}={name!r} is not registered; one of "
                f"{', '.join(sorted(table))} is expected"
            )
        return table[name.lower()](*args, **kwargs)

    create.__doc__ = f"Create a {nickname} from its name and arguments, or pass an instance on."
    return create
