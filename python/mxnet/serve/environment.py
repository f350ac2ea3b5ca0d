"""Settings from the environment variables of SageMaker's containers."""

import os

from .. import error
from .settings import MEGABYTE

__all__ = ["model_path", "model_settings", "server_settings", "token"]

_BASE = "/opt/ml"


def _number(name, kind=int):
    text = os.environ.get(name)
    if not text:
        return None
    try:
        value = kind(text)
    except ValueError:
        value = -1
    if value <= 0:
        raise error.ValueError(f"serve: {name}={text!r} is not valid; a number above 0 is expected")
    return value


def _is_on(name):
    return os.environ.get(name, "").lower() in ("1", "true")


def server_settings():
    """Settings of the server that variables give, by name."""
    size, port = _number("SAGEMAKER_MAX_PAYLOAD_IN_MB"), _number("SAGEMAKER_BIND_TO_PORT")
    settings = {
        "port": port,
        "default_accept": os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT"),
        "max_body": size and size * MEGABYTE,
    }
    ports = os.environ.get("SAGEMAKER_SAFE_PORT_RANGE", "").partition("-")[0]
    if ports.isdecimal():
        settings["management_port"] = int(ports)
    if _is_on("SAGEMAKER_MULTI_MODEL"):
        settings["multi_model"] = True
        settings["model_store"] = os.path.join(_base(), "models")
    return {key: value for key, value in settings.items() if value}


def model_settings():
    """Settings of models that variables give, by name."""
    settings = {
        "timeout": _number("SAGEMAKER_MODEL_SERVER_TIMEOUT", float),
        "workers": _number("SAGEMAKER_MODEL_SERVER_WORKERS"),
    }
    return {key: value for key, value in settings.items() if value}


def _base():
    return os.environ.get("SAGEMAKER_BASE_DIR", _BASE)


def model_path():
    """The folder in which SageMaker puts the model; None if it is not there."""
    path = os.path.join(_base(), "model")
    return path if os.path.isdir(path) and not _is_on("SAGEMAKER_MULTI_MODEL") else None


def token():
    """The token of ``REMX_SERVE_TOKEN``; None without one."""
    return os.environ.get("REMX_SERVE_TOKEN") or None
