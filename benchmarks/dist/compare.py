"""What communication costs in a step, beside torch.distributed: compare.py --torch PYTHON.

Runs resnet.py and resnet_torch.py in turns: one rank; two ranks; and two ranks that compute beside
each other and exchange nothing (apart), which share the machine's memory as the two do. Every rank has
one thread. What two ranks take longer than two apart is communication that backward did not hide.
PYTHON is a Python with torch. Prints each least time of a step in ms, then the ratios.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
CASES = {"one": (1, []), "two": (2, []), "apart": (2, ["apart"])}


def run(python, program, ranks, words, steps, batch):
    """The least and the median time of a step in ms, and the processor's."""
    line = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-n", ranks]
    line += ["-x", "OMP_NUM_THREADS=1", python, HERE / program, steps, batch, *words]
    done = subprocess.run(
        list(map(str, line)), capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    found = re.search(r"ms_per_step=([\d.]+) least_ms=([\d.]+) processor_ms=([\d.]+)", done.stdout)
    if not found:
        sys.exit(f"{program} printed no time: {done.stderr}")
    return float(found[2]), float(found[1]), float(found[3])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--torch", required=True, metavar="PYTHON", help="a Python with torch")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--cases", default="one,two,apart", help="which to run")
    parser.add_argument("--steps", type=int, default=14)
    parser.add_argument("--batch", type=int, default=32)
    options = parser.parse_args()
    peers = {"remx": (sys.executable, "resnet.py"), "torch": (options.torch, "resnet_torch.py")}
    times = {}
    for _ in range(options.rounds):
        for case in options.cases.split(","):
            ranks, words = CASES[case]
            for peer, program in peers.items():
                wall, median, busy = run(*program, ranks, words, options.steps, options.batch)
                times.setdefault((peer, case), []).append(wall)
                print(
                    f"{peer:6} {case:6} {wall:8.1f} ms, median {median:8.1f}, "
                    f"processor {busy:8.1f}",
                    flush=True,
                )
    least = {key: min(values) for key, values in times.items()}
    exposed = {}
    for peer in peers:
        if (peer, "one") in least and (peer, "two") in least:
            factor = 2 * least[peer, "one"] / least[peer, "two"]
            print(f"{peer}: 2 ranks make {factor:.2f} x the samples of 1")
        if (peer, "apart") in least and (peer, "two") in least:
            exposed[peer] = least[peer, "two"] - least[peer, "apart"]
            print(f"{peer}: communication that is not hidden: {exposed[peer]:.1f} ms a step")
    if exposed:
        print(f"communication not hidden, remx / torch: {exposed['remx'] / exposed['torch']:.2f}")


main()
