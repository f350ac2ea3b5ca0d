"""Shapes, pieces, products and permutations of arrays."""
