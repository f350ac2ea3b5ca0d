"""Initial values of the parameters of the operator RNN."""

from .._fused_rnn import FusedWeights
from .base import InitDesc, Initializer, create, register

__all__ = ["FusedRNN"]


@register
class FusedRNN(Initializer):
    """Initializes each weight in the one array of parameters of `mxnet.rnn.FusedRNNCell`.

    Args:
        init (Initializer or str): For the weights; the one of the whole network if None.
        num_hidden, num_layers, mode, bidirectional: See `mxnet.rnn.FusedRNNCell`.
        forget_bias (float): For the biases of the forget gates of "lstm".
    """

    def __init__(self, init, num_hidden, num_layers, mode, bidirectional=False, forget_bias=1.0):
        if isinstance(init, str):
            init = create(init)
        super().__init__(
            init=None if init is None else init.dumps(),
            num_hidden=num_hidden,
            num_layers=num_layers,
            mode=mode,
            bidirectional=bidirectional,
            forget_bias=forget_bias,
        )
        self._init = init
        self._forget_bias = forget_bias
        self._weights = FusedWeights(num_hidden, num_layers, mode, bidirectional)

    def _init_weight(self, desc, arr):
        init = self._init or desc.global_init
        for name, part in self._weights.parts(arr):
            if name.endswith("_f_bias"):
                part[:] = self._forget_bias
            else:
                init(InitDesc(name, global_init=desc.global_init), part)
