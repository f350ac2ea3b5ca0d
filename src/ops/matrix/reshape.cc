// Operators that give the same elements another shape: Reshape, Flatten, expand_dims, squeeze,
// reshape_like, and what mx.np has of them. All are copies that a planner can make free.
#include "ops/matrix/reshape.h"

#include <algorithm>

#include "base/checked.h"
#include "ir/common_params.h"
#include "ir/op.h"
#include "ops/matrix/reshape_codes.h"

namespace mx {
namespace {

Shape reversed(Shape shape) {
  std::reverse(shape.begin(), shape.end());
  return shape;
}

/// The shape that `codes` mean for data. In reversed reading a split stands behind its two numbers;
/// this puts it in front of them again.
Shape coded_shape(const ShapeContext& c, const CodeNames& names, const Shape& codes, bool reverse) {
  if (!reverse) return CodeReader(c, names, c.in(0), codes).read();
  return reversed(CodeReader(c, names, reversed(c.in(0)), reversed(codes)).read());
}

/// The old way: 0 and -1 are told from the other sizes, the first may be kept.
Shape legacy_shape(const ShapeContext& c, const Shape& data) {
  const auto& p = c.params<ReshapeParam>();
  Shape result = p.target_shape;
  if (result.ndim() > 0 && p.keep_highest && data.ndim() > 0) result[0] = data[0];
  int unknown = -1;
  for (int i = p.keep_highest ? 1 : 0; i < result.ndim(); ++i) {
    if (result[i] > 0) continue;
    require(unknown < 0, c.op_name(), ": target_shape=", p.target_shape,
            " has more than one unknown size; expected one at most");
    result[unknown = i] = -1;
  }
  if (unknown < 0 || !data.is_known()) return result;
  Checked product = 1;
  for (int i = 0; i < result.ndim(); ++i)
    if (i != unknown) product *= result[i];
  const int64_t others = product.get(c.op_name(), "target_shape", p.target_shape);
  if (others > 0 && data.size() % others == 0) result[unknown] = data.size() / others;
  return result;
}

/// Fills the one unknown dimension of a shape so that it has `size` elements.
void complete(Shape& shape, int64_t size) {
  int unknown = -1;
  Checked product = 1;
  for (int i = 0; i < shape.ndim(); ++i) {
    if (shape[i] >= 0)
      product *= shape[i];
    else if (unknown >= 0)
      return;
    else
      unknown = i;
  }
  const int64_t known = product.fits() ? product.get("", "", shape) : 0;
  if (unknown >= 0 && known > 0 && size % known == 0) shape[unknown] = size / known;
}

/// Both sides have the same number of elements: tells the last unknown dimension of either, and
/// refuses when the numbers differ.
void unify_sizes(ShapeContext& c) {
  if (c.out(0).is_known() && c.in(0).has_rank()) {
    Shape data = c.in(0);
    complete(data, c.out(0).size());
    c.set_in(0, data);
  }
  if (c.in(0).is_known() && c.out(0).has_rank()) {
    Shape out = c.out(0);
    complete(out, c.in(0).size());
    c.set_out(0, out);
  }
  if (c.in(0).is_known() && c.out(0).is_known() && c.in(0).size() != c.out(0).size())
    c.fail_in(0, "has ", c.in(0).size(), " elements and cannot take the shape ", c.out(0),
              "; expected ", c.out(0).size(), " elements");
}

void infer_reshape(ShapeContext& c) {
  const auto& p = c.params<ReshapeParam>();
  if (!c.in(0).has_rank()) return;
  if (p.shape.ndim() > 0)
    c.set_out(0, coded_shape(c, kLegacyCodes, p.shape, p.reverse));
  else if (p.target_shape.ndim() > 0)
    c.set_out(0, legacy_shape(c, c.in(0)));
  else
    c.set_out(0, Shape({}));
  unify_sizes(c);
}

void infer_np_reshape(ShapeContext& c) {
  const auto& p = c.params<NumpyReshapeParam>();
  if (!c.in(0).has_rank()) return;
  c.set_out(0, coded_shape(c, kNoCodes, p.newshape, false));
  unify_sizes(c);
}

void infer_npx_reshape(ShapeContext& c) {
  const auto& p = c.params<NumpyCodedReshapeParam>();
  if (!c.in(0).has_rank()) return;
  c.set_out(0, coded_shape(c, kNumpyCodes, p.newshape, p.reverse));
  unify_sizes(c);
}

void infer_flatten(ShapeContext& c) {
  const Shape& data = c.in(0);
  if (!data.has_rank()) return;
  if (data.ndim() == 0) c.fail_in(0, "has no dimension; expected at least one");
  int64_t rest = 1;
  for (int i = 1; i < data.ndim(); ++i) rest = product_or_unknown(c, rest, data[i]);
  c.set_out(0, {data[0], rest});
  Shape first = Shape::unknown_dims(data.ndim());
  first[0] = c.out(0)[0];
  c.set_in(0, first);
  unify_sizes(c);
}

void infer_expand_dims(ShapeContext& c) {
  const auto& p = c.params<ExpandDimsParam>();
  const int ndim = c.in(0).has_rank() ? c.in(0).ndim() + 1 : c.out(0).ndim();
  if (ndim < 1) return;
  const int axis = normalize_axis(p.axis, ndim, c.op_name());
  if (c.in(0).has_rank()) {
    Shape out;
    for (int i = 0; i < ndim; ++i) out.push_back(i == axis ? 1 : c.in(0)[i < axis ? i : i - 1]);
    c.set_out(0, out);
  }
  Shape in = Shape({});
  for (int i = 0; i < ndim; ++i)
    if (i != axis) in.push_back(c.out(0)[i]);
  c.set_in(0, in);
}

std::vector<bool> squeezed_axes(const ShapeContext& c, const Shape& data) {
  const auto& p = c.params<SqueezeParam>();
  std::vector<bool> gone(static_cast<size_t>(data.ndim()), false);
  if (!p.axis || !p.axis->has_rank()) {
    for (int i = 0; i < data.ndim(); ++i) gone[static_cast<size_t>(i)] = data[i] == 1;
    return gone;
  }
  for (int64_t given : *p.axis) {
    const int axis = normalize_axis(given, data.ndim(), c.op_name());
    require(data[axis] == 1 || data[axis] < 0, c.op_name(), ": axis=", given, " has size ",
            data[axis], " in ", c.in_name(0), "=", data, "; expected size 1");
    require(!gone[static_cast<size_t>(axis)], c.op_name(), ": axis=", *p.axis, " names axis ", axis,
            " twice; expected each axis once");
    gone[static_cast<size_t>(axis)] = true;
  }
  return gone;
}

template <bool kKeepsOne>
void infer_squeeze(ShapeContext& c) {
  const auto& p = c.params<SqueezeParam>();
  const Shape data = c.in(0);
  const bool all = !p.axis || !p.axis->has_rank();
  if (!data.has_rank() || (all && !data.is_known())) return;
  const std::vector<bool> gone = squeezed_axes(c, data);
  Shape out = Shape({}), in = data;
  for (int i = 0; i < data.ndim(); ++i)
    if (!gone[static_cast<size_t>(i)])
      out.push_back(data[i]);
    else
      in[i] = 1;
  // Shape () means unknown to old programs, so that they keep an axis of an array of ones.
  if (kKeepsOne && out.ndim() == 0 && data.ndim() > 0) return c.set_out(0, {1});
  c.set_out(0, out);
  for (int i = 0, o = 0; i < data.ndim(); ++i)
    if (!gone[static_cast<size_t>(i)]) in[i] = c.out(0)[o++];
  c.set_in(0, in);
}

int axis_bound(std::optional<int64_t> bound, int unset, const Shape& shape, const ShapeContext& c,
               const char* what) {
  if (!bound) return unset;
  const int64_t at = *bound < 0 ? *bound + shape.ndim() : *bound;
  require(at >= 0 && at <= shape.ndim(), c.op_name(), ": ", what, "=", *bound,
          " is out of range; expected ", -shape.ndim(), " to ", shape.ndim());
  return static_cast<int>(at);
}

void infer_reshape_like(ShapeContext& c) {
  const auto& p = c.params<ReshapeLikeParam>();
  const Shape &lhs = c.in(0), &rhs = c.in(1);
  if (!p.lhs_begin && !p.lhs_end && !p.rhs_begin && !p.rhs_end) {
    c.set_out(0, rhs);
    c.set_in(1, c.out(0));
    return unify_sizes(c);
  }
  if (!lhs.has_rank() || !rhs.has_rank()) return;
  const int lhs_begin = axis_bound(p.lhs_begin, 0, lhs, c, "lhs_begin");
  const int lhs_end = axis_bound(p.lhs_end, lhs.ndim(), lhs, c, "lhs_end");
  const int rhs_begin = axis_bound(p.rhs_begin, 0, rhs, c, "rhs_begin");
  const int rhs_end = axis_bound(p.rhs_end, rhs.ndim(), rhs, c, "rhs_end");
  require(lhs_begin < lhs_end, c.op_name(), ": lhs_begin=", lhs_begin, " leaves nothing before ",
          "lhs_end=", lhs_end, "; expected a smaller one");
  require(rhs_begin < rhs_end, c.op_name(), ": rhs_begin=", rhs_begin, " leaves nothing before ",
          "rhs_end=", rhs_end, "; expected a smaller one");
  Shape out = Shape({});
  for (int i = 0; i < lhs_begin; ++i) out.push_back(lhs[i]);
  for (int i = rhs_begin; i < rhs_end; ++i) out.push_back(rhs[i]);
  for (int i = lhs_end; i < lhs.ndim(); ++i) out.push_back(lhs[i]);
  c.set_out(0, out);
  unify_sizes(c);
}

void infer_exact_shape(ShapeContext& c) {
  c.set_out(0, c.params<ShapeParam>().shape);
  unify_sizes(c);
}

void reshape_like_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
}

/// The gradient of any view is the gradient in the input's shape.
void view_gradient(GradContext& g) {
  g.set(0, g.call("_backward_reshape", {g.d_out()}, ShapeParam{g.in_shape(0)}));
}

OpBuilder view(const char* name, const char* input = "data") {
  return OpBuilder(name)
      .input(input, "Array of any shape.")
      .gradient(view_gradient)
      .inplace(0, 0)
      .trait("view")
      .trait("low_precision", "follow");
}

const OpBuilder reshape = view("Reshape")
                              .alias("reshape")
                              .trait("method", "reshape")
                              .doc("The elements of data, in their order, in another shape.")
                              .params<ReshapeParam>()
                              .infer_shape(infer_reshape);

const OpBuilder np_reshape = view("_np_reshape", "a")
                                 .doc("The elements of a, in their order, in another shape.")
                                 .params<NumpyReshapeParam>()
                                 .infer_shape(infer_np_reshape);

const OpBuilder npx_reshape = view("_npx_reshape", "a")
                                  .alias("_npi_reshape")
                                  .doc(
                                      "The elements of a, in their order, in another shape; some "
                                      "numbers of it are codes.")
                                  .params<NumpyCodedReshapeParam>()
                                  .infer_shape(infer_npx_reshape);

const OpBuilder flatten = view("Flatten")
                              .alias("flatten")
                              .alias("_npx_batch_flatten")
                              .doc("Joins all axes but the first: (n, a, b) becomes (n, a * b).")
                              .infer_shape(infer_flatten);

const OpBuilder expand_dims = view("expand_dims")
                                  .alias("_npi_expand_dims")
                                  .doc("Puts in an axis of size 1.")
                                  .params<ExpandDimsParam>()
                                  .infer_shape(infer_expand_dims);

const OpBuilder squeeze = view("squeeze")
                              .doc("Removes axes of size 1.")
                              .params<SqueezeParam>()
                              .infer_shape(infer_squeeze<true>);

const OpBuilder np_squeeze = view("_np_squeeze", "a")
                                 .doc("Removes axes of size 1; of an array of ones all of them.")
                                 .params<SqueezeParam>()
                                 .infer_shape(infer_squeeze<false>);

const OpBuilder reshape_like =
    OpBuilder("reshape_like")
        .trait("method", "reshape_like")
        .alias("_npx_reshape_like")
        .doc("Gives lhs the shape of rhs, or replaces some of its axes by some of rhs.")
        .params<ReshapeLikeParam>()
        .input("lhs", "The elements.")
        .input("rhs", "The shape; its elements are not read.")
        .infer_shape(infer_reshape_like)
        .infer_dtype(reshape_like_dtype)
        .gradient(view_gradient)
        .inplace(0, 0)
        .trait("view");

const OpBuilder exact = view("_backward_reshape")
                            .doc("The elements of data in exactly the given shape.")
                            .params<ShapeParam>()
                            .infer_shape(infer_exact_shape);

}  // namespace
}  // namespace mx
