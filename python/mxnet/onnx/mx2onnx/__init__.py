"""The path under which MXNet 1.9.1 has its exporter."""

from ..writing import export_model, get_operator_support

__all__ = ["export_model", "get_operator_support"]
