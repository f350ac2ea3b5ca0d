"""np.mean, np.round and np.argsort of an NDArray failed on NumPy's own arguments; array @ x too."""

import numpy as np
import pytest

from mxnet import nd

MATRIX = np.array([[3, 1, 2], [6, 5, 4.4]], "float32")
FUNCTIONS = {
    "mean": np.mean,
    "mean of an axis": lambda x: np.mean(x, axis=1),
    "round": np.round,
    "round to decimals": lambda x: np.round(x, 2),
    "argsort": np.argsort,
    "argsort by kind": lambda x: np.argsort(x, kind="stable"),
    "sum": np.sum,
    "max": np.max,
    "std": np.std,
    "sort": np.sort,
    "clip": lambda x: np.clip(x, 2, 4),
    "array @": lambda x: np.ones((1, 2), "float32") @ x,
    "@ array": lambda x: x @ np.ones((3, 1), "float32"),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_as_of_an_array(name):
    found = np.asarray(FUNCTIONS[name](nd.array(MATRIX)))
    np.testing.assert_allclose(found.squeeze(), FUNCTIONS[name](MATRIX).squeeze(), rtol=1e-6)


def test_other_arguments_are_still_refused():
    x = nd.array(MATRIX)
    for wrong in ({"axes": None}, {"dtype": "float64"}, {"kind": "fast"}):
        with pytest.raises((ValueError, TypeError), match="not an argument"):
            x.mean(**wrong)
