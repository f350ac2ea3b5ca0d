"""The pages about operators that `make docs` writes: each can be made, and its example runs."""

import pathlib
import sys
import types

import pytest

ROOT = pathlib.Path(__file__).parents[3]


@pytest.fixture(scope="module")
def pages():
    sys.path.insert(0, str(ROOT / "tools" / "docs"))
    try:
        from pages import example, facts, page, support, written
    finally:
        sys.path.pop(0)
    return types.SimpleNamespace(
        facts=facts,
        written=written,
        page=page.page,
        example=example.example,
        support=support.support,
    )


def test_every_operator_has_a_page_and_an_example_or_a_reason(pages):
    without = set()
    for op in pages.facts.operators():
        text = pages.page(op)
        assert text.startswith(f"# {op}\n\n"), op
        if "## Example\n\n```python\n>>> " not in text:
            without.add(op)
    assert without == set(pages.written.NO_EXAMPLE)


def test_written_examples_belong_to_operators(pages):
    operators = set(pages.facts.operators())
    assert set(pages.written.EXAMPLES) <= operators
    assert set(pages.written.NO_EXAMPLE) <= operators


def test_examples_repeat(pages):
    for op in ("softmax", "_random_normal", "_shuffle", "_sample_gamma", "_image_random_hue"):
        assert pages.example(op) == pages.example(op)


def test_a_page_tells_all_of_an_operator(pages):
    text = pages.page("take")
    for part in (
        "mx.nd.take(a, indices, axis=0, mode=clip)",
        "| `indices` | Indices of any shape. |",
        "| `axis` | long | `0` |",
        "It has a gradient",
        "| `float32` |",
        "has a kernel of its own",
        "take: axis=",
    ):
        assert part in text, part


def test_support_names_kernels_and_devices(pages):
    lines = {line.split("|")[1].strip(): line for line in pages.support().splitlines()[6:]}
    assert len(lines) == len(pages.facts.operators())
    assert "onednn" in lines["[Convolution](operators/Convolution.md)"]
    assert "| yes |" in lines["[Convolution](operators/Convolution.md)"]
