"""Graphs as CSR matrices; the fixed results are those of MXNet 1.9.1."""

import numpy as np
import pytest

import mxnet as mx
from mxnet import nd

LINKS = np.array(
    [[0, 1, 0, 2, 0], [3, 0, 4, 0, 5], [0, 6, 0, 0, 7], [8, 0, 0, 0, 9], [0, 10, 11, 0, 0]]
)


def ints(*values):
    return nd.array(values, dtype="int64")


def graph():
    columns = np.nonzero(LINKS)[1].astype("int64")
    starts = np.array([0, 2, 5, 7, 9, 11], "int64")
    parts = (np.arange(1, 12, dtype="int64"), columns, starts)
    return nd.sparse.csr_matrix(parts, shape=LINKS.shape, dtype="int64")


def rows(csr):
    """For each row pairs of column and value."""
    starts, columns = csr.indptr.asnumpy(), csr.indices.asnumpy().tolist()
    pairs = list(zip(columns, csr.data.asnumpy().tolist()))
    return [pairs[a:b] for a, b in zip(starts, starts[1:])]


def test_adjacency():
    found = nd.contrib.dgl_adjacency(graph())
    assert found.stype == "csr" and found.dtype == np.float32
    assert (found.asnumpy() == (LINKS > 0)).all()


def test_subgraph():
    found = nd.contrib.dgl_subgraph(graph(), ints(0, 1, 2), ints(1, 4), return_mapping=True)
    assert [each.shape for each in found] == [(3, 3), (2, 2), (3, 3), (2, 2)]
    assert rows(found[0]) == [[(1, 0)], [(0, 1), (2, 2)], [(1, 3)]]
    assert rows(found[1]) == [[(1, 0)], [(0, 1)]]
    assert rows(found[2]) == [[(1, 1)], [(0, 3), (2, 4)], [(1, 6)]]
    assert rows(found[3]) == [[(1, 5)], [(0, 10)]]
    alone = nd.contrib.dgl_subgraph(graph(), ints(0, 1, 2), return_mapping=False)
    assert rows(alone) == rows(found[0])


def test_sample_of_all_neighbors():
    vertices, edges, distances = nd.contrib.dgl_csr_neighbor_uniform_sample(
        graph(), ints(0, 1), num_args=2, num_hops=1, num_neighbor=10, max_num_vertices=7
    )
    assert vertices.asnumpy().tolist() == [0, 1, 2, 3, 4, 0, 0, 5]
    assert edges.shape == (7, 5)
    assert rows(edges) == [[(1, 1), (3, 2)], [(0, 3), (2, 4), (4, 5)]] + 5 * [[]]
    assert distances.asnumpy().tolist() == [0, 0, 1, 1, 1, 0, 0]


def test_full_samples_end():
    vertices, edges, distances = nd.contrib.dgl_csr_neighbor_uniform_sample(
        graph(), ints(0, 1), num_args=2, num_hops=3, num_neighbor=10, max_num_vertices=3
    )
    assert vertices.asnumpy().tolist() == [0, 1, 3, 3]
    assert rows(edges) == [[(1, 1), (3, 2)], [], []]
    assert distances.asnumpy().tolist() == [0, 0, 1]


def test_several_lists_of_seeds_and_weights():
    found = nd.contrib.dgl_csr_neighbor_non_uniform_sample(
        graph(),
        nd.array([1, 2, 3, 4, 5]) / 10,
        ints(0, 1),
        ints(4),
        num_args=4,
        num_hops=1,
        num_neighbor=10,
        max_num_vertices=5,
    )
    assert len(found) == 8
    assert found[0].asnumpy().tolist() == [0, 1, 2, 3, 4, 5]
    assert found[1].asnumpy().tolist() == [1, 2, 4, 0, 0, 3]
    assert rows(found[3]) == [[], [], [(1, 10), (2, 11)], [], []]
    np.testing.assert_allclose(found[5].asnumpy(), [0.2, 0.3, 0.5, 0, 0], rtol=1e-6)
    assert found[7].asnumpy().tolist() == [1, 1, 0, 0, 0]


@pytest.mark.parametrize("weights", [None, [1, 0, 2, 0, 6]])
def test_draws_follow_the_weights(weights):
    mx.random.seed(1)
    counts = np.zeros(5)
    options = {"num_hops": 1, "num_neighbor": 1, "max_num_vertices": 5}
    for _ in range(1500):
        if weights is None:
            sample = nd.contrib.dgl_csr_neighbor_uniform_sample(
                graph(), ints(1), num_args=2, **options
            )
        else:
            sample = nd.contrib.dgl_csr_neighbor_non_uniform_sample(
                graph(), nd.array(weights), ints(1), num_args=3, **options
            )
        counts[sample[1].indices.asnumpy()] += 1
    expected = [1, 0, 1, 0, 1] if weights is None else [1, 0, 2, 0, 6]
    np.testing.assert_allclose(counts / 1500, np.array(expected) / sum(expected), atol=0.05)


@pytest.mark.parametrize("mapped", [False, True])
def test_compact(mapped):
    vertices, edges, _ = nd.contrib.dgl_csr_neighbor_uniform_sample(
        graph(), ints(1, 4), num_args=2, num_hops=0, num_neighbor=10, max_num_vertices=6
    )
    assert rows(edges) == 6 * [[]]
    vertices, edges, _ = nd.contrib.dgl_csr_neighbor_uniform_sample(
        graph(), ints(4), num_args=2, num_hops=1, num_neighbor=10, max_num_vertices=6
    )
    count = int(vertices[-1].asscalar())
    found = nd.contrib.dgl_graph_compact(
        edges, vertices, graph_sizes=(count,), return_mapping=mapped
    )
    small = found[0] if mapped else found
    assert small.shape == (3, 3)
    assert rows(small) == [[], [], [(0, 0), (1, 1)]]
    if mapped:
        assert rows(found[1]) == [[], [], [(0, 10), (1, 11)]]


def test_symbols():
    symbol = mx.sym.contrib.dgl_adjacency(mx.sym.var("g", stype="csr"))
    executor = symbol.bind(mx.cpu(), {"g": graph()})
    assert (executor.forward()[0].asnumpy() == (LINKS > 0)).all()


def test_mistakes():
    with pytest.raises(ValueError, match="arg1 is not sorted"):
        nd.contrib.dgl_subgraph(graph(), ints(2, 0), return_mapping=True)
    with pytest.raises(IndexError, match="vertex 9 is out of range; expected 0 to 4"):
        nd.contrib.dgl_subgraph(graph(), ints(2, 9), return_mapping=False)
    with pytest.raises(IndexError, match="vertex -1 is out of range"):
        nd.contrib.dgl_csr_neighbor_uniform_sample(graph(), ints(-1), num_args=2)
    with pytest.raises(ValueError, match="max_num_vertices"):
        nd.contrib.dgl_csr_neighbor_uniform_sample(graph(), ints(1), num_args=2, max_num_vertices=0)
    with pytest.raises(ValueError, match=r"graph_sizes\[0\]=9"):
        nd.contrib.dgl_graph_compact(graph(), ints(0, 1), graph_sizes=(9,), return_mapping=True)
    with pytest.raises(ValueError, match="an edge leads to vertex 3"):
        nd.contrib.dgl_graph_compact(graph(), ints(0, 1), graph_sizes=(2,), return_mapping=False)
    with pytest.raises(mx.base.MXNetError, match="sparse"):
        nd.contrib.dgl_adjacency(nd.ones((2, 2)))
