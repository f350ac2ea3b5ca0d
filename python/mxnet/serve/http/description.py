"""A description of the interface in the format of OpenAPI, from its routes."""

import re

from ... import libinfo
from .routes import Area, Style

__all__ = ["describe"]

_MEDIA = ("application/json", "text/csv", "application/x-npy", "application/octet-stream")
_BODIES = ("POST", "PUT")


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
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{error}"}}}
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
        media = _MEDIA[:1] if route.style is Style.PLAIN else _MEDIA
        operation["requestBody"] = {"required": True, "content": {each: {} for each in media}}
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
    text = {"type": "string"}
    number = {"type": "integer"}
    return {
        "openapi": "3.0.1",
        "info": {"title": "remx serve", "version": libinfo.__remx_version__},
        "paths": paths,
        "components": {
            "schemas": {
                "Error": {
                    "type": "object",
                    "required": ["error"],
                    "properties": {"error": text},
                },
                "ModelServerError": {
                    "type": "object",
                    "required": ["code", "type", "message"],
                    "properties": {"code": number, "type": text, "message": text},
                },
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
