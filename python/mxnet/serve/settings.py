"""Settings of a server and of the models that it serves."""

import dataclasses

__all__ = ["ModelSettings", "ServerSettings", "default_buckets"]

MEGABYTE = 2**20


def default_buckets(max_batch):
    """Batch sizes that graphs are compiled for: powers of two and `max_batch` itself."""
    sizes, size = [], 1
    while size < max_batch:
        sizes.append(size)
        size *= 2
    return (*sizes, max_batch)


@dataclasses.dataclass(frozen=True)
class ModelSettings:
    """How a model is run.

    Attributes:
        max_batch (int): Rows that are computed at once; 1 joins no requests.
        handler (str): File and function of the handler, ``file.py:function``; None to take that of
            the manifest.
        handler_batch (int): Requests that a handler gets at once.
        max_delay (float): Seconds that a request waits for others to join it.
        buckets (tuple of int): Batch sizes that graphs are compiled for; fewer rows are filled up.
        queue_size (int): Requests that may wait; more get the status 503.
        timeout (float): Seconds until a request is given up with the status 504.
        workers (int): Threads of a tensor model, processes of a handler.
        device (str): ``cpu``, ``gpu`` or ``gpu:N``.
        shape (tuple of int): Shape of the only input without the batch; None to find it.
        epoch (int): Epoch of a checkpoint; None for the last one that is there.
        code (str): What is done with code in models: ``refuse``, ``ignore`` or ``allow``.
        warm_up (bool): Whether every bucket is computed once before a version is ready.
        pixels (PixelSettings): How pictures become numbers; None for plain values 0 to 255.
    """

    max_batch: int = 16
    handler: str = None
    handler_batch: int = 1
    max_delay: float = 0.0
    buckets: tuple = ()
    queue_size: int = 100
    timeout: float = 60.0
    workers: int = 1
    device: str = "cpu"
    shape: tuple = None
    epoch: int = None
    code: str = "refuse"
    warm_up: bool = True
    pixels: object = None

    @property
    def batch_sizes(self):
        """The buckets, in order."""
        return tuple(sorted(set(self.buckets))) or default_buckets(self.max_batch)


@dataclasses.dataclass(frozen=True)
class ServerSettings:
    """How a server listens, and what it refuses.

    Attributes:
        host, port: Where inference is answered; port 0 takes a free one.
        management_host, management_port: Where models are managed; the port None means nowhere.
        grpc_port: Port of the gRPC protocol; None means nowhere.
        token (str): What requests that manage models must bring; None if they need nothing.
        multi_model (bool): Whether models are managed on the port of inference too, as SageMaker
            wants of endpoints with many models.
        model_store (str): Folder that names of models in requests are looked up in.
        shared_memory (bool): Whether clients of this machine may hand over tensors in POSIX shared
            memory, which lets them name what other processes of this user share.
        max_body (int): Bytes of a request, and of a tensor in shared memory.
        max_header (int): Bytes of the head of a request.
        read_timeout (float): Seconds in which a request must have come.
        max_connections (int): Open connections of a port; more get the status 503.
        drain (float): Seconds that accepted requests have at the end.
        default_accept (str): Type of answers to requests that do not name one.
        certificate, key: Files for TLS; None without it.
        access_log (bool): Whether each request is logged, not only those that fail.
        log_format (str): ``json`` or ``text``.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    management_host: str = "127.0.0.1"
    management_port: int = 8081
    grpc_port: int = None
    token: str = None
    multi_model: bool = False
    model_store: str = None
    shared_memory: bool = False
    max_body: int = 64 * MEGABYTE
    max_header: int = 65536
    read_timeout: float = 30.0
    max_connections: int = 1000
    drain: float = 30.0
    default_accept: str = "application/json"
    certificate: str = None
    key: str = None
    access_log: bool = False
    log_format: str = "json"
