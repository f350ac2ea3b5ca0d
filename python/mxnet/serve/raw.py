"""Requests as they came."""

__all__ = ["Raw"]


class Raw:
    """A request as it came, for handlers and for the default functions.

    Attributes:
        parts (list of tuple): Name, type and bytes of each part of its body.
        headers (dict of str to str): Headers of the request, names in small letters.
        id (str): Identifier of the request.
        wants_tensors (bool): Whether what a handler returns by name is answered as tensors.
    """

    __slots__ = ("parts", "headers", "id", "wants_tensors")

    def __init__(self, parts, headers, identifier, wants_tensors=False):
        self.parts, self.headers, self.id = parts, headers, identifier
        self.wants_tensors = wants_tensors

    @classmethod
    def of(cls, request):
        """That of a request of HTTP: its body."""
        return cls(
            [("body", request.content_type, bytes(request.body))], request.headers, request.id
        )
