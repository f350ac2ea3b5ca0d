"""An LSTM with a projection ran as single operators for each step, and kept NaN in its cell when
lstm_state_clip_nan was False."""

import numpy as np
import pytest

import mxnet as mx

STEPS, COUNT, FEATURES, SIZE = 3, 2, 2, 3


def network(projection, **options):
    symbol = mx.sym.RNN(
        *(mx.sym.Variable(name) for name in ("data", "parameters", "state", "cell")),
        mode="lstm", state_size=SIZE, num_layers=1, projection_size=projection, state_outputs=True,
        **options,
    )  # fmt: skip
    return symbol.bind(mx.cpu(), arrays(projection), grad_req="null")


def arrays(projection):
    size = projection or SIZE
    random = np.random.RandomState(0)
    count = 4 * SIZE * (FEATURES + size + 2) + (size * SIZE if projection else 0)
    cell = np.zeros((1, COUNT, SIZE))
    cell[0, 0, 1] = np.nan
    found = {
        "data": random.randn(STEPS, COUNT, FEATURES),
        "parameters": random.randn(count),
        "state": np.zeros((1, COUNT, size)),
        "cell": cell,
    }
    return {name: mx.nd.array(value) for name, value in found.items()}


@pytest.mark.parametrize("projection", [None, 2])
@pytest.mark.parametrize("keeps", [False, True])
def test_limits_remove_nan_unless_it_is_kept(projection, keeps):
    limits = {"lstm_state_clip_min": -0.5, "lstm_state_clip_max": 0.5, "lstm_state_clip_nan": keeps}
    output, _, cell = network(projection, **limits).forward()
    has_nan = np.isnan(output.asnumpy()[:, 0]).any() or np.isnan(cell.asnumpy()[0, 0]).any()
    assert has_nan == keeps
    assert np.isfinite(output.asnumpy()[:, 1]).all()


def test_a_projection_is_part_of_the_layer():
    executor = network(2)
    executor.forward()
    assert "_rnn_layer" in executor.debug_str()
