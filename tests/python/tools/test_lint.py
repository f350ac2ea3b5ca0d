"""Each lint rule finds its violation in a small tree, and nothing in the tree without it."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
OPERATOR = 'const OpBuilder softmax = OpBuilder("softmax");\n'
CLEAN = {
    "src/base/env.cc": "#include <cstdlib>\n\n"
    'const char* home = std::getenv("HOME");  // the one place\n',
    "src/ops/nn/softmax.cc": '#include "ir/op.h"\n\n' + OPERATOR,
    "src/backend/cpu/nn/softmax.cc": '#include "dispatch/kernel.h"\n',
    "tests/ops/nn/test_softmax.py": "CASES = []\n",
}
LONG_FUNCTION = "void run(int n) {\n" + "  n += 1;\n" * 80 + "}\n"

# (rule, file, its content, part of the message); None removes a file of the clean tree. A bar in
# a forbidden word keeps the word out of this file; it is taken out before use.
VIOLATIONS = [
    ("include_direction", "src/ir/graph.cc", '#include "engine/engine.h"\n', "above ir/"),
    ("include_direction", "src/ops/nn/pad.h", '#include "ndarray/ndarray.h"\n', "base/ and ir/"),
    ("include_direction", "src/backend/cpu/nn/pad.cc", '#include "engine/var.h"\n', "kernel.h"),
    (
        "include_direction",
        "src/backend/cuda/nn/pad.cu",
        '#include "backend/cpu/nn/pad.h"\n',
        "another backend",
    ),
    (
        "include_direction",
        "src/backend/common/matrix/pad.h",
        '#include "ops/nn/pad.h"\n',
        "serves all operators",
    ),
    ("mirror", "src/backend/cpu/nn/softmax.cc", None, "no kernel file"),
    ("mirror", "tests/ops/nn/test_softmax.py", None, "no test"),
    ("mirror", "src/backend/cpu/nn/soft_max.cc", "int x;\n", "no operator file"),
    ("mirror", "src/ops/nn/softmax.cc", OPERATOR + "// lint: no-kernel\n", "without a reason"),
    ("mirror", "src/ops/rnn/lstm.cc", OPERATOR, "src/backend/cpu/rnn/lstm.cc"),
    ("mirror", "src/ops/nn/loss/softmax.cc", OPERATOR, "src/backend/cpu/nn/loss/softmax.cc"),
    ("mirror", "src/backend/cpu/onednn/nn/loss/softmax.cc", "int x;\n", "ops/nn/loss/softmax.cc"),
    ("backend_conditionals", "src/ir/pass.cc", "#if MX_USE_CUDA\n#endif\n", "asks for a backend"),
    ("backend_conditionals", "src/ir/pass.cc", "#ifdef USE_ONEDNN\n#endif\n", "asks for a backend"),
    ("standard_includes", "src/base/a.h", "uint64_t x;\n", "<cstdint>"),
    ("standard_includes", "src/base/a.h", "#include <string>\nstd::vector<int> x;\n", "<vector>"),
    ("standard_includes", "src/base/a.h", "int x = std::ranges::max(1, 2);\n", "<algorithm>"),
    ("size", "src/ir/long.cc", "int x;\n" * 601, "601 lines"),
    ("size", "tools/long.py", "x = 1\n" * 601, "601 lines"),
    ("forbidden_words", "src/ir/pass.cc", "// TO|DO: later\n", "`TO|DO`"),
    ("forbidden_words", "docs/notes.md", "a place|holder\n", "`place|holder`"),
    ("forbidden_words", "docs/notes.md", "see /ro|ot/x\n", "path of one machine"),
    ("process_control", "src/ir/pass.cc", 'auto x = getenv("X");\n', "src/base/env.cc"),
    ("process_control", "src/ir/pass.cc", "void f() { std::abort(); }\n", "throw mx::Error"),
    ("process_control", "src/ir/pass.cc", "void f() { exit(1); }\n", "throw mx::Error"),
    ("file_names", "src/ir/GraphPass.cc", "int x;\n", "`graph_pass`"),
    ("cpp_format", "src/ir/pass.cc", "int   x ;\n", "make format"),
    ("python_style", "tools/a.py", "import os\n", "F401"),
    ("python_style", "tools/a.py", "x = {1:2}\n", "make format"),
    ("python_style", "tools/a.py", "x = = 1\n", "invalid-syntax"),
]
HARMLESS = [
    ("standard_includes", "src/base/a.h", "#include <ranges>\nint x = std::ranges::max(1, 2);\n"),
    ("standard_includes", "src/base/a.h", "// std::vector\nmy::vector x; my::uint64_t y;\n"),
    ("include_direction", "src/engine/engine.cc", '#include "ir/graph.h"\n'),
    ("include_direction", "src/backend/common/nn/pad.h", '#include "ops/nn/pad.h"\n'),
    ("include_direction", "src/backend/cpu/allocator.cc", '#include "memory/storage.h"\n'),
    ("mirror", "src/ops/nn/alias.cc", "int no_operator;\n"),
    ("mirror", "src/backend/cpu/tuned/nn/softmax.cc", "int x;\n"),
    ("mirror", "src/backend/cpu/nn/detail/rows.cc", "int shared;\n"),
    ("mirror", "src/backend/cpu/tuned/nn/softmax/wide.cc", "int x;\n"),
    ("backend_conditionals", "src/backend/cuda/stream.cc", "#if MX_USE_CUDA\n#endif\n"),
    ("backend_conditionals", "src/base/half.h", "#ifdef __CUDACC__\n#endif\n"),
    ("forbidden_words", "docs/notes.md", "a tolerance for nowhere\n"),
    ("process_control", "src/ir/pass.cc", '// getenv("X") and exit(1)\nvoid f() { g.exit(); }\n'),
    ("process_control", "src/ir/pass.cc", 'auto x = "std::abort()";\n'),
]


@pytest.fixture
def tree(tmp_path):
    for name, content in CLEAN.items():
        write(tmp_path, name, content)
    (tmp_path / ".clang-format").write_text((REPOSITORY / ".clang-format").read_text())
    return tmp_path


def write(root, name, content):
    path = root / name
    if content is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def lint(root, rule, *more):
    command = [sys.executable, REPOSITORY / "tools/lint/run.py", "--root", root, "--rule", rule]
    return subprocess.run([*command, *more], capture_output=True, text=True)


@pytest.mark.parametrize(("rule", "name", "content", "message"), VIOLATIONS)
def test_violation_is_found(tree, rule, name, content, message):
    assert lint(tree, rule).returncode == 0
    if rule == "forbidden_words":
        content, message = content.replace("|", ""), message.replace("|", "")
    write(tree, name, content)
    result = lint(tree, rule)
    assert result.returncode == 1, result.stdout + result.stderr
    finding = result.stdout.splitlines()[0]
    assert message in finding
    assert rule.replace("_", "-") in finding


@pytest.mark.parametrize(("rule", "name", "content"), HARMLESS)
def test_harmless_code_passes(tree, rule, name, content):
    write(tree, name, content)
    result = lint(tree, rule)
    assert result.returncode == 0, result.stdout + result.stderr


def test_operator_without_kernel_may_say_why(tree):
    write(tree, "src/backend/cpu/nn/softmax.cc", None)
    write(
        tree,
        "src/ops/nn/softmax.cc",
        "// lint: no-kernel (composed of other operators)\n" + OPERATOR,
    )
    assert lint(tree, "mirror").returncode == 0


def test_long_function_is_a_warning(tree):
    write(tree, "src/ir/pass.cc", LONG_FUNCTION)
    result = lint(tree, "size")
    assert result.returncode == 0
    assert "src/ir/pass.cc:1: warning: size: function of 81 lines" in result.stdout


def test_a_constructor_ends_with_its_own_body(tree):
    short = "Pass::Pass(int first, int second)\n    : first_(first),\n      second_(second) {\n}\n"
    write(tree, "src/ir/pass.cc", short + "int f();\n" * 80 + "namespace {\n    }\n")
    assert "function of" not in lint(tree, "size").stdout


def test_all_warnings_are_shown_on_request(tree):
    write(tree, "src/ir/pass.cc", LONG_FUNCTION * 7)
    assert "more warnings" in lint(tree, "size").stdout
    assert lint(tree, "size", "--all-warnings").stdout.count("warning: size") == 8


def test_the_repository_passes():
    command = [sys.executable, REPOSITORY / "tools/lint/run.py"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout
