"""Writes a page for each operator, an index and the table of support.

usage: PYTHONPATH=build/release/python python tools/docs/pages FOLDER
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from pages import facts  # noqa: E402
from pages.page import page  # noqa: E402
from pages.support import support  # noqa: E402


def main(folder):
    folder = pathlib.Path(folder)
    (folder / "operators").mkdir(parents=True, exist_ok=True)
    index = ["# Operators", "", "[Operators, dtypes and kernels](support.md)", ""]
    operators = facts.operators()
    for i, op in enumerate(operators):
        if sys.stderr.isatty() or i % 100 == 0:
            print(f"\r{i} of {len(operators)} operators", end="", file=sys.stderr, flush=True)
        (folder / "operators" / f"{op}.md").write_text(page(op), encoding="utf-8")
        first = facts._core.describe_op(op)["doc"].split("\n")[0]
        index.append(f"- [{op}](operators/{op}.md): {first}")
    (folder / "index.md").write_text("\n".join(index) + "\n", encoding="utf-8")
    (folder / "support.md").write_text(support(), encoding="utf-8")
    print(f"\r{len(operators)} pages in {folder / 'operators'}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "build/docs")
