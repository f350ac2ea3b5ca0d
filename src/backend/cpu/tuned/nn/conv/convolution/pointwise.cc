// Convolution with a 1x1 window and the gradient of its data in training graphs, channels last.
// Weights change with each step, so they are packed with each call.
#include "backend/cpu/tuned/pixels.h"

namespace mx::tuned {
namespace {

const char* refuse_sizes(const KernelQuery& query, const ConvolutionParam& p) {
  if (const char* reason = refuse_convolution(query, p)) return reason;
  if (!is_all(p.kernel, 1) || !is_all(p.pad, 0)) return "needs a 1x1 window without pads";
  return nullptr;
}

const char* refuse(const KernelQuery& query, const ConvolutionParam& p) {
  if (const char* reason = refuse_sizes(query, p)) return reason;
  if (query.in[0].layout != Layout::kChannelsLast || query.out[0].layout != Layout::kChannelsLast)
    return "needs channels last";
  return query.in[1].layout == Layout::kPlain ? nullptr : "reads plain weights";
}

LayoutChoice layouts(const KernelQuery& query, bool is_accepted) {
  LayoutChoice choice{std::vector(query.in.size(), Layout::kPlain), {Layout::kPlain}};
  if (is_accepted) choice.in[0] = choice.out[0] = Layout::kChannelsLast;
  return choice;
}

const char* refuse_forward(const KernelQuery& query) {
  return refuse(query, query.params.as<ConvolutionParam>());
}

LayoutChoice forward_layouts(const KernelQuery& query) {
  return layouts(query, !refuse_sizes(query, query.params.as<ConvolutionParam>()));
}

void forward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<ConvolutionParam>();
  const Tensor packed{context.scratch->get_array<float>(in[1].size()), in[1].shape};
  pack_weight(params, context, in.subspan(1, 1), {&packed, 1});
  Finish finish;
  if (in.size() > 2) finish.bias = in[2].as<float>();
  multiply_pixels(kept_pixels(p, in[0], out[0], *context.scratch), packed.as<float>(),
                  in[0].shape[1], out[0], finish);
}

const char* refuse_data_sizes(const KernelQuery& query) {
  return refuse_sizes(query, query.params.as<ConvolutionBackwardParam>());
}

const char* refuse_data_gradient(const KernelQuery& query) {
  return refuse(query, query.params.as<ConvolutionBackwardParam>());
}

LayoutChoice data_gradient_layouts(const KernelQuery& query) {
  return layouts(query, !refuse_data_sizes(query));
}

/// Packs the transpose of a weight (filters, channels) in panels of channels.
void pack_transposed(const float* weight, int64_t filters, int64_t channels, float* packed) {
  const Panels panels(channels);
  parallel_for(panels.count, 1, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      const int64_t begin = panels.begin(i), width = panels.width(i);
      for (int64_t k = 0; k < filters; ++k)
        std::copy_n(weight + k * channels + begin, width, packed + begin * filters + k * width);
    }
  });
}

void data_gradient(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<ConvolutionBackwardParam>();
  const int64_t filters = in[0].shape[1], channels = out[0].shape[1];
  auto* packed = context.scratch->get_array<float>(filters * channels);
  pack_transposed(in[1].as<float>(), filters, channels, packed);
  if (is_all(p.stride, 1))
    return multiply_pixels(in[0].as<float>(), packed, filters, out[0], Finish());
  Tensor kept = in[0];  // the gradient of the pixels that the stride keeps
  kept.shape[1] = channels;
  kept.data = context.scratch->get_array<float>(kept.size());
  multiply_pixels(in[0].as<float>(), packed, filters, kept, Finish());
  spread_pixels(p, kept, out[0]);
}

const KernelBuilder k1 = KernelBuilder("Convolution", "pointwise")
                             .refuse(refuse_forward)
                             .run(forward)
                             .choose_layouts(forward_layouts)
                             .priority(kTunedPriority);
const KernelBuilder k2 = KernelBuilder("_backward_Convolution_data", "pointwise")
                             .refuse(refuse_data_gradient)
                             .run(data_gradient)
                             .choose_layouts(data_gradient_layouts)
                             .priority(kTunedPriority);

}  // namespace
}  // namespace mx::tuned
