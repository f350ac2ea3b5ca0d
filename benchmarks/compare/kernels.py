"""Times single operators under Remx, MXNet 1.9.1, NumPy and PyTorch, and prints a table.

usage: python benchmarks/compare/kernels.py [--oracle-python PATH] [--peers-python PATH]
           [--rows standard|large] [--only TEXT] [--part 1/4] [--times FILE] [--rounds 3]

The programs take turns, each round in fresh processes, each with its own interpreter; a row's
figure is the least of all rounds. "best" is the fastest of the others. The large rows are those of
16 million floats; for such as are bound by memory a column says how much of the bandwidth of a copy
(the faster peer's) Remx reaches. With --times, times are added to those of a file, so that the
rows can be timed in parts. Run it with nothing else on the machine.
"""

from __future__ import annotations

import argparse
import collections
import json
import math
import subprocess
import sys
from pathlib import Path

import kernel_inputs
import large_rows
from asking import plain_environment

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--oracle-python", help="interpreter that has mxnet 1.9.1")
    parser.add_argument("--peers-python", help="interpreter that has NumPy and torch")
    parser.add_argument("--remx-python", default=sys.executable)
    parser.add_argument("--build", default=ROOT / "build/release", help="build folder of Remx")
    parser.add_argument("--rows", choices=["standard", "large"], default="standard")
    parser.add_argument("--only", default="", help="rows whose name contains this text")
    parser.add_argument("--part", default="1/1", help="which part of the rows, of how many")
    parser.add_argument("--times", type=Path, help="file of times, in JSON")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args(arguments)


def programs_of(options):
    """Column -> (interpreter, what work_kernels.py runs, environment)."""
    remx = {"PYTHONPATH": str(Path(options.build).resolve() / "python")}
    found = {"remx": (options.remx_python, "mxnet", remx)}
    if options.oracle_python:
        found["1.9.1"] = (options.oracle_python, "mxnet", {"MXNET_SUBGRAPH_BACKEND": "NONE"})
    if options.peers_python:
        if options.rows == "standard":
            found["numpy"] = (options.peers_python, "numpy", {})
        found["torch"] = (options.peers_python, "torch", {})
    return found


def rows_of(options):
    inputs = large_rows.INPUTS if options.rows == "large" else kernel_inputs.INPUTS
    part, parts = map(int, options.part.split("/"))
    return [name for name in inputs if options.only in name][part - 1 :: parts]


def run(program, options):
    """Row -> milliseconds, of one process."""
    python, name, more = program
    threads = {f"{k}_NUM_THREADS": str(options.threads) for k in ("OMP", "MKL", "OPENBLAS")}
    done = subprocess.run(
        [python, HERE / "work_kernels.py", name, options.rows, *rows_of(options)],
        env={**plain_environment(), **threads, **more},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {row["work"]: row["value"] for row in rows}


def of_copy(row, times):
    """Share of a copy's bandwidth that Remx reaches in a row, or None."""
    # Remx's own copy is free until one side is written.
    copies = {c: t for c, t in times.get("copy", {}).items() if c != "remx"}
    if not copies or row == "copy" or row not in large_rows.BYTES:
        return None
    moved = large_rows.BYTES[row] / large_rows.BYTES["copy"]
    return moved * min(copies.values()) / times[row]["remx"]


def table(times, columns):
    """Lines of the table, with the ratio of Remx to the best of the others and their mean."""
    others = [c for c in columns if c != "remx"]
    heads = [*others, "remx", "to best", *(["of copy"] if "copy" in times else [])]
    lines = [f"{'milliseconds':34s}" + "".join(f"{c:>9s}" for c in heads)]
    ratios = []
    for row in [*kernel_inputs.INPUTS, *large_rows.INPUTS]:
        found = times[row]
        if "remx" not in found:
            continue
        best = min((found[c] for c in others if c in found and row != "copy"), default=None)
        cells = [f"{found[c]:9.3f}" if c in found else " " * 9 for c in [*others, "remx"]]
        if best is not None:
            ratios.append(found["remx"] / best)
            cells.append(f"{ratios[-1]:9.2f}")
        share = of_copy(row, times)
        if share is not None:
            cells.append(f"{share:8.0%}" if best is not None else f"{share:17.0%}")
        lines.append(f"{row:34s}" + "".join(cells))
    if ratios:
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        lines.append(
            f"{'geometric mean of ' + str(len(ratios)) + ' rows':34s}"
            + " " * 9 * (len(others) + 1)
            + f"{mean:9.2f}"
        )
    return lines


def main(arguments=None):
    options = parse(arguments)
    programs = programs_of(options)
    times = collections.defaultdict(dict)
    if options.times and options.times.exists():
        times.update(json.loads(options.times.read_text()))
    for number in range(options.rounds):
        names = list(programs)
        first = number % len(names)
        for name in names[first:] + names[:first]:
            for row, value in run(programs[name], options).items():
                times[row][name] = min(value, times[row].get(name, math.inf))
    if options.times:
        options.times.write_text(json.dumps(times, indent=0))
    print("\n".join(table(times, list(programs))))


if __name__ == "__main__":
    main()
