"""Every operator has a case in a table, or a reason for having none."""

import importlib.util
import pathlib
import sys

import pytest

from mxnet import _core

TABLES = pathlib.Path(__file__).parents[2] / "ops"

GRADIENT = "is run by the gradients of its operator's cases, large ones too"
RANDOM = "draws; tests/ops/random and tests/compat/test_random.py compare its numbers"
PASS = "is made by a pass; the tests of fused layers and graphs run it"
NO_TABLE = {
    **dict.fromkeys(
        "LRN LayerNorm LeakyReLU Pad Pooling ROIAlign SVMOutput SequenceLast SoftmaxOutput clip "
        "diag log_softmax pick relu reshape sigmoid slice softmax take tanh BilinearSampler "
        "GridGenerator contrib_AdaptiveAvgPooling2D contrib_BilinearResize2D Correlation "
        "contrib_DeformablePSROIPooling contrib_PSROIPooling deformable_columns CTCLoss "
        "cumsum hawkesll interleaved_matmul_encdec_qk interleaved_matmul_encdec_valatt "
        "interleaved_matmul_selfatt_qk interleaved_matmul_selfatt_valatt fused_attention".split(),
        GRADIENT,
    ),
    **dict.fromkeys(
        [
            f"_{kind}_{name}{suffix}"
            for name in "exponential gamma generalized_negative_binomial negative_binomial normal "
            "poisson uniform".split()
            for kind, suffix in (("random", ""), ("random", "_like"), ("sample", ""))
        ]
        + ["_random_randint", "_sample_multinomial", "_sample_unique_zipfian", "_shuffle"]
        + [
            f"_npi_{name}"
            for name in "bernoulli choice exponential gamma gumbel logistic multinomial normal "
            "normal_n pareto powerd rayleigh uniform uniform_n weibull".split()
        ],
        RANDOM,
    ),
    **dict.fromkeys(
        "_channel_affine _fused_attention _fused_convolution _fused_fully_connected "
        "_fused_pointwise _reorder".split(),
        PASS,
    ),
    **dict.fromkeys(
        "_digamma _pooling_indices _trigamma".split(),
        "belongs to gradients, which the cases of its family compute",
    ),
    **{
        f"_image_random_{name}": "draws; tests/ops/image/test_random_*.py compare its results"
        for name in "brightness color_jitter contrast flip_left_right flip_top_bottom hue "
        "lighting saturation".split()
    },
    **dict.fromkeys(
        "_backward_sync_batch_norm_apply _backward_sync_batch_norm_sums _meeting_sum "
        "_sync_batch_norm_apply _sync_batch_norm_sums".split(),
        "copies on several devices need them; tests/python/gluon/test_sync_batch_norm.py runs them",
    ),
    **dict.fromkeys(
        ("_int8_convolution", "_int8_filters", "_int8_fully_connected"),
        "are made by the inference compiler alone; tests/ops/nn/test_int8_layers.py runs them",
    ),
    "_deformable_columns": "is run by tests/ops/nn/conv/test_deformable_convolution.py",
    "_backward_rnn_layer": "the gradients of tests/ops/nn/rnn/test_layer.py run it",
    **{
        f"_{name}": f"holds graphs; tests/ops/control_flow/test_{name}.py runs it"
        for name in ("foreach", "cond", "while_loop")
    },
    **dict.fromkeys(
        ("_contrib_edge_id", "_contrib_getnnz"),
        "has sparse arrays; tests/ops/storage/test_stored_elements.py runs it",
    ),
    **dict.fromkeys(
        "_contrib_dgl_adjacency _contrib_dgl_csr_neighbor_non_uniform_sample "
        "_contrib_dgl_csr_neighbor_uniform_sample _contrib_dgl_graph_compact "
        "_contrib_dgl_subgraph".split(),
        "has sparse arrays; tests/ops/graph/test_dgl.py runs it",
    ),
    "reset_arrays": "writes its inputs; tests/ops/init/test_reset_arrays.py runs it",
    **dict.fromkeys(
        "_backward_square_sum _contrib_boolean_mask _npi_unique _npx_nonzero _sparse_retain "
        "cast_storage".split(),
        "has sparse arrays or shapes that follow from data; tests of its name run it",
    ),
    "_set_value": "writes one number; assignments in tests/python/ndarray run it",
    "fill_element_0index": "tests/ops/indexing/test_pick.py runs it",
}
# The gradients are listed by their operators' names.
NO_TABLE = {f"_backward_{k}" if v is GRADIENT else k: v for k, v in NO_TABLE.items()}


def registered():
    return {_core.describe_op(name)["name"] for name in _core.list_ops()}


@pytest.fixture(scope="module")
def in_tables():
    """Names of the operators that tables have cases of."""
    sys.path.insert(0, str(TABLES))
    names = set()
    for path in sorted(TABLES.rglob("test_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for tests in vars(module).values():
            names |= {_core.describe_op(c.op)["name"] for c in getattr(tests, "cases", ())}
    return names


def test_operators_have_cases_or_a_reason(in_tables):
    assert registered() - in_tables - NO_TABLE.keys() == set()


def test_reasons_are_needed(in_tables):
    assert NO_TABLE.keys() & in_tables == set()
    assert NO_TABLE.keys() - registered() == set()
