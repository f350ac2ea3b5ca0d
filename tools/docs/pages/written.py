"""Examples of operators whose tables hold no case that a page could show."""

_DRAW = "mx.random.seed(7)"
_SHAPES = {
    "exponential": "lam=2.0",
    "gamma": "alpha=2.0, beta=1.0",
    "generalized_negative_binomial": "mu=2.0, alpha=0.5",
    "negative_binomial": "k=3, p=0.5",
    "normal": "loc=0.0, scale=1.0",
    "poisson": "lam=4.0",
    "uniform": "low=0.0, high=1.0",
}
_ROWS = {
    "exponential": ["lam"],
    "gamma": ["alpha", "beta"],
    "generalized_negative_binomial": ["mu", "alpha"],
    "negative_binomial": ["k", "p"],
    "normal": ["mu", "sigma"],
    "poisson": ["lam"],
    "uniform": ["low", "high"],
}
_FIRST = {"k": [3, 5], "p": [0.5, 0.2], "low": [0.0, 10.0], "high": [1.0, 20.0]}
_GRAPH = (
    "graph = mx.nd.sparse.csr_matrix("
    "([1, 2, 3], [1, 2, 0], [0, 2, 2, 3]), shape=(3, 3), dtype='int64')"
)
_LOOP = "data = mx.nd.array([[1, 2], [3, 4], [5, 6]])"
_ROWSPARSE = "data = mx.nd.sparse.row_sparse_array(([[1, 2], [3, 4]], [0, 2]), shape=(4, 2))"


def _image(name, attrs):
    picture = "picture = mx.nd.arange(12).reshape((2, 2, 3)) / 12"
    return f"{_DRAW}\n{picture}\nmx.nd.image.{name}(picture{attrs})"


# Statements; what the last one gives is shown.
EXAMPLES = {
    "_contrib_boolean_mask": "data = mx.nd.array([[1, 2], [3, 4], [5, 6]])\n"
    "mx.nd.contrib.boolean_mask(data, mx.nd.array([0, 1, 1]))",
    "_npi_unique": "mx.nd._internal._npi_unique(mx.nd.array([3, 1, 3]), return_counts=True)",
    "_npx_constraint_check": "holds = mx.nd.array([1, 1]).astype('bool')\n"
    "mx.nd._internal._npx_constraint_check(holds, msg='scale is negative')",
    "_npx_nonzero": "mx.nd._internal._npx_nonzero(mx.nd.array([[0, 3], [4, 0]]))",
    "_contrib_dgl_adjacency": f"{_GRAPH}\nmx.nd.contrib.dgl_adjacency(graph).tostype('default')",
    "_contrib_edge_id": f"{_GRAPH}\n"
    "mx.nd.contrib.edge_id(graph, mx.nd.array([0, 2]), mx.nd.array([1, 1]))",
    "_contrib_getnnz": f"{_GRAPH}\nmx.nd.contrib.getnnz(graph)",
    "_foreach": f"{_LOOP}\nbody = lambda row, total: (row + total, row + total)\n"
    "mx.nd.contrib.foreach(body, data, mx.nd.zeros(2))[0]",
    "_while_loop": "condition = lambda i, total: i < 4\n"
    "step = lambda i, total: (total, [i + 1, total + i])\n"
    "state = [mx.nd.array([1]), mx.nd.array([0])]\n"
    "mx.nd.contrib.while_loop(condition, step, state, max_iterations=5)[1]",
    "_cond": "x = mx.nd.array([3])\nmx.nd.contrib.cond(x > 2, lambda: x * 10, lambda: x / 10)",
    "_sparse_retain": f"{_ROWSPARSE}\n"
    "mx.nd.sparse.retain(data, mx.nd.array([2, 3])).tostype('default')",
    "cast_storage": f"{_ROWSPARSE}\nmx.nd.cast_storage(data, stype='default')",
    "fill_element_0index": "mx.nd.fill_element_0index(mx.nd.zeros((2, 3)), mx.nd.array([5, 7]), "
    "mx.nd.array([0, 2]))",
    "_set_value": "mx.nd._internal._set_value(7, out=mx.nd.zeros((2, 2)))",
    "reset_arrays": "x = mx.nd.ones((2, 2))\nmx.nd.reset_arrays(x, num_arrays=1)\nx",
    "_shuffle": f"{_DRAW}\nmx.nd.random.shuffle(mx.nd.arange(6))",
    "_random_randint": f"{_DRAW}\nmx.nd.random.randint(0, 10, shape=(2, 3))",
    "_sample_multinomial": f"{_DRAW}\n"
    "mx.nd.random.multinomial(mx.nd.array([[0.1, 0.9], [0.8, 0.2]]), shape=4)",
    "_sample_unique_zipfian": f"{_DRAW}\n"
    "mx.nd._internal._sample_unique_zipfian(range_max=100, shape=(1, 5))",
    **{
        f"_npi_{call.partition('(')[0]}": f"{_DRAW}\nmx.nd._internal._npi_{call}"
        for call in (
            "bernoulli(prob=0.3, logit=None, is_logit=False, size=(6,))",
            "choice(a=10, size=(4,), replace=False)",
            "exponential(scale=2, size=(3,))",
            "gamma(shape=2, scale=1, size=(3,))",
            "gumbel(loc=0, scale=1, size=(3,))",
            "logistic(loc=0, scale=1, size=(3,))",
            "multinomial(n=20, pvals=(0.2, 0.3, 0.5))",
            "normal(mx.nd.array([0, 100]), loc=None, scale=1, size=(3, 2))",
            "normal_n(mx.nd.array([0, 100]), loc=None, scale=1, size=(3,))",
            "pareto(a=2, size=(3,))",
            "powerd(a=2, size=(3,))",
            "rayleigh(scale=2, size=(3,))",
            "uniform(mx.nd.array([0, 100]), low=None, high=200, size=(3, 2))",
            "uniform_n(mx.nd.array([0, 100]), low=None, high=200, size=(3,))",
            "weibull(a=2, size=(3,))",
        )
    },
    "SoftmaxOutput": "mx.nd.SoftmaxOutput(mx.nd.array([[1, 2], [3, 3]]), mx.nd.array([1, 0]))",
    "BatchNorm_v1": "data = mx.nd.array([[1, 2], [3, 4]])\n"
    "mx.nd.BatchNorm_v1(data, mx.nd.ones(2), mx.nd.zeros(2), mx.nd.zeros(2), mx.nd.ones(2))",
    "_image_random_brightness": _image("random_brightness", ", 0.5, 1.5"),
    "_image_random_color_jitter": _image("random_color_jitter", ", 0.2, 0.2, 0.2, 0.2"),
    "_image_random_contrast": _image("random_contrast", ", 0.5, 1.5"),
    "_image_random_flip_left_right": _image("random_flip_left_right", ""),
    "_image_random_flip_top_bottom": _image("random_flip_top_bottom", ""),
    "_image_random_hue": _image("random_hue", ", 0.5, 1.5"),
    "_image_random_lighting": _image("random_lighting", ", alpha_std=0.1"),
    "_image_random_saturation": _image("random_saturation", ", 0.5, 1.5"),
}
for _name, _attrs in _SHAPES.items():
    EXAMPLES[f"_random_{_name}"] = (
        f"{_DRAW}\nmx.nd._internal._random_{_name}({_attrs}, shape=(2, 3))"
    )
    EXAMPLES[f"_random_{_name}_like"] = (
        f"{_DRAW}\nmx.nd._internal._random_{_name}_like(mx.nd.zeros((2, 3)), {_attrs})"
    )
    _arrays = ", ".join(f"mx.nd.array({_FIRST.get(each, [1.0, 4.0])})" for each in _ROWS[_name])
    EXAMPLES[f"_sample_{_name}"] = f"{_DRAW}\nmx.nd._internal._sample_{_name}({_arrays}, shape=3)"

# Operators that have no example, and why.
NO_EXAMPLE = {
    **dict.fromkeys(
        [
            "_contrib_dgl_csr_neighbor_non_uniform_sample",
            "_contrib_dgl_csr_neighbor_uniform_sample",
            "_contrib_dgl_graph_compact",
            "_contrib_dgl_subgraph",
        ],
        "graphs of a useful size do not fit on a page; `tests/ops/graph` has some",
    ),
    **dict.fromkeys(
        [
            "_channel_affine",
            "_deformable_columns",
            "_digamma",
            "_linalg_geev",
            "_meeting_sum",
            "_move_average",
            "_pooling_indices",
            "_reorder",
            "_sync_batch_norm_apply",
            "_sync_batch_norm_sums",
            "_trigamma",
        ],
        "it is a part of other operators and of graphs; programs do not call it",
    ),
    "_npi_eig": "eigenvectors are known but for their lengths; `tests/ops/linalg` checks them",
}
