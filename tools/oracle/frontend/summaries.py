"""Tables and drawings of networks."""

import contextlib
import io


def _network(mx):
    sym = mx.sym
    with mx.name.NameManager():
        x = sym.Variable("data")
        x = sym.Convolution(x, kernel=(5, 5), num_filter=20, name="conv1")
        x = sym.BatchNorm(x, name="bn1")
        x = sym.Activation(x, act_type="tanh", name="tanh1")
        x = sym.Pooling(x, pool_type="max", kernel=(2, 2), stride=(2, 2), name="pool1")
        x = sym.Convolution(
            x, kernel=(3, 3), num_filter=40, num_group=4, no_bias=True, stride=(2, 2), name="conv2"
        )
        x = sym.LeakyReLU(x, act_type="prelu", name="prelu1")
        y = sym.Convolution(x, kernel=(1, 1), num_filter=40, name="conv3")
        x = sym.Concat(x + y, y, name="concat1")
        x = sym.FullyConnected(sym.Flatten(x, name="flatten1"), num_hidden=10, name="fc1")
        return sym.SoftmaxOutput(x, name="softmax")


def _printed(**options):
    def run(mx):
        network = _network(mx)
        text = io.StringIO()
        with contextlib.redirect_stdout(text):
            mx.viz.print_summary(network, **options)
        return text.getvalue()

    return run


def _drawn(**options):
    def run(mx):
        return mx.viz.plot_network(_network(mx), **options).source.strip()

    return run


CASES = {
    "table": _printed(shape={"data": (1, 1, 28, 28)}),
    "narrow_table": _printed(
        shape={"data": (8, 1, 28, 28)}, line_length=90, positions=[0.3, 0.6, 0.8, 1.0]
    ),
    "table_without_shapes": _printed(),
    "drawing": _drawn(shape={"data": (1, 1, 28, 28)}),
    "drawing_with_weights": _drawn(
        title="t", node_attrs={"shape": "oval", "fixedsize": "false"}, hide_weights=False
    ),
}
