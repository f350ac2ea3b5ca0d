"""Pages about operators, made of the registry and of the tables of their tests."""
