"""Networks in whole numbers of 8 bits: quantization and calibration. See docs/quantization.md."""

from .calibration import (
    CalibrationCollector,
    LayerHistogramCollector,
    LayerOutputMinMaxCollector,
    combine_histogram,
)
from .model import calib_graph, quantize_graph, quantize_model, quantize_model_mkldnn
from .net import quantize_net, quantize_net_v2

# As MXNet 1.9.1 calls them.
_LayerHistogramCollector = LayerHistogramCollector
_LayerOutputMinMaxCollector = LayerOutputMinMaxCollector

__all__ = [
    "CalibrationCollector",
    "LayerHistogramCollector",
    "LayerOutputMinMaxCollector",
    "calib_graph",
    "combine_histogram",
    "quantize_graph",
    "quantize_model",
    "quantize_model_mkldnn",
    "quantize_net",
    "quantize_net_v2",
]
