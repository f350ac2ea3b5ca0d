#!/usr/bin/env bash
# Asks `remx serve` and `remx sagemaker train` with programs that others wrote: SageMaker's toolkits
# for training and inference, and schemathesis, which makes requests from the description of the
# interface.
# usage: tools/check_clients.sh [--max-examples N]   (after a build; needs the network once)
set -euo pipefail
cd "$(dirname "$0")/.."
examples=${2:-50}
python=$PWD/.venv/bin/python clients=$PWD/build/clients
# The toolkits are imported by handlers, so that both environments have the same Python.
[ -f $clients/complete ] || {
  $python -m venv --clear $clients
  $clients/bin/python -m pip install -q schemathesis==4.32.5 sagemaker-inference==1.10.1 \
    sagemaker-training==5.1.4 kubernetes-validate==1.37.0 pyyaml==6.0.4
  touch $clients/complete
}
export PYTHONPATH=$PWD/build/release/python

$clients/bin/python tools/clients/deploy_examples.py
$python tools/clients/sagemaker_training.py $clients/bin/python
$python tools/clients/sagemaker_inference.py $clients/bin/python

server_log=$(mktemp)
$python -m mxnet.cli serve digits=examples/digits/digits-lenet --port 0 --management-port 0 \
  --model-store examples/digits --shared-memory --json >"$server_log" &
server=$!
trap 'kill -TERM $server; wait $server || true; rm -f "$server_log"' EXIT
until grep -q '^}' "$server_log"; do sleep 0.1; kill -0 $server; done
port=$(sed -n 's/.*"management_port": \([0-9]*\).*/\1/p' "$server_log")
url=http://127.0.0.1:$port
cd build  # where it keeps what it has found
env -u PYTHONPATH $clients/bin/st run "$url/api-description" --url "$url" --max-examples "$examples" \
  --checks not_a_server_error,status_code_conformance,response_schema_conformance,content_type_conformance
