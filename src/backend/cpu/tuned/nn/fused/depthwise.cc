// _fused_convolution whose groups are single channels, channels last or in blocks of vectors.
#include "backend/cpu/tuned/depthwise.h"

#include "backend/cpu/tuned/write.h"

namespace mx::tuned {
namespace {

const FusedConvolutionParam& params_of(const KernelQuery& query) {
  return query.params.as<FusedConvolutionParam>();
}

/// `weight` has the shape (channels, 1, rows, columns).
Layout weight_layout(const Shape& weight) {
  static auto* layouts = new PackedLayouts;
  return layouts->of({weight[0], weight[2], weight[3]},
                     static_cast<size_t>(weight.size()) * sizeof(float));
}

const char* refuse_sizes(const KernelQuery& query) {
  const auto& p = params_of(query);
  if (const char* reason = refuse_fused_layer(query)) return reason;
  const int64_t channels = query.in[0].shape[1];
  if (static_cast<int64_t>(p.num_group) != channels || query.out[0].shape[1] != channels)
    return "needs a window for each channel";
  return nullptr;
}

const char* refuse(const KernelQuery& query) {
  if (const char* reason = refuse_sizes(query)) return reason;
  const TensorDesc &data = query.in[0], &out = query.out[0];
  if (query.in[1].layout != weight_layout(query.in[1].shape)) return "needs packed weights";
  if (data.layout != out.layout || !has_channel_vectors(data))
    return "needs channels last or in blocks of vectors";
  if (params_of(query).with_residual && query.in.back().layout != out.layout)
    return "needs a residual laid out as the output";
  return nullptr;
}

LayoutChoice choose_layouts(const KernelQuery& query) {
  LayoutChoice choice{std::vector(query.in.size(), Layout::kPlain), {Layout::kPlain}};
  if (refuse_sizes(query)) return choice;
  const Layout activation = query.in[0].layout == kBlocks ? kBlocks : Layout::kChannelsLast;
  choice.in[0] = choice.out[0] = activation;
  choice.in[1] = weight_layout(query.in[1].shape);
  if (params_of(query).with_residual) choice.in.back() = activation;
  return choice;
}

void convolve(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<FusedConvolutionParam>();
  const Image image = image_of(out[0]);
  DepthwiseRun<float, WriteReal>(direct_sizes(p, in[0].shape, out[0].shape), in[0].as<float>(),
                                 image_of(in[0]), image, in[1].as<float>(),
                                 WriteReal{image, finish_of(p, in)})();
}

const KernelBuilder convolution = KernelBuilder("_fused_convolution", "depthwise")
                                      .refuse(refuse)
                                      .run(convolve)
                                      .choose_layouts(choose_layouts)
                                      .priority(kTunedPriority);

const char* refuse_reorder(const KernelQuery& query) {
  const Shape& weight = query.in[0].shape;
  if (weight.ndim() != 4 || weight.size() == 0 || weight[1] != 1 ||
      query.in[0].dtype != DType::kFloat32 || query.out[0].layout < Layout::kFirstLibrary ||
      query.out[0].layout != weight_layout(weight))
    return "writes weights packed for single channels only";
  return query.in[0].layout == Layout::kPlain ? nullptr : "reads plain weights only";
}

void pack(const Params&, KernelContext&, Inputs in, Outputs out) {
  const int64_t channels = in[0].shape[0];
  pack_depthwise(in[0].as<float>(), channels, in[0].size() / channels, out[0].as<float>());
}

const KernelBuilder reorder = KernelBuilder("_reorder", "depthwise")
                                  .refuse(refuse_reorder)
                                  .run(pack)
                                  .choose_layouts(keep_layouts)
                                  .priority(kTunedPriority);

}  // namespace
}  // namespace mx::tuned
