#include "ops/matrix/dot.h"

#include "ir/op.h"
#include "ops/matrix/reshape.h"

namespace mx {

DotSizes dot_sizes(const Shape& lhs, const Shape& rhs, const DotParam& param) {
  DotSizes sizes;
  sizes.k = param.transpose_a ? lhs[0] : lhs.back();
  sizes.m = param.transpose_a ? lhs.size(1, lhs.ndim()) : lhs.size(0, lhs.ndim() - 1);
  sizes.n = param.transpose_b ? rhs.size(0, rhs.ndim() - 1) : rhs.size(1, rhs.ndim());
  return sizes;
}

DotSizes batch_dot_sizes(const Shape& lhs, const Shape& rhs, const DotParam& param) {
  const int last = lhs.ndim() - 1;
  DotSizes sizes;
  sizes.batch = lhs.size(0, last - 1);
  sizes.k = lhs[param.transpose_a ? last - 1 : last];
  sizes.m = lhs[param.transpose_a ? last : last - 1];
  sizes.n = rhs[param.transpose_b ? last - 1 : last];
  return sizes;
}

namespace {

void infer_dot_shape(ShapeContext& c) {
  const auto& p = c.params<DotParam>();
  const Shape &a = c.in(0), &b = c.in(1);
  for (size_t i = 0; i < 2; ++i)
    if (c.in(i).has_rank() && c.in(i).ndim() == 0)
      c.fail_in(i, "has no axis; expected at least one");
  if (!a.has_rank() || !b.has_rank()) return;
  const int64_t k = p.transpose_a ? a[0] : a.back();
  const int64_t expected = p.transpose_b ? b.back() : b[0];
  if (k >= 0 && expected >= 0 && k != expected)
    c.fail_in(1, "does not fit lhs=", a, "; expected ", k, " in its ",
              p.transpose_b ? "last" : "first", " axis");
  Shape out{};
  for (int i = 0; i + 1 < a.ndim(); ++i) out.push_back(a[p.transpose_a ? i + 1 : i]);
  for (int i = 0; i + 1 < b.ndim(); ++i) out.push_back(b[p.transpose_b ? i : i + 1]);
  if (out.empty()) out.push_back(1);
  c.set_out(0, out);
}

void infer_batch_dot_shape(ShapeContext& c) {
  const auto& p = c.params<DotParam>();
  for (size_t i = 0; i < 2; ++i)
    if (c.in(i).has_rank() && c.in(i).ndim() < 3)
      c.fail_in(i, "has ", c.in(i).ndim(), " axes; expected at least 3");
  if (!c.in(0).has_rank() || !c.in(1).has_rank()) return;
  const Shape a = c.in(0), b = c.in(1);
  const int last = a.ndim() - 1;
  if (b.ndim() != a.ndim()) c.fail_in(1, "has not as many axes as lhs=", a);
  Shape want_a = a, want_b = b;
  for (int i = 0; i + 1 < last; ++i) want_a[i] = b[i], want_b[i] = a[i];
  const int k_a = p.transpose_a ? last - 1 : last, k_b = p.transpose_b ? last : last - 1;
  want_a[k_a] = b[k_b];
  want_b[k_b] = a[k_a];
  c.set_in(0, want_a);
  c.set_in(1, want_b);
  Shape out = c.in(0);
  out[last - 1] = c.in(0)[p.transpose_a ? last : last - 1];
  out[last] = c.in(1)[p.transpose_b ? last - 1 : last];
  c.set_out(0, out);
}

/// The gradients of c = op(a) op(b), each again one product.
void product_gradient(GradContext& g, const char* op, Value a, Value b, Value d, DotParam p,
                      Value (&d_in)[2]) {
  const auto product = [&](Value x, Value y, bool tx, bool ty) {
    return g.call(op, {std::move(x), std::move(y)}, DotParam{tx, ty, {}});
  };
  d_in[0] =
      p.transpose_a ? product(b, d, p.transpose_b, true) : product(d, b, false, !p.transpose_b);
  d_in[1] =
      p.transpose_b ? product(d, a, true, p.transpose_a) : product(a, d, !p.transpose_a, false);
}

Value as_matrix(GradContext& g, Value value, const Shape& shape, int64_t rows, int64_t columns) {
  if (shape == Shape{rows, columns}) return value;
  return g.call("Reshape", {std::move(value)}, ReshapeParam{Shape{rows, columns}});
}

void dot_gradient(GradContext& g) {
  const auto& p = g.params<DotParam>();
  const Shape &a = g.in_shape(0), &b = g.in_shape(1);
  const DotSizes s = dot_sizes(a, b, p);
  Value d_in[2];
  product_gradient(g, "dot",
                   as_matrix(g, g.in(0), a, p.transpose_a ? s.k : s.m, p.transpose_a ? s.m : s.k),
                   as_matrix(g, g.in(1), b, p.transpose_b ? s.n : s.k, p.transpose_b ? s.k : s.n),
                   as_matrix(g, g.d_out(), g.out_shape(0), s.m, s.n), p, d_in);
  for (size_t i = 0; i < 2; ++i)
    g.set(i, g.in_shape(i).ndim() == 2 ? d_in[i] : g.call("reshape_like", {d_in[i], g.in(i)}));
}

void batch_dot_gradient(GradContext& g) {
  Value d_in[2];
  product_gradient(g, "batch_dot", g.in(0), g.in(1), g.d_out(), g.params<DotParam>(), d_in);
  g.set(0, d_in[0]);
  g.set(1, d_in[1]);
}

void infer_dot_storage(StorageContext& c) {
  const auto& p = c.params<DotParam>();
  if (p.forward_stype) return c.set_out(0, *p.forward_stype);
  const bool by_rows = c.in(1) != StorageKind::kCsr && !p.transpose_b;
  if (c.in(0) == StorageKind::kCsr && p.transpose_a && by_rows)
    c.set_out(0, StorageKind::kRowSparse);  // rows that no element of lhs reaches are zero
  if (c.is_dense(0) && !p.transpose_a && c.in(1) == StorageKind::kCsr)
    c.set_out(0, StorageKind::kCsr);
}

const OpBuilder dot =
    OpBuilder("dot")
        .alias("_sparse_dot")
        .doc("Sums over the last axis of lhs and the first of rhs: vectors, matrices, any rank.")
        .params<DotParam>()
        .input("lhs", "(..., k), or (k, ...) with transpose_a.")
        .input("rhs", "(k, ...), or (..., k) with transpose_b.")
        .infer_shape(infer_dot_shape)
        .infer_dtype(infer::floating_dtype)
        .infer_storage(infer_dot_storage)
        .gradient(dot_gradient);

const OpBuilder batch_dot = OpBuilder("batch_dot")
                                .alias("_npx_batch_dot")
                                .doc("Products of the matrices in the last two axes.")
                                .params<DotParam>()
                                .input("lhs", "(..., m, k), or (..., k, m) with transpose_a.")
                                .input("rhs", "(..., k, n), or (..., n, k) with transpose_b.")
                                .infer_shape(infer_batch_dot_shape)
                                .infer_dtype(infer::floating_dtype)
                                .gradient(batch_dot_gradient);

}  // namespace
}  // namespace mx
