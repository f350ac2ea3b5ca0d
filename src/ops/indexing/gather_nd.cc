// gather_nd, scatter_nd and their gradients.
#include "ir/common_params.h"
#include "ir/op.h"

namespace mx {
namespace {

/// Shape of what `indices` of shape (m, ...) select in an array: indices.shape[1:] followed by the
/// array's axes from m on.
Shape selected_shape(const ShapeContext& c, const Shape& array, size_t indices_input) {
  const Shape& indices = c.in(indices_input);
  if (indices.ndim() < 2)
    c.fail_in(indices_input, "has ", indices.ndim(), " dimensions; expected at least 2");
  if (indices[0] > array.ndim())
    c.fail_in(indices_input, "names ", indices[0], " axes; expected at most ", array.ndim());
  Shape selected = Shape({});
  for (int i = 1; i < indices.ndim(); ++i) selected.push_back(indices[i]);
  for (auto i = static_cast<int>(indices[0]); i < array.ndim(); ++i) selected.push_back(array[i]);
  return selected;
}

bool counts_axes(const Shape& indices) {
  return indices.has_rank() && (indices.ndim() < 2 || indices[0] >= 0);
}

void infer_gather(ShapeContext& c) {
  if (c.in(0).has_rank() && counts_axes(c.in(1))) c.set_out(0, selected_shape(c, c.in(0), 1));
}

void infer_scatter(ShapeContext& c) {
  const Shape& shape = c.params<ShapeParam>().shape;
  c.set_out(0, shape);
  if (counts_axes(c.in(1))) c.set_in(0, selected_shape(c, shape, 1));
}

void infer_scatter_set(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (c.in(0).has_rank() && counts_axes(c.in(2))) c.set_in(1, selected_shape(c, c.in(0), 2));
}

/// All but the indices have one dtype.
template <size_t indices>
void infer_nd_dtype(DTypeContext& c) {
  for (size_t i = 0; i < indices; ++i) c.set_out(0, c.in(i));
  for (size_t i = 0; i < indices; ++i) c.set_in(i, c.out(0));
  if (c.in(indices) == DType::kUnknown) c.set_in(indices, DType::kInt64);
}

void gather_gradient(GradContext& g) {
  g.set(0, g.call("_backward_gather_nd", {g.d_out(), g.in(1)}, ShapeParam{g.in_shape(0)}));
}
void scatter_gradient(GradContext& g) { g.set(0, g.call("gather_nd", {g.d_out(), g.in(1)})); }
void scatter_set_gradient(GradContext& g) {
  const Value zeros = g.zeros_like(g.in(1));
  g.set(0, g.call("_scatter_set_nd", {g.d_out(), zeros, g.in(2)}, ShapeParam{g.in_shape(0)}));
  g.set(1, g.call("gather_nd", {g.d_out(), g.in(2)}));
}

const OpBuilder gather = OpBuilder("gather_nd")
                             .alias("_npi_gather_nd")
                             .alias("_npx_gather_nd")
                             .doc("Elements or slices of data, selected by columns of indices.")
                             .input("data", "Array of any shape.")
                             .input("indices", "Array of shape (m, ...): m coordinates each.")
                             .infer_shape(infer_gather)
                             .infer_dtype(infer_nd_dtype<1>)
                             .gradient(gather_gradient);

const OpBuilder scatter =
    OpBuilder("scatter_nd")
        .doc("An array of zeros with data written where indices select; the last one wins.")
        .params<ShapeParam>()
        .input("data", "What is written.")
        .input("indices", "Array of shape (m, ...): m coordinates each.")
        .infer_shape(infer_scatter)
        .infer_dtype(infer_nd_dtype<1>)
        .gradient(scatter_gradient);

const OpBuilder accumulate = OpBuilder("_backward_gather_nd")
                                 .doc("An array of zeros with data added where indices select.")
                                 .params<ShapeParam>()
                                 .input("data", "What is added.")
                                 .input("indices", "Array of shape (m, ...): m coordinates each.")
                                 .infer_shape(infer_scatter)
                                 .infer_dtype(infer_nd_dtype<1>)
                                 .gradient(scatter_gradient);

const OpBuilder scatter_set = OpBuilder("_scatter_set_nd")
                                  .alias("_npi_scatter_set_nd")
                                  .doc("lhs with rhs written where indices select.")
                                  .params<ShapeParam>()
                                  .input("lhs", "Array of any shape.")
                                  .input("rhs", "What is written.")
                                  .input("indices", "Array of shape (m, ...): m coordinates each.")
                                  .infer_shape(infer_scatter_set)
                                  .infer_dtype(infer_nd_dtype<2>)
                                  .gradient(scatter_set_gradient)
                                  .inplace(0, 0);

}  // namespace
}  // namespace mx
