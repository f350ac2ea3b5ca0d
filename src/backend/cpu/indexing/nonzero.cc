#include "dispatch/kernel.h"

namespace mx {
namespace {

/// Calls use(place) for every element that is not zero, in order.
template <typename Use>
void for_nonzero(const Tensor& x, const Use& use) {
  visit_dtype(x.dtype, "_npx_nonzero", [&]<typename T>(TypeTag<T>) {
    for (int64_t i = 0; i < x.size(); ++i)
      if (x.as<T>()[i] != T(0)) use(i);
  });
}

std::vector<Shape> measure(const Params&, KernelContext&, Inputs in) {
  int64_t count = 0;
  for_nonzero(in[0], [&](int64_t) { ++count; });
  return {Shape{count, std::max<int64_t>(in[0].ndim(), 1)}};
}

void nonzero(const Params&, KernelContext&, Inputs in, Outputs out) {
  const Shape& shape = in[0].shape;
  const int64_t columns = out[0].shape[1];
  int64_t* row = out[0].as<int64_t>();
  for_nonzero(in[0], [&](int64_t place) {
    row[0] = 0;  // the one element of an array without axes
    for (int axis = shape.ndim() - 1; axis >= 0; --axis) {
      row[axis] = place % shape[axis];
      place /= shape[axis];
    }
    row += columns;
  });
}

const KernelBuilder k1 = KernelBuilder("_npx_nonzero", "native").measure(measure).run(nonzero);

}  // namespace
}  // namespace mx
