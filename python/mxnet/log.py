"""Loggers whose lines begin with level, time and place."""

import logging
import sys
import warnings
from logging import CRITICAL, DEBUG, ERROR, INFO, NOTSET, WARNING

__all__ = [
    "logger",
    "logger_or_own",
    "get_logger",
    "getLogger",
    "CRITICAL",
    "DEBUG",
    "ERROR",
    "INFO",
    "NOTSET",
    "WARNING",
]


class _Formatter(logging.Formatter):
    """Writes ``I0131 12:00:00 process file:function:line] message``."""

    def __init__(self, colored):
        super().__init__()
        self._colored = colored

    def _color(self, level):
        if level >= WARNING:
            return "\x1b[31m"
        return "\x1b[32m" if level >= INFO else "\x1b[34m"

    def format(self, record):
        place = "%(asctime)s %(process)d %(pathname)s:%(funcName)s:%(lineno)d]"
        head = record.levelname[0] + place
        if self._colored:
            head = self._color(record.levelno) + head + "\x1b[0m"
        return logging.Formatter(head + " %(message)s", "%m%d %H:%M:%S").format(record)


class _WhereNobodyLogs(logging.Handler):
    """Writes to the standard error stream as long as the program has no handler itself.

    Programs of MXNet set the level of the root logger and expect to see the training. The functions
    of the module logging would give them a handler by configuring the root logger, which is the
    program's own.
    """

    def emit(self, record):
        if not logging.getLogger().handlers and logger.handlers == [self]:
            print(self.format(record), file=sys.stderr)


logger = logging.getLogger("mxnet")  # What the library itself logs with.
_own_handler = _WhereNobodyLogs()
_own_handler.setFormatter(logging.Formatter(logging.BASIC_FORMAT))
logger.addHandler(_own_handler)


def logger_or_own(given):
    """`given`; the logger of the library for None and for the module ``logging``."""
    return logger if given is None or given is logging else given


def getLogger(name=None, filename=None, filemode=None, level=WARNING):  # noqa: N802
    """The earlier name of `get_logger`."""
    warnings.warn("log.getLogger is deprecated; use log.get_logger", DeprecationWarning)
    return get_logger(name, filename, filemode, level)


def get_logger(name=None, filename=None, filemode=None, level=WARNING):
    """Get a logger with a handler of its own.

    Args:
        name (str): Name of the logger; without it the root logger is given as it is.
        filename (str): File to log to; the standard error stream if not given.
        filemode (str): Mode in which it is opened; appends if not given.
        level (int): Least level to log.

    Returns:
        Logger: The logger; a second call with the same name gives the same.
    """
    logger = logging.getLogger(name)
    if name is None or getattr(logger, "_has_mxnet_handler", False):
        return logger
    logger._has_mxnet_handler = True
    if filename:
        handler = logging.FileHandler(filename, filemode or "a")
    else:
        handler = logging.StreamHandler()
        handler.setFormatter(_Formatter(sys.stderr.isatty()))
    logger.addHandler(handler)
    logger.setLevel(level)
    return logger
