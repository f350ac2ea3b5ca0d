"""Threads that differentiated shared parts of a tape raced for it. A tape outlives its thread;
errors in user code leave recording, mode and tape as they were.
"""

import subprocess
import sys
import textwrap
import threading

import numpy as np
import pytest

import mxnet as mx
from mxnet import autograd, nd


def run(program):
    """In a process of its own, so that a hang or a crash is a failure and no more."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_threads_differentiate_shared_parts():
    run(
        """
        import threading
        import mxnet as mx
        from mxnet import autograd, nd
        x = nd.ones((10,))
        x.attach_grad("add")
        with autograd.record():
            shared = x * 2
            for _ in range(50):
                shared = shared + 0
            heads = [shared * i for i in range(8)]
        errors = []
        def work(head):
            try:
                for _ in range(20):
                    head.backward(retain_graph=True)
            except Exception as error:
                errors.append(error)
        threads = [threading.Thread(target=work, args=(head,)) for head in heads]
        [t.start() for t in threads]
        [t.join() for t in threads]
        assert not errors, errors
        assert x.grad.asnumpy().tolist() == [20 * 2 * sum(range(8))] * 10
        """
    )


def test_threads_that_free_a_shared_tape_do_it_once_or_say_so():
    run(
        """
        import threading
        import mxnet as mx
        from mxnet import autograd, nd
        for _ in range(200):
            x = nd.ones((4,))
            x.attach_grad()
            with autograd.record():
                shared = x * 2
                for _ in range(20):
                    shared = shared + 0
                heads = [shared * 3 for i in range(4)]
            barrier = threading.Barrier(4)
            good = []
            def work(head):
                barrier.wait()
                try:
                    head.backward()
                    good.append(head)
                except mx.MXNetError as error:
                    assert "retain_graph" in str(error)
            threads = [threading.Thread(target=work, args=(head,)) for head in heads]
            [t.start() for t in threads]
            [t.join() for t in threads]
            assert good and x.grad.asnumpy().tolist() == [6] * 4
        """
    )


def test_threads_record_at_once():
    results, barrier = {}, threading.Barrier(4)

    def work(factor):
        x = nd.ones((5,))
        x.attach_grad()
        barrier.wait()
        for _ in range(50):
            with autograd.record():
                y = x
                for _ in range(10):
                    y = y * factor
            y.backward()
        results[factor] = x.grad.asnumpy().tolist()

    threads = [threading.Thread(target=work, args=(factor,)) for factor in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {factor: [factor**10] * 5 for factor in (1, 2, 3, 4)}


def test_a_tape_outlives_its_thread():
    x, made = nd.array([1, 2]), []
    x.attach_grad()

    def work():
        with autograd.record():
            made.append(x * x)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    with autograd.record():
        y = made[0] * 3
    y.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [6, 12])


class Fails(autograd.Function):
    where = "backward"

    def forward(self, x):
        if self.where == "forward":
            raise KeyError("forward")
        return x * 2

    def backward(self, dy):
        if self.where == "backward":
            raise KeyError("backward")
        return dy * 2


def test_an_error_in_forward_restores_the_modes(monkeypatch):
    monkeypatch.setattr(Fails, "where", "forward")
    with autograd.record(train_mode=False):
        with pytest.raises(KeyError, match="forward"):
            Fails()(nd.ones((2,)))
        assert autograd.is_recording() and not autograd.is_training()
    assert not autograd.is_recording() and not autograd.is_training()


def test_an_error_in_backward_keeps_tape_and_gradients(monkeypatch):
    x = nd.ones((2,))
    x.attach_grad()
    x.grad[:] = 9
    with autograd.record():
        y = Fails()(x) * x
        with pytest.raises(KeyError, match="backward"):
            y.backward()
        assert autograd.is_recording() and autograd.is_training()
    np.testing.assert_array_equal(x.grad.asnumpy(), [9, 9])
    monkeypatch.setattr(Fails, "where", None)
    y.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [4, 4])


def test_user_code_may_wait_and_differentiate_inside_backward():
    seen = []

    class Nested(autograd.Function):
        def forward(self, x):
            return x * 1

        def backward(self, dy):
            z = nd.ones((400, 400))
            z.attach_grad()
            with autograd.record():
                w = (z * 3).sum()
            thread = threading.Thread(target=w.backward)
            thread.start()
            thread.join()
            mx.nd.waitall()
            seen.append(z.grad.asnumpy().max())
            return dy * 5

    x = nd.ones((400, 400))
    x.attach_grad()
    with autograd.record():
        y = Nested()(x * 2)
    y.backward()
    assert seen == [3] and x.grad.asnumpy().max() == 10


def test_scopes_can_be_entered_again_inside():
    scope = autograd.record()
    with scope:
        with autograd.pause(), scope:
            assert autograd.is_recording()
        assert autograd.is_recording()
    assert not autograd.is_recording()
    with pytest.raises(mx.MXNetError, match="not entered"):
        scope.__exit__(None, None, None)
