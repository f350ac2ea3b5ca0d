#!/usr/bin/env bash
# Asks `remx serve` with schemathesis, which makes requests from the description of the interface.
# usage: tools/check_clients.sh [--max-examples N]   (after a build; needs the network once)
set -euo pipefail
cd "$(dirname "$0")/.."
examples=${2:-50}
clients=build/clients
[ -x $clients/bin/st ] || { python3 -m venv $clients && $clients/bin/python -m pip install -q schemathesis==4.*; }

server_log=$(mktemp)
PYTHONPATH=$PWD/build/release/python .venv/bin/python -m mxnet.cli serve \
  digits=examples/digits/digits-lenet --port 0 --management-port 0 --model-store examples/digits \
  --json >"$server_log" &
server=$!
trap 'kill -TERM $server; wait $server || true; rm -f "$server_log"' EXIT
until grep -q '^}' "$server_log"; do sleep 0.1; kill -0 $server; done
port=$(sed -n 's/.*"management_port": \([0-9]*\).*/\1/p' "$server_log")
url=http://127.0.0.1:$port
$clients/bin/st run "$url/api-description" --url "$url" --max-examples "$examples" \
  --checks not_a_server_error,status_code_conformance,response_schema_conformance,content_type_conformance
