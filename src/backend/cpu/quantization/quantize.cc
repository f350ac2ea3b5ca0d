// Quantization and its inverse: one pass over the data, and one before it where the range is that
// of the data.
#include "ops/quantization/quantize.h"

#include <cstring>
#include <mutex>

#include "backend/common/quantization.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

constexpr int64_t kGrain = 1 << 15;

struct Range {
  float low, high;
  float magnitude() const { return magnitude_of(low, high); }
};

/// Least and greatest element; of nothing, 0 and 0.
template <typename T>
std::pair<T, T> extremes(const T* x, int64_t count) {
  if (count == 0) return {T(0), T(0)};
  std::pair<T, T> all{x[0], x[0]};
  std::mutex mutex;
  parallel_for(count, kGrain, [&](int64_t begin, int64_t end) {
    T low = x[begin], high = x[begin];
    for (int64_t i = begin; i < end; ++i) {
      low = x[i] < low ? x[i] : low;
      high = x[i] > high ? x[i] : high;
    }
    std::lock_guard lock(mutex);
    all = {std::min(all.first, low), std::max(all.second, high)};
  });
  return all;
}

/// Bytes may alias whatever a loop reads through references: all it needs is in its arguments.
template <typename From, typename To>
void round_row(const From* x, To* y, int64_t count, float scale, float shift) {
  for (int64_t i = 0; i < count; ++i) y[i] = round_to<To>(static_cast<float>(x[i]) * scale + shift);
}

/// out = data * scale + shift, rounded.
template <typename From, typename To>
void scale_into(const From* x, To* y, int64_t count, float scale, float shift = 0) {
  parallel_for(count, kGrain, [=](int64_t begin, int64_t end) {
    round_row(x + begin, y + begin, end - begin, scale, shift);
  });
}

template <typename From>
void scale_to_dtype(const Tensor& in, const Tensor& out, float scale) {
  visit_quantized(out.dtype, "quantize", [&]<typename T>(TypeTag<T>) {
    scale_into(in.as<From>(), out.as<T>(), in.size(), scale);
  });
}

void set_range(KernelContext& context, Outputs out, float low, float high) {
  if (context.wants(1)) *out[1].as<float>() = low;
  if (context.wants(2)) *out[2].as<float>() = high;
}

/// The range that the result is said to have: int8 is symmetric.
Range range_of(DType dtype, Range range) {
  const float magnitude = range.magnitude();
  return dtype == DType::kUint8 ? range : Range{-magnitude, magnitude};
}

void quantize(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const Range range{*in[1].as<float>(), *in[2].as<float>()};
  const DType dtype = out[0].dtype;
  scale_to_dtype<float>(in[0], out[0], scale_to(whole_span(dtype), range.magnitude()));
  const Range said = range_of(dtype, range);
  set_range(context, out, said.low, said.high);
}

/// 8 bits that pass through.
void pass(const QuantizeParam& p, KernelContext& context, Inputs in, Outputs out) {
  if (context.wants(0) && in[0].data != out[0].data)
    std::memcpy(out[0].data, in[0].data, static_cast<size_t>(in[0].size()));
  const float span = real_span(in[0].dtype);
  if (p.is_calibrated()) return set_range(context, out, *p.min_calib_range, *p.max_calib_range);
  set_range(context, out, in[0].dtype == DType::kUint8 ? 0 : -span, span);
}

void quantize_v2(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<QuantizeParam>();
  if (in[0].dtype != DType::kFloat32) return pass(p, context, in, out);
  Range range{};
  if (p.is_calibrated()) {
    range = {*p.min_calib_range, *p.max_calib_range};
  } else {
    const auto [low, high] = extremes(in[0].as<float>(), in[0].size());
    range = {low, high};
  }
  const DType dtype = out[0].dtype;
  scale_to_dtype<float>(in[0], out[0], scale_to(real_span(dtype), range.magnitude()));
  const Range said = range_of(dtype, range);
  set_range(context, out, said.low, said.high);
}

void quantize_asym(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<QuantizeAsymParam>();
  const auto [least, greatest] = extremes(in[0].as<float>(), p.is_calibrated() ? 0 : in[0].size());
  const float low = p.min_calib_range.value_or(least), high = p.max_calib_range.value_or(greatest);
  const float scale = scale_to(255.0f, high - low), shift = 255.0f - high * scale;
  scale_into(in[0].as<float>(), out[0].as<uint8_t>(), in[0].size(), scale, shift);
  set_range(context, out, scale, shift);
}

void requantize(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<QuantizeParam>();
  const float step = magnitude_of(*in[1].as<float>(), *in[2].as<float>()) / kSumSpan;
  const DType dtype = out[0].dtype;
  Range range{};
  if (p.is_calibrated()) {
    range = {*p.min_calib_range, *p.max_calib_range};
  } else {
    const auto [low, high] = extremes(in[0].as<int32_t>(), in[0].size());
    range = {static_cast<float>(low) * step, static_cast<float>(high) * step};
  }
  const float magnitude = range.magnitude();
  scale_to_dtype<int32_t>(in[0], out[0], step * scale_to(whole_span(dtype), magnitude));
  set_range(context, out, dtype == DType::kUint8 ? 0 : -magnitude, magnitude);
}

void dequantize(const Params&, KernelContext&, Inputs in, Outputs out) {
  const float magnitude = magnitude_of(*in[1].as<float>(), *in[2].as<float>());
  float* y = out[0].as<float>();
  const auto scale = [&](const auto* x, float step) {
    parallel_for(in[0].size(), kGrain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) y[i] = static_cast<float>(x[i]) * step;
    });
  };
  if (in[0].dtype == DType::kInt32) return scale(in[0].as<int32_t>(), magnitude / kSumSpan);
  visit_quantized(in[0].dtype, "_contrib_dequantize", [&]<typename T>(TypeTag<T>) {
    scale(in[0].as<T>(), magnitude / real_span(in[0].dtype));
  });
}

const KernelBuilder k1 = KernelBuilder("_contrib_quantize", "native").run(quantize);
const KernelBuilder k2 = KernelBuilder("_contrib_quantize_v2", "native").run(quantize_v2);
const KernelBuilder k3 = KernelBuilder("_contrib_quantize_asym", "native").run(quantize_asym);
const KernelBuilder k4 = KernelBuilder("_contrib_requantize", "native").run(requantize);
const KernelBuilder k5 = KernelBuilder("_contrib_dequantize", "native").run(dequantize);

}  // namespace
}  // namespace mx::cpu
