"""Errors that answer a request."""

__all__ = ["RequestError", "overloaded"]


class RequestError(Exception):
    """A request that gets an error as its answer.

    Args:
        status (int): Status of HTTP.
        message (str): One line: what is wrong; what is expected.
        retry_after (int): Seconds after which the client may try again; None if it need not.
    """

    def __init__(self, status, message, retry_after=None):
        super().__init__(message)
        self.status, self.message, self.retry_after = status, message, retry_after


def overloaded(message):
    """The error of a request that was not accepted because too much waits already."""
    return RequestError(503, message, retry_after=1)
