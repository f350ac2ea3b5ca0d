"""The demonstration, and every Python example in the documents."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import mxnet as mx

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
# What differs from run to run in the output of a command.
_MEASURED = re.compile(r"\d[\d\\.]*(?=\\ (?:ms|kB|MB|GB)\b)")


def examples_of(page):
    """Examples of a page: (number of the first line, code, expected output or None).

    Code that is not Python is commands of a shell, with their output behind an empty line.
    """
    text = page.read_text(encoding="utf-8")
    found = []
    for block in _BLOCK.finditer(text):
        language, code, expected = block.groups()
        if language not in ("python", ""):
            continue  # shown, not run
        if language != "python":
            code, _, output = code.partition("\n\n")
            expected = output or None
        found.append((text.count("\n", 0, block.start()) + 2, language, code, expected))
    return found


def run_commands(code, folder):
    """What commands print: those of remx are run, those of make only looked up."""
    code = re.sub(r"^make ", "make -n -C repository >/dev/null ", code, flags=re.MULTILINE)
    remx = f'remx() {{ "{sys.executable}" -m mxnet.cli "$@"; }}'
    done = subprocess.run(
        ["bash", "-euc", f"PATH=/usr/bin:/bin\n{remx}\n{code}"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def pattern_of(output):
    """A pattern for the output of a command: any measured number, any lines for `...`."""
    lines = [_MEASURED.sub(r"[\\d.]+", re.escape(line)) for line in output.rstrip().split("\n")]
    return "\n".join(lines).replace("\n\\.\\.\\.\n", "\n(?:.*\n)*") + r"\s*"


def prepare_readme(folder):
    """Files for the program of README.md: Inception-BN with seeded weights, and a picture."""
    cv2 = pytest.importorskip("cv2")
    sys.path.insert(0, str(ROOT / "tests/networks"))
    from catalog import NETWORKS

    network = NETWORKS["inception_bn"]
    symbol = network.symbol(mx)
    args, auxs = network.parameters(symbol)
    args["conv_1_weight"] /= 128  # made for values of -2 to 2; the program gives 0 to 255
    args, auxs = ({k: mx.nd.array(v) for k, v in values.items()} for values in (args, auxs))
    mx.model.save_checkpoint(str(folder / "Inception-BN"), 0, symbol, args, auxs)
    rows, columns = np.mgrid[:200, :300]
    pixels = np.stack([rows, columns % 256, (rows * columns) // 97 % 256], axis=2)
    cv2.imwrite(str(folder / "image0.jpeg"), pixels.astype(np.uint8))


def prepare_onnx(folder):
    """A network of 1000 classes for pictures of any number."""
    pytest.importorskip("onnx")
    pooled = mx.sym.Pooling(mx.sym.var("x"), global_pool=True, pool_type="avg")
    symbol = mx.sym.FullyConnected(pooled, num_hidden=1000, no_bias=True, name="y")
    params = {"y_weight": mx.nd.ones((1000, 3))}
    mx.onnx.export_model(
        symbol, params, [(1, 3, 224, 224)], np.float32, str(folder / "net.onnx"), dynamic=True
    )


PREPARATIONS = {
    "README.md": prepare_readme,
    "docs/cli.md": prepare_onnx,
    "docs/onnx_import.md": prepare_onnx,
}


def path_of(page):
    """Path of a page inside the repository."""
    return page.relative_to(ROOT).as_posix()


@pytest.fixture
def run_page(tmp_path, monkeypatch, capsys):
    """Runs the examples of a page in order, in one namespace; gives the names they define."""

    def run(page):
        (tmp_path / "examples").symlink_to(ROOT / "examples")
        (tmp_path / "repository").symlink_to(ROOT)
        monkeypatch.chdir(tmp_path)
        PREPARATIONS.get(path_of(page), lambda folder: None)(tmp_path)
        names = {"__name__": page.stem}
        counters = mx.name.NameManager()  # layers are numbered from 0, whatever ran before
        for line, language, code, expected in examples_of(page):
            if language != "python":
                printed = run_commands(code, tmp_path)
                assert expected is None or re.fullmatch(pattern_of(expected), printed), printed
                continue
            # Empty lines before the code make the line numbers of a traceback those of the page.
            program = compile("\n" * (line - 1) + code, str(page), "exec")
            capsys.readouterr()
            with counters:
                exec(program, names)
            printed = capsys.readouterr().out
            if expected is not None:
                assert printed.rstrip() == expected.rstrip(), f"{path_of(page)}, line {line}"
        return names

    yield run
    mx.util.reset_np()
    if mx._core.has_active_cast_policy():  # a page called amp.init
        mx._core.set_active_cast_policy(None)
        mx.contrib.amp.amp._amp_initialized = False


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if examples_of(page) and page.name != "README.md"],
    ids=path_of,
)
def test_examples_of_a_page(page, run_page):
    """The examples of a page print what the page says."""
    run_page(page)


@pytest.mark.filterwarnings("ignore:Data provided by label_shapes")
def test_program_of_the_readme(run_page):
    """It gives what MXNet 1.9.1 gives for the same files."""
    probabilities = run_page(ROOT / "README.md")["prob"]
    assert probabilities.argsort()[::-1][:5].tolist() == [391, 255, 715, 922, 652]
    np.testing.assert_allclose(
        np.sort(probabilities)[::-1][:5],
        [0.06971654, 0.03272227, 0.03187959, 0.01849704, 0.01592448],
        atol=1e-5,
    )


def test_pages_have_examples():
    """The search for examples finds those of README.md, of pages and of the tutorials."""
    found = {path_of(page): len(examples_of(page)) for page in PAGES}
    assert found["README.md"] == 3
    assert found["docs/cli.md"] == 4
    tutorials = {page: count for page, count in found.items() if page.startswith("docs/tutorials/")}
    assert len(tutorials) == 8
    assert min(tutorials.values()) >= 5, tutorials


def test_every_block_is_an_example_or_an_output():
    """No block of a page escapes: an output follows an example, whose language is known."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        rest = _BLOCK.sub("", text)
        assert "```" not in rest, f"{path_of(page)}: {rest[rest.index('```') :][:80]}"


def test_outputs_of_commands_are_compared():
    """But for what is measured, and lines that are left out."""
    assert re.fullmatch(pattern_of("a (0.08 ms)\n...\n4.9 MB  one"), "a (12 ms)\nb\n5 MB  one\n")
    assert not re.fullmatch(pattern_of("a (0.08 ms)\n4.9 MB  one"), "a (12 ms)\n5 MB  two\n")
    assert not re.fullmatch(pattern_of("  0.9868  five"), "  0.9867  five\n")


@pytest.fixture
def demo(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    return importlib.import_module("demo")


def test_demonstration(demo, tmp_path, capsys):
    """Two epochs instead of fifteen: everything is shown and written."""
    out = tmp_path / "out"
    assert demo.main(["--epochs", "2", "--out", str(out)]) == 0
    shown = capsys.readouterr().out
    names = "zero one two three four five six seven eight nine".split()
    with_1_9_1, _, with_gluon, of_ranks, served = re.split(
        r"2\. Train|4\. Export|5\. Train|6\. Serve", shown
    )
    best = r"^\S+\.png  \(.* ms\)\n  [\d.]+  (\w+)"
    assert re.findall(best, with_1_9_1, re.MULTILINE) == names
    assert "memory" in with_1_9_1
    again = re.findall(best, with_gluon, re.MULTILINE)
    assert len(again) == 10 and sum(map(str.__eq__, again, names)) >= 8
    if shutil.which("mpirun"):
        assert (out / "fleet-0002.params").exists() and "remx launch -n 2" in of_ranks
    if importlib.util.find_spec("uvloop"):
        asked = re.findall(r"^(\d)\.png  (\d)  \d\.\d+", served, re.MULTILINE)
        assert len(asked) == 10 and sum(a == b for a, b in asked) >= 8
    epochs = r"^epoch  \d  loss \d\.\d+  train 0\.\d+  test 0\.\d+"
    assert len(re.findall(epochs, shown, re.MULTILINE)) == 4
    accuracy = json.loads((out / "accuracy.json").read_text())
    assert accuracy["module"] > 0.9 and accuracy["gluon"][-1] > 0.9
    for prefix in ("lenet", "convnet"):
        symbol, args, _ = mx.model.load_checkpoint(str(out / prefix), 2)
        assert set(args) < set(symbol.list_arguments())
    if importlib.util.find_spec("matplotlib"):
        assert mx.image.imread(str(out / "digits.png")).shape == (400, 1200, 3)


def test_demonstration_with_another_checkpoint(demo, capsys):
    prefix, picture = str(demo.DIGITS / "digits-lenet"), demo.IMAGES[4]
    assert demo.main(["--model", prefix, "--epoch", "10", "--image", picture, "--top", "1"]) == 0
    assert re.match(r".*4\.png  \(.* ms\)\n  0\.\d+  4 ", capsys.readouterr().out)


def test_demonstration_refuses_what_it_does_not_know(demo, capsys):
    with pytest.raises(SystemExit):
        demo.main(["--modell", "x"])
    assert "unknown arguments: --modell x" in capsys.readouterr().err
