// Slices of an array where another one is not zero.
// lint: no-kernel (composed of _npx_nonzero and take)
#include "ops/indexing/boolean_mask.h"

#include "ir/op.h"
#include "ops/indexing/take.h"
#include "ops/matrix/reshape.h"

namespace mx {
namespace {

void infer_boolean_mask(ShapeContext& c) {
  if (c.in(1).has_rank() && c.in(1).ndim() != 1)
    c.fail_in(1, "has ", c.in(1).ndim(), " axes; expected one");
  if (!c.in(0).has_rank()) return;
  const int axis = normalize_axis(c.params<BooleanMaskParam>().axis, c.in(0).ndim(), c.op_name());
  c.set_in(1, Shape{c.in(0)[axis]});
  Shape out = c.in(0);
  out[axis] = Shape::kUnknownDim;
  c.set_out(0, out);
}

void infer_boolean_mask_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (c.in(1) == DType::kUnknown) c.set_in(1, DType::kFloat32);
}

/// Numbers of the slices that are kept.
Value kept(GraphBuilder& g, const Value& index) {
  return g.call("Reshape", {g.call("_npx_nonzero", {index})}, ReshapeParam{Shape{-3}});
}

void boolean_mask_gradient(GradContext& g) {
  const int64_t axis = g.params<BooleanMaskParam>().axis;
  g.set(0, g.call("_backward_take", {g.d_out(), kept(g, g.in(1))},
                  TakeBackwardParam{axis, TakeMode::kClip, g.in_shape(0), false}));
}

const OpBuilder boolean_mask =
    OpBuilder("_contrib_boolean_mask")
        .alias("_npi_boolean_mask")
        .doc("The slices of data along an axis for which index is not zero.")
        .params<BooleanMaskParam>()
        .input("data", "Array of any shape.")
        .input("index", "One number for each slice.")
        .infer_shape(infer_boolean_mask)
        .infer_dtype(infer_boolean_mask_dtype)
        .trait("shape_from_data")
        .decomposition([](DecomposeContext& c) {
          const int64_t axis = c.params<BooleanMaskParam>().axis;
          c.set(0, c.call("take", {c.in(0), kept(c, c.in(1))}, TakeParam{axis, TakeMode::kClip}));
        })
        .gradient(boolean_mask_gradient);

}  // namespace
}  // namespace mx
