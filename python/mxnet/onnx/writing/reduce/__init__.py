"""Sums, means and other summaries along axes."""
