// Joins of mx.np: inputs get the axes that they lack, then they are joined along one of them.
// lint: no-kernel (they are reshapes and Concat)
#include "ops/matrix/numpy_stack.h"

#include "base/checked.h"
#include "ops/elemwise/common.h"
#include "ops/matrix/concat.h"

namespace mx {
namespace {

/// How an operator joins: inputs in which shape, and along which axis of it.
struct Joint {
  Shape (*raise)(const Shape&);
  int (*axis)(const Params&, int ndim);
};

Shape as_rows(const Shape& in) {
  if (in.ndim() >= 2) return in;
  return {1, in.ndim() == 0 ? 1 : in[0]};
}
Shape as_columns(const Shape& in) {
  if (in.ndim() >= 2) return in;
  return {in.ndim() == 0 ? 1 : in[0], 1};
}
Shape as_vector(const Shape& in) { return in.ndim() == 0 ? Shape{1} : in; }
Shape as_planes(const Shape& in) {
  if (in.ndim() >= 3) return in;
  const Shape matrix = as_rows(in);
  return {matrix[0], matrix[1], 1};
}
Shape flat(const Shape& in) { return {in.is_known() ? in.size() : Shape::kUnknownDim}; }
Shape as_given(const Shape& in) { return in; }

template <int kAxis>
int always(const Params&, int) {
  return kAxis;
}
int second_or_only(const Params&, int ndim) { return ndim == 1 ? 0 : 1; }
int given_axis(const Params& params, int ndim) {
  return normalize_axis(*params.as<ConcatenateParam>().axis, ndim, "_npi_concatenate");
}

constexpr Joint kVertical{as_rows, always<0>}, kHorizontal{as_vector, second_or_only},
    kDeep{as_planes, always<2>}, kColumns{as_columns, always<1>}, kFlat{flat, always<0>},
    kGiven{as_given, given_axis};

const Joint& joint_of_concatenate(const Params& params) {
  return params.as<ConcatenateParam>().axis ? kGiven : kFlat;
}

/// The shape that the raised inputs and the output share, with the joined axis unknown.
Shape common_shape(const ShapeContext& c, const Joint& joint) {
  Shape common;
  const auto merge = [&](Shape shape) {
    const int axis = joint.axis(c.raw_params(), shape.ndim());
    if (shape.ndim() > axis) shape[axis] = Shape::kUnknownDim;
    return shape.ndim() > axis && merge_shape(common, shape);
  };
  for (size_t i = 0; i < c.num_in(); ++i)
    if (c.in(i).has_rank() && !merge(joint.raise(c.in(i))))
      c.fail_in(i, "does not fit the other inputs; expected ", common,
                " with any size along the joined axis");
  if (c.out(0).has_rank()) merge(c.out(0));
  return common;
}

void infer_joined(ShapeContext& c, const Joint& joint) {
  Shape out = common_shape(c, joint);
  if (!out.has_rank()) return;
  const int axis = joint.axis(c.raw_params(), out.ndim());
  Checked sum = 0;
  bool known = true;
  for (size_t i = 0; i < c.num_in(); ++i) {
    if (joint.raise == as_given) c.set_in(i, out);
    const int64_t size = c.in(i).has_rank() ? joint.raise(c.in(i))[axis] : Shape::kUnknownDim;
    known &= size >= 0;
    if (known) sum += size;
  }
  if (known) out[axis] = sum.get(c.op_name(), "axis", axis);
  c.set_out(0, out);
}

void join(DecomposeContext& c, const Joint& joint) {
  std::vector<Value> parts;
  int axis = 0;
  for (size_t i = 0; i < c.num_in(); ++i) {
    const Shape raised = joint.raise(c.in_shape(i));
    axis = joint.axis(c.raw_params(), raised.ndim());
    parts.push_back(raised == c.in_shape(i)
                        ? c.in(i)
                        : c.call("_backward_reshape", {c.in(i)}, ShapeParam{raised}));
  }
  const auto count = static_cast<int64_t>(parts.size());
  c.set(0, c.call("Concat", std::move(parts), ConcatParam{count, axis}));
}

template <const Joint& kJoint>
OpBuilder joining(const char* name, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .variadic("num_args")
      .infer_shape([](ShapeContext& c) { infer_joined(c, kJoint); })
      .decomposition([](DecomposeContext& c) { join(c, kJoint); });
}

const OpBuilder concatenate =
    OpBuilder("_npi_concatenate")
        .doc("Joins arrays along an existing axis, or all of their elements.")
        .params<ConcatenateParam>()
        .variadic("num_args")
        .infer_shape([](ShapeContext& c) { infer_joined(c, joint_of_concatenate(c.raw_params())); })
        .decomposition([](DecomposeContext& c) { join(c, joint_of_concatenate(c.raw_params())); });

const OpBuilder vstack =
    joining<kVertical>("_npi_vstack", "Joins arrays along the first axis; a vector is a row.")
        .params<NumArgsParam>();
// 1.9.1 lets files say `dim` here and does not read it.
const OpBuilder hstack =
    joining<kHorizontal>("_npi_hstack", "Joins arrays along the second axis, vectors end to end.")
        .params<ConcatParam>();
const OpBuilder dstack =
    joining<kDeep>("_npi_dstack", "Joins arrays along the third axis, which matrices get.")
        .params<ConcatParam>();
const OpBuilder column_stack =
    joining<kColumns>("_npi_column_stack",
                      "Joins arrays along the second axis; a vector is a column.")
        .params<NumArgsParam>();

}  // namespace
}  // namespace mx
