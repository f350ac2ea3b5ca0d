// Sums of products over labelled axes, and the products of mx.np that are such sums.
// lint: no-kernel (a composition of transposes, views and products of matrices)
#include "ops/matrix/contraction.h"

#include <algorithm>

#include "ops/matrix/dot.h"
#include "ops/matrix/tensordot.h"
#include "ops/matrix/transpose.h"
#include "ops/reduce/numpy.h"

namespace mx {
namespace {

using Labels = std::vector<int>;

int64_t size_of(const LabelledArray& array, int label) {
  const auto found = std::find(array.labels.begin(), array.labels.end(), label);
  return array.shape[static_cast<int>(found - array.labels.begin())];
}

Shape sizes_of(const LabelledArray& array, const Labels& labels) {
  Shape sizes({});
  for (int label : labels) sizes.push_back(size_of(array, label));
  return sizes;
}

Labels joined(const Labels& a, const Labels& b) {
  Labels both = a;
  both.insert(both.end(), b.begin(), b.end());
  return both;
}

LabelledArray reshaped(GraphBuilder& g, const LabelledArray& a, const Shape& shape,
                       const Labels& labels) {
  const Value value = a.shape == shape ? a.value : reduce::in_shape_of(g, a.value, shape);
  return {value, shape, labels};
}

/// The axes in the order of `labels`, which are all that the array has.
LabelledArray ordered(GraphBuilder& g, const LabelledArray& a, const Labels& labels) {
  if (a.labels == labels) return a;
  TransposeParam p;
  for (int label : labels)
    p.axes.push_back(std::find(a.labels.begin(), a.labels.end(), label) - a.labels.begin());
  return {g.call("transpose", {a.value}, p), sizes_of(a, labels), labels};
}

/// Without the axes of size 1 that are repeated to the size they have in the other array.
LabelledArray without_repeated(GraphBuilder& g, const LabelledArray& a,
                               const LabelledArray& other) {
  Labels kept;
  for (int label : a.labels)
    if (!has_label(other.labels, label) || size_of(a, label) != 1 || size_of(other, label) == 1)
      kept.push_back(label);
  return reshaped(g, a, sizes_of(a, kept), kept);
}

LabelledArray summed(GraphBuilder& g, const LabelledArray& a, const Labels& kept) {
  std::vector<bool> gone;
  Labels rest;
  for (int label : a.labels) {
    gone.push_back(!has_label(kept, label));
    if (!gone.back()) rest.push_back(label);
  }
  if (rest.size() == a.labels.size()) return a;
  return {reduce::reduce_as_numpy(g, "sum", a.value, a.shape, gone, false), sizes_of(a, rest),
          rest};
}

/// Arrays with all labels of both, broadcast against each other.
LabelledArray pointwise_product(GraphBuilder& g, const LabelledArray& a, const LabelledArray& b) {
  Labels all = a.labels;
  for (int label : b.labels)
    if (!has_label(all, label)) all.push_back(label);
  const auto spread = [&](const LabelledArray& array) {
    Labels own;
    Shape shape({});
    for (int label : all) {
      if (has_label(array.labels, label)) own.push_back(label);
      shape.push_back(has_label(array.labels, label) ? size_of(array, label) : 1);
    }
    return reshaped(g, ordered(g, array, own), shape, all);
  };
  const LabelledArray left = spread(a), right = spread(b);
  Shape shape({});
  for (int i = 0; i < left.shape.ndim(); ++i)
    shape.push_back(broadcast_size(left.shape[i], right.shape[i]));
  const char* op = left.shape == right.shape ? "elemwise_mul" : "broadcast_mul";
  return {g.call(op, {left.value, right.value}), shape, all};
}

/// What the labels of two arrays are to their product.
struct Roles {
  Labels batch, rows, columns, summed;
  Roles(const LabelledArray& a, const LabelledArray& b, const Labels& out) {
    for (int label : a.labels)
      (!has_label(b.labels, label) ? rows
       : has_label(out, label)     ? batch
                                   : summed)
          .push_back(label);
    for (int label : b.labels)
      if (!has_label(a.labels, label)) columns.push_back(label);
  }
};

/// The array as matrices (batch..., first, second), or (batch..., second, first) where it lies like
/// that, which `transposed` tells.
Value as_matrices(GraphBuilder& g, const LabelledArray& a, const Labels& batch, const Labels& first,
                  const Labels& second, bool& transposed) {
  transposed = a.labels == joined(batch, joined(second, first)) && first != second;
  const Labels &rows = transposed ? second : first, &columns = transposed ? first : second;
  const LabelledArray lying = ordered(g, a, joined(batch, joined(rows, columns)));
  Shape shape({});
  if (!batch.empty()) shape.push_back(sizes_of(a, batch).size());
  shape.push_back(sizes_of(a, rows).size());
  shape.push_back(sizes_of(a, columns).size());
  return reshaped(g, lying, shape, {}).value;
}

LabelledArray matrix_product(GraphBuilder& g, const LabelledArray& a, const LabelledArray& b,
                             const Roles& roles) {
  DotParam p;
  const Value left = as_matrices(g, a, roles.batch, roles.rows, roles.summed, p.transpose_a);
  const Value right = as_matrices(g, b, roles.batch, roles.summed, roles.columns, p.transpose_b);
  const Value product = g.call(roles.batch.empty() ? "dot" : "batch_dot", {left, right}, p);
  Shape shape = sizes_of(a, joined(roles.batch, roles.rows));
  for (int label : roles.columns) shape.push_back(size_of(b, label));
  return {reduce::in_shape_of(g, product, shape), shape,
          joined(joined(roles.batch, roles.rows), roles.columns)};
}

}  // namespace

LabelledArray contract(GraphBuilder& g, LabelledArray a, const Labels& out) {
  return ordered(g, summed(g, a, out), out);
}

LabelledArray contract(GraphBuilder& g, DType dtype, LabelledArray a, LabelledArray b,
                       const Labels& out) {
  LabelledArray left = without_repeated(g, a, b), right = without_repeated(g, b, a);
  left = summed(g, left, joined(out, right.labels));
  right = summed(g, right, joined(out, left.labels));
  const Roles roles(left, right, out);
  const bool is_matrix_product = is_floating(dtype) && !roles.summed.empty();
  const LabelledArray product =
      is_matrix_product ? matrix_product(g, left, right, roles) : pointwise_product(g, left, right);
  return contract(g, product, out);
}

namespace {

Labels numbered(int count, int first) {
  Labels labels;
  for (int i = 0; i < count; ++i) labels.push_back(first + i);
  return labels;
}

/// Which axes of a and of b are summed over, in pairs.
struct SummedAxes {
  std::vector<int> a, b;
};

/// Axes that are summed over have one size, which either input may tell.
void share_sizes(ShapeContext& c, const SummedAxes& axes) {
  Shape a = c.in(0), b = c.in(1);
  for (size_t i = 0; i < axes.a.size(); ++i) {
    int64_t &in_a = a[axes.a[i]], &in_b = b[axes.b[i]];
    if (in_a < 0) in_a = in_b;
    if (in_b < 0) in_b = in_a;
  }
  c.set_in(0, a);
  c.set_in(1, b);
}

/// All other axes of a, then all other axes of b.
Shape contracted_shape(const ShapeContext& c, const SummedAxes& axes) {
  const Shape &a = c.in(0), &b = c.in(1);
  for (size_t i = 0; i < axes.a.size(); ++i) {
    const int64_t in_a = a[axes.a[i]], in_b = b[axes.b[i]];
    if (in_a >= 0 && in_b >= 0 && in_a != in_b)
      c.fail_in(1, "does not fit a=", a, "; expected ", in_a, " on axis ", axes.b[i]);
  }
  Shape out({});
  for (int i = 0; i < a.ndim(); ++i)
    if (!has_label(axes.a, i)) out.push_back(a[i]);
  for (int i = 0; i < b.ndim(); ++i)
    if (!has_label(axes.b, i)) out.push_back(b[i]);
  return out;
}

void decompose_contraction(DecomposeContext& c, const SummedAxes& axes) {
  LabelledArray a{c.in(0), c.in_shape(0), numbered(c.in_shape(0).ndim(), 0)};
  LabelledArray b{c.in(1), c.in_shape(1), numbered(c.in_shape(1).ndim(), a.shape.ndim())};
  for (size_t i = 0; i < axes.a.size(); ++i) b.labels[static_cast<size_t>(axes.b[i])] = axes.a[i];
  Labels out;
  for (int label : a.labels)
    if (!has_label(axes.a, label)) out.push_back(label);
  for (int label : b.labels)
    if (label >= a.shape.ndim()) out.push_back(label);
  c.set(0, contract(c, c.in_dtype(0), a, b, out).value);
}

/// The last axis of a and the last but one of b (the only one of a vector); none where one of them
/// is a number.
SummedAxes dot_axes(const Shape& a, const Shape& b) {
  if (a.ndim() == 0 || b.ndim() == 0) return {};
  return {{a.ndim() - 1}, {std::max(b.ndim() - 2, 0)}};
}

/// Throws: ValueError, IndexError where the parameters do not name pairs of axes.
SummedAxes tensordot_axes(const TensordotParam& p, const Shape& a, const Shape& b,
                          std::string_view op) {
  require(p.a_axes_summed.ndim() == p.b_axes_summed.ndim(), op, ": b_axes_summed=", p.b_axes_summed,
          " has another length than a_axes_summed=", p.a_axes_summed, "; expected pairs of axes");
  const auto normalized = [op](const Shape& axes, int ndim, const char* what) {
    std::vector<int> result;
    for (int64_t axis : axes) {
      const int at = normalize_axis(axis, ndim, op, what);
      require(!has_label(result, at), op, ": ", what, "=", axes, " names axis ", at, " twice");
      result.push_back(at);
    }
    return result;
  };
  return {normalized(p.a_axes_summed, a.ndim(), "a_axes_summed"),
          normalized(p.b_axes_summed, b.ndim(), "b_axes_summed")};
}

/// The last axes of a and the first of b. Throws: ValueError where one has not as many.
SummedAxes last_and_first_axes(const TensordotIntParam& p, const Shape& a, const Shape& b,
                               std::string_view op) {
  require(p.axes <= a.ndim() && p.axes <= b.ndim(), op, ": axes=", p.axes, " is more than a=", a,
          " or b=", b, " has; expected at most ", std::min(a.ndim(), b.ndim()));
  return {numbered(p.axes, a.ndim() - p.axes), numbered(p.axes, 0)};
}

/// A product whose axes `axes`(raw parameters, shapes of a and b, operator) tells.
template <typename F>
OpBuilder contraction(const char* name, const char* doc, const F& axes) {
  const std::string op = name;
  return OpBuilder(name)
      .doc(doc)
      .input("a", "First array.")
      .input("b", "Second array, of the same dtype.")
      .infer_shape([axes](ShapeContext& c) {
        if (!c.in(0).has_rank() || !c.in(1).has_rank()) return;
        const SummedAxes pairs = axes(c.raw_params(), c.in(0), c.in(1), c.op_name());
        share_sizes(c, pairs);
        c.set_out(0, contracted_shape(c, pairs));
      })
      .infer_dtype(infer::floating_dtype)
      .decomposition([axes, op](DecomposeContext& c) {
        decompose_contraction(c, axes(c.raw_params(), c.in_shape(0), c.in_shape(1), op));
      });
}

const OpBuilder dot = contraction(
    "_np_dot",
    "Sums over the last axis of a and the last but one of b, or the only one of a "
    "vector; with a number the product with each element.",
    [](const Params&, const Shape& a, const Shape& b, std::string_view) { return dot_axes(a, b); });
const OpBuilder tensordot =
    contraction("_npi_tensordot", "Sums over given pairs of axes of a and b.",
                [](const Params& p, const Shape& a, const Shape& b, std::string_view op) {
                  return tensordot_axes(p.as<TensordotParam>(), a, b, op);
                })
        .params<TensordotParam>();
const OpBuilder tensordot_int_axes =
    contraction("_npi_tensordot_int_axes", "Sums over the last axes of a and the first of b.",
                [](const Params& p, const Shape& a, const Shape& b, std::string_view op) {
                  return last_and_first_axes(p.as<TensordotIntParam>(), a, b, op);
                })
        .params<TensordotIntParam>();

/// Labels of matmul's inputs: batches count from the right, as they are broadcast.
struct MatmulLabels {
  enum : int { kRow = -1, kSummed = -2, kColumn = -3 };
  Labels a, b, out;

  MatmulLabels(int a_ndim, int b_ndim) {
    const int batches = std::max({a_ndim, b_ndim, 2}) - 2;
    for (int i = batches; i > 0; --i) {
      if (a_ndim >= i + 2) a.push_back(i);
      if (b_ndim >= i + 2) b.push_back(i);
      out.push_back(i);
    }
    if (a_ndim > 1) a.push_back(kRow), out.push_back(kRow);
    a.push_back(kSummed);
    b.push_back(kSummed);
    if (b_ndim > 1) b.push_back(kColumn), out.push_back(kColumn);
  }
};

Shape matrix_part(const Shape& shape) {
  return Shape(std::span(shape.end() - std::min(shape.ndim(), 2), shape.end()));
}
Shape batch_part(const Shape& shape) {
  return Shape(std::span(shape.begin(), shape.end() - std::min(shape.ndim(), 2)));
}

void infer_matmul_shape(ShapeContext& c) {
  const Shape &a = c.in(0), &b = c.in(1);
  for (size_t i = 0; i < 2; ++i)
    if (c.in(i).ndim() == 0) c.fail_in(i, "is a number; expected at least one axis");
  if (!a.has_rank() || !b.has_rank()) return;
  const Shape left = matrix_part(a), right = matrix_part(b);
  if (left.back() >= 0 && right[0] >= 0 && left.back() != right[0])
    c.fail_in(1, "does not fit a=", a, "; expected ", left.back(), " on axis ",
              std::max(b.ndim() - 2, 0));
  Shape out = broadcast_shapes(batch_part(a), batch_part(b), c.op_name());
  if (a.ndim() > 1) out.push_back(left[0]);
  if (b.ndim() > 1) out.push_back(right[1]);
  c.set_out(0, out);
}

void decompose_matmul(DecomposeContext& c) {
  const Shape &a = c.in_shape(0), &b = c.in_shape(1);
  const MatmulLabels labels(a.ndim(), b.ndim());
  c.set(
      0,
      contract(c, c.in_dtype(0), {c.in(0), a, labels.a}, {c.in(1), b, labels.b}, labels.out).value);
}

const OpBuilder matmul =
    OpBuilder("_npi_matmul")
        .doc("Products of the matrices in the last two axes; the axes before them are broadcast.")
        .input("a", "(..., m, k), or (k,).")
        .input("b", "(..., k, n), or (k,).")
        .infer_shape(infer_matmul_shape)
        .infer_dtype(infer::floating_dtype)
        .decomposition(decompose_matmul);

}  // namespace
}  // namespace mx
