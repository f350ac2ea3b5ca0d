// Where the largest and the smallest elements are. Indices come in the dtype of data, as in 1.9.1.
#include "ops/reduce/argmax.h"

#include "ops/reduce/common.h"

namespace mx::reduce {
namespace {

void infer_argmax_shape(ShapeContext& c) {
  const Shape& in = c.in(0);
  if (!in.has_rank()) return;
  const auto& p = c.params<ArgmaxParam>();
  std::vector<bool> reduced(static_cast<size_t>(in.ndim()), !p.axis);
  if (p.axis) reduced[static_cast<size_t>(normalize_axis(*p.axis, in.ndim(), c.op_name()))] = true;
  for (int i = 0; i < in.ndim(); ++i)
    if (reduced[static_cast<size_t>(i)] && in[i] == 0)
      c.fail_in(0, "has no elements to choose from; expected a size above 0 on axis ", i);
  c.set_out(0, reduced_shape(in, reduced, p.keepdims));
}

void infer_channel_shape(ShapeContext& c) {
  const Shape& in = c.in(0);
  if (!in.has_rank()) return;
  if (in.ndim() < 2) c.fail_in(0, "has no channels; expected at least 2 dimensions");
  std::vector<bool> reduced(static_cast<size_t>(in.ndim()), false);
  reduced[1] = true;
  c.set_out(0, reduced_shape(in, reduced, false));
}

OpBuilder search(const char* name, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .input("data", "Array of any shape.")
      .infer_dtype(elemwise::numeric_dtype)
      .gradient(elemwise::zero_gradient);
}

const OpBuilder argmax =
    search("argmax", "Index of the first largest element along an axis; NaN counts as largest.")
        .params<ArgmaxParam>()
        .infer_shape(infer_argmax_shape);
const OpBuilder argmin =
    search("argmin", "Index of the first smallest element along an axis; NaN counts as smallest.")
        .params<ArgmaxParam>()
        .infer_shape(infer_argmax_shape);
const OpBuilder argmax_channel =
    search("argmax_channel", "Index of the first largest element along axis 1.")
        .infer_shape(infer_channel_shape);

}  // namespace
}  // namespace mx::reduce
