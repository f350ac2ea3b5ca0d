"""Serve models over HTTP and gRPC."""

import signal
import sys
import threading

from .. import error
from .arguments import add_pixel_arguments, epoch_number, positive_int, positive_ints
from .output import print_json

_PIXELS = ("mean", "std", "scale", "bgr", "crop")
# Settings, where they are called otherwise with their option.
_SERVER_OPTIONS = "host port management_host management_port grpc_port model_store max_body".split()
_SERVER_OPTIONS += "read_timeout max_connections drain log_format".split()
_SERVER_OPTIONS = {name: name for name in _SERVER_OPTIONS}
_SERVER_OPTIONS.update(certificate="tls_certificate", key="tls_key")
_MODEL_OPTIONS = "max_batch max_delay buckets workers epoch shape device code timeout".split()
_MODEL_OPTIONS = {**{name: name for name in _MODEL_OPTIONS}, "queue_size": "queue"}


def _seconds(text):
    import argparse

    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return value


def _port(text):
    import argparse

    if text == "none":
        return -1
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; 0 to 65535 or none is expected")
    return int(text)


def add_arguments(parser):
    """Add the arguments of the command."""
    parser.add_argument(
        "models",
        nargs="*",
        metavar="[NAME=]PATH",
        help="a prefix, a folder, a .mar or .tar.gz archive, or a folder with folders 1, 2, ...",
    )
    _add_models(parser.add_argument_group("models"))
    _add_listening(parser.add_argument_group("listening"))
    _add_limits(parser.add_argument_group("limits"))
    add_pixel_arguments(parser)


def _add_models(group):
    group.add_argument("--model-store", metavar="DIR", help="folder that requests load models from")
    group.add_argument("--load-all", action="store_true", help="load every model of the store")
    group.add_argument(
        "--code",
        choices=("refuse", "ignore", "allow"),
        help="what to do with models that bring code (default refuse)",
    )
    group.add_argument(
        "--epoch", type=epoch_number, metavar="N", help="epoch of the parameters (default: last)"
    )
    group.add_argument(
        "--shape", type=positive_ints, metavar="C,H,W", help="shape of the input without the batch"
    )
    group.add_argument("--device", metavar="D", help="cpu, gpu or gpu:N (default cpu)")
    group.add_argument(
        "--max-batch", type=positive_int, metavar="N", help="rows computed at once (default 16)"
    )
    group.add_argument(
        "--max-delay", type=_seconds, metavar="S", help="wait for others to join (default 0)"
    )
    group.add_argument(
        "--buckets", type=positive_ints, metavar="N,...", help="sizes of batches (default 1,2,4,..)"
    )
    group.add_argument(
        "--workers", type=positive_int, metavar="N", help="threads or processes (default 1)"
    )
    group.add_argument("--no-warm-up", action="store_true", help="compile with the first requests")


def _add_listening(group):
    group.add_argument("--host", metavar="H", help="address (default 127.0.0.1)")
    group.add_argument("--port", type=_port, metavar="P", help="of inference (default 8080)")
    group.add_argument("--management-host", metavar="H", help="address (default 127.0.0.1)")
    group.add_argument(
        "--management-port", type=_port, metavar="P", help="default 8081; none for no management"
    )
    group.add_argument("--grpc-port", type=_port, metavar="P", help="default: no gRPC")
    group.add_argument("--token-file", metavar="FILE", help="token of those who manage models")
    group.add_argument("--tls-certificate", metavar="FILE", help="certificates, as PEM")
    group.add_argument("--tls-key", metavar="FILE", help="their key, as PEM")
    group.add_argument(
        "--shared-memory",
        action="store_true",
        help="let clients of this machine hand over tensors in POSIX shared memory",
    )
    group.add_argument("--access-log", action="store_true", help="log every request")
    group.add_argument("--log-format", choices=("json", "text"), help="default json")


def _add_limits(group):
    group.add_argument(
        "--queue", type=positive_int, metavar="N", help="requests that may wait (default 100)"
    )
    group.add_argument(
        "--timeout", type=_seconds, metavar="S", help="of a request in the queue (default 60)"
    )
    group.add_argument(
        "--max-body", type=positive_int, metavar="BYTES", help="of a request (default 64 MiB)"
    )
    group.add_argument(
        "--read-timeout", type=_seconds, metavar="S", help="for a request to come (default 30)"
    )
    group.add_argument(
        "--max-connections", type=positive_int, metavar="N", help="open at once (default 1000)"
    )
    group.add_argument(
        "--drain", type=_seconds, metavar="S", help="for accepted requests at the end (default 30)"
    )


def _given(options, names):
    """Options that were given, by the names of the settings."""
    values = {setting: getattr(options, name) for setting, name in names.items()}
    return {key: value for key, value in values.items() if value is not None}


def _token(options):
    from ..serve import environment

    if options.token_file is None:
        return environment.token()
    with open(options.token_file, encoding="utf-8") as stream:
        token = stream.read(4096).strip()
    if not token or not token.isascii():
        raise error.ValueError(f"--token-file={options.token_file} holds no token")
    return token


def make_settings(options):
    """Settings of the server and of its models: options, then the environment, then defaults.

    Returns:
        tuple: ServerSettings, ModelSettings.
    """
    from .._pictures import PixelSettings
    from ..serve import ModelSettings, ServerSettings, environment

    server = {
        **environment.server_settings(),
        **_given(options, _SERVER_OPTIONS),
        "access_log": options.access_log,
        "shared_memory": options.shared_memory,
        "token": _token(options),
    }
    for name in ("management_port", "grpc_port"):
        if server.get(name) == -1:
            server[name] = None
    models = {
        **environment.model_settings(),
        **_given(options, _MODEL_OPTIONS),
        "warm_up": not options.no_warm_up,
        "pixels": PixelSettings(**{name: getattr(options, name) for name in _PIXELS}),
    }
    return ServerSettings(**server), ModelSettings(**models)


def _load(server, options):
    """Load what the command line, the store or SageMaker's folder names."""
    from ..serve import environment
    from ..serve.models.files import models_in

    named = [each.partition("=") if "=" in each else ("", "", each) for each in options.models]
    store = server.settings.model_store
    if options.load_all:
        if store is None:
            raise error.ValueError("--load-all is for a --model-store")
        named += [("", "", path) for path in models_in(store)]
    if not named and store is None:
        path = environment.model_path()
        if path is None:
            raise error.ValueError("serve: no model is named; [NAME=]PATH is expected")
        named = [("model", "=", path)]
    return [
        version
        for name, _, path in named
        for version in server.service.load_all(path, name or None)
    ]


def _document(server, versions):
    """What is served, for machines."""
    management = server.management
    return {
        "url": server.url,
        "management_port": management and management.port,
        "grpc_port": server.grpc_port,
        "models": [{"name": each.name, "version": each.version} for each in versions],
    }


def _print(server, versions):
    """What is served, for people, with an example to try."""
    print(f"remx serves {server.url}")
    if server.management is not None:
        print(f"  management at port {server.management.port}")
    if server.grpc_port is not None:
        print(f"  gRPC at port {server.grpc_port}")
    for each in versions:
        inputs = getattr(each.model, "inputs", ())
        text = ", ".join(
            f"{info.name} {str(info.dtype)} {list(info.shape or ['?'])}" for info in inputs
        )
        print(f"  {each.name} version {each.version}: {text or 'its handler'}")
    if versions:
        name = versions[0].name
        print(f"try: curl -T picture.png {server.url}/predictions/{name}")
        print(f"     curl {server.url}/v2/models/{name}")


def run(options):
    """Run the command until SIGTERM or Ctrl-C."""
    from ..serve import make_server
    from ..serve.memory import keep_freed_memory

    keep_freed_memory()
    server = make_server(*make_settings(options))
    ending = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: ending.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        server.service.is_starting = True
        server.start()
        versions = _load(server, options)
        server.service.is_starting = False
        if options.json:
            print_json(_document(server, versions))
        else:
            _print(server, versions)
        sys.stdout.flush()
        while not ending.wait(0.5):
            if not server.is_running:
                raise error.MXNetError("serve: the server has ended; its log says why")
    finally:
        server.close()
        for number, handler in before.items():
            signal.signal(number, handler)
