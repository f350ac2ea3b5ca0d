"""Symbol.debug_str() left out versions and numbers of outputs; the text is that of MXNet 1.9.1."""

import mxnet as mx

GROUP = """Symbol Outputs:
\toutput[0]=sum(0)
\toutput[1]=sp(1)
\toutput[2]=bn(0)
\toutput[3]=sp(0)
\toutput[4]=sp(1)
\toutput[5]=sp(2)
Variable:a
Variable:fc_weight
Variable:fc_bias
--------------------
Op:FullyConnected, Name=fc
Inputs:
\targ[0]=a(0) version=0
\targ[1]=fc_weight(0) version=0
\targ[2]=fc_bias(0) version=0
Attrs:
\t__init__=x
\tnum_hidden=3
--------------------
Op:SliceChannel, Name=sp
Inputs:
\targ[0]=fc(0)
Attrs:
\taxis=1
\tnum_outputs=3
--------------------
Op:elemwise_add, Name=sum
Inputs:
\targ[0]=sp(0)
\targ[1]=sp(2)
Variable:bn_gamma
Variable:bn_beta
Variable:bn_moving_mean
Variable:bn_moving_var
--------------------
Op:BatchNorm, Name=bn
Inputs:
\targ[0]=sp(1)
\targ[1]=bn_gamma(0) version=0
\targ[2]=bn_beta(0) version=0
\targ[3]=bn_moving_mean(0) version=1
\targ[4]=bn_moving_var(0) version=1
"""
ZEROS = """Symbol Outputs:
\toutput[0]=plus(0)
--------------------
Op:_zeros, Name=z
Inputs:
Attrs:
\tdtype=float32
\tshape=(2, 3)
--------------------
Op:_plus_scalar, Name=plus
Inputs:
\targ[0]=z(0)
Attrs:
\tscalar=1
"""


def test_groups():
    fc = mx.sym.FullyConnected(
        mx.sym.Variable("a", shape=(2, 3), attr={"foo": "1"}),
        num_hidden=3,
        name="fc",
        attr={"__init__": "x"},
    )
    parts = mx.sym.split(fc, num_outputs=3, axis=1, name="sp")
    total = mx.sym.elemwise_add(parts[0], parts[2], name="sum")
    group = mx.sym.Group([total, parts[1], mx.sym.BatchNorm(parts[1], name="bn"), parts])
    assert group.debug_str() == GROUP


def test_operators_without_inputs():
    zeros = mx.sym.zeros((2, 3), name="z")
    assert mx.sym._internal._PlusScalar(zeros, scalar=1, name="plus").debug_str() == ZEROS


def test_variables():
    assert mx.sym.Variable("d").debug_str() == "Variable:d\n"
    group = mx.sym.Group([mx.sym.Variable("d"), mx.sym.Variable("e")])
    assert group.debug_str().endswith("output[1]=e(0)\nVariable:d\nVariable:e\n")
