#include "dispatch/anomaly.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/error.h"
#include "device/device.h"
#include "profile/profile.h"

namespace mx::anomaly {

std::atomic<int> detail::depth{0};

namespace {

std::atomic<std::string (*)()> source_hook{nullptr};
thread_local const std::string* source = nullptr;

/// What is wrong with one value.
enum class Found : uint8_t { kNothing, kInf, kNan };

/// Floating-point numbers of any width are finite unless all bits of their exponent are set.
template <typename Bits>
Found look_at(const void* data, int64_t count, Bits exponent, Bits fraction) {
  const auto* values = static_cast<const Bits*>(data);
  const Bits* last = values + count;
  const Bits* found =
      std::find_if(values, last, [&](Bits v) { return (v & exponent) == exponent; });
  if (found == last) return Found::kNothing;
  return (*found & fraction) != 0 ? Found::kNan : Found::kInf;
}

Found look_at(const void* data, int64_t count, DType dtype) {
  switch (dtype) {
    case DType::kFloat32:
      return look_at<uint32_t>(data, count, 0x7f800000u, 0x007fffffu);
    case DType::kFloat64:
      return look_at<uint64_t>(data, count, 0x7ff0000000000000u, 0x000fffffffffffffu);
    case DType::kFloat16:
      return look_at<uint16_t>(data, count, 0x7c00u, 0x03ffu);
    case DType::kBfloat16:
      return look_at<uint16_t>(data, count, 0x7f80u, 0x007fu);
    default:
      return Found::kNothing;
  }
}

Found look_at(const Tensor& tensor, const KernelContext& context) {
  if (!is_floating(tensor.dtype) || tensor.layout >= Layout::kFirstLibrary || !tensor.data)
    return Found::kNothing;
  const size_t bytes = layout_bytes(tensor.shape, tensor.dtype, tensor.layout);
  const auto count = static_cast<int64_t>(bytes) / dtype_size(tensor.dtype);
  if (context.device.is_host()) return look_at(tensor.data, count, tensor.dtype);
  const BufferPtr copy = allocate_buffer(bytes, Device{});
  copy_bytes(copy->data(), Device{}, tensor.data, context.device, bytes);
  synchronize(context.device);
  return look_at(copy->data(), count, tensor.dtype);
}

}  // namespace

void begin() { ++detail::depth; }
void end() { --detail::depth; }

void set_source_hook(std::string (*hook)()) { source_hook = hook; }

std::string current_source() {
  if (!is_on()) return {};
  if (source) return *source;
  const auto hook = source_hook.load();
  return hook ? hook() : std::string();
}

void SourceScope::enter(std::string text) {
  source_ = std::make_unique<const std::string>(std::move(text));
  before_ = std::exchange(source, source_.get());
}

void SourceScope::leave() { source = before_; }

bool all_finite(Inputs tensors, const KernelContext& context) {
  return std::all_of(tensors.begin(), tensors.end(), [&](const Tensor& tensor) {
    return look_at(tensor, context) == Found::kNothing;
  });
}

void check_results(std::string_view op, Outputs out, const KernelContext& context) {
  for (size_t i = 0; i < out.size(); ++i) {
    if (!context.wants(i)) continue;
    const Found found = look_at(out[i], context);
    if (found == Found::kNothing) continue;
    std::string where;
    if (const std::string_view node = profile::current_node(); !node.empty())
      where = concat(" (in node ", node, ")");
    if (source) where += concat(" (called at ", *source, ")");
    fail(ErrorKind::kValue, op, ": output ", i, " holds ", found == Found::kNan ? "NaN" : "Inf",
         ", made of finite inputs; expected finite values", where);
  }
}

}  // namespace mx::anomaly
