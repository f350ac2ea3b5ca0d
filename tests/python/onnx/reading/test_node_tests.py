"""ONNX's own node tests, all of them, through `mxnet.onnx.backend`."""

import importlib.util
from pathlib import Path

import pytest

onnx = pytest.importorskip("onnx")

ROOT = Path(__file__).resolve().parents[4]
FAILING = Path(__file__).with_name("failing_node_tests.txt")
# The version of the package for which the list of failing tests is kept.
VERSION = "1.23.2"


def load_tool():
    spec = importlib.util.spec_from_file_location("node_tests", ROOT / "tools/onnx/node_tests.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(onnx.__version__ != VERSION, reason=f"the list is that of onnx {VERSION}")
def test_what_fails_is_what_the_list_says():
    tool = load_tool()
    listed = {line.split(":")[0] for line in FAILING.read_text().splitlines() if line[:1] != "#"}
    failed, total = {}, 0
    for case in tool.cases():
        if tool.reason_left_out(case.name, case.model) is None:
            total += 1
            text = tool.run(case)
            if text:
                failed[case.name] = text
    assert {name: text for name, text in failed.items() if name not in listed} == {}
    assert listed - set(failed) == set(), "these pass now: take them off the list"
    assert len(failed) <= 0.08 * total


def test_backend_serves_the_runner_of_onnx():
    """A few tests the way ONNX's own runner makes them."""
    import unittest

    from onnx.backend.test import BackendTest

    from mxnet.onnx import backend

    runner = BackendTest(backend, __name__)
    runner.include("^test_(relu|conv_with_autopad_same|reshape_zero_dim|softmax_axis_1)_cpu$")
    suite = unittest.TestSuite(
        unittest.defaultTestLoader.loadTestsFromTestCase(case)
        for case in runner.test_cases.values()
    )
    result = unittest.TestResult()
    suite.run(result)
    assert not result.errors and not result.failures
    assert result.testsRun - len(result.skipped) >= 4
