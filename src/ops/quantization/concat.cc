#include "ops/matrix/concat.h"

#include <map>
#include <mutex>

#include "ops/quantization/ranges.h"

namespace mx {
namespace {

/// arg0, arg1 ..., then arg0_min, arg0_max, arg1_min ...
const std::vector<InputInfo>& inputs_of(const Params& params) {
  static std::mutex mutex;
  static auto* known = new std::map<int64_t, std::vector<InputInfo>>;
  const int64_t count = params.as<ConcatParam>().num_args;
  std::lock_guard lock(mutex);
  std::vector<InputInfo>& inputs = (*known)[count];
  if (!inputs.empty()) return inputs;
  for (int64_t i = 0; i < count; ++i) inputs.push_back({"arg" + std::to_string(i), "", {}});
  for (int64_t i = 0; i < count; ++i)
    for (const char* end : {"_min", "_max"})
      inputs.push_back({"arg" + std::to_string(i) + end, "", InputKind::kParameter});
  return inputs;
}

size_t count_of(const Params& params) {
  return static_cast<size_t>(params.as<ConcatParam>().num_args);
}

void infer_shape(ShapeContext& c) {
  const size_t count = count_of(c.raw_params());
  infer_shape_as(c, "Concat", count);
  ranges_in(c, count);
  range_out(c);
}

/// uint8 when all inputs are, else int8.
void infer_dtype(DTypeContext& c) {
  const size_t count = count_of(c.raw_params());
  ranges_in(c, count);
  range_out(c);
  DType out = DType::kUint8;
  for (size_t i = 0; i < count; ++i) {
    require_quantized(c, i);
    if (c.in(i) == DType::kUnknown) return;
    if (c.in(i) == DType::kInt8) out = DType::kInt8;
  }
  c.set_out(0, out);
}

const OpBuilder quantized_concat =
    OpBuilder("_contrib_quantized_concat")
        .doc("Joins int8 and uint8 arrays, brought to the widest of their ranges.")
        .params<ConcatParam>()
        .inputs(inputs_of)
        .outputs({"output", "min_output", "max_output"})
        .infer_shape(infer_shape)
        .infer_dtype(infer_dtype)
        .zero_gradient(kWholeNumbers);

}  // namespace
}  // namespace mx
