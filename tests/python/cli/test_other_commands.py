"""remx operators, remx env, --version, --help, and the progress that long commands show."""

import mxnet as mx
from mxnet.cli.output import Progress, bar, size_text, table


def test_version(remx):
    outcome = remx("--version")
    assert outcome.code == 0
    assert outcome.out == "remx 0.1.0 (interface of MXNet 1.9.1)\n"


def test_help_names_every_command(remx):
    text = remx("--help").out
    for name in ("predict", "info", "bench", "im2rec", "operators", "env"):
        assert name in text


def test_list_of_operators(remx):
    document = remx("operators", "--json").document
    found = {op["name"]: op for op in document}
    assert len(found) == len(document)
    assert {name for op in document for name in [op["name"], *op["aliases"]]} == set(
        mx._core.list_ops()
    )
    assert all(op["doc"] for op in document)
    assert remx("operators").out.splitlines()[-1] == f"{len(document)} operators"


def test_search(remx):
    names = [op["name"] for op in remx("operators", "--search", "Softmax", "--json").document]
    assert "softmax" in names
    assert "Convolution" not in names
    assert remx("operators", "--search", "no such text").out == "0 operators\n"


def test_one_operator(remx):
    document = remx("operators", "FullyConnected", "--json").document
    assert [each["name"] for each in document["inputs"]] == ["data", "weight", "bias"]
    parameter = document["parameters"][0]
    assert (parameter["name"], parameter["default"]) == ("num_hidden", None)
    text = remx("operators", "FullyConnected").out
    assert text.startswith("FullyConnected(data=None, weight=None, bias=None, num_hidden")
    assert "num_hidden (int, required)" in text
    assert "Differentiable." in text


def test_aliases_are_found(remx):
    assert remx("operators", "flatten", "--json").document["name"] == "Flatten"


def test_unknown_operator(remx):
    outcome = remx("operators", "Convlution")
    assert outcome.code == 2
    assert "did you mean Convolution" in outcome.err


def test_environment(remx, monkeypatch):
    monkeypatch.setenv("REMX_VERBOSE", "1")
    variables = {each["name"]: each for each in remx("env", "--json").document}
    assert variables["REMX_VERBOSE"]["value"] == "1"
    assert variables["REMX_VERBOSE"]["default"] == "0"
    assert all(each["doc"] for each in variables.values())
    assert "REMX_VERBOSE=1  (default '0')\n" in remx("env").out


def test_progress_on_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with Progress("reading", 2) as progress:
        progress.step(note="files")
    assert capsys.readouterr().err == "\rreading: 1 of 2 files\r" + " " * 21 + "\r"


def test_progress_elsewhere_is_quiet_at_first_and_then_plain(capsys, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    with Progress("reading", 3) as progress:
        progress.step()
        now[0] += 6
        progress.step()
        progress.step()
    assert capsys.readouterr().err == "reading: 2 of 3\n"


def test_small_things():
    assert [bar(value, 4) for value in (0, 0.5, 1, 2)] == ["", "██", "████", "████"]
    assert bar(9 / 32, 4) == "█▏"
    assert [size_text(count) for count in (7, 4900, 82600000, 5e12)] == [
        "7 bytes",
        "4.9 kB",
        "82.6 MB",
        "5e+03 GB",
    ]
    assert table(["a", "b"], [["xx", "1"]]) == ["a   b", "--  -", "xx  1"]
