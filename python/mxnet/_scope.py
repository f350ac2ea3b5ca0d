"""Objects that are in force in a ``with`` block, for each thread on its own."""

import threading

from . import error

__all__ = ["Current", "Scope"]

_ACTIVE = threading.local()


class Current:
    """What is in force in this thread as `value`: how programs for 1.9.1 read and set it.

    Args:
        owner (type): The class that has it as an attribute.
        name (str): The attribute.
    """

    def __init__(self, owner, name="current"):
        self._owner = owner
        self._name = name

    @property
    def value(self):
        """The object itself; setting it is setting the attribute."""
        return getattr(self._owner, self._name)

    @value.setter
    def value(self, value):
        setattr(self._owner, self._name, value)


class _ScopeType(type):
    """Gives a family of scopes the class attribute `current`."""

    @property
    def current(cls):
        """The innermost scope of this family in this thread; one is made if there is none.

        Setting it replaces the innermost scope, up to the end of the ``with`` block around.
        """
        stack = cls._stack()
        if not stack:
            stack.append(cls._family())
        return stack[-1]

    @current.setter
    def current(cls, scope):
        if not isinstance(scope, cls._family):
            raise error.TypeError(
                f"{cls._family.__name__}.current: {scope!r} is a {type(scope).__name__}; a "
                f"{cls._family.__name__} is expected"
            )
        cls._stack()[-1:] = [scope]

    @property
    def _current(cls):
        return Current(cls)

    def _stack(cls):
        name = cls._family.__name__
        if not hasattr(_ACTIVE, name):
            setattr(_ACTIVE, name, [])
        return getattr(_ACTIVE, name)

    @property
    def _family(cls):
        """The class that derives from `Scope` directly."""
        return cls.__mro__[cls.__mro__.index(Scope) - 1]


class Scope(metaclass=_ScopeType):
    """Base of things that are in force inside a ``with`` block."""

    def __enter__(self):
        outer = type(self).current
        self._on_enter(outer)
        type(self)._stack().append(self)
        return self

    def __exit__(self, kind, value, trace):
        type(self)._stack().pop()

    def _on_enter(self, outer):
        """What to do when this scope begins inside `outer`."""
