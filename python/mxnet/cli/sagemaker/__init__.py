"""Run a training script as SageMaker's training containers do."""

import functools
import os
import subprocess
import sys
import time
import traceback

from ...error import MXNetError
from .. import jobs
from .contract import Contract

__all__ = ["add_arguments", "run"]

HAS_DOCUMENT = False  # the output is that of the script


def add_arguments(parser):
    """Add the arguments of the command."""
    parser.add_argument(
        "action", choices=["train"], help="what to do; `remx serve` answers requests"
    )


def run(options):
    """Run the command.

    Returns:
        int: The exit code of the script. After a failure the file `output/failure` says why.
    """
    contract = Contract()
    try:
        code = _train(contract)
    except Exception as problem:
        contract.write_failure(f"{problem}\n{traceback.format_exc()}")
        raise
    if code:
        contract.write_failure(f"{contract.script} ended with exit code {code}")
    return code


def _train(contract):
    contract.make_folders()
    contract.fetch_code()
    command = _command(contract)
    environment = contract.variables()
    os.environ.update(environment)
    if os.environ.get("PYTHONPATH"):  # which may be relative to this folder
        paths = os.environ["PYTHONPATH"].split(os.pathsep)
        os.environ["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, paths))
    os.chdir(contract.code)
    ranks = len(contract.hosts) * contract.processes_per_host
    if ranks == 1:
        return subprocess.run(command, check=False).returncode
    if contract.current_host != contract.hosts[0]:
        return _wait_for_first_host()
    hosts = ",".join(f"{host}:{contract.processes_per_host}" for host in contract.hosts)
    make_line = functools.partial(
        jobs.mpirun_command, hosts=hosts if len(contract.hosts) > 1 else None
    )
    # Ranks on other machines get the variables with the command.
    names = environment if len(contract.hosts) > 1 else ()
    passed = {name: environment[name] for name in names if name != "SM_CURRENT_HOST"}
    return jobs.run_job(ranks, command, make_line, variables=passed, hosts=contract.hosts[1:])


def _command(contract):
    path = os.path.join(contract.code, contract.script)
    if not os.path.isfile(path):
        raise MXNetError(
            f"sagemaker train: sagemaker_program={contract.script!r} is not in {contract.code}; "
            "expected the name of the script there"
        )
    if contract.script.endswith(".sh"):
        return ["/bin/sh", contract.script, *contract.arguments()]
    if contract.has_functions(path):
        return [sys.executable, "-m", "mxnet.cli.sagemaker.functions", contract.script]
    return [sys.executable, contract.script, *contract.arguments()]


def _wait_for_first_host(seconds=600.0):
    """Let the first host start ranks here (by ssh), and return when they have ended."""
    begin, started = time.monotonic(), False
    while True:
        running = _orted_runs()
        started = started or running
        if started and not running:
            return 0
        if not started and time.monotonic() - begin > seconds:
            raise MXNetError(
                f"sagemaker train: the first host started no rank here in {seconds:.0f} s; "
                "expected that ssh reaches this one"
            )
        time.sleep(1)


def _orted_runs():
    """Whether Open MPI's daemon, which the first host starts, is here."""
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{name}/comm", encoding="utf-8", errors="replace") as stream:
                if stream.read().strip() == "orted":
                    return True
        except OSError:
            continue  # no process, or one that has just ended
    return False
