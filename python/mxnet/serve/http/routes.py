"""Which function answers which path."""

import collections
import enum
import functools

__all__ = ["Area", "Query", "Route", "Router", "Style"]


class Area(enum.Enum):
    """What a route is for, which decides on which port it is answered."""

    INFERENCE = "inference"
    MANAGEMENT = "management"


class Style(enum.Enum):
    """The form of an error in the body of an answer."""

    MODEL_SERVER = "model server"  # {"code", "type", "message"}
    PLAIN = "plain"  # {"error"}


class Query(collections.namedtuple("Query", "name type is_required", defaults=[False])):
    """A parameter of the query, for the description of the interface."""


_FIELDS = "method path handler area style summary query body"


class Route(collections.namedtuple("Route", _FIELDS, defaults=[(), None])):
    """A method and path, with ``{name}`` for a part that may be anything.

    Attributes:
        handler (coroutine function): Called with the `Request`; gives the `Response`.
        summary (str): What it does, for the description of the interface.
        query (tuple of Query): Parameters that it takes.
        body (str): Name of the schema of its body in the description; None for any body.
    """


class _Node:
    __slots__ = ("parts", "any", "name", "routes")

    def __init__(self):
        self.parts, self.any, self.name, self.routes = {}, None, None, {}


class Router:
    """Finds routes.

    Args:
        routes (list of Route): The routes.

    Attributes:
        find (function): Called with method and path of a request; gives its route and the values
            of its parts by name (read only). It gives (None, methods) where the path is there for
            other methods only, (None, ()) where it is not there. The last answers are kept,
            because clients ask for few paths.
    """

    def __init__(self, routes):
        self.routes, self._root = list(routes), _Node()
        for route in self.routes:
            self._add(route)
        self.find = functools.lru_cache(maxsize=256)(self._find)

    def _add(self, route):
        node, names = self._root, []
        for part in route.path.split("/")[1:]:
            if part.startswith("{"):
                names.append(part[1:-1])
                node.any = node = node.any or _Node()
            else:
                node = node.parts.setdefault(part, _Node())
        node.routes[route.method] = (route, names)

    def _find(self, method, path):
        node, values = self._root, []
        for part in path.split("/")[1:]:
            below = node.parts.get(part)
            if below is None:
                if node.any is None or not part:
                    return None, ()
                values.append(part)
                below = node.any
            node = below
        found = node.routes.get(method)
        if found is None:
            return None, tuple(sorted(node.routes))
        route, names = found
        return route, dict(zip(names, values))
