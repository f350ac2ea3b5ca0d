"""`from mxnet.test_utils import *` lacked most names, and tolerances were others than in 1.9.1."""

import os
import subprocess
import sys

import numpy as np
import pytest

import mxnet as mx
from mxnet import test_utils as helpers

# Public names of 1.9.1 but those of packages that are not there (np_symbol) or optional.
NAMES = """Context DummyIter Features Symbol almost_equal array assert_allclose assert_almost_equal
    assert_almost_equal_ignore_nan assert_almost_equal_with_err assert_exception assign_each
    assign_each2 checkShapes check_consistency check_gluon_hybridize_consistency
    check_numeric_gradient check_speed check_symbolic_backward check_symbolic_forward
    chi_square_check collapse_sum_like compare_ndarray_tuple compare_optimizer create_2d_tensor
    create_sparse_array create_sparse_array_zd create_vector current_context default_atols
    default_context default_dtype default_numeric_eps default_rtols discard_stderr download
    download_model effective_dtype environment gen_buckets_probs_with_ppf get_atol get_bz2_data
    get_cifar10 get_cuda_compute_capability get_etol get_identity_mat get_identity_mat_batch
    get_im2rec_path get_mnist get_mnist_iterator get_mnist_pkl get_mnist_ubyte get_rtol
    get_tolerance get_tols get_zip_data getenv has_tvm_ops is_aarch64_run is_cd_run is_op_runnable
    list_gpus locationError mean_check mx new_matrix_with_real_eigvals_2d
    new_matrix_with_real_eigvals_nd new_orthonormal_matrix_2d new_sym_matrix_with_real_eigvals_2d
    new_sym_matrix_with_real_eigvals_nd np_reduce numeric_grad rand_coord_2d rand_ndarray
    rand_shape_2d rand_shape_3d rand_shape_nd rand_sparse_ndarray random_arrays random_sample
    random_uniform_arrays retry same same_array same_symbol_structure set_default_context setenv
    shuffle_csr_column_indices simple_forward use_np var_check verify_generator
    np rnd os sys time logging gzip struct zipfile""".split()

A, B = np.array([[1, 2]], np.float32), np.array([[3, 4]], np.float32)


def product():
    return mx.sym.Variable("a") * mx.sym.Variable("b")


def test_a_star_import_brings_every_name():
    names = {}
    exec("from mxnet.test_utils import *", names)
    assert [name for name in NAMES if name not in names] == []


def test_tolerances():
    single, double = np.dtype("float32"), np.dtype("float64")
    assert helpers.default_rtols()[single] == 1e-4 and helpers.default_atols()[single] == 1e-3
    assert helpers.default_rtols()[double] == 1e-5 and helpers.default_atols()[double] == 1e-20
    assert helpers.get_tols(A.astype("float16"), A, None, None) == (1e-2, 1e-1)
    assert helpers.get_tols(A, B.astype("float64"), 0.5, None) == (0.5, 1e-3)
    helpers.assert_almost_equal(mx.nd.array([1]), np.array([1.0009], "f"))
    with pytest.raises(AssertionError):
        helpers.assert_almost_equal(np.array([1.0]), np.array([1.0009]))


def test_failed_comparisons_name_the_largest_error(capsys):
    with pytest.raises(AssertionError) as failure:
        helpers.assert_almost_equal(
            np.array([1.0, 2, 3]), np.array([1.0, 2.1, 3.2]), names=("found", "wanted")
        )
    text = "Location of maximum error: (2,), found=3.00000000, wanted=3.20000000"
    assert text in str(failure.value) and "(mismatch 66.666667%)" in str(failure.value)
    assert "*** Maximum errors for vector of size 3" in capsys.readouterr().out
    nan = np.array([np.nan, 1])
    with pytest.raises(AssertionError, match="Error nan"):
        helpers.assert_almost_equal(nan, nan)
    helpers.assert_almost_equal(nan, nan, equal_nan=True)
    with pytest.raises(AssertionError, match="not equal"):
        helpers.assert_almost_equal(A, np.ones((2, 2)), use_broadcast=False)
    with pytest.raises(AssertionError):
        helpers.assert_almost_equal(np.array([0], "uint8"), np.array([255], "uint8"))


def test_comparisons_that_return_are_strict_for_all_types():
    assert helpers.almost_equal(A, A * np.float32(1 + 1e-6))
    assert not helpers.almost_equal(A, A + np.float32(1e-3))
    assert helpers.almost_equal(A, A + np.float32(1e-3), atol=1e-2)
    assert not helpers.almost_equal(np.zeros(2, "f"), np.full(2, 1e-6, "f"))


def test_a_share_may_differ():
    found, wanted = np.array([1.0, 2, 3, 4]), np.array([1.0, 2.1, 3, 4])
    helpers.assert_almost_equal_with_err(found, wanted, etol=0.3)
    with pytest.raises(AssertionError):
        helpers.assert_almost_equal_with_err(found, wanted, etol=0.2)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numeric_gradients(dtype):
    norm = mx.sym.BatchNorm(mx.sym.Variable("x"), fix_gamma=False, name="bn")
    values = {"x": np.random.rand(4, 3), "bn_gamma": np.ones(3), "bn_beta": np.zeros(3)}
    aux = {"bn_moving_mean": np.zeros(3), "bn_moving_var": np.ones(3)}
    helpers.check_numeric_gradient(norm, values, aux, numeric_eps=1e-2, rtol=5e-2, atol=5e-2)
    helpers.check_numeric_gradient(product(), [A, B], dtype=dtype)
    helpers.check_numeric_gradient(product(), [A, B], grad_nodes={"a": "add", "b": "null"})
    with pytest.raises(ValueError, match="location"):
        helpers.check_numeric_gradient(product(), {"a": A, "c": B})


def test_numeric_gradients_of_large_sums():
    """Differences of a sum of 182 products in single precision would be those of its rounding."""
    random = np.random.RandomState(1)
    values = [random.uniform(0.2, 2, (13, 14)) for _ in range(2)]
    helpers.check_numeric_gradient(product(), values)
    product_of_matrices = mx.sym.dot(mx.sym.Variable("a"), mx.sym.Variable("b"), transpose_b=True)
    for _ in range(10):
        values = [random.uniform(0.2, 2, (3, 4)) for _ in range(2)]
        helpers.check_numeric_gradient(product_of_matrices, values)


def test_wrong_gradients_are_found():
    a = mx.sym.Variable("a")
    blocked = mx.sym.BlockGrad(a) * a
    with pytest.raises(AssertionError, match="BACKWARD_a"):
        helpers.check_numeric_gradient(blocked, [A + 1], rtol=1e-2, atol=1e-2)
    with pytest.raises(AssertionError, match="EXPECTED_b"):
        helpers.check_symbolic_backward(product(), [A, B], [np.ones_like(A)], [B, A + 1])
    with pytest.raises(AssertionError, match="FORWARD_"):
        helpers.check_symbolic_forward(product(), [A, B], [A * B + 1])


def test_symbolic_checks_return_arrays():
    [output] = helpers.check_symbolic_forward(product(), {"a": A, "b": B}, [A * B])
    assert output.asnumpy().tolist() == [[3, 8]]
    for request in ("write", "add", {"a": "write", "b": "null"}, ["add", "write"]):
        grads = helpers.check_symbolic_backward(
            product(), [A, B], [np.ones_like(A)], [B, A], grad_req=request
        )
        assert sorted(grads) == ["a", "b"]
    stypes = ["row_sparse", "default"]
    grads = helpers.check_symbolic_backward(
        product(), [A, B], [np.ones_like(A)], [B, A], grad_stypes=stypes
    )
    assert [grads[name].stype for name in "ab"] == stypes
    assert helpers.simple_forward(product(), a=A, b=B).tolist() == [[3, 8]]


def test_consistency():
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    places = [
        {"ctx": mx.cpu(), "data": (2, 3), "type_dict": {"data": dtype}}
        for dtype in (np.float32, np.float64)
    ]
    truth = helpers.check_consistency(net, places)
    assert sorted(truth) == ["data", "fc_bias", "fc_output", "fc_weight"]
    assert truth["data"].dtype == np.float64
    assert list(helpers.check_consistency(net, places, grad_req="null")) == ["fc_output"]
    other = mx.sym.FullyConnected(mx.sym.Variable("data") * 1.1, num_hidden=2, name="fc")
    with pytest.raises(AssertionError, match="Location of maximum error"):
        helpers.check_consistency([net, other], places)
    with pytest.raises(AssertionError, match="at least two"):
        helpers.check_consistency(net, places[:1])


def test_optimizers_are_compared():
    def sgd(rate):
        return mx.optimizer.SGD(learning_rate=rate, momentum=0.9)

    helpers.compare_optimizer(sgd(0.1), sgd(0.1), (3, 4), np.float32)
    helpers.compare_optimizer(sgd(0.1), sgd(0.1), [(3, 4), (2,)], np.float32, ntensors=2)
    with pytest.raises(AssertionError):
        helpers.compare_optimizer(sgd(0.1), sgd(0.2), (3, 4), np.float32)


@pytest.mark.parametrize("stype", ["row_sparse", "csr"])
def test_random_sparse_arrays(stype):
    np.random.seed(1)
    array, parts = helpers.rand_sparse_ndarray((4, 3), stype, density=0.5)
    # The numbers that 1.9.1 draws.
    first = {"row_sparse": [0.14675589, 0.09233859, 0.18626021], "csr": [0, 0.41919452, 0]}[stype]
    np.testing.assert_allclose(array.asnumpy()[0], first, rtol=1e-6)
    assert array.stype == stype and len(parts) == {"row_sparse": 2, "csr": 3}[stype]
    assert not helpers.rand_ndarray((4, 3), stype, density=0).asnumpy().any()
    ones = helpers.create_sparse_array((4, 3), stype, data_init=1, density=1)
    np.testing.assert_array_equal(ones.asnumpy(), np.ones((4, 3)))


def test_random_dense_arrays():
    np.random.seed(0)
    assert helpers.rand_ndarray((1,)).asscalar() == np.float32(1.7640524)
    assert helpers.collapse_sum_like(np.ones((2, 3, 4)), (3, 1)).tolist() == [[8]] * 3
    assert helpers.np_reduce(np.ones((2, 3)), (0, 1), True, np.sum).tolist() == [[6]]
    symmetric = helpers.new_sym_matrix_with_real_eigvals_nd((2, 3, 3))
    np.testing.assert_allclose(symmetric, symmetric.transpose(0, 2, 1), atol=1e-12)


def test_arrays_that_are_the_same():
    x = mx.nd.ones((2,))
    assert helpers.same_array(x, x) and helpers.same_array(x, x[0:2])
    assert not helpers.same_array(x, x.copy()) and x.asnumpy().tolist() == [1, 1]
    a, b = mx.sym.Variable("a"), mx.sym.Variable("b")
    assert helpers.same_symbol_structure(a + b, b + a)
    assert not helpers.same_symbol_structure(a + b, a * b)


def test_surroundings(capfd):
    with helpers.discard_stderr():
        os.write(2, b"hidden\n")
        print("hidden", file=sys.stderr)
    print("shown", file=sys.stderr)
    assert capfd.readouterr().err == "shown\n"
    with helpers.environment({"REMX_TEST_A": "1", "HOME": None}):
        assert os.environ["REMX_TEST_A"] == "1" and helpers.getenv("HOME") is None
    assert "REMX_TEST_A" not in os.environ and "HOME" in os.environ
    batches = helpers.DummyIter(mx.io.NDArrayIter(A, batch_size=1))
    assert next(batches) is batches.next() is batches.the_batch


def test_downloads(tmp_path):
    (tmp_path / "source").write_bytes(b"content")
    url = (tmp_path / "source").as_uri()
    found = helpers.download(url, "target", str(tmp_path / "folder"))
    assert open(found, "rb").read() == b"content"
    (tmp_path / "source").write_bytes(b"other")
    assert open(helpers.download(url, found), "rb").read() == b"content"
    assert open(helpers.download(url, found, overwrite=True), "rb").read() == b"other"
    with pytest.raises(OSError):
        helpers.download(url + "-absent", str(tmp_path / "none"), retries=1)
    assert sorted(os.listdir(tmp_path)) == ["folder", "source"]


def test_importing_it_is_cheap():
    script = "import sys, mxnet.test_utils; print([m for m in sys.modules if m == 'scipy'])"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert result.stdout == "[]\n"


def test_moments():
    np.random.seed(0)
    assert helpers.mean_check(lambda count: np.random.normal(0, 1, count), 0, 1, 10000)
    assert not helpers.mean_check(lambda count: np.random.normal(0, 1, count), 0.5, 1, 10000)
    assert not helpers.var_check(lambda count: np.random.normal(0, 1, count), 2, 10000)


def test_generators():
    np.random.seed(0)

    def numbers(count):
        return np.random.randint(0, 3, count)

    values = helpers.verify_generator(numbers, [0, 1, 2], [1 / 3] * 3, 3000, nrepeat=3)
    assert len(values) == 3
    p, found, wanted = helpers.chi_square_check(
        lambda _: np.repeat([0, 1, 2], [10, 14, 6]), [0, 1, 2], [1 / 3] * 3, 30
    )
    assert p == pytest.approx(np.exp(-1.6)) and found.tolist() == [10, 14, 6]
    assert wanted.tolist() == [10, 10, 10]
    p, _, _ = helpers.chi_square_check(
        lambda _: np.repeat(np.arange(4), [3, 30, 30, 37]), [0, 1, 2, 3], [0.25] * 4, 100
    )
    assert p == pytest.approx(5.555987171561262e-06)
    with pytest.raises(AssertionError, match="Generator test fails"):
        helpers.verify_generator(numbers, [0, 1, 2], [0.5, 0.25, 0.25], 3000, nrepeat=3)
