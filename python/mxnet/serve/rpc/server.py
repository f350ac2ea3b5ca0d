"""The server of gRPC: the methods of the Open Inference Protocol."""

import asyncio
import hmac
import time

import grpc

from ... import error, libinfo
from .. import model_config
from .. import open_inference as tensors
from ..errors import RequestError
from .messages import load_messages
from .tensors import fill_answer, parameters_of, read_request
from .triton import Extensions

__all__ = ["RpcServer"]

_SERVICE = "inference.GRPCInferenceService"
_FINAL_WANTED, _FINAL = "triton_enable_empty_final_response", "triton_final_response"
_CODES = {
    400: grpc.StatusCode.INVALID_ARGUMENT,
    401: grpc.StatusCode.UNAUTHENTICATED,
    403: grpc.StatusCode.PERMISSION_DENIED,
    404: grpc.StatusCode.NOT_FOUND,
    503: grpc.StatusCode.UNAVAILABLE,
    504: grpc.StatusCode.DEADLINE_EXCEEDED,
    507: grpc.StatusCode.RESOURCE_EXHAUSTED,
}


class RpcServer:
    """Answers gRPC in the event loop that starts it.

    Args:
        service (Service): The models.
        settings (ServerSettings): Where it listens, and limits.
        log (EventLog): Where failures are logged.
        is_open (bool): Whether models may be managed without a token.

    Attributes:
        port (int): Where it listens; None before it does.
    """

    def __init__(self, service, settings, log, is_open):
        self._service, self._settings, self._log, self._is_open = service, settings, log, is_open
        self._messages, methods = load_messages()
        self._extensions = Extensions(service, self._messages)
        self._handlers = {method.name: self._handler(method) for method in methods}
        self._server, self.port = None, None
        self._loop = self._ending = None

    def _handler(self, method):
        """The handler of a method: ours of the same name in small letters."""
        request = self._messages[method.input_type.name].FromString
        answer = self._messages[method.output_type.name].SerializeToString
        if method.client_streaming:
            return grpc.stream_stream_rpc_method_handler(self._stream_infer, request, answer)
        name = "".join(f"_{each.lower()}" if each.isupper() else each for each in method.name)
        function = getattr(self, name, None) or getattr(self._extensions, name[1:])
        return grpc.unary_unary_rpc_method_handler(self._guarded(function), request, answer)

    def _guarded(self, function):
        async def answer(request, context):
            start = time.perf_counter()
            try:
                return await function(request, context)
            except RequestError as cause:
                code = _CODES.get(cause.status, grpc.StatusCode.INTERNAL)
                self._service.metrics.request_done(None, cause.status, time.perf_counter() - start)
                await context.abort(code, cause.message)
            except grpc.aio.AbortError:
                raise
            except Exception as cause:
                self._log.write("failure", error=f"{type(cause).__name__}: {cause}")
                await context.abort(grpc.StatusCode.INTERNAL, "the server failed; its log says why")

        return answer

    async def run(self):
        """Answer until `stop`, then finish what was accepted.

        Raises:
            OSError: The port is taken.
        """
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()
        await self._start()
        await self._ending.wait()
        await self._server.stop(self._settings.drain)

    def stop(self):
        """Take no more requests. Thread safety: any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ending.set)

    async def _start(self):
        limit = self._settings.max_body
        self._server = grpc.aio.server(
            options=[
                ("grpc.so_reuseport", 0),
                ("grpc.max_receive_message_length", limit),
                ("grpc.max_send_message_length", -1),
            ],
            maximum_concurrent_rpcs=self._settings.max_connections,
        )
        self._server.add_generic_rpc_handlers(
            [grpc.method_handlers_generic_handler(_SERVICE, self._handlers)]
        )
        host = self._settings.host
        address = f"{f'[{host}]' if ':' in host else host}:{self._settings.grpc_port}"
        try:
            if self._settings.certificate is None:
                port = self._server.add_insecure_port(address)
            else:
                port = self._server.add_secure_port(address, _credentials(self._settings))
        except RuntimeError as cause:
            raise error.OSError(f"serve: {address} cannot be listened on ({cause})") from cause
        await self._server.start()
        self.port = port

    async def _server_live(self, request, context):
        return self._messages["ServerLiveResponse"](live=True)

    async def _server_ready(self, request, context):
        return self._messages["ServerReadyResponse"](ready=self._service.is_ready())

    async def _model_ready(self, request, context):
        try:
            self._service.repository.get(request.name, request.version or None)
        except RequestError:
            return self._messages["ModelReadyResponse"](ready=False)
        return self._messages["ModelReadyResponse"](ready=True)

    async def _server_metadata(self, request, context):
        return self._messages["ServerMetadataResponse"](
            name="remx",
            version=libinfo.__remx_version__,
            extensions=tensors.extensions(self._service),
        )

    async def _model_metadata(self, request, context):
        repository = self._service.repository
        found = repository.get(request.name, request.version or None)
        document = tensors.metadata(repository.versions(found.name), found)
        return self._messages["ModelMetadataResponse"](**document)

    async def _model_infer(self, request, context):
        return await self._infer(request)

    async def _stream_infer(self, requests, context):
        answer = self._messages["ModelStreamInferResponse"]
        async for request in requests:
            try:
                found = await self._infer(request)
                # Each request has one answer; clients of models with several ask which is the last.
                if parameters_of(request).get(_FINAL_WANTED):
                    found.parameters[_FINAL].bool_param = True
                yield answer(infer_response=found)
            except RequestError as cause:
                yield answer(error_message=cause.message, infer_response={"id": request.id})

    async def _infer(self, request):
        start = time.perf_counter()
        memory = self._service.shared_memory
        asked = read_request(request, memory)
        version, outputs = await self._service.predict_tensors(
            request.model_name, request.model_version or None, lambda model: asked
        )
        answer = self._messages["ModelInferResponse"](
            model_name=version.name, model_version=version.version, id=request.id
        )
        fill_answer(answer, request, asked, outputs, version.model.labels, memory)
        self._service.metrics.request_done(version, 200, time.perf_counter() - start)
        return answer

    def _check_manager(self, context):
        """Refuse who may not manage models."""
        token = self._settings.token
        if token is None:
            if not self._is_open:
                raise RequestError(403, "models are managed with a token, and the server has none")
            return
        given = dict(context.invocation_metadata() or ()).get("authorization", "")
        if not hmac.compare_digest(str(given).encode(), b"Bearer " + token.encode()):
            raise RequestError(401, "a token is expected, as authorization: Bearer TOKEN")

    async def _repository_index(self, request, context):
        self._check_manager(context)
        answer = self._messages["RepositoryIndexResponse"]()
        for each in self._service.repository.all_versions():
            answer.models.add(name=each.name, version=each.version, state=each.state.value)
        return answer

    async def _repository_model_load(self, request, context):
        self._check_manager(context)
        await model_config.load(self._service, request.model_name, parameters_of(request))
        return self._messages["RepositoryModelLoadResponse"]()

    async def _repository_model_unload(self, request, context):
        self._check_manager(context)
        self._service.repository.remove(request.model_name)
        return self._messages["RepositoryModelUnloadResponse"]()


def _credentials(settings):
    with open(settings.key, "rb") as key, open(settings.certificate, "rb") as certificate:
        return grpc.ssl_server_credentials([(key.read(), certificate.read())])
