// Sum, difference, product and quotient: of two arrays of one shape, with broadcasting, and of an
// array and a number.
#include "ops/elemwise/promotion.h"

namespace mx::elemwise {
namespace {

void add_gradient(GradContext& g) {
  for (size_t i = 0; i < 2; ++i) g.set(i, sum_to_input(g, g.d_out(), i));
}

void sub_gradient(GradContext& g) {
  g.set(0, sum_to_input(g, g.d_out(), 0));
  g.set(1, g.negative(sum_to_input(g, g.d_out(), 1)));
}

Value times_input(GradContext& g, Value d, size_t i) {
  return with_input(g, "elemwise_mul", "broadcast_mul", std::move(d), i);
}
Value over_input(GradContext& g, Value d, size_t i) {
  return with_input(g, "elemwise_div", "broadcast_div", std::move(d), i);
}

void mul_gradient(GradContext& g) {
  g.set(0, sum_to_input(g, times_input(g, g.d_out(), 1), 0));
  g.set(1, sum_to_input(g, times_input(g, g.d_out(), 0), 1));
}

/// d_rhs = -d * out / rhs
void div_gradient(GradContext& g) {
  g.set(0, sum_to_input(g, over_input(g, g.d_out(), 1), 0));
  const Value slope = over_input(g, g.mul(g.d_out(), g.out(0)), 1);
  g.set(1, g.negative(sum_to_input(g, slope, 1)));
}

/// A matrix with few elements stays one when its rows or columns are scaled.
void csr_by_dense(StorageContext& c) {
  if (c.in(0) == StorageKind::kCsr && c.is_dense(1)) c.set_out(0, StorageKind::kCsr);
}

double number(GradContext& g) { return g.params<ScalarParam>().scalar; }

void same_gradient(GradContext& g) { g.set(0, cast_to_input(g, g.d_out())); }
void negated_gradient(GradContext& g) { g.set(0, cast_to_input(g, g.negative(g.d_out()))); }
void mul_scalar_gradient(GradContext& g) {
  g.set(0, cast_to_input(g, g.mul_scalar(g.d_out(), number(g))));
}
void div_scalar_gradient(GradContext& g) {
  g.set(0, cast_to_input(g, g.call("_div_scalar", {g.d_out()}, g.raw_params())));
}
/// out = s / x: d_data = -d * out / x
void rdiv_scalar_gradient(GradContext& g) {
  if (g.in_dtype(0) != g.out_dtype(0)) return;  // integers have no gradient
  g.set(0, g.negative(g.div(g.mul(g.d_out(), g.out(0)), g.in(0))));
}

const OpBuilder add = binary("elemwise_add", "Sum of two arrays, element by element.")
                          .infer_storage(infer::equal_storage)
                          .alias("_Plus")
                          .alias("_add")
                          .alias("_plus")
                          .alias("_sparse_elemwise_add")
                          .gradient(add_gradient)
                          .trait("low_precision", "follow")
                          .trait("post_op", "add");
const OpBuilder grad_add = binary("_grad_add", "Sum of two gradients of one array.")
                               .infer_storage(infer::equal_storage)
                               .gradient(add_gradient);
const OpBuilder sub = binary("elemwise_sub", "Difference of two arrays, element by element.")
                          .infer_storage(infer::equal_storage)
                          .alias("_Minus")
                          .alias("_minus")
                          .alias("_sparse_elemwise_sub")
                          .alias("_sub")
                          .gradient(sub_gradient);
const OpBuilder mul = binary("elemwise_mul", "Product of two arrays, element by element.")
                          .infer_storage(infer::product_storage)
                          .alias("_Mul")
                          .alias("_mul")
                          .alias("_sparse_elemwise_mul")
                          .gradient(mul_gradient)
                          .trait("low_precision", "follow");
const OpBuilder div = binary("elemwise_div", "Quotient of two arrays, element by element.")
                          .alias("_Div")
                          .alias("_div")
                          .alias("_sparse_elemwise_div")
                          .gradient(div_gradient);

const OpBuilder broadcast_add = broadcast("broadcast_add", "Sum with broadcasting.")
                                    .alias("_sparse_broadcast_add")
                                    .alias("_sparse_broadcast_plus")
                                    .alias("broadcast_plus")
                                    .gradient(add_gradient)
                                    .trait("low_precision", "follow")
                                    .trait("post_op", "add");
const OpBuilder broadcast_sub = broadcast("broadcast_sub", "Difference with broadcasting.")
                                    .alias("_sparse_broadcast_minus")
                                    .alias("_sparse_broadcast_sub")
                                    .alias("broadcast_minus")
                                    .gradient(sub_gradient);
const OpBuilder broadcast_mul = broadcast("broadcast_mul", "Product with broadcasting.")
                                    .infer_storage(csr_by_dense)
                                    .alias("_sparse_broadcast_mul")
                                    .gradient(mul_gradient)
                                    .trait("low_precision", "follow");
const OpBuilder broadcast_div = broadcast("broadcast_div", "Quotient with broadcasting.")
                                    .infer_storage(csr_by_dense)
                                    .alias("_sparse_broadcast_div")
                                    .gradient(div_gradient);

const OpBuilder plus_scalar = scalar("_plus_scalar", "data + scalar.")
                                  .keeps_zeros(scalar_is([](double s) { return s == 0; }))
                                  .alias("_PlusScalar")
                                  .gradient(same_gradient);
const OpBuilder minus_scalar = scalar("_minus_scalar", "data - scalar.")
                                   .keeps_zeros(scalar_is([](double s) { return s == 0; }))
                                   .alias("_MinusScalar")
                                   .gradient(same_gradient);
const OpBuilder rminus_scalar =
    scalar("_rminus_scalar", "scalar - data.").alias("_RMinusScalar").gradient(negated_gradient);
const OpBuilder mul_scalar = scalar("_mul_scalar", "data * scalar.")
                                 .keeps_zeros()
                                 .alias("_MulScalar")
                                 .gradient(mul_scalar_gradient);
const OpBuilder div_scalar = scalar("_div_scalar", "data / scalar.")
                                 .keeps_zeros()
                                 .alias("_DivScalar")
                                 .gradient(div_scalar_gradient);
const OpBuilder rdiv_scalar =
    scalar("_rdiv_scalar", "scalar / data.").alias("_RDivScalar").gradient(rdiv_scalar_gradient);

// Of sparse arrays these change what is stored and nothing else.
const OpBuilder scatter_plus_scalar =
    scalar("_scatter_plus_scalar", "data + scalar, for the stored elements of sparse data.")
        .keeps_zeros()
        .gradient(same_gradient);
const OpBuilder scatter_minus_scalar =
    scalar("_scatter_minus_scalar", "data - scalar, for the stored elements of sparse data.")
        .keeps_zeros()
        .gradient(same_gradient);
const OpBuilder scatter_div =
    binary("_scatter_elemwise_div", "lhs / rhs, for the stored rows of row-sparse lhs.")
        .infer_storage([](StorageContext& c) {
          if (c.in(0) == StorageKind::kRowSparse) c.set_out(0, StorageKind::kRowSparse);
        })
        .gradient(div_gradient);

const OpBuilder negative = unary("negative", "-data.")
                               .keeps_zeros()
                               .alias("_sparse_negative")
                               .gradient([](GradContext& g) { g.set(0, g.negative(g.d_out())); });

const OpBuilder np_add = promoted("_npi_add", "broadcast_add", "Sum in the common dtype.");
const OpBuilder np_sub =
    promoted("_npi_subtract", "broadcast_sub", "Difference in the common dtype.");
const OpBuilder np_mul = promoted("_npi_multiply", "broadcast_mul", "Product in the common dtype.");
const OpBuilder np_div =
    promoted("_npi_true_divide", "broadcast_div", "Quotient; float32 of integers.", quotient_dtype);
const OpBuilder np_div_scalar =
    promoted_scalar("_npi_true_divide_scalar", "_div_scalar", "data / scalar; float32 of integers.",
                    quotient_dtype);
const OpBuilder np_rdiv_scalar =
    promoted_scalar("_npi_rtrue_divide_scalar", "_rdiv_scalar",
                    "scalar / data; float32 of integers.", quotient_dtype);

const OpBuilder numpy_names[] = {
    numpy("_npi_add_scalar", "_plus_scalar", {"data"}),
    numpy("_npi_subtract_scalar", "_minus_scalar", {"data"}),
    numpy("_npi_rsubtract_scalar", "_rminus_scalar", {"data"}),
    numpy("_npi_multiply_scalar", "_mul_scalar", {"data"}),
    numpy("_npi_negative", "negative"),
};

}  // namespace
}  // namespace mx::elemwise
