"""Pictures of other sizes and shapes."""
