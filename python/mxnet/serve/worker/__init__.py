"""Processes that run code which models bring."""
