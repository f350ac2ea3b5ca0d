// Sums and products of whole numbers that have ranges of their own.
#include "ops/quantization/elemwise.h"

#include "backend/common/quantization.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

constexpr int64_t kGrain = 1 << 15;

struct Side {
  const Tensor& tensor;
  float magnitude;
  float step() const { return magnitude / real_span(tensor.dtype); }
};

Side side(Inputs in, size_t i) {
  return {in[i], magnitude_of(*in[2 + 2 * i].as<float>(), *in[3 + 2 * i].as<float>())};
}

/// Calls f(x, y) with pointers to both sides' elements.
template <typename F>
void visit_sides(const Side& a, const Side& b, const char* op, const F& f) {
  visit_quantized(a.tensor.dtype, op, [&]<typename A>(TypeTag<A>) {
    visit_quantized(b.tensor.dtype, op,
                    [&]<typename B>(TypeTag<B>) { f(a.tensor.as<A>(), b.tensor.as<B>()); });
  });
}

/// The function by value: bytes may alias whatever a loop reads through references.
template <typename A, typename B, typename T, typename F>
void combine_row(const A* x, const B* y, T* z, int64_t count, F f) {
  for (int64_t i = 0; i < count; ++i) {
    const float value = f(static_cast<float>(x[i]), static_cast<float>(y[i]));
    if constexpr (std::is_same_v<T, float>)
      z[i] = value;
    else
      z[i] = round_to<T>(value);
  }
}

/// out[i] = f(a[i], b[i]) rounded to the output's type.
template <typename F>
void write(const Side& a, const Side& b, const Tensor& out, const char* op, const F& f) {
  visit_sides(a, b, op, [&](const auto* x, const auto* y) {
    const auto fill = [&]<typename T>(TypeTag<T>) {
      T* z = out.as<T>();
      parallel_for(out.size(), kGrain, [&](int64_t begin, int64_t end) {
        combine_row(x + begin, y + begin, z + begin, end - begin, f);
      });
    };
    if (out.dtype == DType::kFloat32) return fill(TypeTag<float>{});
    if (out.dtype == DType::kInt32) return fill(TypeTag<int32_t>{});
    visit_quantized(out.dtype, op, fill);
  });
}

void set_range(KernelContext& context, Outputs out, float low, float high) {
  if (out.size() > 1 && context.wants(1)) *out[1].as<float>() = low;
  if (out.size() > 2 && context.wants(2)) *out[2].as<float>() = high;
}

void quantized_add(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<QuantizedAddParam>();
  const Side a = side(in, 0), b = side(in, 1);
  float low = -(a.magnitude + b.magnitude), high = -low, scale = scale_to(kSumSpan, high);
  if (p.is_calibrated()) {
    low = *p.min_calib_range, high = *p.max_calib_range;
    scale = scale_to(real_span(out[0].dtype), magnitude_of(low, high));
  }
  const float x_scale = a.step() * scale, y_scale = b.step() * scale;
  const char* op = "_contrib_quantized_elemwise_add";
  if (p.is_calibrated() && in[0].dtype != in[1].dtype)  // 1.9.1 rounds both sides first
    write(a, b, out[0], op, [=](float x, float y) {
      return static_cast<float>(round_to<int8_t>(x * x_scale)) +
             static_cast<float>(round_to<int8_t>(y * y_scale));
    });
  else
    write(a, b, out[0], op, [=](float x, float y) { return x * x_scale + y * y_scale; });
  set_range(context, out, low, high);
}

void quantized_mul(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<QuantizedMulParam>();
  const Side a = side(in, 0), b = side(in, 1);
  float high = product_magnitude(a.tensor.dtype, a.magnitude, b.tensor.dtype, b.magnitude);
  float low = -high, scale = 1;
  if (p.enable_float_output) {
    scale = a.step() * b.step();
  } else if (p.is_calibrated()) {
    low = *p.min_calib_range, high = *p.max_calib_range;
    scale = a.step() * b.step() * scale_to(real_span(DType::kInt8), magnitude_of(low, high));
  }
  write(a, b, out[0], "_contrib_quantized_elemwise_mul",
        [=](float x, float y) { return x * y * scale; });
  set_range(context, out, low, high);
}

const KernelBuilder k1 =
    KernelBuilder("_contrib_quantized_elemwise_add", "native").run(quantized_add);
const KernelBuilder k2 =
    KernelBuilder("_contrib_quantized_elemwise_mul", "native").run(quantized_mul);

}  // namespace
}  // namespace mx::cpu
