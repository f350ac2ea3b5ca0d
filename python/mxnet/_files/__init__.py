"""Files by name: paths of this machine, ``file://``, and URIs of object stores through fsspec.

Whole files are read and written by `read_bytes`, `write_bytes`, `write_text` and `write_by`,
objects by ranges by `ObjectReader`, and both as streams by `open_stream`. fsspec is
imported at the first URI.
"""

from .objects import ObjectReader, is_there, list_objects
from .streams import open_stream
from .uris import is_remote, local_path, refuse_remote
from .whole import read_bytes, write_by, write_bytes, write_text
