"""A description of the interface in the format of OpenAPI, from its routes."""

import re

from ... import libinfo
from ..open_inference import DATATYPES
from .routes import Area, Style

__all__ = ["describe"]

_MEDIA = ("application/json", "text/csv", "application/x-npy", "application/octet-stream")
_BODIES = ("POST", "PUT")


def _reference(name):
    return {"$ref": f"#/components/schemas/{name}"}


def _object(required, **properties):
    return {"type": "object", "required": required, "properties": properties}


def _list(items):
    return {"type": "array", "items": items}


def _schemas():
    """The schemas of bodies, by name."""
    text, number, anything = {"type": "string"}, {"type": "integer"}, {}
    tensor = _object(
        ["name", "shape", "datatype", "data"],
        name=text,
        shape=_list({"type": "integer", "minimum": 0}),
        datatype={"type": "string", "enum": list(DATATYPES)},
        data=_list(anything),
    )
    output = _object(["name"], name=text)
    return {
        "Error": _object(["error"], error=text),
        "ModelServerError": _object(
            ["code", "type", "message"], code=number, type=text, message=text
        ),
        "InferRequest": _object(["inputs"], id=text, inputs=_list(tensor), outputs=_list(output)),
        "PredictRequest": _object(["instances"], instances=_list(anything)),
    }


def _operation(route):
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    parameters += [
        {
            "name": each.name,
            "in": "query",
            "required": each.is_required,
            "schema": {"type": each.type},
        }
        for each in route.query
    ]
    error = "ModelServerError" if route.style is Style.MODEL_SERVER else "Error"
    content = {"application/json": {"schema": _reference(error)}}
    operation = {
        "summary": route.summary,
        "operationId": f"{route.method.lower()}{re.sub(r'[^a-zA-Z0-9]+', '_', route.path)}",
        "tags": [route.area.value],
        "parameters": parameters,
        "responses": {
            "200": {"description": "The answer."},
            "default": {"description": "What is wrong.", "content": content},
        },
    }
    if route.method == "PUT" and route.area is Area.MANAGEMENT:
        operation["responses"]["202"] = {"description": "It is being done."}
    if route.method in _BODIES and route.area is Area.INFERENCE:
        schema = {"schema": _reference(route.body)} if route.body else {}
        media = _MEDIA[:1] if route.body else _MEDIA
        content = dict.fromkeys(media, schema)
        operation["requestBody"] = {"required": True, "content": content}
    if route.area is Area.MANAGEMENT:
        operation["security"] = [{}, {"token": []}]
    return operation


def describe(routes):
    """The description of routes.

    Args:
        routes (list of Route): The routes.

    Returns:
        dict: A document of OpenAPI 3.0.
    """
    paths = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.0.1",
        "info": {"title": "remx serve", "version": libinfo.__remx_version__},
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
