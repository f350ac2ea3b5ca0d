"""Sizes that the file leaves open, and tensors without axes, on the way through graphs."""

import numpy as np
import pytest

import mxnet as mx
from mxnet.contrib import onnx as onnx_mx

onnx = pytest.importorskip("onnx")

HEADER = '<ir_version: 8, opset_import: ["": 17]>\n'

# What it is about, the graph in ONNX's own text form, shapes of its inputs.
CASES = [
    (
        "index without axes",
        """
        g (float[3,4] x) => (float[k] y) {
            i = Constant<value=int64 {1}>()
            a = Gather<axis=1>(x,i)
            y = Add(a,a)
        }
        """,
        {"x": (3, 4)},
    ),
    (
        "index that is computed",
        """
        g (float[3,4] x) => (float y) {
            s = ReduceMax<keepdims=0>(x)
            i = Cast<to=7>(s)
            f = Gather<axis=0>(x,i)
            y = ReduceSum<keepdims=0>(f)
        }
        """,
        {"x": (3, 4)},
    ),
    (
        "number of elements of an open batch",
        """
        g (float[N,4] x) => (float y) {
            s = Size(x)
            c = Cast<to=1>(s)
            t = ReduceSum<keepdims=0>(x)
            y = Div(t,c)
        }
        """,
        {"x": (3, 4)},
    ),
    (
        "arithmetic with a size",
        """
        g (float[N,4] x) => (float[k] y) {
            s = Shape(x)
            z = Constant<value=int64 {0}>()
            n = Gather(s,z)
            f = Cast<to=1>(n)
            r = Sqrt(f)
            q = Div(x,r)
            ax = Constant<value=int64[1] {1}>()
            y = ReduceSum<keepdims=0>(q,ax)
        }
        """,
        {"x": (3, 4)},
    ),
    (
        "product of sizes as a shape",
        """
        g (float[N,4,6] x) => (float[k,l] y) {
            s = Shape(x)
            i0 = Constant<value=int64 {0}>()
            i1 = Constant<value=int64 {1}>()
            n = Gather(s,i0)
            m = Gather(s,i1)
            p = Mul(n,m)
            ax = Constant<value=int64[1] {0}>()
            u = Unsqueeze(p,ax)
            v = Constant<value=int64[1] {-1}>()
            t = Concat<axis=0>(u,v)
            y = Reshape(x,t)
        }
        """,
        {"x": (3, 4, 6)},
    ),
    (
        "choice between numbers",
        """
        g (float[3] x) => (float y) {
            s = ReduceSum<keepdims=0>(x)
            z = Constant<value=float {0}>()
            c = Less(s,z)
            y = Where(c,s,z)
        }
        """,
        {"x": (3,)},
    ),
    (
        "one-hot of a number",
        """
        g (float[3] x) => (float[5] y) {
            s = ReduceMax<keepdims=0>(x)
            i = Cast<to=7>(s)
            d = Constant<value=int64 {5}>()
            v = Constant<value=float[2] {0,1}>()
            y = OneHot(i,d,v)
        }
        """,
        {"x": (3,)},
    ),
    (
        "number with an axis",
        """
        g (float[3] x) => (float[2] y) {
            s = ReduceMax<keepdims=0>(x)
            ax = Constant<value=int64[1] {0}>()
            u = Unsqueeze(s,ax)
            y = Concat<axis=0>(u,u)
        }
        """,
        {"x": (3,)},
    ),
    (
        "Einsum to a number",
        """
        g (float[3] x) => (float y) {
            y = Einsum<equation="i,i->">(x,x)
        }
        """,
        {"x": (3,)},
    ),
    (
        "expanded number",
        """
        g (float[3] x) => (float[2,3] y) {
            s = ReduceMax<keepdims=0>(x)
            sh = Constant<value=int64[2] {2,3}>()
            y = Expand(s,sh)
        }
        """,
        {"x": (3,)},
    ),
    (
        "product of vectors",
        """
        g (float[3] x) => (float y) {
            m = MatMul(x,x)
            y = Exp(m)
        }
        """,
        {"x": (3,)},
    ),
    (
        "GatherND",
        """
        g (float[3,4] x) => (float[1] y) {
            i = Constant<value=int64[1,2] {1,2}>()
            g = GatherND(x,i)
            y = Neg(g)
        }
        """,
        {"x": (3, 4)},
    ),
    (
        "range up to a known size",
        """
        g (float[N,4] x) => (float[k] y) {
            s = Shape(x)
            z = Constant<value=int64 {0}>()
            one = Constant<value=int64 {1}>()
            n = Gather(s,one)
            r = Range(z,n,one)
            f = Cast<to=1>(r)
            y = Add(x,f)
        }
        """,
        {"x": (3, 4)},
    ),
    (
        "range up to an open size",
        """
        g (float[N,4] x) => (float[k] y) {
            s = Shape(x)
            z = Constant<value=int64 {0}>()
            one = Constant<value=int64 {1}>()
            n = Gather(s,z)
            r = Range(z,n,one)
            f = Cast<to=1>(r)
            ax = Constant<value=int64[1] {1}>()
            u = Unsqueeze(f,ax)
            y = Add(x,u)
        }
        """,
        {"x": (3, 4)},
    ),
    (
        "expanded to an open size",
        """
        g (float[N,4] x, float[1,4] w) => (float[N,4] y) {
            s = Shape(x)
            e = Expand(w,s)
            y = Mul(x,e)
        }
        """,
        {"x": (3, 4), "w": (1, 4)},
    ),
    (
        "constant of an open size",
        """
        g (float[N,4] x) => (float[N,8] y) {
            s = Shape(x)
            e = ConstantOfShape<value = float[1] {2}>(s)
            y = Concat<axis=1>(x,e)
        }
        """,
        {"x": (3, 4)},
    ),
    (
        "positions cut to an open length",
        """
        g (float[N,T,4] x, float[1,9,4] p) => (float[N,T,4] y) {
            s = Shape<start=1,end=2>(x)
            z = Constant<value=int64[1] {0}>()
            a = Constant<value=int64[1] {1}>()
            q = Slice(p,z,s,a)
            y = Add(x,q)
        }
        """,
        {"x": (2, 5, 4), "p": (1, 9, 4)},
    ),
    (
        "shape that follows from data",
        """
        g (float[3,4] x) => (int64[2,k] y) {
            y = NonZero(x)
        }
        """,
        {"x": (3, 4)},
    ),
    (
        "triangle of an open batch",
        """
        g (float[N,4,4] x) => (float[N,4,4] y) {
            y = Trilu(x)
        }
        """,
        {"x": (3, 4, 4)},
    ),
    (
        "repeated beside an open size",
        """
        g (float[N,1] x) => (float[N,3] y) {
            r = Constant<value=int64[2] {1,3}>()
            y = Tile(x,r)
        }
        """,
        {"x": (3, 1)},
    ),
    (
        "two open sizes merged",
        """
        g (float[N,T,4] x) => (float[k,l] y) {
            t = Transpose<perm=[1,0,2]>(x)
            s = Constant<value=int64[2] {-1,4}>()
            y = Reshape(t,s)
        }
        """,
        {"x": (3, 5, 4)},
    ),
    (
        "attention with open batch and length",
        """
        g (float[N,T,8] x) => (float[N,T,8] y) {
            s = Constant<value=int64[4] {0,0,2,4}>()
            h = Reshape(x,s)
            t = Transpose<perm=[0,2,1,3]>(h)
            u = Transpose<perm=[0,1,3,2]>(t)
            a = MatMul(t,u)
            p = Softmax(a)
            o = MatMul(p,t)
            b = Transpose<perm=[0,2,1,3]>(o)
            s2 = Constant<value=int64[3] {0,0,8}>()
            y = Reshape(b,s2)
        }
        """,
        {"x": (3, 5, 8)},
    ),
    (
        "resized beside an open size",
        """
        g (float[N,3,4,4] x) => (float[N,3,8,8] y) {
            sc = Constant<value=float[4] {1,1,2,2}>()
            y = Resize<mode="linear">(x,,sc)
        }
        """,
        {"x": (2, 3, 4, 4)},
    ),
    (
        "padded beside an open size",
        """
        g (float[N,3,4,4] x) => (float[N,3,6,6] y) {
            p = Constant<value=int64[8] {0,0,1,1,0,0,1,1}>()
            y = Pad<mode="reflect">(x,p)
        }
        """,
        {"x": (2, 3, 4, 4)},
    ),
    (
        "states of an open batch",
        """
        g (float[5,N,3] x, float[1,16,3] w, float[1,16,4] r) => (float[5,1,N,4] y) {
            y = LSTM<hidden_size=4>(x,w,r)
        }
        """,
        {"x": (5, 2, 3), "w": (1, 16, 3), "r": (1, 16, 4)},
    ),
    (
        "pooling of an open batch",
        """
        g (float[N,3,5,5] x) => (float[N,3,3,3] y) {
            y = AveragePool<kernel_shape=[2,2],strides=[2,2],ceil_mode=1>(x)
        }
        """,
        {"x": (2, 3, 5, 5)},
    ),
    (
        "TopK of an open batch",
        """
        g (float[N,5] x) => (float[N,2] v, int64[N,2] i) {
            k = Constant<value=int64[1] {2}>()
            v, i = TopK(x,k)
        }
        """,
        {"x": (3, 5)},
    ),
    (
        "split beside an open size",
        """
        g (float[N,5] x) => (float[N,2] a, float[N,3] b) {
            k = Constant<value=int64[2] {2,3}>()
            a, b = Split<axis=1>(x,k)
        }
        """,
        {"x": (3, 5)},
    ),
    (
        "GatherElements",
        """
        g (float[3,5] x) => (float[3,2] y) {
            k = Constant<value=int64[1] {2}>()
            v, i = TopK<axis=1>(x,k)
            y = GatherElements<axis=1>(x,i)
        }
        """,
        {"x": (3, 5)},
    ),
]


@pytest.mark.parametrize(
    ("graph", "shapes"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_numbers_are_those_of_the_reference(graph, shapes):
    from onnx.reference import ReferenceEvaluator

    model = onnx.parser.parse_model(HEADER + graph)
    rng = np.random.RandomState(0)
    arrays = {n: (rng.rand(*shape) * 2).astype(np.float32) for n, shape in shapes.items()}
    symbol, args, auxs = onnx_mx.import_model(model)
    args.update({name: mx.nd.array(array) for name, array in arrays.items()})
    executor = symbol.bind(mx.cpu(), args, grad_req="null", aux_states=auxs)
    for found, expected in zip(executor.forward(), ReferenceEvaluator(model).run(None, arrays)):
        assert found.shape == (expected.shape or (1,))
        found = found.asnumpy().reshape(expected.shape)
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_size_that_nothing_has():
    """The error names the node and the way out, which works."""
    model = onnx.parser.parse_model(
        HEADER
        + """
        g (float[N, M] x) => (float[k, l] y) {
            two = Constant <value = int64[2] {2, 1}> ()
            s = Shape (x)
            t = Mul (s, two)
            y = ConstantOfShape (t)
        }
        """
    )
    with pytest.raises(mx.MXNetError, match="y: .*input_shapes of import_model"):
        onnx_mx.import_model(model)
    symbol, args, _ = onnx_mx.import_model(model, input_shapes={"x": (2, 3)})
    assert symbol.bind(mx.cpu(), args, grad_req="null").forward()[0].shape == (4, 3)
