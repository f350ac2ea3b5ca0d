"""Models answered over the network: ``remx serve``. See docs/serving.md for what it promises.

Needs the packages of ``pip install remx[serve]``; nothing of them is imported before a server is.
"""

import importlib.util

from .. import error
from .._pictures import PixelSettings
from .settings import ModelSettings, ServerSettings

__all__ = ["ModelSettings", "PixelSettings", "ServerSettings", "check_packages", "make_server"]

_PACKAGES = ("httptools", "uvloop", "prometheus_client")
_GRPC_PACKAGES = ("grpc", "grpc_tools")


def check_packages(with_grpc=False):
    """See that what a server needs is installed.

    Raises:
        MXNetError: A package is missing.
    """
    for name in (*_PACKAGES, *(_GRPC_PACKAGES if with_grpc else ())):
        if importlib.util.find_spec(name) is None:
            raise error.MXNetError(
                f"serve: the package {name} is not installed; pip install 'remx[serve]' brings it"
            )


def make_server(settings=None, model_settings=None):
    """A server that is not started yet.

    Args:
        settings (ServerSettings): How it listens.
        model_settings (ModelSettings): How models are run.

    Raises:
        MXNetError: A package is missing, or it cannot listen.
    """
    settings = settings or ServerSettings()
    check_packages(settings.grpc_port is not None)
    from .server import Server

    return Server(settings, model_settings or ModelSettings())
