// data[:, mask] = value: mx.np's assignments write over data, which they give as `out`, too.
#include "ops/indexing/boolean_mask_assign.h"

#include "ops/elemwise/common.h"
#include "ops/elemwise/numpy_where.h"

namespace mx {
namespace {

/// mask has the sizes of data from start_axis on.
void infer_masked(ShapeContext& c, int start_axis) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  const Shape &data = c.in(0), &mask = c.in(1);
  if (!data.has_rank() || !mask.has_rank()) return;
  if (mask.ndim() + start_axis > data.ndim())
    c.fail_in(1, "has too many axes for ", data, "; expected at most ", data.ndim() - start_axis);
  Shape part({});
  for (int i = 0; i < mask.ndim(); ++i) part.push_back(data[start_axis + i]);
  c.set_in(1, part);
}

/// Without the axes of mask but one, whose size is that of value: 1, or as many as mask has.
void infer_mask_assign(ShapeContext& c) {
  const int start_axis = c.params<MaskAssignParam>().start_axis;
  infer_masked(c, start_axis);
  const Shape &data = c.in(0), &mask = c.in(1), &value = c.in(2);
  if (!data.is_known() || !mask.is_known() || !value.is_known()) return;
  const int behind = data.ndim() - start_axis - mask.ndim();
  Shape whole({});
  for (int i = 0; i < start_axis; ++i) whole.push_back(data[i]);
  const int masked = whole.ndim() - (start_axis + 1 + behind - value.ndim());
  whole.push_back(masked >= 0 && masked < value.ndim() ? value[masked] : 1);
  for (int i = 0; i < behind; ++i) whole.push_back(data[data.ndim() - behind + i]);
  const bool fits = value.ndim() <= whole.ndim();
  if (!fits || !(broadcast_shapes(value, whole, c.op_name()) == whole))
    c.fail_in(2, "cannot be broadcast to what mask chooses; expected ", whole,
              " with as many places of axis ", start_axis, " as it chooses");
}

void infer_mask_assign_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (c.num_in() > 2) c.set_in(2, c.in(0));
  if (c.num_in() > 2) c.set_in(0, c.in(2));
}

void decompose_mask_assign_scalar(DecomposeContext& c) {
  const auto& p = c.params<MaskAssignScalarParam>();
  Shape mask = Shape::filled(c.in_shape(0).ndim(), 1);
  for (int i = 0; i < c.in_shape(1).ndim(); ++i) mask[p.start_axis + i] = c.in_shape(1)[i];
  const Value chosen = c.call("_backward_reshape", {c.in(1)}, ShapeParam{mask});
  c.set(0, c.call("_npi_where_lscalar", {chosen, c.in(0)}, WhereScalarParam{p.value}));
}

const OpBuilder assign_scalar =
    OpBuilder("_npi_boolean_mask_assign_scalar")
        .doc("data with a number wherever mask is not zero.")
        .params<MaskAssignScalarParam>()
        .input("data", "Array of any shape.")
        .input("mask", "Array with the sizes of some neighbouring axes of data.")
        .infer_shape(
            [](ShapeContext& c) { infer_masked(c, c.params<MaskAssignScalarParam>().start_axis); })
        .infer_dtype(infer_mask_assign_dtype)
        .decomposition(decompose_mask_assign_scalar);

const OpBuilder assign_array =
    OpBuilder("_npi_boolean_mask_assign_tensor")
        .doc("data with values, in their order, wherever mask is not zero.")
        .params<MaskAssignParam>()
        .input("data", "Array of any shape.")
        .input("mask", "Array with the sizes of some neighbouring axes of data.")
        .input("value", "Array in place of whose masked axes is one with a value for each choice.")
        .infer_shape(infer_mask_assign)
        .infer_dtype(infer_mask_assign_dtype)
        .inplace(0, 0)
        .not_differentiable("it writes over its input, as in 1.9.1");

}  // namespace
}  // namespace mx
