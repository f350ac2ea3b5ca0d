"""The command line program ``remx``."""

import argparse
import os
import sys

from ..error import InternalError, MXNetError
from ..libinfo import __remx_version__, __version__
from .output import print_error

__all__ = ["main"]

USER_ERROR, INTERRUPTED = 2, 130


class _HelpFormatter(argparse.HelpFormatter):
    """Help in two columns that leave room for the names of options."""

    def __init__(self, prog):
        super().__init__(prog, max_help_position=32)


def _make_parser():
    from . import (
        bench,
        convert,
        environment,
        im2rec,
        info,
        launch,
        operators,
        predict,
        sagemaker,
        serve,
    )

    parser = argparse.ArgumentParser(
        prog="remx",
        description="Predict with checkpoints of MXNet, serve, convert, look into and measure "
        "them; pack pictures into record files; train with several processes.",
        formatter_class=_HelpFormatter,
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"remx {__remx_version__} (interface of MXNet {__version__})",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, module in (
        ("predict", predict),
        ("info", info),
        ("bench", bench),
        ("convert", convert),
        ("serve", serve),
        ("im2rec", im2rec),
        ("launch", launch),
        ("sagemaker", sagemaker),
        ("operators", operators),
        ("env", environment),
    ):
        summary = module.__doc__.splitlines()[0]
        command = commands.add_parser(
            name,
            help=summary,
            description=summary,
            formatter_class=_HelpFormatter,
            allow_abbrev=False,
        )
        module.add_arguments(command)
        if getattr(module, "HAS_DOCUMENT", True):
            command.add_argument("--json", action="store_true", help="print one JSON document")
        command.set_defaults(run=module.run)
    return parser


def main(arguments=None):
    """Run the program.

    Args:
        arguments (list of str): The command line without the program's name; that of the process
            if not given.

    Returns:
        int: 0, or 2 after an error of the user, which was printed in one line; 1 when only a part
            of what was asked for could be answered.
    """
    for stream in (sys.stdout, sys.stderr):
        # Names of files and classes may hold what the terminal's encoding does not.
        stream.reconfigure(errors="backslashreplace")
    try:
        options = _make_parser().parse_args(arguments)
        code = options.run(options)
        sys.stdout.flush()
    except InternalError:
        raise
    except (MXNetError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            # The reader has left (as `head` does); Python would complain again at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        print_error(error)
        return USER_ERROR
    except KeyboardInterrupt:
        return INTERRUPTED
    return code or 0
