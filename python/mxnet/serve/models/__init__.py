"""Models in files: prefixes, folders, archives, and what is found in them."""
