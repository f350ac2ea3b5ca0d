"""A fused pointwise operator was profiled block by block: a training step of ResNet-50 made 80,000
events, which took longer than the operators."""

import mxnet as mx


def test_a_fused_operator_is_one_event(tmp_path):
    net = mx.sym.relu(mx.sym.Variable("a") * mx.sym.Variable("b"))
    executor = net.simple_bind(mx.cpu(), a=(300000,), b=(300000,), grad_req="null")
    executor.forward()
    mx.nd.waitall()
    mx.profiler.set_config(
        profile_all=True, aggregate_stats=True, filename=str(tmp_path / "profile.json")
    )
    mx.profiler.set_state("run")
    executor.forward()
    mx.nd.waitall()
    mx.profiler.set_state("stop")
    rows = [line.split() for line in mx.profiler.dumps().splitlines()]
    counts = {row[0]: row[1] for row in rows if len(row) > 1}
    assert counts["_fused_pointwise"] == "1"
    assert "elemwise_mul" not in counts and "relu" not in counts
