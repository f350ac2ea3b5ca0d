"""What Triton's extensions answer, whichever way they are asked."""

from .errors import RequestError

__all__ = ["no_gpu_memory", "no_log_settings", "no_trace_settings", "statistics"]


def statistics(repository, name=None, version=None):
    """What versions have done since they were loaded.

    Args:
        repository (Repository): The models.
        name, version (str): Which; None for all.

    Raises:
        RequestError: There is no such model or version.
    """
    if name is None:
        found = repository.all_versions()
    elif version is None:
        found = repository.versions(name)
    else:
        found = [repository.get(name, version)]
    return [
        {"name": each.name, "version": each.version, **each.statistics.describe()} for each in found
    ]


def no_gpu_memory():
    """The error of requests that share memory of a GPU."""
    return RequestError(400, "no memory of GPUs is shared; system shared memory is expected")


def no_trace_settings():
    """The error of requests for trace settings."""
    return RequestError(400, "requests set no traces; mx.profiler writes them in the server itself")


def no_log_settings():
    """The error of requests for log settings."""
    return RequestError(400, "requests set no logs; remx serve --log-format and --access-log do")
