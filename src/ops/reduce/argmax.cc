// Where the largest and the smallest elements are. Indices come in the dtype of data, as in 1.9.1,
// or in int64 where that cannot hold them.
#include "ops/reduce/argmax.h"

#include <limits>

#include "ops/reduce/common.h"
#include "ops/reduce/numpy.h"

namespace mx::reduce {
namespace {

void infer_argmax_shape(ShapeContext& c) {
  const Shape& in = c.in(0);
  if (!in.has_rank()) return;
  const auto& p = c.params<ArgmaxParam>();
  std::vector<bool> reduced(static_cast<size_t>(in.ndim()), !p.axis);
  if (p.axis) reduced[static_cast<size_t>(normalize_axis(*p.axis, in.ndim(), c.op_name()))] = true;
  require_choice(c, reduced);
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

/// Up to which every whole number has a value of its own in that type.
int64_t largest_index(DType dtype) {
  return visit_dtype(dtype, "argmax", []<typename T>(TypeTag<T>) {
    if constexpr (std::is_same_v<T, float16>)
      return int64_t{1} << 11;
    else if constexpr (std::is_same_v<T, bfloat16>)
      return int64_t{1} << 8;
    else if constexpr (std::is_floating_point_v<T>)
      return int64_t{1} << std::numeric_limits<T>::digits;
    else
      return static_cast<int64_t>(std::numeric_limits<T>::max());
  });
}

void infer_index_dtype(DTypeContext& c, std::optional<int64_t> axis) {
  const DType data = c.in(0);
  if (data == DType::kUnknown) return c.set_in(0, c.out(0));
  if (data == DType::kBool)
    fail(ErrorKind::kType, c.op_name(), ": data has dtype bool; expected a floating or integer ",
         "dtype");
  const Shape shape = c.in_shape(0);
  int64_t size = 0;
  if (axis && shape.has_rank())
    size = shape[normalize_axis(*axis, shape.ndim(), c.op_name())];
  else if (!axis && shape.is_known())
    size = shape.size();
  c.set_out(0, size - 1 > largest_index(data) ? DType::kInt64 : data);
}

OpBuilder search(const char* name, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .input("data", "Array of any shape.")
      .infer_dtype([](DTypeContext& c) { infer_index_dtype(c, c.params<ArgmaxParam>().axis); })
      .gradient(elemwise::zero_gradient);
}

const OpBuilder argmax =
    search("argmax", "Index of the first largest element along an axis; NaN counts as largest.")
        .trait("method", "argmax")
        .params<ArgmaxParam>()
        .infer_shape(infer_argmax_shape);
const OpBuilder argmin =
    search("argmin", "Index of the first smallest element along an axis; NaN counts as smallest.")
        .trait("method", "argmin")
        .params<ArgmaxParam>()
        .infer_shape(infer_argmax_shape);
/// mx.np's: one number has shape (), and indices are int64.
OpBuilder numpy_search(const char* name, const char* kernels, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .params<ArgmaxParam>()
      .input("data", "Array of any shape.")
      .infer_shape([](ShapeContext& c) {
        if (!c.in(0).has_rank()) return;
        const auto& p = c.params<ArgmaxParam>();
        const auto axis = p.axis ? std::optional<Shape>({*p.axis}) : std::nullopt;
        const auto reduced = numpy_axes(axis, c.in(0).ndim(), c.op_name());
        require_choice(c, reduced);
        c.set_out(0, numpy_reduced_shape(c.in(0), reduced, p.keepdims));
      })
      .infer_dtype([](DTypeContext& c) { c.set_out(0, DType::kInt64); })
      .trait("kernels_from", kernels)
      .gradient(elemwise::zero_gradient);
}
const OpBuilder np_argmax =
    numpy_search("_npi_argmax", "argmax",
                 "Index of the first largest element along an axis; NaN counts as largest.");
const OpBuilder np_argmin =
    numpy_search("_npi_argmin", "argmin",
                 "Index of the first smallest element along an axis; NaN counts as smallest.");

const OpBuilder argmax_channel =
    search("argmax_channel", "Index of the first largest element along axis 1.")
        .trait("method", "argmax_channel")
        .infer_shape(infer_channel_shape)
        .infer_dtype([](DTypeContext& c) { infer_index_dtype(c, 1); });

}  // namespace
}  // namespace mx::reduce
