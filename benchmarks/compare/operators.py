"""Times every operator under Remx and MXNet 1.9.1 on inputs of one standard size.

usage: python benchmarks/compare/operators.py FOLDER TIMES.json --oracle-python PATH
           [--part 1/8] [--only TEXT] [--rounds 3] [--threads 1 --clock cpu] [--table]

FOLDER is what `operator_inputs.py` wrote. Times are added to TIMES.json, the least of all runs, so
that the operators can be timed in parts and again; the programs take turns, in fresh processes.
--table prints the table of what is there and times nothing.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("times", type=Path)
    parser.add_argument("--oracle-python", help="interpreter that has mxnet 1.9.1")
    parser.add_argument("--remx-python", default=sys.executable)
    parser.add_argument("--build", default=ROOT / "build/release", help="build folder of Remx")
    parser.add_argument("--part", default="1/1", help="which part of how many")
    parser.add_argument("--only", default="", help="operators whose name contains this text")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall", help="what is timed")
    parser.add_argument("--table", action="store_true")
    return parser.parse_args(arguments)


def programs_of(options):
    """Column -> (interpreter, environment)."""
    remx = {"PYTHONPATH": str(Path(options.build).resolve() / "python")}
    found = {"remx": (options.remx_python, remx)}
    if options.oracle_python:
        found["1.9.1"] = (options.oracle_python, {"MXNET_SUBGRAPH_BACKEND": "NONE"})
    return found


def names_of(options):
    names = sorted(p.stem for p in options.folder.glob("*.npz") if options.only in p.stem)
    part, parts = map(int, options.part.split("/"))
    return names[part - 1 :: parts]


def run(program, options, names):
    """Row -> (milliseconds, elements) for all operators, past those that end their process."""
    python, more = program
    threads = {f"{k}_NUM_THREADS": str(options.threads) for k in ("OMP", "MKL", "OPENBLAS")}
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    rows, left = {}, list(names)
    while left:
        done = subprocess.run(
            [python, HERE / "work_operators.py", options.clock, options.folder, *left],
            env={**environment, **threads, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        rows.update({x["work"]: (x["value"], x["size"]) for x in lines if "work" in x})
        begun = [x["begin"] for x in lines if "begin" in x]
        for x in lines:
            if "refused" in x:
                print(f"{python}: {x['refused']}: {x['why']}", file=sys.stderr)
        if done.returncode == 0:
            break
        if not begun:
            raise RuntimeError(f"{python} work_operators.py does not start")
        print(f"{python}: {begun[-1]}: the process ended", file=sys.stderr)
        left = left[left.index(begun[-1]) + 1 :]
    return rows


def measure(options, times):
    programs, names = programs_of(options), names_of(options)
    for number in range(options.rounds):
        order = list(programs) if number % 2 == 0 else list(reversed(programs))
        for column in order:
            for row, (value, size) in run(programs[column], options, names).items():
                found = times.setdefault(row, {"size": size})
                found[column] = min(value, found.get(column, math.inf))
        options.times.write_text(json.dumps(times, indent=0, sort_keys=True))


def table(times):
    """Lines of the table, the slowest beside 1.9.1 first, and what they come to."""
    both = {n: t["1.9.1"] / t["remx"] for n, t in times.items() if "1.9.1" in t and "remx" in t}
    lines = [f"{'milliseconds':44s}{'elements':>10s}{'1.9.1':>11s}{'remx':>11s}{'faster':>9s}"]
    for name in sorted(both, key=both.get):
        t = times[name]
        lines.append(
            f"{name:44s}{t['size']:10d}{t['1.9.1']:11.4f}{t['remx']:11.4f}{both[name]:8.2f}x"
        )
    if both:
        mean = math.exp(sum(map(math.log, both.values())) / len(both))
        slower = sum(value < 0.9 for value in both.values())
        lines.append(
            f"geometric mean of {len(both)} rows: {mean:.2f} x as fast; {slower} below 0.9 x"
        )
    return lines


def main(arguments=None):
    options = parse(arguments)
    times = json.loads(options.times.read_text()) if options.times.exists() else {}
    if not options.table:
        measure(options, times)
    print("\n".join(table(times)))


if __name__ == "__main__":
    main()
