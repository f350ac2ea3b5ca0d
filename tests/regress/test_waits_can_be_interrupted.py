"""Ctrl-C during a long wait acted only when the wait was over."""

import os
import signal
import subprocess
import sys
import textwrap
import time


def test_interrupt_ends_a_wait():
    program = textwrap.dedent(
        """
        import mxnet as mx
        a = mx.nd.ones((1500, 1500))
        for _ in range(2000):
            a = mx.nd.dot(a, a)
        print("waiting", flush=True)
        try:
            a.asnumpy()
        except KeyboardInterrupt:
            print("interrupted", flush=True)
        """
    )
    environment = dict(os.environ, OMP_WAIT_POLICY="passive", REMX_QUEUE_LIMIT_MB="1000000")
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert process.stdout.readline() == "waiting\n"
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=30)[0] == "interrupted\n"
    finally:
        process.kill()
    assert process.returncode == 0


def test_array_is_good_after_an_interrupted_wait():
    program = textwrap.dedent(
        """
        import os, signal, threading
        import mxnet as mx
        a = mx.nd.ones((1200, 1200))
        b = a
        for _ in range(12):
            b = mx.nd.dot(a, b) / 1200
        threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        try:
            b.asnumpy()
            raise KeyboardInterrupt  # it was quick
        except KeyboardInterrupt:
            pass
        assert abs(b.asnumpy() - 1).max() < 1e-5
        b += 1
        assert abs(b.asnumpy() - 2).max() < 1e-5
        import time; time.sleep(0.3)
        """
    )
    environment = dict(os.environ, OMP_WAIT_POLICY="passive")
    done = subprocess.run(
        [sys.executable, "-c", program], timeout=120, env=environment, capture_output=True
    )
    assert b"Assertion" not in done.stderr
