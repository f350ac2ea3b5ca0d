// Coordinates to flat indices and back.
#include "ir/common_params.h"
#include "ir/op.h"

namespace mx {
namespace {

void check_axes(const ShapeContext& c) {
  const Shape& shape = c.params<ShapeParam>().shape;
  require(shape.ndim() > 0, c.op_name(), ": shape=", shape,
          " is empty; expected the array's shape");
}

void infer_ravel(ShapeContext& c) {
  check_axes(c);
  const int axes = c.params<ShapeParam>().shape.ndim();
  c.set_in(0, {axes, c.out(0).ndim() == 1 ? c.out(0)[0] : -1});
  c.set_out(0, {c.in(0)[1]});
}

void infer_unravel(ShapeContext& c) {
  check_axes(c);
  if (!c.in(0).has_rank()) return;
  Shape out{c.params<ShapeParam>().shape.ndim()};
  for (int64_t size : c.in(0)) out.push_back(size);
  c.set_out(0, out);
}

const OpBuilder ravel = OpBuilder("_ravel_multi_index")
                            .alias("ravel_multi_index")
                            .doc("Flat indices of columns of coordinates.")
                            .params<ShapeParam>()
                            .input("data", "Array of shape (axes, n).")
                            .infer_shape(infer_ravel)
                            .zero_gradient("indices do not change with small changes");

const OpBuilder unravel = OpBuilder("_unravel_index")
                              .alias("unravel_index")
                              .doc("Coordinates of flat indices, along a new first axis.")
                              .params<ShapeParam>()
                              .input("data", "Flat indices.")
                              .infer_shape(infer_unravel)
                              .zero_gradient("indices do not change with small changes");

}  // namespace
}  // namespace mx
