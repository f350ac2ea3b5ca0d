"""Forms as bodies of requests: their parts."""

import re
import urllib.parse

from ..errors import RequestError

__all__ = ["parts_of"]

_MOST_PARTS = 1000
_BOUNDARY = re.compile(r'boundary="?([^";,]{1,70})"?', re.IGNORECASE)
_NAME = re.compile(r'[; ]name="([^"]*)"|[; ]name=([^";\s]+)', re.IGNORECASE)


def parts_of(request):
    """The parts of a request: its body, the fields of a form, and the query.

    Args:
        request (Request): The request.

    Returns:
        list of tuple: Name, type and bytes of each.

    Raises:
        RequestError: The body is a damaged form.
    """
    kind, body = request.content_type, bytes(request.body)
    if kind == "multipart/form-data":
        parts = _multipart(body, request.headers["content-type"])
    elif kind == "application/x-www-form-urlencoded" and b"=" in body:
        parts = _fields(body)
    else:
        parts = [("body", kind, body)]
    parts += [(name, "", value.encode()) for name, value in request.query.items()]
    return parts


def _fields(body):
    try:
        pairs = urllib.parse.parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=_MOST_PARTS
        )
    except ValueError as cause:
        raise RequestError(400, f"the body is no form ({cause})") from None
    return [(name, "", value.encode()) for name, value in pairs]


def _multipart(body, content_type):
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise RequestError(400, "a form in parts has no boundary")
    border = b"--" + found[1].encode("latin-1")
    pieces = (b"\r\n" + body).split(b"\r\n" + border, _MOST_PARTS + 2)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise RequestError(400, f"a form in parts has no end, or more than {_MOST_PARTS} parts")
    parts = [_part(piece) for piece in pieces[1:-1]]
    if not parts:
        raise RequestError(400, "a form in parts is empty")
    return parts


def _part(piece):
    head, border, value = piece.lstrip(b" \t").partition(b"\r\n\r\n")
    if not border:
        raise RequestError(400, "a part of a form has no end of its head")
    name, kind = None, ""
    for line in head.decode("utf-8", "replace").split("\r\n"):
        key, _, text = line.partition(":")
        if key.strip().lower() == "content-disposition":
            found = _NAME.search(text)
            name = (found[1] or found[2]) if found else None
        elif key.strip().lower() == "content-type":
            kind = text.partition(";")[0].strip().lower()
    if name is None:
        raise RequestError(400, "a part of a form has no name")
    return name, kind, value
