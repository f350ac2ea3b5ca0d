#include "ops/indexing/pick.h"

#include "ir/common_params.h"
#include "ir/op.h"

namespace mx {
namespace {

void infer_pick(ShapeContext& c) {
  const auto& p = c.params<PickParam>();
  require(p.axis.has_value(), c.op_name(), ": axis=None is not possible; expected an axis of data");
  const Shape& data = c.in(0);
  if (!data.has_rank()) return;
  const int axis = normalize_axis(*p.axis, data.ndim(), c.op_name());
  Shape without = Shape({}), with_one = data;
  with_one[axis] = 1;
  for (int i = 0; i < data.ndim(); ++i)
    if (i != axis) without.push_back(data[i]);
  if (without.empty()) without.push_back(1);
  c.set_out(0, p.keepdims ? with_one : without);
  // The index may have the axis with size 1 or lack it.
  c.set_in(1, c.in(1).ndim() == data.ndim() ? with_one : without);
}

void infer_pick_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (c.in(1) == DType::kUnknown) c.set_in(1, DType::kFloat32);
}

void infer_batch_take(ShapeContext& c) {
  const Shape &a = c.in(0), &indices = c.in(1);
  c.set_out(0, indices);
  c.set_in(1, c.out(0));
  if (!a.is_known() || !indices.is_known()) return;
  if (a.ndim() < 1) c.fail_in(0, "has no dimension; expected at least one");
  if (indices.size() != a.size(0, a.ndim() - 1))
    c.fail_in(1, "has ", indices.size(), " elements; expected one for each row of a=", a);
}

void infer_batch_take_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  c.set_in(1, DType::kInt32);
}

void infer_fill_element(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (!c.in(0).has_rank()) return;
  if (c.in(0).ndim() != 2) c.fail_in(0, "has ", c.in(0).ndim(), " dimensions; expected 2");
  c.set_in(1, {c.in(0)[0]});
  c.set_in(2, {c.in(0)[0]});
}

void infer_pick_backward(ShapeContext& c) { c.set_out(0, c.params<PickBackwardParam>().shape); }

void put_back(GradContext& g, int64_t axis, PickMode mode) {
  g.set(0, g.call("_backward_pick", {g.d_out(), g.in(1)},
                  PickBackwardParam{axis, mode, g.in_shape(0)}));
}

void pick_gradient(GradContext& g) {
  const auto& p = g.params<PickParam>();
  put_back(g, *p.axis, p.mode);
}

void batch_take_gradient(GradContext& g) { put_back(g, -1, PickMode::kClip); }

/// Written so that it holds for any shape of the index: what is picked is put into d_out's shape.
void pick_backward_gradient(GradContext& g) {
  const auto& p = g.params<PickBackwardParam>();
  Shape index = p.shape;
  index[normalize_axis(p.axis, p.shape.ndim(), g.op().name)] = 1;
  const Value at = g.call("_backward_reshape", {g.in(1)}, ShapeParam{index});
  const Value picked = g.call("pick", {g.d_out(), at}, PickParam{p.axis, false, p.mode});
  g.set(0, g.call("_backward_reshape", {picked}, ShapeParam{g.in_shape(0)}));
}

const OpBuilder pick = OpBuilder("pick")
                           .trait("method", "pick")
                           .alias("choose_element_0index")
                           .alias("_npx_pick")
                           .doc("One element of each row along an axis, picked by an index.")
                           .params<PickParam>()
                           .input("data", "Array of one axis or more.")
                           .input("index", "Index of each row; data's shape without the axis.")
                           .infer_shape(infer_pick)
                           .infer_dtype(infer_pick_dtype)
                           .gradient(pick_gradient);

const OpBuilder batch_take = OpBuilder("batch_take")
                                 .doc("One element of each row of a, picked by an index.")
                                 .input("a", "Array of shape (rows, columns).")
                                 .input("indices", "Index of each row, int32; clipped.")
                                 .infer_shape(infer_batch_take)
                                 .infer_dtype(infer_batch_take_dtype)
                                 .gradient(batch_take_gradient);

const OpBuilder fill_element =
    OpBuilder("fill_element_0index")
        .doc("lhs with mhs[i] written to column rhs[i] of each row i.")
        .input("lhs", "Array of shape (rows, columns).")
        .input("mhs", "What is written in each row.")
        .input("rhs", "Index of each row; clipped.")
        .infer_shape(infer_fill_element)
        .inplace(0, 0)
        .not_differentiable("it serves old programs that assign to arrays");

const OpBuilder pick_backward = OpBuilder("_backward_pick")
                                    .doc("An array of zeros with d_out where pick picked.")
                                    .params<PickBackwardParam>()
                                    .input("d_out")
                                    .input("index")
                                    .infer_shape(infer_pick_backward)
                                    .infer_dtype(infer_pick_dtype)
                                    .gradient(pick_backward_gradient);

}  // namespace
}  // namespace mx
