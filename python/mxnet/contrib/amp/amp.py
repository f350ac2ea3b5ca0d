"""Programs and networks in mixed precision."""

import contextlib
import logging
import threading

from ... import _core, autograd, error
from ...gluon import trainer as _trainer
from ...optimizer import Optimizer
from ._convert import convert_bucketing_module, convert_hybrid_block, convert_model, convert_symbol
from ._policy import lists_of, policy_for, type_name
from .loss_scaler import LossScaler

__all__ = [
    "init",
    "init_trainer",
    "scale_loss",
    "unscale",
    "convert_model",
    "convert_hybrid_block",
    "convert_bucketing_module",
    "list_lp16_ops",
    "list_fp32_ops",
    "list_lp16_fp32_ops",
    "list_conditional_fp32_ops",
    "list_widest_type_cast",
    "list_loss_output_functions",
    "list_lp16_use_fp32_params",
    "convert_symbol",
]

_lock = threading.Lock()
_amp_initialized = False


def init(
    target_dtype="float16", target_precision_ops=None, conditional_fp32_ops=None, fp32_ops=None
):
    """Let operators that this program calls, on arrays and on symbols, cast their inputs.

    Counts for all threads and for the rest of the program; further calls have no effect.

    Args:
        target_dtype (str): The low precision: float16 or bfloat16.
        target_precision_ops (list of str): Operators that compute in it.
        conditional_fp32_ops (list of tuple): Operators that compute in float32 for some values of
            a parameter: (operator, parameter, list of values).
        fp32_ops (list of str): Operators that compute in float32.

    Raises:
        AssertionError: The type is another, or a list is wrong.
    """
    global _amp_initialized
    with _lock:
        if _amp_initialized:
            return
        if type_name(target_dtype) is None:
            raise error.AssertionError(
                f"amp.init: target_dtype={target_dtype}; AMP currently supports only float16 or "
                "bfloat16 as a target_dtype"
            )
        policy = policy_for(target_dtype, target_precision_ops, fp32_ops, conditional_fp32_ops)
        logging.info("Using AMP")
        _core.set_active_cast_policy(policy)
        _amp_initialized = True


def _check_trainer(what, optimizer_or_trainer):
    if isinstance(optimizer_or_trainer, _trainer.Trainer):
        return
    if isinstance(optimizer_or_trainer, Optimizer):
        raise error.TypeError(
            f"amp.{what}: optimizer_or_trainer is an optimizer; AMP is currently only compatible "
            "with Gluon Trainer"
        )
    raise error.TypeError(
        f"amp.{what}: optimizer_or_trainer should be a Gluon Trainer or an optimizer, instead is "
        f"{type(optimizer_or_trainer)}"
    )


def init_trainer(optimizer_or_trainer):
    """Let a trainer scale losses, and skip steps whose gradients overflow.

    Args:
        optimizer_or_trainer (Trainer): The trainer.

    Raises:
        AssertionError: `init` was not called.
        TypeError: It is no trainer.
    """
    if not _amp_initialized:
        raise error.AssertionError(
            "amp.init_trainer: AMP not initialized, did you forget to call amp.init()?"
        )
    _check_trainer("init_trainer", optimizer_or_trainer)
    optimizer_or_trainer._amp_loss_scaler = LossScaler()
    optimizer_or_trainer._amp_original_scale = optimizer_or_trainer._scale


def _scaler_of(what, trainer):
    _check_trainer(what, trainer)
    if trainer._amp_loss_scaler is None:
        raise error.AssertionError(
            f"amp.{what}: the trainer has no loss scaler; expected amp.init_trainer(trainer) before"
        )
    return trainer._amp_loss_scaler


@contextlib.contextmanager
def scale_loss(loss, optimizer_or_trainer):
    """Multiply losses so that their gradients fit into float16; the trainer divides them again.

    Args:
        loss (NDArray or list of NDArray): The losses.
        optimizer_or_trainer (Trainer): A trainer that `init_trainer` prepared.

    Yields:
        NDArray or list of NDArray: What `backward` is to be called on.

    Example:
        >>> with autograd.record():
        ...     loss = loss_function(net(x), y)
        ...     with amp.scale_loss(loss, trainer) as scaled:
        ...         autograd.backward(scaled)
        >>> trainer.step(batch_size)
    """
    scale = _scaler_of("scale_loss", optimizer_or_trainer).loss_scale
    optimizer_or_trainer._scale = optimizer_or_trainer._amp_original_scale / scale
    if isinstance(loss, (list, tuple)):
        yield [each * scale for each in loss]
    else:
        yield loss * scale


def unscale(optimizer_or_trainer):
    """Divide gradients by the factor at once, for instance to clip them before the step.

    Args:
        optimizer_or_trainer (Trainer): A trainer that `init_trainer` prepared.
    """
    _scaler_of("unscale", optimizer_or_trainer)
    scale = optimizer_or_trainer._scale
    with autograd.pause():
        for parameter in optimizer_or_trainer._params:
            if parameter.grad_req != "null":
                for gradient in parameter.list_grad():
                    gradient[:] *= scale
    optimizer_or_trainer._scale = optimizer_or_trainer._amp_original_scale


def list_lp16_ops(target_dtype):
    """Operators that compute in the low precision."""
    return lists_of(target_dtype).low


def list_fp32_ops(target_dtype):
    """Operators that compute in float32."""
    return lists_of(target_dtype).float32


def list_lp16_fp32_ops(target_dtype):
    """Operators that compute in the type that they are given."""
    return lists_of(target_dtype).either


def list_conditional_fp32_ops(target_dtype):
    """(operator, parameter, values) for which operators compute in float32."""
    return lists_of(target_dtype).conditional


def list_widest_type_cast(target_dtype):
    """Operators that compute in the widest type among their inputs."""
    return lists_of(target_dtype).widest


def list_loss_output_functions(target_dtype):
    """Losses that ignore the gradient that they are given, so that no scale reaches them."""
    return lists_of(target_dtype).losses


def list_lp16_use_fp32_params(target_dtype):
    """Inputs that stay float32, by operator; None if there are none."""
    return lists_of(target_dtype).use_float32_params
