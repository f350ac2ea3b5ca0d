"""The optimizer of `SVRGModule`: one for the parameters, and one that keeps full gradients."""

import inspect

from ... import optimizer as opt

__all__ = []

# What the names of full gradients end in.
FULL = "_full"


@opt.register
class _AssignmentOptimizer(opt.Optimizer):
    """Puts the gradient in the place of the value: a store so adds up what workers push."""

    def update(self, index, weight, grad, state):
        weight[:] = grad


@opt.register
class _SVRGOptimizer(opt.Optimizer):
    """Updates parameters with an optimizer, and full gradients by assignment.

    Args:
        default_optimizer (str or Optimizer): The optimizer of the parameters.
        **kwargs: Its arguments, if it is given by name.
    """

    def __init__(self, default_optimizer, **kwargs):
        super().__init__(**self._check_params(**kwargs))
        if isinstance(default_optimizer, str):
            self.default_opt = opt.create(default_optimizer, **kwargs)
        else:
            self.default_opt = default_optimizer
        self.aux_opt = opt.create(_AssignmentOptimizer.__name__)

    @staticmethod
    def _check_params(**kwargs):
        """Those of `kwargs` that every optimizer takes."""
        common = inspect.signature(opt.Optimizer.__init__).parameters
        return {name: value for name, value in kwargs.items() if name in common}

    def set_learning_rate(self, lr):
        super().set_learning_rate(lr)
        self.default_opt.set_learning_rate(lr)

    def _is_full(self, index):
        return self._check_index(index).endswith(FULL)

    def _check_index(self, index):
        """The name of a parameter, of which the index is the number or the name."""
        return str(self.idx2name.get(index, index))

    def create_state(self, index, weight):
        """The state of a parameter; full gradients have none."""
        return None if self._is_full(index) else self.default_opt.create_state(index, weight)

    def update(self, index, weight, grad, state):
        """Update a parameter, or replace a full gradient."""
        kind = self.aux_opt if self._is_full(index) else self.default_opt
        kind.update(index, weight, grad, state)
