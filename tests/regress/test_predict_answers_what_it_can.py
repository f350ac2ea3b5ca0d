"""`remx predict` lost good answers to a bad picture, and ended in tracebacks over NaN.

One broken picture among others ended the program before anything was printed. Parameters that hold
NaN and numbers such as `--scale 1e400` ended in tracebacks; `--json` printed NaN, which is no JSON.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx
from mxnet.cli.checkpoint import as_probabilities

ROOT = Path(__file__).resolve().parents[2]
DIGITS = ROOT / "examples/digits"
IMAGES = [DIGITS / f"images/{digit}.png" for digit in range(3)]


def predict(*arguments, model=DIGITS / "digits-lenet", encoding="utf-8"):
    command = [sys.executable, "-m", "mxnet.cli", "predict", "--model", model, "--epoch", "10"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    return subprocess.run(
        [os.fsencode(each) for each in [*command, *arguments]],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def strict(text):
    def refuse(name):
        raise AssertionError(f"{name} is no JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.fixture
def broken(tmp_path):
    path = tmp_path / "broken.png"
    path.write_bytes(IMAGES[0].read_bytes()[:60])
    return path


@pytest.fixture
def with_nan(tmp_path):
    """The digits' checkpoint with one NaN in it, as after a training that diverged."""
    symbol, args, auxs = mx.model.load_checkpoint(str(DIGITS / "digits-lenet"), 10)
    bias = args["fc2_bias"].asnumpy()
    bias[3] = np.nan
    args["fc2_bias"] = mx.nd.array(bias)
    mx.model.save_checkpoint(str(tmp_path / "net"), 10, symbol, args, auxs)
    return tmp_path / "net"


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_good_pictures_beside_a_broken_one(broken, batch):
    files = [IMAGES[0], broken, IMAGES[1], "none.png", IMAGES[2]]
    done = predict("--batch", str(batch), "--json", "--image", *files)
    assert done.returncode == 1
    pictures = strict(done.stdout)["pictures"]
    assert [each["file"] for each in pictures] == [str(each) for each in files]
    assert [each["top"][0]["class"] for each in pictures[::2]] == [0, 1, 2]
    assert str(broken) in pictures[1]["error"] and "top" not in pictures[1]
    assert "none.png" in pictures[3]["error"]
    errors = done.stderr.splitlines()
    assert len(errors) == 2
    assert errors[0].startswith("remx: error: ") and str(broken) in errors[0]


def test_text_of_good_pictures_beside_a_broken_one(broken):
    done = predict("--top", "1", "--image", broken, IMAGES[2])
    assert done.returncode == 1
    assert [line.split()[1] for line in done.stdout.splitlines() if line[0] == " "] == ["2"]
    assert done.stdout.splitlines()[-1].startswith("1 pictures, ")


def test_only_broken_pictures(broken):
    done = predict("--image", broken, broken)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 2)
    done = predict("--json", "--image", broken)
    assert done.returncode == 2
    assert list(strict(done.stdout)["pictures"][0]) == ["file", "error"]


@pytest.mark.parametrize("options", [["--json"], []])
def test_parameters_that_hold_nan(with_nan, options):
    done = predict(*options, "--image", IMAGES[0], model=with_nan)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "the outputs of the network hold NaN or infinity" in done.stderr
    assert not options or strict(done.stdout)["pictures"][0]["error"]


def test_infinite_pixels():
    done = predict("--json", "--scale", "3e38", "--std", "1e-30", "--image", IMAGES[0])
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "its pixels leave the range of float32" in done.stderr
    strict(done.stdout)


def test_rows_do_not_change_each_other():
    rows = np.float32([[0.25, 0.75], [np.nan, 1], [1, 3], [np.inf, 0]])
    found = as_probabilities(rows)
    np.testing.assert_array_equal(found[0], [0.25, 0.75])
    assert np.isnan(found[[1, 3]]).all()
    np.testing.assert_allclose(found[2], np.exp([1, 3]) / np.exp([1, 3]).sum())


def test_file_name_that_the_terminal_cannot_show(tmp_path):
    path = os.path.join(os.fsencode(tmp_path), b"\xff\xc3\xa9.png")
    shutil.copy(IMAGES[1], path)
    done = predict("--top", "1", "--image", path, encoding="ascii")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].split("/")[-1].startswith("\\udcff\\xe9.png")
    assert done.stdout.splitlines()[1].split()[1] == "1"
