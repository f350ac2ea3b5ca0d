"""Translations of ONNX operators, by family as in `src/ops`; each file is found by its place."""
