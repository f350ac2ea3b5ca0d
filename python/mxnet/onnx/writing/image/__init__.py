"""Preparation of pictures."""
