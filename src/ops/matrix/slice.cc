#include "ops/matrix/slice.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_slice(ShapeContext& c) {
  if (c.in(0).has_rank())
    c.set_out(0, slice_box(c.params<SliceParam>(), c.in(0), c.op_name()).count);
}

void infer_slice_axis(ShapeContext& c) {
  const auto& p = c.params<SliceAxisParam>();
  if (c.in(0).has_rank()) c.set_out(0, slice_axis_box(p, c.in(0), c.op_name()).count);
  if (!c.in(0).has_rank() && !c.out(0).has_rank()) return;
  Shape data = c.out(0);  // the other axes keep their sizes
  data[normalize_axis(p.axis, data.ndim(), c.op_name())] = -1;
  c.set_in(0, data);
}

void infer_slice_like(ShapeContext& c) {
  if (c.in(0).has_rank() && c.in(1).has_rank())
    c.set_out(0, slice_like_box(c.params<SliceLikeParam>(), c.in(0), c.in(1), c.op_name()).count);
}

void infer_slice_like_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
}

void infer_slice_assign(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (c.in(0).has_rank())
    c.set_in(1, slice_box(c.params<SliceParam>(), c.in(0), c.op_name()).count);
}

void infer_slice_assign_scalar(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (c.in(0).has_rank())
    slice_box(c.params<SliceAssignScalarParam>().slice(), c.in(0), c.op_name());
}

void infer_box(ShapeContext& c) {
  c.set_in(0, c.params<BoxParam>().count);
  c.set_out(0, c.params<BoxParam>().shape);
}

void put_back(GradContext& g, BoxParam box) {
  g.set(0, g.call("_backward_slice", {g.d_out()}, std::move(box)));
}

void slice_gradient(GradContext& g) {
  put_back(g, slice_box(g.params<SliceParam>(), g.in_shape(0), g.op().name));
}
void slice_axis_gradient(GradContext& g) {
  put_back(g, slice_axis_box(g.params<SliceAxisParam>(), g.in_shape(0), g.op().name));
}
void slice_like_gradient(GradContext& g) {
  put_back(g,
           slice_like_box(g.params<SliceLikeParam>(), g.in_shape(0), g.in_shape(1), g.op().name));
}

void box_gradient(GradContext& g) {
  g.set(0, g.call("slice", {g.d_out()}, box_slice(g.params<BoxParam>())));
}

void slice_assign_gradient(GradContext& g) {
  const auto& p = g.params<SliceParam>();
  g.set(0, g.call("_slice_assign_scalar", {g.d_out()},
                  SliceAssignScalarParam{0, p.begin, p.end, p.step}));
  g.set(1, g.call("slice", {g.d_out()}, p));
}

void slice_assign_scalar_gradient(GradContext& g) {
  SliceAssignScalarParam p = g.params<SliceAssignScalarParam>();
  p.scalar = 0;
  g.set(0, g.call("_slice_assign_scalar", {g.d_out()}, p));
}

/// A box of a CSR matrix is one, unless steps leave rows or columns out.
void infer_slice_storage(StorageContext& c) {
  for (const auto& step : c.params<SliceParam>().step.values)
    if (step.value_or(1) != 1) return;
  if (c.in(0) == StorageKind::kCsr) infer::first_storage(c);
}

const OpBuilder slice = OpBuilder("slice")
                            .trait("method", "slice")
                            .alias("crop")
                            .alias("_npi_slice")
                            .alias("_npx_slice")
                            .alias("_sparse_slice")
                            .doc("A box of data, as data[begin:end:step, ...] in Python.")
                            .params<SliceParam>()
                            .input("data", "Array of any shape.")
                            .infer_shape(infer_slice)
                            .infer_storage(infer_slice_storage)
                            .gradient(slice_gradient);

const OpBuilder slice_axis = OpBuilder("slice_axis")
                                 .trait("method", "slice_axis")
                                 .doc("A range of indices along one axis.")
                                 .params<SliceAxisParam>()
                                 .input("data", "Array of any shape.")
                                 .infer_shape(infer_slice_axis)
                                 .gradient(slice_axis_gradient)
                                 .trait("low_precision", "follow");

const OpBuilder slice_like = OpBuilder("slice_like")
                                 .trait("method", "slice_like")
                                 .doc("Cuts data to the size of another array.")
                                 .params<SliceLikeParam>()
                                 .input("data", "Array of any shape.")
                                 .input("shape_like", "The shape; its elements are not read.")
                                 .infer_shape(infer_slice_like)
                                 .infer_dtype(infer_slice_like_dtype)
                                 .gradient(slice_like_gradient);

const OpBuilder slice_assign = OpBuilder("_slice_assign")
                                   .alias("_crop_assign")
                                   .alias("_npi_slice_assign")
                                   .doc("lhs with a box of it replaced by rhs.")
                                   .params<SliceParam>()
                                   .input("lhs", "Array of any shape.")
                                   .input("rhs", "Array of the box's shape.")
                                   .infer_shape(infer_slice_assign)
                                   .gradient(slice_assign_gradient)
                                   .inplace(0, 0);

const OpBuilder slice_assign_scalar = OpBuilder("_slice_assign_scalar")
                                          .alias("_crop_assign_scalar")
                                          .alias("_npi_slice_assign_scalar")
                                          .doc("data with every element of a box set to a number.")
                                          .params<SliceAssignScalarParam>()
                                          .input("data", "Array of any shape.")
                                          .infer_shape(infer_slice_assign_scalar)
                                          .gradient(slice_assign_scalar_gradient)
                                          .inplace(0, 0);

const OpBuilder box = OpBuilder("_backward_slice")
                          .doc("An array of zeros with a box of it set to data.")
                          .params<BoxParam>()
                          .input("data", "Array of the box's shape.")
                          .infer_shape(infer_box)
                          .gradient(box_gradient);

}  // namespace
}  // namespace mx
