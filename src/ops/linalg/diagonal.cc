// lint: no-kernel (the operators are written in terms of diag)
#include "ops/linalg/diagonal.h"

#include "ops/linalg/matrices.h"
#include "ops/matrix/diag.h"

namespace mx::linalg {
namespace {

int64_t distance(const DiagonalParam& p) {
  return p.offset < 0 ? -int64_t{p.offset} : int64_t{p.offset};
}

void infer_extract_shape(ShapeContext& c) {
  const auto& p = c.params<DiagonalParam>();
  require_square(c, 0);
  if (!c.in(0).has_rank()) return;
  Shape out = batch_shape(c.in(0), 2);
  const int64_t n = c.in(0).back();
  require(n < 0 || n > distance(p), c.op_name(), ": offset=", p.offset,
          " lies outside of matrices with ", n,
          " rows; expected a smaller distance from the diagonal");
  out.push_back(n < 0 ? -1 : n - distance(p));
  c.set_out(0, out);
}

void infer_make_shape(ShapeContext& c) {
  const Shape& in = c.in(0);
  if (!in.has_rank()) return;
  if (in.ndim() < 1) c.fail_in(0, "has no axis; expected at least one");
  Shape out = batch_shape(in, 1);
  const int64_t n = in.back() < 0 ? -1 : in.back() + distance(c.params<DiagonalParam>());
  out.push_back(n);
  out.push_back(n);
  c.set_out(0, out);
}

void decompose_extract(DecomposeContext& c) {
  c.set(0, c.call("diag", {c.in(0)}, DiagParam{c.params<DiagonalParam>().offset, -2, -1}));
}

void decompose_make(DecomposeContext& c) {
  const auto& p = c.params<DiagonalParam>();
  Shape shape = batch_shape(c.in_shape(0), 1);
  for (int i = 0; i < 2; ++i) shape.push_back(c.in_shape(0).back() + distance(p));
  c.set(0, c.call("_backward_diag", {c.in(0)}, DiagBackwardParam{p.offset, -2, -1, shape}));
}

void infer_sum_log_shape(ShapeContext& c) {
  require_square(c, 0);
  if (c.in(0).has_rank()) c.set_out(0, batch_shape(c.in(0), 2, true));
}

void decompose_sum_log(DecomposeContext& c) {
  const int ndim = c.in_shape(0).ndim();
  const Value logs = c.call("log", {c.call("_linalg_extractdiag", {c.in(0)}, DiagonalParam{})});
  c.set(0, c.sum(logs, Shape{ndim - 2}, ndim == 2));
}

const OpBuilder extract = OpBuilder("_linalg_extractdiag")
                              .alias("linalg_extractdiag")
                              .doc("A diagonal of each matrix.")
                              .params<DiagonalParam>()
                              .input("A", "Square matrices.")
                              .infer_shape(infer_extract_shape)
                              .infer_dtype(infer_dtype)
                              .decomposition(decompose_extract);

const OpBuilder make = OpBuilder("_linalg_makediag")
                           .alias("linalg_makediag")
                           .doc("Matrices with a diagonal from a vector each, zero elsewhere.")
                           .params<DiagonalParam>()
                           .input("A", "The diagonals in the last axis.")
                           .infer_shape(infer_make_shape)
                           .infer_dtype(infer_dtype)
                           .decomposition(decompose_make);

const OpBuilder sum_log = OpBuilder("_linalg_sumlogdiag")
                              .alias("linalg_sumlogdiag")
                              .doc("Sum of the logarithms on the diagonal of each matrix.")
                              .input("A", "Square matrices.")
                              .infer_shape(infer_sum_log_shape)
                              .infer_dtype(infer_dtype)
                              .decomposition(decompose_sum_log);

}  // namespace
}  // namespace mx::linalg
