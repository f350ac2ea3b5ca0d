#include "ops/matrix/transpose.h"

#include <string>

#include "ir/op.h"

namespace mx {

void infer_permuted(ShapeContext& c, const Shape& axes) {
  const int ndim = axes.ndim();
  if (c.in(0).has_rank()) {
    Shape out = Shape::unknown_dims(ndim);
    for (int i = 0; i < ndim; ++i) out[i] = c.in(0)[static_cast<int>(axes[i])];
    c.set_out(0, out);
  }
  if (c.out(0).ndim() != ndim) return;
  Shape in = Shape::unknown_dims(ndim);
  for (int i = 0; i < ndim; ++i) in[static_cast<int>(axes[i])] = c.out(0)[i];
  c.set_in(0, in);
}

namespace {

int known_ndim(const ShapeContext& c) {
  return c.in(0).has_rank() ? c.in(0).ndim() : c.out(0).ndim();
}

void infer_transpose(ShapeContext& c) {
  const Shape& axes = c.params<TransposeParam>().axes;
  const int ndim = known_ndim(c) < 0 && axes.ndim() > 0 ? axes.ndim() : known_ndim(c);
  if (ndim >= 0) infer_permuted(c, transpose_axes(axes, ndim, c.op_name()));
}

void infer_swap_axis(ShapeContext& c) {
  const int ndim = known_ndim(c);
  if (ndim >= 0) infer_permuted(c, swapped_axes(c.params<SwapAxisParam>(), ndim, c.op_name()));
}

void transpose_gradient(GradContext& g) {
  const Shape axes =
      transpose_axes(g.params<TransposeParam>().axes, g.in_shape(0).ndim(), g.op().name);
  Shape inverse = axes;
  for (int i = 0; i < axes.ndim(); ++i) inverse[static_cast<int>(axes[i])] = i;
  g.set(0, g.call("transpose", {g.d_out()}, TransposeParam{inverse}));
}

void swap_axis_gradient(GradContext& g) {
  g.set(0, g.call("SwapAxis", {g.d_out()}, g.params<SwapAxisParam>()));
}

OpBuilder permutation(const char* name, const char* input) {
  return OpBuilder(name)
      .doc("Permutes the axes of " + std::string(input) + ".")
      .params<TransposeParam>()
      .input(input, "Array of any shape.")
      .infer_shape(infer_transpose)
      .gradient(transpose_gradient)
      .trait("low_precision", "follow");
}

const OpBuilder transpose = permutation("transpose", "data").trait("method", "transpose");
const OpBuilder np_transpose = permutation("_np_transpose", "a");

const OpBuilder swap_axis = OpBuilder("SwapAxis")
                                .alias("swapaxes")
                                .trait("method", "swapaxes")
                                .alias("_npi_swapaxes")
                                .doc("Exchanges two axes of data.")
                                .params<SwapAxisParam>()
                                .input("data", "Array of any shape.")
                                .infer_shape(infer_swap_axis)
                                .gradient(swap_axis_gradient);

}  // namespace
}  // namespace mx
