"""Files that get their names when they are whole."""

import contextlib
import os


@contextlib.contextmanager
def replacing(*paths):
    """Files to write in the place of others, which stay after an error or an interrupt.

    Of several files the last ones tell about the first, as an index does: they are gone before the
    first is exchanged, so that never an old one stands beside a new one.

    Args:
        paths (str): The files.

    Yields:
        The names to write to: a str, or a list of str for several.
    """
    temporary = [f"{path}.{os.getpid()}.part" for path in paths]
    try:
        yield temporary if len(paths) > 1 else temporary[0]
        for path in paths[1:]:
            with contextlib.suppress(FileNotFoundError):
                os.remove(path)
        for part, path in zip(temporary, paths):
            os.replace(part, path)
    finally:
        for part in temporary:
            with contextlib.suppress(FileNotFoundError):
                os.remove(part)
