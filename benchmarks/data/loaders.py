"""Loading of pictures beside PyTorch with torchvision, as ratios of rates within rounds.

usage: python benchmarks/data/loaders.py --peers-python PATH [--pictures 400] [--rounds 3]

| row | Remx | peer |
|---|---|---|
| loader | Gluon's DataLoader, 4 workers, transforms to 224x224 | DataLoader, the same |
| records | ImageRecordIter with a thread for each core | ImageFolder and DataLoader, 4 workers |
| first | time to the first batch with 2 spawned workers | the same |

Every measurement is a fresh process, and programs take turns; above 1 Remx is faster. The peer's
interpreter has torch, torchvision and Pillow.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORKERS = {"loader": (4, 4), "records": (os.cpu_count() or 1, 4), "first": (2, 2)}


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers-python", required=True, help="interpreter with torchvision")
    parser.add_argument("--remx-python", default=sys.executable)
    parser.add_argument("--build", default=ROOT / "build/release", type=pathlib.Path)
    parser.add_argument("--folder", default=ROOT / "build/benchmark-pictures", type=pathlib.Path)
    parser.add_argument("--pictures", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=WORKERS, action="append")
    return parser.parse_args()


def run(python, program, *arguments, **environment):
    done = subprocess.run(
        [python, "-W", "ignore", str(HERE / program), *map(str, arguments)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return done.stdout.split()


def main():
    options = parse()
    folder = options.folder / str(options.pictures)
    if not folder.exists():
        run(options.peers_python, "prepare.py", folder, options.pictures)
    path = str(options.build.resolve() / "python")
    for kind in options.only or WORKERS:
        mine, theirs = WORKERS[kind]
        ratios, rates = [], []
        for _ in range(options.rounds):
            own = run(options.remx_python, "work_remx.py", kind, folder, mine, PYTHONPATH=path)
            peer = run(options.peers_python, "work_torch.py", kind, folder, theirs)
            rates.append((float(own[-1]), float(peer[-1])))
            ratios.append(rates[-1][0] / rates[-1][1])
        own, peer = (statistics.median(column) for column in zip(*rates))
        print(
            f"{kind:8} Remx {own:8.2f}/s, PyTorch {peer:8.2f}/s, "
            f"ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        )


if __name__ == "__main__":
    main()
