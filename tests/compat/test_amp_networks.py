"""Networks converted to mixed precision have their casts where MXNet 1.9.1 puts them."""

import json
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "networks"))

import amp_networks  # noqa: E402

from mxnet.contrib import amp  # noqa: E402

STORED = json.loads((TESTS / "data" / "amp" / "networks.json").read_text())


@pytest.mark.parametrize("number", range(len(amp_networks.OPTIONS)))
@pytest.mark.parametrize("name", list(amp_networks.NETWORKS))
def test_casts_are_at_the_same_places(name, number):
    network = amp_networks.build(name)
    before = network.tojson()
    converted = amp.convert_symbol(network, **amp_networks.OPTIONS[number])
    stored = STORED[name][number]
    if stored is not None:  # there MXNet 1.9.1 refuses
        assert amp_networks.structure(converted) == stored
    assert network.tojson() == before
    assert converted.list_arguments() == network.list_arguments()
    assert converted.list_auxiliary_states() == network.list_auxiliary_states()
