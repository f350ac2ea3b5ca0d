"""The programs in examples/, each run briefly: they learn, draw, compute as MXNet 1.9.1 does."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = sorted(
    path.stem for path in ROOT.glob("examples/*.py") if path.stem not in ("demo", "fleet", "shared")
)
# Losses of the first steps with --quick under 1.9.1, from tools/oracle/write_example_losses.py.
LOSSES = json.loads((ROOT / "tests/data/examples/losses.json").read_text())
HAS_MATPLOTLIB = importlib.util.find_spec("matplotlib") is not None


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """Runs a program with `--quick`; gives its exit code, what it wrote and what it printed."""
    monkeypatch.syspath_prepend(str(ROOT / "examples"))

    def run(name, *arguments):
        program = importlib.import_module(name)
        code = program.main(["--quick", "--out", str(tmp_path), *arguments])
        return code, json.loads((tmp_path / f"{name}.json").read_text()), capsys.readouterr().out

    return run


@pytest.mark.parametrize("name", PROGRAMS)
def test_learns_and_draws(name, run, tmp_path):
    """The goal is reached; the first losses are those of 1.9.1 with the same seed."""
    code, written, printed = run(name)
    assert code == 0, printed
    assert len(written["losses"]) > len(LOSSES[name])
    np.testing.assert_allclose(
        written["losses"][: len(LOSSES[name])], LOSSES[name], rtol=1e-3, atol=1e-3
    )
    if HAS_MATPLOTLIB:
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", PROGRAMS)
def test_notices_when_nothing_is_learned(name, run):
    """Without training the goal is missed."""
    code, written, printed = run(name, "--epochs", "0")
    assert code == 1, printed
    assert written["losses"] == []


@pytest.mark.parametrize("name", PROGRAMS)
def test_tells_its_options(name, run, capsys):
    with pytest.raises(SystemExit) as ended:
        run(name, "--help")
    assert ended.value.code == 0
    assert "--epochs" in capsys.readouterr().out


def test_every_program_stands_in_the_table():
    """examples/README.md names each program once, with a figure."""
    table = (ROOT / "examples/README.md").read_text(encoding="utf-8")
    rows = [line for line in table.splitlines() if line.startswith("| [")]
    assert sorted(row.split("]")[0][3:] for row in rows) == [f"{name}.py" for name in PROGRAMS]
