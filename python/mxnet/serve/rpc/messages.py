"""The messages of the protocol, made from its definition when a server starts.

They live in a pool of their own, so that a client library with the same messages may be imported
into the same process.
"""

import os
import tempfile
from importlib import resources

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from grpc_tools import protoc

from ... import error

__all__ = ["load_messages"]

_FILE = "open_inference.proto"


def load_messages():
    """The messages and methods of the protocol.

    Returns:
        tuple: Classes of the messages by name; descriptors of the methods.
    """
    pool = descriptor_pool.DescriptorPool()
    for each in _compile().file:
        pool.Add(each)
    found = pool.FindFileByName(_FILE)
    service = found.services_by_name["GRPCInferenceService"]
    classes = {
        name: message_factory.GetMessageClass(descriptor)
        for name, descriptor in found.message_types_by_name.items()
    }
    return classes, service.methods


def _compile():
    with tempfile.TemporaryDirectory() as folder:
        with resources.as_file(resources.files(__package__) / _FILE) as source:
            target = os.path.join(folder, "descriptors")
            code = protoc.main(
                ["protoc", f"-I{source.parent}", f"--descriptor_set_out={target}", str(source)]
            )
        if code != 0:
            raise error.InternalError(f"serve: {_FILE} cannot be compiled")
        with open(target, "rb") as stream:
            return descriptor_pb2.FileDescriptorSet.FromString(stream.read())
