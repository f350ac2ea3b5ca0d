"""The load generator asks as it was told, and no more."""

import http.server
import threading

from mxnet.serve import load


class _Counting(http.server.ThreadingHTTPServer):
    connections = 0

    def process_request(self, request, client_address):
        self.connections += 1
        super().process_request(request, client_address)


class _Answering(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):  # noqa: N802
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


def test_clients_of_whom_nothing_is_wanted_any_more_go():
    with _Counting(("127.0.0.1", 0), _Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        target = load.Target(f"http://127.0.0.1:{server.server_address[1]}/", b"x", {})
        found = load.measure(target, clients=4, seconds=1, rate=8)
        server.shutdown()
    assert found["requests"] == 8 and not found["failures"]
    assert server.connections <= 8, "at most four to warm up, and four more"
