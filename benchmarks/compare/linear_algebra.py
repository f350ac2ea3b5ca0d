"""Products and factorizations of matrices beside NumPy and PyTorch, in turn in one sitting.

    python benchmarks/compare/linear_algebra.py --peers-python TORCH/bin/python [--only TEXT]

Prints milliseconds (medians over rounds of the least of a few calls) and the ratio of Remx to the
faster of the others. All have the same number of threads. Nothing else may run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from pathlib import Path

from asking import Program, in_turn, threads_environment
from work_linear_algebra import rows

ROOT = Path(__file__).resolve().parent.parent.parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers-python", required=True, help="interpreter with NumPy and torch")
    parser.add_argument("--build", default=ROOT / "build/release", help="build folder of Remx")
    parser.add_argument("--only", default="", help="rows whose name contains this text")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    threads = threads_environment(options.threads)
    # What Remx sets for its own OpenBLAS must not choose NumPy's.
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        os.environ.pop(name, None)
    remx = {**threads, "PYTHONPATH": str(Path(options.build).resolve() / "python")}
    script = "work_linear_algebra.py"
    programs = [
        Program("remx", sys.executable, script, "remx", environment=remx),
        Program("numpy", options.peers_python, script, "numpy", environment=threads),
        Program("torch", options.peers_python, script, "torch", environment=threads),
    ]
    print(f"{'milliseconds':32}" + "".join(f"{p.name:>10}" for p in programs) + "   to best")
    for row in rows():
        if options.only not in row:
            continue
        answers = in_turn(programs, row, options.rounds)
        times = {
            name: statistics.median(found) for name, found in answers.items() if None not in found
        }
        best = min(value for name, value in times.items() if name != "remx")
        cells = "".join(f"{times[p.name]:10.3f}" if p.name in times else " " * 10 for p in programs)
        print(f"{row:32}{cells}{times['remx'] / best:10.2f}", flush=True)
    for program in programs:
        program.close()


if __name__ == "__main__":
    main()
