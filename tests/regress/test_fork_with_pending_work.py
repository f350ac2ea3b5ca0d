"""A child made by fork while work was queued waited for ever when it read the array; a child made
while another thread allocated could find the pool locked."""

import os
import subprocess
import sys
import textwrap

import pytest

CHILD_SECONDS = 20


def run(body):
    script = textwrap.dedent(
        f"""
        import os, signal, sys, threading
        import mxnet as mx
        def check_child(body):
            pid = os.fork()
            if pid == 0:
                signal.alarm({CHILD_SECONDS})
                try:
                    body()
                except BaseException as error:
                    print(repr(error), flush=True)
                    os._exit(3)
                os._exit(0)
            assert os.waitpid(pid, 0)[1] == 0
        big = mx.nd.ones((900, 900))
        """
    ) + textwrap.dedent(body)
    environment = dict(os.environ, OMP_WAIT_POLICY="passive")
    subprocess.run([sys.executable, "-c", script], check=True, timeout=150, env=environment)


@pytest.mark.parametrize("times", [3])
def test_child_reads_what_was_pending(times):
    run(
        f"""
        for _ in range({times}):
            pending = mx.nd.dot(big, big)
            def read():
                assert pending.asnumpy().min() == 900
                assert (pending + 1).asnumpy().max() == 901
            check_child(read)
            read()
        """
    )


def test_child_of_a_process_with_busy_threads():
    run(
        """
        stop = False
        def work():
            while not stop:
                x = mx.nd.ones((300, 300))
                for _ in range(20):
                    x = x + 1
                x[0].asnumpy()
                mx.nd.ones((4,)) + 1
        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads: thread.start()
        def compute():
            for _ in range(3):
                assert (mx.nd.ones((300, 300)) + 1).asnumpy().min() == 2
        for _ in range(20):
            check_child(compute)
        stop = True
        for thread in threads: thread.join()
        """
    )


def test_child_sees_a_failure_as_its_parent_does():
    run(
        """
        failed = mx.nd.take(mx.nd.ones((300, 300)), mx.nd.full((300,), 1e6), mode="raise")
        def read():
            try:
                failed.asnumpy()
            except IndexError:
                return
            raise AssertionError("no error")
        check_child(read)
        read()
        """
    )
