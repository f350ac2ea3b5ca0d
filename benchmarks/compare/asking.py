"""Programs that are made ready once and then asked in turn, so that rounds lie close together."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent


def plain_environment():
    """The environment without what would change a program under test.

    PYTHONPATH may make every Python import Remx as mxnet. Threads that do not spin
    (OMP_WAIT_POLICY) have to be woken for each layer: 1.7 x the time of MobileNet v2, batch 1.
    """
    changing = ("PYTHONPATH", "OMP_WAIT_POLICY")
    return {name: value for name, value in os.environ.items() if name not in changing}


class Program:
    """A process of a script in this folder, which answers each line with a line of JSON."""

    def __init__(self, name, python, script, *arguments, environment=None):
        self.name = name
        self.process = subprocess.Popen(
            [python, HERE / script, *arguments],
            env={**plain_environment(), **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def read(self):
        """The next answer.

        Raises:
          RuntimeError: The program has ended.
        """
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} has ended")
        return json.loads(line)

    def ask(self, question):
        self.process.stdin.write(f"{question}\n")
        self.process.stdin.flush()
        return self.read()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def in_turn(programs, question, rounds):
    """Asks all programs in each round, another one first each time; answers by name."""
    answers = {program.name: [] for program in programs}
    for number in range(rounds):
        first = number % len(programs)
        for program in programs[first:] + programs[:first]:
            answers[program.name].append(program.ask(question))
    return answers


def threads_environment(threads):
    return {f"{name}_NUM_THREADS": str(threads) for name in ("OMP", "MKL", "OPENBLAS")}
