"""Runs works in interleaved rounds: each measurement is a fresh process of one program."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict

from asking import plain_environment

TIME_LIMIT_S = 1800
TOLERANCE, TOLERANCE_BF16 = 1e-3, 0.1


def run_process(command, environment):
    """Runs one process; returns its standard output.

    Raises:
      RuntimeError: The process failed; the message holds the end of its error output.
    """
    process = subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        output, errors = process.communicate(timeout=TIME_LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise RuntimeError(f"no result within {TIME_LIMIT_S} s") from None
    if process.returncode:
        last = (errors.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"exit {process.returncode}: {last[:300]}")
    return output


# Reports wall time and peak memory of a command without the cost of this process in it.
_TIMED = (
    "import os, sys, time; start = time.perf_counter(); "
    "pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, "
    "file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]); "
    "_, status, usage = os.wait4(pid, 0); "
    "print(time.perf_counter() - start, usage.ru_maxrss / 1024); "
    "sys.exit(1 if status else 0)"
)


class Measurements:
    """Values of every row (one row per measured quantity) and program, over the rounds."""

    def __init__(self, programs, threads):
        self.programs = programs
        self.environment = {**plain_environment(), "OMP_NUM_THREADS": str(threads)}
        self.values = defaultdict(lambda: defaultdict(list))
        self.units = {}
        self.failures = {}
        self.samples = {}

    def run(self, work, rounds):
        """Measures one work under all its programs, in turn, `rounds` times."""
        names = [name for name in work.calls if name in self.programs]
        for index in range(work.rounds or rounds):
            # The program that goes first changes, so that none always follows the same one.
            shift = index % max(1, len(names))
            for name in names[shift:] + names[:shift]:
                if (work.name, name) in self.failures:
                    continue
                print(f"  round {index + 1}: {work.name}, {name}", file=sys.stderr, flush=True)
                try:
                    self._measure(work, self.programs[name])
                except RuntimeError as error:
                    self.failures[work.name, name] = str(error)
                    print(f"  failed: {error}", file=sys.stderr, flush=True)

    def _measure(self, work, program):
        environment = {**self.environment, **program.environment}
        arguments = work.calls[program.name]
        if work.whole_process:
            python = arguments[0] == "-c"
            command = [program.python, *arguments] if python else program.command(*arguments)
            timed = [sys.executable, "-c", _TIMED, *command]
            seconds, peak = map(float, run_process(timed, environment).split())
            self._add(work.name, program, "s", seconds)
            self._add(f"{work.name}, peak memory", program, "MB", peak)
            return
        for line in run_process(program.command(*arguments), environment).splitlines():
            if line.startswith('{"work"'):
                row = json.loads(line)
                kind, _, rest = row["work"].partition(" ")
                # `infer` and `train` are named by the work; a suffix stays (`planned`).
                own = kind in ("infer", "train")
                name = f"{work.name} {rest}".strip() if own else row["work"]
                self._check(work, program, row.get("sample"))
                self._add(name, program, row["unit"], row["value"])

    def _check(self, work, program, sample):
        """Compares a program's answer with the first one seen for the same network."""
        if sample is None:
            return
        first = self.samples.setdefault(work.name.replace(" bf16", ""), sample)
        difference = max(abs(a - b) for a, b in zip(first, sample))
        limit = TOLERANCE_BF16 if program.name.endswith("bf16") else TOLERANCE
        if not difference <= limit:
            raise RuntimeError(f"its answer differs by {difference:.2g} of the largest output")

    def _add(self, row, program, unit, value):
        self.units[row] = unit
        self.values[row][program.name].append(value)
