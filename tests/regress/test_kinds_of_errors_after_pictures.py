"""Once mx.image had loaded its codecs, TypeErrors of the core were raised as ValueErrors."""

import subprocess
import sys


def test_the_codecs_leave_errors_of_the_core_alone():
    script = """
import mxnet as mx
kinds = []
for _ in range(2):
    for call in (lambda: mx.nd.zeros((2,), ctx=3), lambda: mx.nd.array([1]).backward(3),
                 lambda: setattr(mx.Context, "default_ctx", 3)):
        try:
            call()
        except Exception as error:
            kinds.append(type(error).__name__)
    try:
        mx.image.imdecode(b"no picture")
    except mx.error.ValueError:
        pass
assert kinds[:3] == kinds[3:] and "TypeError" in kinds, kinds
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
