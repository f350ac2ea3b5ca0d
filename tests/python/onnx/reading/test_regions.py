"""RoiAlign in mode max, beside ONNX's own evaluator."""

import numpy as np
import pytest

import mxnet as mx

onnx = pytest.importorskip("onnx")
helper, TensorProto = onnx.helper, onnx.TensorProto


def model_of(opset, count="N", **attributes):
    attributes = {"output_height": 3, "output_width": 2, "mode": "max", **attributes}
    graph = helper.make_graph(
        [helper.make_node("RoiAlign", ["x", "rois", "batch"], ["y"], **attributes)],
        "g",
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, (2, 3, 7, 5)),
            helper.make_tensor_value_info("rois", TensorProto.FLOAT, (count, 4)),
            helper.make_tensor_value_info("batch", TensorProto.INT64, (count,)),
        ],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])


@pytest.mark.parametrize("points", [1, 2, 3])
@pytest.mark.parametrize("mode", ["half_pixel", "output_half_pixel"])
def test_largest_elements(mode, points):
    """Regions inside, across the border, and outside of the picture."""
    from onnx.reference import ReferenceEvaluator

    from mxnet.onnx import backend

    rng = np.random.default_rng(0)
    rois = rng.uniform(-4, 16, (12, 4)).astype(np.float32)
    rois[:, 2:] = np.maximum(rois[:, :2], rois[:, 2:])
    x = rng.normal(size=(2, 3, 7, 5)).astype(np.float32)
    feeds = {"x": x, "rois": rois, "batch": rng.integers(0, 2, 12)}
    model = model_of(
        16, coordinate_transformation_mode=mode, sampling_ratio=points, spatial_scale=0.5
    )
    expected = ReferenceEvaluator(model).run(None, feeds)[0]
    found = backend.prepare(model).run(list(feeds.values()))[0]
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_number_of_points_has_to_be_known():
    """Without it each region has a number of its own."""
    with pytest.raises(mx.MXNetError, match="sampling_ratio=0 of RoiAlign"):
        mx.contrib.onnx.import_model(model_of(16))
