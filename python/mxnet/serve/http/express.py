"""The express lane of a port: requests that are answered without Python."""

import itertools
import os
import socket
import threading
import urllib.parse
import weakref

from ..._serve import Endpoint, ExpressLane
from ..core.queue import given_up
from ..core.version import State
from ..errors import RequestError
from ..open_inference import DATATYPES, datatype_of
from .application import error_response
from .connection import KEEP_ALIVE, Connection
from .message import head_of, rest_of_head
from .routes import Style

__all__ = ["Express"]

_MOST_VISITS = 4  # of a connection; what it asks for is not plain


class Arrival:
    """A connection that comes from the lane.

    Attributes:
        received (memoryview): What has come and is not answered.
        visits (int): How often it has been in the lane.
        is_late (bool): Whether the rest of a request did not come in time.
    """

    __slots__ = ("received", "visits", "is_late")

    def __init__(self, received, visits, is_late):
        self.received, self.visits, self.is_late = memoryview(received), visits, is_late


class Express:
    """Python's side of the lane of one port. Its methods belong to the event loop of the port.

    Args:
        port (Port): What the connections of the port share.
        service (Service): Who has the models.
    """

    def __init__(self, port, service):
        settings = port.settings
        self._port, self._service = port, service
        self._numbers, self._versions = itertools.count(), weakref.WeakValueDictionary()
        self._endpoints = weakref.WeakKeyDictionary()
        self._publishing, self._published, self._paths = threading.Lock(), None, frozenset()
        self._is_ending, self._tasks = False, set()
        self._lane = ExpressLane(
            settings.max_header, settings.max_body, settings.read_timeout, KEEP_ALIVE
        )
        self.publish()
        service.repository.on_change(self.publish)
        port.loop.add_reader(self._lane.fileno(), self._take_events)

    @property
    def open(self):
        """Connections that are in the lane, or come from there just now."""
        return self._lane.open + len(self._tasks)

    def takes(self, path, visits):
        """Whether a connection that asks for this path may come, after so many visits."""
        return visits < _MOST_VISITS and path in self._paths

    def take(self, sock, visits):
        """Take a connection on which nothing is under way; its owner drops it without closing it.

        Args:
            sock (socket.socket): Its socket.
            visits (int): How often it has been here.

        Returns:
            bool: Whether it is taken; it is not where too many files are open.
        """
        try:
            self._lane.take(os.dup(sock.fileno()), visits + 1)
        except OSError:
            return False
        return True

    # What is plain.

    def publish(self):
        """Tell the lane what is served. Thread safety: any thread."""
        with self._publishing:
            endpoints = self._find_endpoints()
            if endpoints != self._published:
                self._published, self._paths = (
                    endpoints,
                    frozenset(map(urllib.parse.unquote, endpoints)),
                )
                self._lane.set_endpoints(endpoints)

    def _find_endpoints(self):
        endpoints = {}
        for version, is_default in self._service.repository.served():
            endpoint = self._endpoint(version)
            if endpoint is None:
                continue
            path = f"/v2/models/{urllib.parse.quote(version.name, safe='')}"
            endpoints[f"{path}/versions/{version.version}/infer"] = endpoint
            if is_default:
                endpoints[f"{path}/infer"] = endpoint
        return endpoints

    def _endpoint(self, version):
        """A version as the lane sees it; None where its requests are never plain, or not yet."""
        endpoint = self._endpoints.get(version)
        if endpoint is None and version.state is State.READY and _is_plain(version.model):
            model, number = version.model, next(self._numbers)
            refusal = error_response(version.queue.refusal(), Style.PLAIN)
            endpoint = self._endpoints[version] = Endpoint(
                number,
                version.name,
                version.version,
                [_describe(each) for each in model.inputs],
                [_describe(each) for each in model.outputs],
                model.joins,
                version.settings.timeout,
                version.queue.native,
                rest_of_head(refusal, False) + refusal.body,
            )
            self._versions[number] = version
        return endpoint

    # What leaves the lane.

    def _take_events(self):
        for kind, *event in self._lane.take_events():
            if kind == "departure":
                task = self._port.loop.create_task(self._take_departure(*event))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            elif kind == "failure":
                self._answer_failure(*event)
            else:
                self._service.metrics.refused(event[1])

    async def _take_departure(self, descriptor, received, visits, is_late):
        arrival = Arrival(received, visits, is_late)
        sock = socket.socket(fileno=descriptor)
        try:
            _, connection = await self._port.loop.connect_accepted_socket(
                lambda: Connection(self._port, arrival), sock
            )
        except OSError:  # the client has gone
            sock.close()
            return
        if self._is_ending:
            connection.end()

    def _answer_failure(self, number, endpoint, identifier, since, status, message, retry_after):
        version = self._versions.get(endpoint)
        failure = RequestError(status, message, retry_after or None)
        if not message and version is not None:
            failure = given_up(version.name, version.settings.timeout)
            version.statistics.given_up(since)
        response = error_response(failure, Style.PLAIN)
        self._port.application.note_failure(identifier, version, response, failure, since)
        head = head_of(response, identifier, self._port.date, self._is_ending)
        self._lane.answer(number, head + response.body, self._is_ending)

    # Its end.

    def end(self):
        """Close the connections behind their answers."""
        self._is_ending = True
        self._lane.end()

    def stop(self):
        """Close what is left."""
        self._port.loop.remove_reader(self._lane.fileno())
        self._lane.stop()


def _is_plain(model):
    if not model.takes_tensors or model.joins is None:
        return False
    return all(
        each.shape is not None and each.dtype in DATATYPES.values()
        for each in (*model.inputs, *model.outputs)
    )


def _describe(info):
    return info.name, datatype_of(info.dtype), info.dtype.itemsize, list(info.shape[1:])
