"""Random numbers, which the program that runs a file draws."""
