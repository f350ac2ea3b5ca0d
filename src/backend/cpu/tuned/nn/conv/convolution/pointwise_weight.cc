// Gradient of the weights of 1x1 convolutions in training graphs, channels last.
#include "backend/cpu/tuned/pixel_gradient.h"
#include "backend/cpu/tuned/pixels.h"

namespace mx::tuned {
namespace {

const char* refuse_sizes(const KernelQuery& query) {
  const auto& p = query.params.as<ConvolutionBackwardParam>();
  if (const char* reason = refuse_weight_gradient(query, p)) return reason;
  return is_all(p.kernel, 1) && is_all(p.pad, 0) ? nullptr : "needs a 1x1 window without pads";
}

const char* refuse(const KernelQuery& query) {
  if (const char* reason = refuse_sizes(query)) return reason;
  for (const TensorDesc& tensor : query.in)
    if (tensor.layout != Layout::kChannelsLast) return "needs channels last";
  return query.out[0].layout == Layout::kPlain ? nullptr : "writes plain weights";
}

LayoutChoice layouts(const KernelQuery& query) {
  const Layout wanted = refuse_sizes(query) ? Layout::kPlain : Layout::kChannelsLast;
  return {std::vector(query.in.size(), wanted), std::vector(query.out.size(), Layout::kPlain)};
}

void run(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<ConvolutionBackwardParam>();
  PixelGradient::Problem problem{};
  problem.data = kept_pixels(p, in[0], in[1], *context.scratch);
  problem.d_out = in[1].as<float>();
  problem.channels = in[0].shape[1];
  problem.filters = in[1].shape[1];
  problem.pixels = in[1].size() / problem.filters;
  problem.d_weight =
      context.wants(0) ? out[0].as<float>() : context.scratch->get_array<float>(out[0].size());
  if (out.size() > 1 && context.wants(1)) problem.d_bias = out[1].as<float>();
  PixelGradient(problem, *context.scratch)();
}

const KernelBuilder kernel = KernelBuilder("_backward_Convolution_weight", "pointwise")
                                 .refuse(refuse)
                                 .run(run)
                                 .choose_layouts(layouts)
                                 .priority(kTunedPriority);

}  // namespace
}  // namespace mx::tuned
