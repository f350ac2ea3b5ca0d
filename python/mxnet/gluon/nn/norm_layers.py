"""Layers that normalize."""

from ...context import num_gpus
from ..block import HybridBlock

__all__ = ["BatchNorm", "BatchNormReLU", "SyncBatchNorm", "InstanceNorm", "LayerNorm", "GroupNorm"]


def _scale_and_shift(block, channels, scale, center, gamma, beta, fixed_differentiable=True):
    """Give a block its parameters gamma and beta, which are learned where asked for."""
    for name, learned, init in (("gamma", scale, gamma), ("beta", center, beta)):
        parameter = block.params.get(
            name,
            grad_req="write" if learned else "null",
            shape=(channels,),
            init=init,
            allow_deferred_init=True,
            differentiable=learned or fixed_differentiable,
        )
        setattr(block, name, parameter)


class BatchNorm(HybridBlock):
    """Normalizes each channel over the batch (arXiv:1502.03167).

    Args:
        axis (int): The axis of the channels.
        momentum (float): Share of the running averages that stays.
        epsilon (float): Added to the variance.
        center (bool): Whether a shift, beta, is learned.
        scale (bool): Whether a factor, gamma, is learned.
        use_global_stats (bool): Whether the running averages are used in training too.
        beta_initializer, gamma_initializer, running_mean_initializer,
            running_variance_initializer (Initializer or str): Initializers.
        in_channels (int): Number of channels; 0 to find out in the first forward pass.
    """

    def __init__(
        self,
        axis=1,
        momentum=0.9,
        epsilon=1e-5,
        center=True,
        scale=True,
        use_global_stats=False,
        beta_initializer="zeros",
        gamma_initializer="ones",
        running_mean_initializer="zeros",
        running_variance_initializer="ones",
        in_channels=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._kwargs = {
            "axis": axis,
            "eps": epsilon,
            "momentum": momentum,
            "fix_gamma": not scale,
            "use_global_stats": use_global_stats,
        }
        self._axis = axis
        _scale_and_shift(
            self, in_channels, scale, center, gamma_initializer, beta_initializer, False
        )
        for name, init in (
            ("running_mean", running_mean_initializer),
            ("running_var", running_variance_initializer),
        ):
            parameter = self.params.get(
                name,
                grad_req="null",
                shape=(in_channels,),
                init=init,
                allow_deferred_init=True,
                differentiable=False,
            )
            setattr(self, name, parameter)

    def cast(self, dtype):
        """Turn the parameters into another type; they stay float32 for float16."""
        super().cast("float32" if str(dtype).endswith(("float16", "float16'>")) else dtype)

    def hybrid_forward(self, F, x, gamma, beta, running_mean, running_var):
        return F.BatchNorm(x, gamma, beta, running_mean, running_var, name="fwd", **self._kwargs)

    def __repr__(self):
        options = ", ".join(f"{key}={value!r}" for key, value in self._kwargs.items())
        channels = self.gamma.shape[0] or None
        return f"{type(self).__name__}({options}, in_channels={channels})"


class BatchNormReLU(BatchNorm):
    """`BatchNorm` with the activation ReLU; see there for the arguments."""

    def hybrid_forward(self, F, x, gamma, beta, running_mean, running_var):
        normalized = super().hybrid_forward(F, x, gamma, beta, running_mean, running_var)
        return F.Activation(normalized, act_type="relu", name="relu")


class SyncBatchNorm(BatchNorm):
    """`BatchNorm` over the batches of all devices (arXiv:1803.08904).

    In training, mean and variance are those of the batches of all devices. So the layer must have
    been called on each of them before a result of any is looked at, as in
    ``[net(x) for x in split_and_load(data, devices)]``.

    Args:
        in_channels (int): Number of channels; 0 to find out in the first forward pass.
        num_devices (int): How many devices take part; all GPUs by default.
        momentum, epsilon, center, scale, use_global_stats, beta_initializer, gamma_initializer,
            running_mean_initializer, running_variance_initializer: See `BatchNorm`.
    """

    def __init__(
        self,
        in_channels=0,
        num_devices=None,
        momentum=0.9,
        epsilon=1e-5,
        center=True,
        scale=True,
        use_global_stats=False,
        beta_initializer="zeros",
        gamma_initializer="ones",
        running_mean_initializer="zeros",
        running_variance_initializer="ones",
        **kwargs,
    ):
        super().__init__(
            1,
            momentum,
            epsilon,
            center,
            scale,
            use_global_stats,
            beta_initializer,
            gamma_initializer,
            running_mean_initializer,
            running_variance_initializer,
            in_channels,
            **kwargs,
        )
        del self._kwargs["axis"]
        self._kwargs["ndev"] = num_devices or max(num_gpus(), 1)
        self._kwargs["key"] = self.prefix

    def hybrid_forward(self, F, x, gamma, beta, running_mean, running_var):
        inputs = (x, gamma, beta, running_mean, running_var)
        return F.contrib.SyncBatchNorm(*inputs, name="fwd", **self._kwargs)


class InstanceNorm(HybridBlock):
    """Normalizes each channel of each example (arXiv:1607.08022).

    Args:
        axis (int): The axis of the channels.
        epsilon (float): Added to the variance.
        center (bool): Whether a shift, beta, is learned.
        scale (bool): Whether a factor, gamma, is learned.
        beta_initializer (Initializer or str): Initializer of beta.
        gamma_initializer (Initializer or str): Initializer of gamma.
        in_channels (int): Number of channels; 0 to find out in the first forward pass.
    """

    def __init__(
        self,
        axis=1,
        epsilon=1e-5,
        center=True,
        scale=False,
        beta_initializer="zeros",
        gamma_initializer="ones",
        in_channels=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._kwargs = {"eps": epsilon, "axis": axis, "center": center, "scale": scale}
        self._axis = axis
        self._epsilon = epsilon
        _scale_and_shift(self, in_channels, scale, center, gamma_initializer, beta_initializer)

    def hybrid_forward(self, F, x, gamma, beta):
        if self._axis == 1:
            return F.InstanceNorm(x, gamma, beta, name="fwd", eps=self._epsilon)
        x = x.swapaxes(1, self._axis)
        out = F.InstanceNorm(x, gamma, beta, name="fwd", eps=self._epsilon)
        return out.swapaxes(1, self._axis)

    def __repr__(self):
        options = ", ".join(f"{key}={value!r}" for key, value in self._kwargs.items())
        return f"{type(self).__name__}({options}, in_channels={self.gamma.shape[0]})"


class LayerNorm(HybridBlock):
    """Normalizes along one axis (arXiv:1607.06450).

    Args:
        axis (int): The axis.
        epsilon (float): Added to the variance.
        center (bool): Whether a shift, beta, is learned.
        scale (bool): Whether a factor, gamma, is learned.
        beta_initializer (Initializer or str): Initializer of beta.
        gamma_initializer (Initializer or str): Initializer of gamma.
        in_channels (int): Size of the axis; 0 to find out in the first forward pass.
        prefix (str): See `Block`.
        params (ParameterDict): See `Block`.
    """

    def __init__(
        self,
        axis=-1,
        epsilon=1e-5,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        in_channels=0,
        prefix=None,
        params=None,
    ):
        super().__init__(prefix=prefix, params=params)
        self._kwargs = {"eps": epsilon, "axis": axis, "center": center, "scale": scale}
        self._axis = axis
        self._epsilon = epsilon
        _scale_and_shift(self, in_channels, scale, center, gamma_initializer, beta_initializer)

    def hybrid_forward(self, F, data, gamma, beta):
        return F.LayerNorm(data, gamma=gamma, beta=beta, axis=self._axis, eps=self._epsilon)

    def __repr__(self):
        options = ", ".join(f"{key}={value!r}" for key, value in self._kwargs.items())
        return f"{type(self).__name__}({options}, in_channels={self.gamma.shape[0]})"


class GroupNorm(HybridBlock):
    """Normalizes groups of channels of each example (arXiv:1803.08494).

    Args:
        num_groups (int): Number of groups.
        epsilon (float): Added to the variance.
        center (bool): Whether shifts, beta, are learned, one for each group.
        scale (bool): Whether factors, gamma, are learned, one for each group.
        beta_initializer (Initializer or str): Initializer of beta.
        gamma_initializer (Initializer or str): Initializer of gamma.
        prefix (str): See `Block`.
        params (ParameterDict): See `Block`.
    """

    def __init__(
        self,
        num_groups=1,
        epsilon=1e-5,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        prefix=None,
        params=None,
    ):
        super().__init__(prefix=prefix, params=params)
        self._kwargs = {
            "eps": epsilon,
            "num_groups": num_groups,
            "center": center,
            "scale": scale,
        }
        self._num_groups = num_groups
        self._epsilon = epsilon
        _scale_and_shift(self, num_groups, scale, center, gamma_initializer, beta_initializer)

    def hybrid_forward(self, F, data, gamma, beta):
        return F.GroupNorm(
            data, gamma=gamma, beta=beta, num_groups=self._num_groups, eps=self._epsilon
        )

    def __repr__(self):
        options = ", ".join(f"{key}={value!r}" for key, value in self._kwargs.items())
        return f"{type(self).__name__}({options})"
