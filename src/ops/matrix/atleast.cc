// Gives arrays the axes of size 1 that they lack.
// lint: no-kernel (they are reshapes)
#include "ops/elemwise/common.h"
#include "ops/matrix/numpy_stack.h"

namespace mx {
namespace {

/// A vector becomes a row, and that a plane whose last axis has size 1.
template <int kNdim>
Shape raised(const Shape& in) {
  if (in.ndim() >= kNdim) return in;
  Shape out = in.ndim() == 0 ? Shape{1} : in;
  if (kNdim >= 2 && out.ndim() == 1) out = Shape{1, out[0]};
  if (kNdim == 3) out.push_back(1);
  return out;
}

template <int kNdim>
OpBuilder atleast(const char* name, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .params<NumArgsParam>()
      .variadic("num_args")
      .num_outputs([](const Params& params) {
        return static_cast<uint32_t>(params.as<NumArgsParam>().num_args);
      })
      .infer_shape([](ShapeContext& c) {
        for (size_t i = 0; i < c.num_in(); ++i)
          if (c.in(i).has_rank()) c.set_out(i, raised<kNdim>(c.in(i)));
      })
      .decomposition([](DecomposeContext& c) {
        for (size_t i = 0; i < c.num_in(); ++i)
          c.set(i,
                c.call("_backward_reshape", {c.in(i)}, ShapeParam{raised<kNdim>(c.in_shape(i))}));
      });
}

const OpBuilder atleast_1d = atleast<1>("_np_atleast_1d", "Each array with at least one axis.");
const OpBuilder atleast_2d =
    atleast<2>("_np_atleast_2d", "Each array with at least two axes; a vector becomes a row.");
const OpBuilder atleast_3d = atleast<3>(
    "_np_atleast_3d", "Each array with at least three axes; the last of a matrix has size 1.");

}  // namespace
}  // namespace mx
