"""Errors of the user: one line on the error stream, exit code 2, no traceback."""

import subprocess
import sys

import pytest

import mxnet as mx


def assert_error(outcome, *parts):
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err.startswith("remx: error: ")
    assert outcome.err.count("\n") == 1
    for part in parts:
        assert part in outcome.err


def test_missing_checkpoint(remx, tmp_path, images):
    outcome = remx("predict", "--model", tmp_path / "net", "--image", images[0])
    assert_error(outcome, "net-symbol.json")


def test_missing_epoch(remx, digits, images):
    outcome = remx("predict", *digits[:2], "--epoch", 11, "--image", images[0])
    assert_error(outcome, "digits-lenet-0011.params")


def test_damaged_checkpoint(remx, tmp_path, digits):
    for suffix in ("-symbol.json", "-0010.params"):
        data = open(f"{digits[1]}{suffix}", "rb").read()
        (tmp_path / f"net{suffix}").write_bytes(data)
    (tmp_path / "net-0010.params").write_bytes(data[:-100])
    outcome = remx("info", "--model", tmp_path / "net", "--epoch", 10)
    assert_error(outcome, "net-0010.params")
    (tmp_path / "net-symbol.json").write_text("{}")
    outcome = remx("info", "--model", tmp_path / "net", "--epoch", 10)
    assert_error(outcome, "net-symbol.json")


def test_picture_that_is_none(remx, digits, images, tmp_path):
    text = tmp_path / "text.png"
    text.write_text("no picture")
    assert_error(remx("predict", *digits, "--image", text), str(text))
    missing = tmp_path / "missing.png"
    assert_error(remx("predict", *digits, "--image", missing), str(missing), "No such file")
    assert_error(remx("predict", *digits, "--image", tmp_path), str(tmp_path), "directory")


def test_synset_of_another_network(remx, digits, images, tmp_path):
    synset = tmp_path / "synset.txt"
    synset.write_text("a\nb\n")
    outcome = remx("predict", *digits, "--image", images[0], "--synset", synset)
    assert_error(outcome, "synset.txt has 2 lines; 10 are expected")
    outcome = remx("predict", *digits, "--image", images[0], "--synset", tmp_path / "none.txt")
    assert_error(outcome, "none.txt")
    outcome = remx("predict", *digits, "--image", images[0], "--synset", images[0])
    assert_error(outcome, "is no text file")


def test_missing_parameter(remx, save):
    symbol = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    options = save(symbol, {"data": (1, 3)}, skip=["fc_bias"])
    assert_error(remx("info", *options, "--shape", 3), "parameter fc_bias is missing")


def test_several_inputs(remx, save):
    symbol = mx.sym.Variable("left") + mx.sym.Variable("right")
    options = save(symbol, {"left": (1, 3), "right": (1, 3)})
    assert_error(remx("info", *options, "--shape", 3), "the inputs are left, right")


def test_input_that_is_no_picture(remx, save, images):
    symbol = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    options = save(symbol, {"data": (1, 4)})
    outcome = remx("predict", *options, "--shape", 4, "--image", images[0])
    assert_error(outcome, "the input shape (4,) is no picture's")


def test_device_that_is_none(remx, digits):
    assert_error(remx("info", *digits, "--device", "tpu"), "--device=tpu is unknown")


@pytest.mark.skipif(mx.context.num_gpus() > 0, reason="there is a GPU")
def test_device_that_is_missing(remx, digits):
    assert_error(remx("bench", *digits, "--device", "gpu", "--batch", 1), "gpu")


def test_numbers_of_channels(remx, digits, images):
    outcome = remx("predict", *digits, "--image", images[0], "--mean", "1,2,3")
    assert_error(outcome, "--mean has 3 numbers; 1 or 1 is expected")
    outcome = remx("predict", *digits, "--image", images[0], "--std", "0")
    assert_error(outcome, "--std holds 0")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "required: COMMAND"),
        (["predict"], "--model"),
        (["dance"], "invalid choice: 'dance'"),
        (["bench", "--model", "m", "--batch", "1,0"], "'0' is not a whole number above zero"),
        (["bench", "--model", "m", "--runs", "x"], "'x' is not a whole number above zero"),
        (["info", "--model", "m", "--epoch", "-1"], "epoch"),
        (["predict", "--model", "m", "--image", "i", "--scale", "1/0"], "'1/0' is not a number"),
        (["predict", "--model", "m", "--image", "i", "--scale", "x/2"], "'x/2' is not a number"),
        *(
            (["predict", "--model", "m", "--image", "i", option, text], f"{text!r} is not a finite")
            for option in ("--scale", "--mean", "--std")
            for text in ("1e400", "1e39", "nan", "inf", "1/1e-300", "1e999999999999")
        ),
    ],
)
def test_wrong_command_line(remx, arguments, message):
    outcome = remx(*arguments)
    assert outcome.code == 2
    assert message in outcome.err
    assert "Traceback" not in outcome.err


def test_reader_that_leaves():
    """As in ``remx operators | head -1``."""
    command = f"{sys.executable} -m mxnet.cli operators --json | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120)
    assert done.stdout == "[\n"
    assert done.stderr == ""
    assert done.returncode == 0
