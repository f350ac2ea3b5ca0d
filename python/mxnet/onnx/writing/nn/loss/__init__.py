"""Losses, which predict without their labels."""
