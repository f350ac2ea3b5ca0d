"""Predicts with an installed package and checks that it needs no library of the system.

usage: python check_wheel.py VENV   (the environment that the package was installed into)
"""

import sys
import sysconfig
from collections import namedtuple
from pathlib import Path

import numpy as np

import mxnet as mx

venv = Path(sys.argv[1]).resolve()
package = Path(mx.__file__).resolve().parent
assert venv in package.parents, f"imported from {package}"

# Each library of others comes with its licence, and none of them twice.
licences = next(package.parent.glob("remx-*.dist-info/licenses"))
texts = {path.stem for path in (licences / "licenses").glob("*.txt") if path.stat().st_size > 1000}
others = [path.name for path in package.glob("lib*.so*") if not path.name.startswith("libmxnet")]
assert {"libdnnl.so.3", "libgomp.so.1", "libscipy_openblas.so.0"} <= set(others), others
for name in others:
    assert name.startswith(tuple(texts)), f"{name} has no licence among {sorted(texts)}"
assert {"boost", "nanobind", "nlohmann_json"} <= texts, "what is compiled in has no licence"
assert (licences / "LICENSE").is_file()
assert not list(package.parent.glob("remx.libs*")), "auditwheel has added copies of libraries"
assert (package.parent / "mxnet-stubs/ndarray/__init__.pyi").is_file()

net = mx.sym.Convolution(mx.sym.Variable("data"), kernel=(3, 3), num_filter=4, name="conv")
net = mx.sym.FullyConnected(mx.sym.Activation(net, act_type="relu"), num_hidden=5, name="fc")
module = mx.mod.Module(mx.sym.softmax(net, name="out"), label_names=None)
module.bind(for_training=False, data_shapes=[("data", (2, 3, 8, 8))])
module.init_params(mx.init.Xavier())
module.forward(namedtuple("Batch", ["data"])([mx.nd.array(np.ones((2, 3, 8, 8)))]))
prediction = module.get_outputs()[0].asnumpy()
assert mx.nd.linalg.det(mx.nd.array([[2, 1], [0, 3]])).asscalar() == 6, "OpenBLAS does not work"
assert prediction.shape == (2, 5) and np.allclose(prediction.sum(axis=1), 1, atol=1e-5), prediction

# Every library in this process comes from the environment or is part of every Linux system, or is
# one that the interpreter's own modules bring (libz, libcrypto, libffi and the like).
system = (
    "libc.",
    "libm.",
    "libmvec.",  # of glibc, beside libm
    "libdl",
    "librt",
    "libpthread",
    "libutil",
    "libstdc++",
    "libgcc_s",
    "ld-linux",
    "libpython",
    "libcrypto",
    "libssl",
    "libffi",
    "libexpat",
    "libbz2",
    "liblzma",
    "libz.",
)
interpreter = (venv, Path(sysconfig.get_path("stdlib")).resolve())
for line in Path("/proc/self/maps").read_text().splitlines():
    library = Path(line.split()[-1])
    if ".so" in library.name and not any(f in library.resolve().parents for f in interpreter):
        assert library.name.startswith(system), f"{library} is neither in the wheel nor everywhere"
print(
    f"[wheel] {mx.__version__} with NumPy {np.__version__} predicts from {package.name}/; "
    f"{sum(f.stat().st_size for f in package.rglob('*') if f.is_file()) / 1e6:.0f} MB installed"
)
