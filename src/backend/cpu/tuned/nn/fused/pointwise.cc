// _fused_convolution with a 1x1 window, channels last: a product of matrices whose rows are pixels.
// The products of tile_gemm come to 95 % of the processor's peak, oneDNN's to about 80 %.
#include "backend/cpu/tuned/pixels.h"

namespace mx::tuned {
namespace {

const FusedConvolutionParam& params_of(const KernelQuery& query) {
  return query.params.as<FusedConvolutionParam>();
}

const char* refuse_sizes(const KernelQuery& query) {
  if (const char* reason = refuse_fused_tensors(query)) return reason;
  const auto& p = params_of(query);
  if (p.num_group != 1) return "needs one group";
  if (!fills_vectors(query.out[0].shape[1])) return "needs filters that fill their vectors";
  if (!is_all(p.kernel, 1)) return "needs a 1x1 window";
  if (!is_all(p.pad, 0)) return "needs no pads";
  return nullptr;
}

const char* refuse(const KernelQuery& query) {
  if (const char* reason = refuse_sizes(query)) return reason;
  if (query.in[1].layout != pixel_weight_layout(query.in[1].shape)) return "needs packed weights";
  if (query.in[0].layout != Layout::kChannelsLast || query.out[0].layout != Layout::kChannelsLast)
    return "needs channels last";
  if (params_of(query).with_residual && query.in.back().layout != Layout::kChannelsLast)
    return "needs channels last";
  return nullptr;
}

LayoutChoice choose_layouts(const KernelQuery& query) {
  LayoutChoice choice{std::vector(query.in.size(), Layout::kPlain), {Layout::kPlain}};
  if (refuse_sizes(query)) return choice;
  choice.in[0] = choice.out[0] = Layout::kChannelsLast;
  choice.in[1] = pixel_weight_layout(query.in[1].shape);
  if (params_of(query).with_residual) choice.in.back() = Layout::kChannelsLast;
  return choice;
}

void convolve(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<FusedConvolutionParam>();
  multiply_pixels(kept_pixels(p, in[0], out[0], *context.scratch), in[1].as<float>(),
                  in[0].shape[1], out[0], finish_of(p, in));
}

const KernelBuilder convolution = KernelBuilder("_fused_convolution", "pointwise")
                                      .refuse(refuse)
                                      .run(convolve)
                                      .choose_layouts(choose_layouts)
                                      .priority(kTunedPriority);

const char* refuse_reorder(const KernelQuery& query) {
  const Shape& weight = query.in[0].shape;
  if (weight.ndim() < 2 || weight.size() == 0 || weight.size() != weight[0] * weight[1] ||
      query.out[0].layout < Layout::kFirstLibrary ||
      query.out[0].layout != pixel_weight_layout(weight))
    return "writes weights packed for 1x1 windows and dense layers only";
  return query.in[0].layout == Layout::kPlain ? nullptr : "reads plain weights only";
}

const KernelBuilder reorder = KernelBuilder("_reorder", "pointwise")
                                  .refuse(refuse_reorder)
                                  .run(pack_weight)
                                  .choose_layouts(keep_layouts)
                                  .priority(kTunedPriority);

}  // namespace
}  // namespace mx::tuned
