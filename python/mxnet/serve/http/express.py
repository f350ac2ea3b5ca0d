"""The express lane of a port: requests answered without Python, and those that are lent."""

import itertools
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
from .connection import KEEP_ALIVE, TOO_MANY, Connection
from .message import head_of, rest_of_head
from .routes import Style

__all__ = ["Express"]

_MOST_LOANS = 4  # of a connection that goes back; what it asks for is not plain


class Loan:
    """A connection that the lane has lent.

    Attributes:
        received (memoryview): What has come and is not answered.
        is_late (bool): Whether the rest of a request did not come in time.
    """

    __slots__ = ("received", "is_late", "_lane", "_number", "_count", "_paths")

    def __init__(self, lane, number, received, count, is_late, paths):
        self.received, self.is_late = memoryview(received), is_late
        self._lane, self._number, self._count, self._paths = lane, number, count, paths

    def may_go_back(self, path):
        """Whether the lane takes the connection again behind a request for this path."""
        return self._count < _MOST_LOANS and path in self._paths()

    def end(self, goes_back):
        """Give the connection back, or have it closed."""
        if goes_back:
            self._lane.give_back(self._number)
        else:
            self._lane.forget(self._number)


class Express:
    """Python's side of the lane of one port. Its methods belong to the event loop of the port.

    Args:
        port (Port): What the connections of the port share.
        sock (socket.socket): The socket, which listens and belongs to the lane from now on.
        service (Service): Who has the models.

    Attributes:
        is_busy (bool): Whether connections are open that are not lent, or just being lent.
    """

    def __init__(self, port, sock, service):
        settings = port.settings
        self._port, self._service = port, service
        self._numbers, self._versions = itertools.count(), weakref.WeakValueDictionary()
        self._endpoints = weakref.WeakKeyDictionary()
        self._publishing, self._published, self._paths = threading.Lock(), None, frozenset()
        self._is_ending, self._tasks = False, set()
        self._lane = ExpressLane(
            sock.detach(),
            settings.max_connections,
            settings.max_header,
            settings.max_body,
            settings.read_timeout,
            KEEP_ALIVE,
            TOO_MANY,
        )
        self.publish()
        service.repository.on_change(self.publish)
        port.loop.add_reader(self._lane.fileno(), self._take_events)

    @property
    def is_busy(self):
        """See the class."""
        return self._lane.open > 0 or bool(self._tasks)

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

    # What the lane leaves to others.

    def _take_events(self):
        for kind, *event in self._lane.take_events():
            if kind == "loan":
                task = self._port.loop.create_task(self._take_loan(*event))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            elif kind == "failure":
                self._answer_failure(*event)
            else:
                self._service.metrics.refused(event[1])

    async def _take_loan(self, number, descriptor, received, count, is_late):
        loan = Loan(self._lane, number, received, count, is_late, lambda: self._paths)
        sock = socket.socket(fileno=descriptor)
        try:
            _, connection = await self._port.loop.connect_accepted_socket(
                lambda: Connection(self._port, loan), sock
            )
        except OSError:  # the client has gone
            sock.close()
            loan.end(False)
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
        """Take no more connections, and close those that are there behind their answers."""
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
