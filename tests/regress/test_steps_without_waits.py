"""A loop over an executor that never waited kept every batch in memory until its turn came."""

import subprocess
import sys

PROGRAM = """
import resource
import numpy as np
import mxnet as mx

net = mx.sym.Variable("data")
for i in range(8):
    net = mx.sym.FullyConnected(mx.sym.Activation(net, act_type="tanh"), num_hidden=2048)
executor = net.simple_bind(mx.cpu(), grad_req="null", data=(256, 8192))
executor.forward()
batch = np.ones((256, 8192), "f")  # 8 MB
mx.nd.waitall()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(150):
    executor.forward(data=mx.nd.array(batch))
mx.nd.waitall()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_queued_batches_take_a_bounded_amount_of_memory():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=300
    )
    assert int(done.stdout) < 450 << 10  # KB, of 1.2 GB
