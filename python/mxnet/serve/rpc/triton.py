"""Triton's extensions over gRPC: statistics, configuration, shared memory, settings."""

from google.protobuf import json_format

from .. import model_config, triton

__all__ = ["Extensions"]


class Extensions:
    """Answers the methods of the extensions; each is called with the request and its context.

    Args:
        service (Service): The models.
        messages (dict): Classes of the messages by name.
    """

    def __init__(self, service, messages):
        self._service, self._messages = service, messages

    def _fill(self, name, document):
        return json_format.ParseDict(document, self._messages[name]())

    async def model_statistics(self, request, context):
        """What versions have done."""
        repository = self._service.repository
        found = triton.statistics(repository, request.name or None, request.version or None)
        return self._fill("ModelStatisticsResponse", {"model_stats": found})

    async def model_config(self, request, context):
        """The configuration of a version."""
        found = self._service.repository.get(request.name, request.version or None)
        return self._fill("ModelConfigResponse", {"config": model_config.describe(found)})

    async def system_shared_memory_status(self, request, context):
        """The regions that clients have registered."""
        found = self._service.shared_memory.describe(request.name or None)
        regions = {each["name"]: each for each in found}
        return self._fill("SystemSharedMemoryStatusResponse", {"regions": regions})

    async def system_shared_memory_register(self, request, context):
        """Take a region."""
        self._service.shared_memory.register(
            request.name, request.key, request.offset, request.byte_size
        )
        return self._messages["SystemSharedMemoryRegisterResponse"]()

    async def system_shared_memory_unregister(self, request, context):
        """Forget a region, or all."""
        self._service.shared_memory.unregister(request.name or None)
        return self._messages["SystemSharedMemoryUnregisterResponse"]()

    async def cuda_shared_memory_status(self, request, context):
        """None is shared."""
        self._service.shared_memory.check_allowed()
        return self._messages["CudaSharedMemoryStatusResponse"]()

    async def cuda_shared_memory_register(self, request, context):
        """None is shared."""
        raise triton.no_gpu_memory()

    async def cuda_shared_memory_unregister(self, request, context):
        """There is nothing to forget."""
        self._service.shared_memory.check_allowed()
        return self._messages["CudaSharedMemoryUnregisterResponse"]()

    async def trace_setting(self, request, context):
        """Refused."""
        raise triton.no_trace_settings()

    async def log_settings(self, request, context):
        """Refused."""
        raise triton.no_log_settings()
