"""Scripts read the planned memory from the third part from the end of debug_str()."""

import re

import mxnet as mx


def test_the_line_stands_where_scripts_look():
    symbol = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=512, name="fc")
    executor = symbol.simple_bind(mx.cpu(), data=(512, 1024))
    line = executor.debug_str().split("\n")[-3]
    assert float(re.fullmatch(r"Total ([\d.]+) MB allocated", line).group(1)) >= 1
