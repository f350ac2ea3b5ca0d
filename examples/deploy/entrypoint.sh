#!/bin/sh
# Starts the server of a container; the argument "serve" is SageMaker's, whose model brings code.
set -e
if [ "$1" = serve ]; then
  shift
  set -- --code allow "$@"
fi
exec remx serve --host 0.0.0.0 --management-port none "$@"
