"""remx bench: numbers that fit together."""

import pytest


def test_numbers(remx, digits):
    outcome = remx("bench", *digits, "--batch", "1,4", "--runs", 5, "--json")
    assert outcome.code == 0
    results = outcome.document["results"]
    assert [each["batch"] for each in results] == [1, 4]
    assert outcome.document["dtype"] == "float32"
    for each in results:
        assert each["runs"] == 5
        assert 0 < each["min_ms"] <= each["median_ms"] <= each["p95_ms"]
        expected = each["batch"] / each["median_ms"] * 1000
        assert each["rows_per_second"] == pytest.approx(expected, rel=0.01)
        assert each["peak_memory_bytes"] > 1e7


def test_text(remx, digits):
    lines = remx("bench", *digits, "--batch", "2", "--runs", 3).out.splitlines()
    assert lines[0].split() == "batch runs first median 95 % rows/s memory".split()
    assert lines[2].split()[:2] == ["2", "3"]


def test_bfloat16_is_asked_of_the_core(remx, digits, monkeypatch):
    monkeypatch.setenv("REMX_INFERENCE_DTYPE", "float32")
    result = remx("bench", *digits, "--batch", "1", "--runs", 1, "--bf16", "--json")
    if "bfloat16 on this processor" in result.err:
        pytest.skip("this processor has no kernels in bfloat16")
    document = result.document
    assert document["dtype"] == "bfloat16"
    names = {each["name"]: each["value"] for each in remx("env", "--json").document}
    assert names["REMX_INFERENCE_DTYPE"] == "bfloat16"
