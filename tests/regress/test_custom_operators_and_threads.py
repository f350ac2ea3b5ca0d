"""Custom operators could not be used; what must not hang or leak when user code runs in them.

Whatever could wait for ever runs in a process of its own.
"""

import os
import subprocess
import sys
import textwrap

import pytest

_PRELUDE = """
import os, sys, threading, time
import numpy as np
import mxnet as mx

def make(name, forward):
    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            forward(self, in_data, out_data)
        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            in_grad[0][:] = out_grad[0]
    members = {"create_operator": lambda self, *_: Op()}
    mx.operator.register(name)(type(name, (mx.operator.CustomOpProp,), members))
"""


def run(body, **environment):
    program = _PRELUDE + textwrap.dedent(body)
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


BIG = (1000, 1000)  # far above what runs in the caller's thread


@pytest.mark.parametrize("engine", ["ThreadedEnginePerDevice", "NaiveEngine"])
def test_waits_inside_of_large_queued_work(engine):
    out = run(
        f"""
        def forward(op, i, o):
            x = mx.nd.array(i[0].asnumpy() + 1)
            for _ in range(3):
                x = mx.nd.dot(x, x) / 1000
            mx.nd.waitall()
            o[0][:] = x
        make("wait", forward)
        x = mx.nd.zeros({BIG})
        for _ in range(3):
            x = mx.nd.Custom(mx.nd.dot(x, x) * 0, op_type="wait")
        print(x[0, 0].asscalar())
        v = mx.sym.var("x")
        net = mx.sym.Custom(mx.sym.dot(v, v) * 0, op_type="wait")
        executor = net.simple_bind(mx.cpu(), x={BIG})
        for _ in range(3):
            executor.forward(is_train=True, x=x)
            executor.backward([x])
        mx.nd.waitall()
        print(executor.outputs[0][0, 0].asscalar())
        """,
        MXNET_ENGINE_TYPE=engine,
    )
    assert out == ["1.0", "1.0"]


def test_threads_share_an_executor_whose_operators_wait_for_each_other():
    out = run(
        """
        barrier = threading.Barrier(4)
        def forward(op, i, o):
            barrier.wait(60)  # all four are inside of one executor
            o[0][:] = i[0] * 2
        make("meet", forward)
        executor = mx.sym.Custom(mx.sym.var("x") + 0, op_type="meet").simple_bind(
            mx.cpu(), x=(300, 300), grad_req="null")
        got = {}
        def work(k):
            for step in range(5):
                executor.forward(x=mx.nd.full((300, 300), k + step))
                got[k, step] = executor.outputs[0].shape
        threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        mx.nd.waitall()
        print(len(got))
        """
    )
    assert out == ["20"]


def test_module_in_threads_gives_each_its_answers():
    out = run(
        """
        def forward(op, i, o):
            time.sleep(0.001)
            o[0][:] = i[0] * 2
        make("twice", forward)
        net = mx.sym.Custom(mx.sym.var("data"), op_type="twice", name="twice")
        module = mx.mod.Module(net, label_names=None)
        module.bind([("data", (50, 4))], for_training=False)
        module.init_params()
        bad = []
        def work(k):
            for step in range(20):
                value = k * 100 + step
                module.forward(mx.io.DataBatch([mx.nd.full((50, 4), value)]), is_train=False)
                if not (module.get_outputs()[0].asnumpy() == 2 * value).all():
                    bad.append(value)
        threads = [threading.Thread(target=work, args=(k,)) for k in range(3)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        print(len(bad))
        """
    )
    assert out == ["0"]


def test_an_operator_runs_the_executor_that_it_is_in():
    out = run(
        """
        depth = []
        def forward(op, i, o):
            depth.append(1)
            if len(depth) < 3:
                executor.forward(x=i[0] + 1)
                o[0][:] = executor.outputs[0]
            else:
                o[0][:] = i[0]
        make("nest", forward)
        executor = mx.sym.Custom(mx.sym.var("x"), op_type="nest").simple_bind(
            mx.cpu(), x=(2,), grad_req="null")
        executor.forward(x=mx.nd.zeros((2,)))
        print(*executor.outputs[0].asnumpy())
        """
    )
    assert out == ["2.0", "2.0"]


def test_threads_started_inside_are_waited_for():
    out = run(
        f"""
        def forward(op, i, o):
            result = []
            thread = threading.Thread(
                target=lambda: result.append(mx.nd.Custom(i[0], op_type="inner").asnumpy()))
            thread.start()
            thread.join()
            o[0][:] = mx.nd.array(result[0])
        make("inner", lambda op, i, o: o[0].__setitem__(slice(None), i[0] + 1))
        make("outer", forward)
        net = mx.gluon.nn.HybridLambda(lambda F, x: F.Custom(x, op_type="outer"))
        net.hybridize()
        print(net(mx.nd.zeros({BIG})).asnumpy().mean())
        """
    )
    assert out == ["1.0"]


def test_fork_and_exit_inside():
    out = run(
        """
        def forward(op, i, o):
            o[0][:] = i[0] + 1
            pid = os.fork()
            if pid == 0:
                ok = (mx.nd.dot(i[0], i[0]).asnumpy() == 300).all()
                os._exit(0 if ok else 1)
            print(os.waitpid(pid, 0)[1])
        make("fork", forward)
        x = mx.nd.ones((300, 300))
        print((mx.nd.Custom(x, op_type="fork").asnumpy() == 2).all())
        pid = os.fork()
        if pid == 0:
            os._exit(0 if (mx.nd.Custom(x, op_type="fork").asnumpy() == 2).all() else 1)
        print(os.waitpid(pid, 0)[1])
        def leave(op, i, o):
            sys.stdout.flush()
            sys.exit(0)
        make("leave", leave)
        mx.sym.Custom(mx.sym.var("x"), op_type="leave").eval(x=x, ctx=mx.cpu())
        print("not reached")
        """
    )
    assert "not" not in out and out.count("True") == 1 and set(out) <= {"0", "True"}


def test_daemon_threads_at_exit():
    run(
        """
        make("slow", lambda op, i, o: (time.sleep(0.01), o[0].__setitem__(slice(None), i[0])))
        def work():
            while True:
                mx.nd.Custom(mx.nd.ones((300, 300)), op_type="slow").wait_to_read()
        for _ in range(3):
            threading.Thread(target=work, daemon=True).start()
        time.sleep(0.1)
        """
    )


def test_interrupts_are_raised_at_once():
    out = run(
        """
        def forward(op, i, o):
            raise KeyboardInterrupt
        make("stop", forward)
        net = mx.sym.Custom(mx.sym.var("x"), op_type="stop").simple_bind(mx.cpu(), x=(2,))
        for call in [lambda: mx.nd.Custom(mx.nd.ones((2,)), op_type="stop"), lambda: net.forward()]:
            try:
                call()
            except KeyboardInterrupt:
                print("raised")
        """
    )
    assert out == ["raised", "raised"]
