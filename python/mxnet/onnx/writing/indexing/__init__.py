"""Elements chosen by indices, and sorting."""
