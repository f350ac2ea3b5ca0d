// _fused_convolution of other windows than 1x1 by direct products. A network's first layer, of few
// channels, is read as it lies in a plain image, so that nothing is reordered.
#include "backend/cpu/tuned/direct.h"

#include "backend/cpu/tuned/write.h"

namespace mx::tuned {
namespace {

const FusedConvolutionParam& params_of(const KernelQuery& query) {
  return query.params.as<FusedConvolutionParam>();
}

/// Up to so many channels a plain image is copied pixel by pixel.
constexpr int64_t kFewChannels = 4;

/// `weight` has the shape (filters, channels, rows, columns).
Layout weight_layout(const Shape& weight) {
  static auto* layouts = new PackedLayouts;
  return layouts->of({weight[0], weight[1], weight[2] * weight[3]},
                     static_cast<size_t>(weight.size()) * sizeof(float));
}

Layout data_layout(const KernelQuery& query) {
  return query.in[0].shape[1] <= kFewChannels ? Layout::kPlain : Layout::kChannelsLast;
}

const char* refuse(const KernelQuery& query) {
  if (const char* reason = refuse_fused_convolution(query)) return reason;
  if (is_all(params_of(query).kernel, 1)) return "is for windows of several pixels";
  if (query.in[1].layout != weight_layout(query.in[1].shape)) return "needs packed weights";
  if (query.in[0].layout != data_layout(query) || query.out[0].layout != Layout::kChannelsLast)
    return "needs channels last";
  if (params_of(query).with_residual && query.in.back().layout != Layout::kChannelsLast)
    return "needs channels last";
  return nullptr;
}

LayoutChoice choose_layouts(const KernelQuery& query) {
  LayoutChoice choice{std::vector(query.in.size(), Layout::kPlain), {Layout::kPlain}};
  if (refuse_fused_convolution(query)) return choice;
  choice.in[0] = data_layout(query);
  choice.in[1] = weight_layout(query.in[1].shape);
  choice.out[0] = Layout::kChannelsLast;
  if (params_of(query).with_residual) choice.in.back() = Layout::kChannelsLast;
  return choice;
}

void convolve(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<FusedConvolutionParam>();
  const Image image = image_of(out[0]);
  DirectRun<RealProducts, float, WriteReal>(direct_sizes(p, in[0].shape, out[0].shape),
                                            source_of<float>(in[0]), image, in[1].as<float>(),
                                            WriteReal{image, finish_of(p, in)})(*context.scratch);
}

const KernelBuilder convolution = KernelBuilder("_fused_convolution", "direct")
                                      .refuse(refuse)
                                      .run(convolve)
                                      .choose_layouts(choose_layouts)
                                      .priority(kTunedPriority - 1);  // after better algorithms

const char* refuse_reorder(const KernelQuery& query) {
  const Shape& weight = query.in[0].shape;
  if (weight.ndim() != 4 || weight.size() == 0 || weight[0] % kLanes != 0 ||
      query.in[0].dtype != DType::kFloat32 || query.out[0].layout < Layout::kFirstLibrary ||
      query.out[0].layout != weight_layout(weight))
    return "writes weights packed for direct products only";
  return query.in[0].layout == Layout::kPlain ? nullptr : "reads plain weights only";
}

void pack(const Params&, KernelContext&, Inputs in, Outputs out) {
  const Shape& weight = in[0].shape;
  pack_windows<RealProducts>(in[0].as<float>(), weight[0], weight[1], weight[2] * weight[3],
                             out[0].as<float>());
}

const KernelBuilder reorder = KernelBuilder("_reorder", "direct")
                                  .refuse(refuse_reorder)
                                  .run(pack)
                                  .choose_layouts(keep_layouts)
                                  .priority(kTunedPriority);

}  // namespace
}  // namespace mx::tuned
