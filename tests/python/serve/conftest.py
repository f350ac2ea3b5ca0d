"""Servers on free ports of this machine."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))  # for serving_helpers

from serving_helpers import LENET  # noqa: E402


@pytest.fixture(scope="module")
def serving():
    """Starts servers in this process, which end with the module: `serving(models, **settings)`."""
    serve = pytest.importorskip("mxnet.serve")
    servers = []

    def start(models=(), model_settings=None, **settings):
        server = serve.make_server(
            serve.ServerSettings(**{"port": 0, "management_port": 0, **settings}),
            model_settings or serve.ModelSettings(),
        )
        servers.append(server)
        server.start()
        for name, path in dict(models).items():
            server.service.load_all(str(path), name)
        return server

    yield start
    for server in servers:
        server.close()


@pytest.fixture(scope="module")
def digits(serving):
    """A server of the digits."""
    return serving({"digits": LENET})
