"""Run a training program as several ranks."""

import argparse
import functools
import os

from ..error import MXNetError
from . import jobs
from .arguments import positive_int

HAS_DOCUMENT = False  # the output is that of the program


def add_arguments(parser):
    """Add the arguments of the command."""
    parser.add_argument(
        "-n", "--ranks", type=positive_int, required=True, metavar="N", help="number of ranks"
    )
    parser.add_argument("-H", "--hosts", metavar="A,B", help="machines; this one if not given")
    parser.add_argument("--hostfile", metavar="FILE", help="a file with a machine in each line")
    parser.add_argument(
        "--restarts",
        type=int,
        default=0,
        metavar="N",
        help="how often a job that failed is started anew, each time with one rank less "
        "(default 0)",
    )
    parser.add_argument(
        "--tag", action="store_true", help="begin each line of output with its rank"
    )
    parser.add_argument(
        "--no-progress", action="store_true", help="show no line with the progress of the job"
    )
    parser.add_argument(
        "command", nargs=argparse.REMAINDER, metavar="COMMAND ...", help="such as python train.py"
    )


def threads_of_rank(ranks):
    """Variables that share the cores of this machine out, where nothing else is said."""
    if "OMP_NUM_THREADS" in os.environ:
        return {}
    return {"OMP_NUM_THREADS": max(1, len(os.sched_getaffinity(0)) // ranks)}


def run(options):
    """Run the command."""
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        raise MXNetError("launch: there is no command; expected one, such as python train.py")
    make_line = functools.partial(
        jobs.mpirun_command, hosts=options.hosts, hostfile=options.hostfile, tag=options.tag
    )
    hosts = jobs.hosts_of(options.hosts, options.hostfile)
    variables = {} if hosts else threads_of_rank(options.ranks)
    return jobs.run_job(
        options.ranks,
        command,
        make_line,
        options.restarts,
        variables,
        hosts,
        shows=not options.no_progress,
    )
