#!/usr/bin/env bash
# Installs the package as a user does, `pip install .`, into a fresh environment outside the
# repository, and predicts from there with NumPy's newest version that pip chooses.
# Nothing of the repository is on Python's path while it runs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

.venv/bin/python -m venv "$scratch/venv"
echo "[wheel] pip install . into a fresh environment"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check "$root"
cd "$scratch"
env -u PYTHONPATH -u LD_LIBRARY_PATH -u CMAKE_PREFIX_PATH PATH="$scratch/venv/bin:/usr/bin:/bin" \
  "$scratch/venv/bin/python" - "$scratch/venv" <<'PY'
import sys
import sysconfig
from collections import namedtuple
from pathlib import Path

import mxnet as mx
import numpy as np

venv = Path(sys.argv[1]).resolve()
package = Path(mx.__file__).resolve().parent
assert venv in package.parents, f"imported from {package}"

net = mx.sym.Convolution(mx.sym.Variable("data"), kernel=(3, 3), num_filter=4, name="conv")
net = mx.sym.FullyConnected(mx.sym.Activation(net, act_type="relu"), num_hidden=5, name="fc")
module = mx.mod.Module(mx.sym.softmax(net, name="out"), label_names=None)
module.bind(for_training=False, data_shapes=[("data", (2, 3, 8, 8))])
module.init_params(mx.init.Xavier())
module.forward(namedtuple("Batch", ["data"])([mx.nd.array(np.ones((2, 3, 8, 8)))]))
prediction = module.get_outputs()[0].asnumpy()
assert prediction.shape == (2, 5) and np.allclose(prediction.sum(axis=1), 1, atol=1e-5), prediction

# Every library in this process comes from the environment or is part of every Linux system.
system = ("libc.", "libm.", "libdl", "librt", "libpthread", "libutil", "libstdc++", "libgcc_s",
          "ld-linux", "libpython", "libcrypto", "libssl", "libffi", "libexpat", "libbz2", "liblzma")
interpreter = (venv, Path(sysconfig.get_path("stdlib")).resolve())
for line in Path("/proc/self/maps").read_text().splitlines():
    library = Path(line.split()[-1])
    if ".so" in library.name and not any(f in library.resolve().parents for f in interpreter):
        assert library.name.startswith(system), f"{library} is neither in the wheel nor everywhere"
print(f"[wheel] {mx.__version__} with NumPy {np.__version__} predicts from {package.name}/; "
      f"{sum(f.stat().st_size for f in package.rglob('*') if f.is_file()) / 1e6:.0f} MB installed")
PY
"$scratch/venv/bin/remx" --help >/dev/null
echo "[wheel] the command remx runs"
