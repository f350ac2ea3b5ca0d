// Quantized arrays joined: each is brought to the common range on its way.
#include "ops/matrix/concat.h"

#include <cstring>

#include "backend/common/quantization.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

struct Joined {
  float low = 0, high = 0;
  DType dtype = DType::kInt8;
  float step() const { return magnitude_of(low, high) / real_span(dtype); }
};

template <typename From, typename To>
void scale_row(const From* x, To* y, int64_t count, float scale) {
  for (int64_t i = 0; i < count; ++i) y[i] = round_to<To>(static_cast<float>(x[i]) * scale);
}

/// The part of a row that one input fills.
template <typename From, typename To>
void join(const Tensor& part, float scale, To* y, int64_t outer, int64_t length, int64_t row) {
  const From* x = part.as<From>();
  parallel_for(outer, grain_for(static_cast<double>(length)), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const From* from = x + i * length;
      To* to = y + i * row;
      if (std::is_same_v<From, To> && scale == 1)
        std::memcpy(to, from, static_cast<size_t>(length));
      else
        scale_row(from, to, length, scale);
    }
  });
}

void quantized_concat(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<ConcatParam>();
  const auto count = static_cast<size_t>(p.num_args);
  const auto low = [&](size_t i) { return *in[count + 2 * i].as<float>(); };
  const auto high = [&](size_t i) { return *in[count + 2 * i + 1].as<float>(); };
  Joined all{low(0), high(0), out[0].dtype};
  for (size_t i = 1; i < count; ++i)
    all.low = std::min(all.low, low(i)), all.high = std::max(all.high, high(i));
  const int axis = normalize_axis(p.dim, out[0].ndim(), "_contrib_quantized_concat", "dim");
  const bool channels_last = out[0].layout == Layout::kChannelsLast;  // then axis is 1
  const int64_t row = channels_last ? out[0].shape[1] : out[0].shape.size(axis, out[0].ndim());
  const int64_t outer = row > 0 ? out[0].size() / row : 0;
  int64_t offset = 0;
  for (size_t i = 0; i < count; ++i) {
    const Joined part{low(i), high(i), in[i].dtype};
    const float scale = all.step() == part.step() ? 1
                        : all.step() > 0          ? part.step() / all.step()
                                                  : 0;
    const int64_t length = outer > 0 ? in[i].size() / outer : 0;
    visit_quantized(in[i].dtype, "_contrib_quantized_concat", [&]<typename From>(TypeTag<From>) {
      visit_quantized(all.dtype, "_contrib_quantized_concat", [&]<typename To>(TypeTag<To>) {
        join<From>(in[i], scale, out[0].as<To>() + offset, outer, length, row);
      });
    });
    offset += length;
  }
  if (context.wants(1)) *out[1].as<float>() = all.low;
  if (context.wants(2)) *out[2].as<float>() = all.high;
}

/// Channels that are joined may lie innermost; the ends of ranges are plain.
LayoutChoice choose_layouts(const KernelQuery& query) {
  LayoutChoice choice{std::vector<Layout>(query.in.size(), Layout::kPlain),
                      std::vector<Layout>(query.out.size(), Layout::kPlain)};
  const auto& p = query.params.as<ConcatParam>();
  const auto count = static_cast<size_t>(p.num_args);
  const bool joins_channels = p.dim == 1 && query.out[0].shape.ndim() > 2;
  for (size_t i = 0; i < count; ++i)
    if (!joins_channels || query.in[i].layout != Layout::kChannelsLast) return choice;
  std::fill_n(choice.in.begin(), count, Layout::kChannelsLast);
  choice.out[0] = Layout::kChannelsLast;
  return choice;
}

const KernelBuilder kernel = KernelBuilder("_contrib_quantized_concat", "native")
                                 .run(quantized_concat)
                                 .choose_layouts(choose_layouts);

}  // namespace
}  // namespace mx::cpu
