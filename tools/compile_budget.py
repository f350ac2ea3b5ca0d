"""Recompiles the slowest objects of a build one by one and checks their time and memory.

usage: python tools/compile_budget.py [--build build/release] [--slowest 10]

An object may take 20 s of processor time and 1 GB, a CUDA object 90 s and 2 GB. Which ones are the
slowest is read from ninja's log; ccache is bypassed for the measurement.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMITS = {".cc": (20, 1024), ".cpp": (20, 1024), ".cu": (90, 2048)}


def slowest_objects(build, count):
    """Object paths of ninja's log by the time of their last compilation, slowest first."""
    times = {}
    for line in (build / ".ninja_log").read_text().splitlines()[1:]:
        start, end, _, output, _ = line.split("\t")
        if output.endswith(".o"):
            times[output] = int(end) - int(start)
    return sorted(times, key=times.get, reverse=True)[:count]


def output_of(entry):
    """The object that an entry of compile_commands.json writes."""
    command = shlex.split(entry["command"])
    return command[command.index("-o") + 1]


def measure(command, folder):
    """Runs a command; returns (processor seconds, peak MB) of it and its children."""
    environment = {**os.environ, "CCACHE_DISABLE": "1"}
    pid = os.fork()
    if pid == 0:
        os.chdir(folder)
        os.execvpe(command[0], command, environment)
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise RuntimeError(f"compilation failed: {shlex.join(command)}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=ROOT / "build/release")
    parser.add_argument("--slowest", type=int, default=10, help="objects to measure")
    options = parser.parse_args()
    entries = json.loads((options.build / "compile_commands.json").read_text())
    entries = {output_of(entry): entry for entry in entries}
    over = 0
    for name in slowest_objects(options.build, options.slowest):
        if name not in entries:
            continue  # an object of an earlier configuration
        entry = entries[name]
        command = shlex.split(entry["command"])
        command[command.index("-o") + 1] = "/dev/null"
        seconds, megabytes = measure(command, entry["directory"])
        source = Path(entry["file"])
        most_seconds, most_megabytes = LIMITS[source.suffix]
        ok = seconds <= most_seconds and megabytes <= most_megabytes
        over += not ok
        shown = os.path.relpath(source, ROOT)
        print(f"{seconds:6.1f} s {megabytes:6.0f} MB  {shown}{'' if ok else '  OVER BUDGET'}")
    print(f"compile budget: {over} objects over it")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
