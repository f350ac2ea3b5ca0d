"""A daemon thread that computed while the main thread ended aborted the process, and work that was
still queued used what had been destroyed."""

import os
import subprocess
import sys
import textwrap

import pytest

PROGRAMS = {
    "daemon threads compute": """
        import threading, time
        import mxnet as mx
        def work():
            a = mx.nd.ones((300, 300))
            while True:
                mx.nd.dot(a, a).asnumpy()
        for _ in range(4):
            threading.Thread(target=work, daemon=True).start()
        time.sleep(0.2)
    """,
    "daemon threads wait": """
        import threading, time
        import mxnet as mx
        a = mx.nd.ones((1500, 1500))
        for _ in range(8):
            b = mx.nd.dot(a, a)
        for _ in range(4):
            threading.Thread(target=b.asnumpy, daemon=True).start()
        time.sleep(0.05)
    """,
    "daemon threads decode pictures": """
        import threading, time
        import numpy as np
        import mxnet as mx
        pixels = np.zeros((200, 200, 3), dtype=np.uint8)
        import mxnet.image
        def work():
            while True:
                mx.image.imresize(mx.nd.array(pixels, dtype="uint8"), 300, 300).asnumpy()
        for _ in range(4):
            threading.Thread(target=work, daemon=True).start()
        time.sleep(0.2)
    """,
    "work is queued": """
        import mxnet as mx
        a = mx.nd.ones((1500, 1500))
        for _ in range(30):
            a = mx.nd.dot(a, a)
    """,
    "an object computes while it is deleted": """
        import mxnet as mx
        class Late:
            def __init__(self):
                self.array = mx.nd.dot(mx.nd.ones((900, 900)), mx.nd.ones((900, 900)))
            def __del__(self):
                try:
                    (mx.nd.ones((2,)) + 1).asnumpy()
                    self.array.asnumpy()
                except Exception:  # as everywhere while Python ends
                    pass
        late = Late()
    """,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_exits_cleanly(name):
    program = textwrap.dedent(PROGRAMS[name]) + "\nprint('leaving', flush=True)\n"
    environment = dict(os.environ, OMP_WAIT_POLICY="passive")
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", program],
            timeout=60,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "leaving\n", "")
