"""A server: ports, the thread that answers them, start and end."""

import asyncio
import threading
import time

import uvloop

from .. import error
from .http import (
    model_server,
    open_inference,
    people,
    repository_extension,
    sagemaker,
    triton,
)
from .http.application import Application
from .http.listener import Listener, listen
from .http.routes import Area, Router
from .logs import EventLog
from .metrics import Metrics
from .service import Service

__all__ = ["Server"]

_START_TIMEOUT = 30.0
_PROTOCOLS = (people, sagemaker, open_inference, repository_extension, triton, model_server)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Server:
    """Serves models until it is closed; also a context manager.

    Args:
        settings (ServerSettings): How it listens, and what it refuses.
        model_settings (ModelSettings): How models are run.

    Attributes:
        service (Service): The models.
        inference, management (Listener): Its ports; the second is None without management.

    Raises:
        MXNetError, OSError: It cannot listen.

    Example:
        >>> with Server(ServerSettings(port=0), ModelSettings()) as server:
        ...     server.service.load_all("lenet")
        ...     print(server.url)
    """

    def __init__(self, settings, model_settings):
        _check(settings)
        self.settings = settings
        self.log = EventLog(settings.log_format)
        self.service = Service(settings, model_settings, Metrics())
        router = Router(
            [route for protocol in _PROTOCOLS for route in protocol.routes(self.service)]
        )
        self.service.described_routes = router.routes
        areas = {Area.INFERENCE, *([Area.MANAGEMENT] if settings.multi_model else [])}
        self.inference = self._listener(
            router, areas, settings.host, settings.port, self._has_express_lane
        )
        self.management = None
        if settings.management_port is not None:
            self.management = self._listener(
                router,
                {Area.INFERENCE, Area.MANAGEMENT},
                settings.management_host,
                settings.management_port,
            )
        self._listeners = [each for each in (self.inference, self.management) if each is not None]
        self._rpc = self._rpc_server()
        self._failure = None
        self._thread = threading.Thread(target=self._run, name="serve-http", daemon=True)

    def _listener(self, router, areas, host, port, is_express=False):
        application = Application(router, areas, self.service, self.settings, self.log)
        service = self.service if is_express else None
        return Listener(application, listen(host, port), self.settings, service)

    @property
    def _has_express_lane(self):
        """Whether plain requests are answered without Python, which encrypts and logs nothing."""
        return self.settings.certificate is None and not self.settings.access_log

    @property
    def url(self):
        """Where inference is answered."""
        scheme = "https" if self.settings.certificate else "http"
        host = self.inference.host
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.inference.port}"

    def start(self):
        """Answer requests, in a thread of its own.

        Raises:
            MXNetError: The thread has failed.
        """
        self._thread.start()
        until = time.monotonic() + _START_TIMEOUT
        while not self._is_started():
            if not self._thread.is_alive() or time.monotonic() > until:
                raise error.MXNetError(f"serve: it does not start ({self._failure})")
            time.sleep(0.002)

    def _is_started(self):
        has_rpc = self._rpc is None or self._rpc.port is not None
        return has_rpc and all(each.is_started for each in self._listeners)

    def _ports(self):
        return [*self._listeners, *([self._rpc] if self._rpc is not None else [])]

    def _rpc_server(self):
        if self.settings.grpc_port is None:
            return None
        from .rpc.server import RpcServer

        is_open = self.settings.multi_model or self.settings.host in _LOOPBACK
        return RpcServer(self.service, self.settings, self.log, is_open)

    @property
    def grpc_port(self):
        """Port of gRPC; None without it."""
        return self._rpc and self._rpc.port

    def _run(self):
        try:
            uvloop.run(self._serve())
        except Exception as cause:
            self._failure = cause
            self.log.write("failure", error=f"{type(cause).__name__}: {cause}")

    async def _serve(self):
        await asyncio.gather(*(each.run() for each in self._ports()))

    @property
    def is_running(self):
        """Whether its thread answers."""
        return self._thread.is_alive()

    def close(self):
        """Take no more connections, answer what was accepted, end the models."""
        until = time.monotonic() + self.settings.drain
        self.service.repository.stop()
        for each in self._ports():
            each.stop()
        if self._thread.ident is not None:
            self._thread.join(self.settings.drain + _START_TIMEOUT)
        # Nobody waits for an answer any more; what still runs is given up with the time.
        self.service.repository.close(max(until - time.monotonic(), 0))
        self.service.shared_memory.close()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.close()


def _check(settings):
    """Refuse settings that would let anybody manage models."""
    host = settings.management_host
    if settings.management_port is not None and host not in _LOOPBACK and not settings.token:
        raise error.ValueError(
            f"serve: management_host={host} can be reached from elsewhere; --token-file is expected"
        )
    if (settings.certificate is None) != (settings.key is None):
        raise error.ValueError("serve: --tls-certificate and --tls-key go together")
