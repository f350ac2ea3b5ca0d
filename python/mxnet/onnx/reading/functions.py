"""Bodies of functions: those of ONNX's own definitions, and attributes put into their place."""

from ... import error
from .dtypes import numpy_dtype
from .values import Size

__all__ = ["bind_attributes", "body", "schema_of"]


def body(proto, opset, inputs):
    """The function with which ONNX defines an operator by others.

    Args:
        proto (onnx.NodeProto): A node with the operator.
        opset (int): Version of its operator set.
        inputs (list of Value): Its inputs, whose types the body may depend on.

    Returns:
        onnx.FunctionProto: The function, or None if the operator is elementary.
    """
    import onnx

    schema = schema_of(proto, opset)
    if schema is None:
        return None
    if schema.has_function:
        versions = [v for v in schema.function_opset_versions if v <= opset]
        function = onnx.FunctionProto()
        text = schema.get_function_with_opset_version(versions[-1] if versions else opset)
        function.ParseFromString(text)
        return function
    if schema.has_context_dependent_function:
        versions = [v for v in schema.context_dependent_function_opset_versions if v <= opset]
        types = [_type(value).SerializeToString() for value in inputs]
        try:
            text = schema.get_context_dependent_function_with_opset_version(
                versions[-1] if versions else opset, proto.SerializeToString(), types
            )
        except RuntimeError as cause:
            raise error.ValueError(
                f"import_model: {proto.op_type} has attributes of which no function can be made "
                f"({cause}); those of its definition are expected"
            ) from cause
        function = onnx.FunctionProto()
        function.ParseFromString(text)
        return function
    return None


def schema_of(proto, version):
    """ONNX's definition of a node's operator, or None. Files may hold any number as a version."""
    import onnx

    try:
        return onnx.defs.get_schema(proto.op_type, version, proto.domain)
    except (onnx.defs.SchemaError, TypeError):
        return None


def _type(value):
    """The ONNX type of a value; that of nothing for an input left out."""
    import onnx

    if value is None:
        return onnx.TypeProto()
    if value.dtype == "string":
        raise error.NotImplementedError(
            "import_model: dtype=string has no translation; numbers are expected"
        )
    number = onnx.helper.np_dtype_to_tensor_dtype(numpy_dtype(value.dtype))
    shape = [None if isinstance(size, Size) else size for size in value.shape]
    return onnx.helper.make_tensor_type_proto(number, shape)


def bind_attributes(function, proto):
    """The nodes of a function with references to its attributes resolved.

    Args:
        function (onnx.FunctionProto): The function.
        proto (onnx.NodeProto): The node that calls it.

    Returns:
        list of onnx.NodeProto: Copies of its nodes.
    """
    given = defaults(function, proto)
    given.update({attribute.name: attribute for attribute in function.attribute_proto})
    given.update({attribute.name: attribute for attribute in proto.attribute})
    return [_bound(node, given) for node in function.node]


def defaults(function, proto):
    """Attributes that ONNX's definition of an operator gives to nodes that do not."""
    import onnx

    versions = {entry.domain: entry.version for entry in function.opset_import}
    version = versions.get(proto.domain, onnx.defs.onnx_opset_version())
    schema = schema_of(proto, version)
    if schema is None:
        return {}
    return {
        name: attribute.default_value
        for name, attribute in schema.attributes.items()
        if attribute.default_value.type != onnx.AttributeProto.UNDEFINED
    }


def _bound(node, given):
    import onnx

    copy = onnx.NodeProto()
    copy.CopyFrom(node)
    del copy.attribute[:]
    for attribute in node.attribute:
        if attribute.ref_attr_name:
            if attribute.ref_attr_name in given:
                kept = copy.attribute.add()
                kept.CopyFrom(given[attribute.ref_attr_name])
                kept.name = attribute.name
            continue
        kept = copy.attribute.add()
        kept.CopyFrom(attribute)
        if kept.HasField("g"):
            nodes = [_bound(inner, given) for inner in kept.g.node]
            del kept.g.node[:]
            kept.g.node.extend(nodes)
    return copy
