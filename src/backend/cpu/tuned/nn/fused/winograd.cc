// _fused_convolution of 3x3 windows by Winograd's algorithm: with AVX-512 three to four times as
// fast as multiplying directly. The arithmetic is in tuned/; here are choice and threads.
#include "backend/cpu/tuned/winograd_run.h"

namespace mx::tuned {
namespace {

Layout weight_layout(int64_t channels, int64_t filters) {
  static auto* layouts = new PackedLayouts;
  return layouts->of({channels, filters, 9},
                     static_cast<size_t>(winograd::weight_size(channels, filters)) * sizeof(float));
}

bool is_weight_layout(const TensorDesc& tensor) {
  const Shape& s = tensor.shape;
  return tensor.layout >= Layout::kFirstLibrary && s.ndim() == 4 && s[2] == 3 && s[3] == 3 &&
         s[0] % kLanes == 0 && s[1] % kLanes == 0 && tensor.layout == weight_layout(s[1], s[0]);
}

const FusedConvolutionParam& params_of(const KernelQuery& query) {
  return query.params.as<FusedConvolutionParam>();
}

const char* refuse_sizes(const KernelQuery& query) {
  if (const char* reason = refuse_winograd(params_of(query))) return reason;
  if (const char* reason = refuse_fused_convolution(query)) return reason;
  if (query.in[1].shape[1] % kLanes != 0) return "needs whole vectors of channels";
  return has_winograd_tiles(query.out[0].shape) ? nullptr : "has too few tiles";
}

const char* refuse(const KernelQuery& query) {
  if (const char* reason = refuse_sizes(query)) return reason;
  const TensorDesc &data = query.in[0], &out = query.out[0];
  if (!is_weight_layout(query.in[1])) return "needs transformed weights";
  if (data.layout != out.layout || !has_channel_vectors(data))
    return "needs channels last or in blocks of vectors";
  return nullptr;
}

LayoutChoice choose_layouts(const KernelQuery& query) {
  LayoutChoice choice{std::vector(query.in.size(), Layout::kPlain), {Layout::kPlain}};
  if (refuse_sizes(query)) return choice;
  const Layout activation = query.in[0].layout == kBlocks ? kBlocks : Layout::kChannelsLast;
  choice.in[0] = choice.out[0] = activation;
  choice.in[1] = weight_layout(query.in[1].shape[1], query.in[1].shape[0]);
  if (params_of(query).with_residual) choice.in.back() = activation;
  return choice;
}

void convolve(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<FusedConvolutionParam>();
  winograd::Problem problem =
      winograd_problem(in[0], out[0], element(p.pad, 0, 0), element(p.pad, 1, 0));
  problem.finish = finish_of(p, in);
  WinogradRun(problem, in[1].as<float>(), out[0].shape[0], *context.scratch)();
}

const KernelBuilder convolution = KernelBuilder("_fused_convolution", "winograd")
                                      .refuse(refuse)
                                      .run(convolve)
                                      .choose_layouts(choose_layouts)
                                      .priority(kTunedPriority);

const char* refuse_reorder(const KernelQuery& query) {
  if (!is_weight_layout(query.out[0])) return "writes transformed weights only";
  return query.in[0].layout == Layout::kPlain ? nullptr : "reads plain weights only";
}

void transform(const Params&, KernelContext&, Inputs in, Outputs out) {
  const int64_t filters = in[0].shape[0], channels = in[0].shape[1];
  transform_winograd_weights({in[0].as<float>(), channels * 9, 9, false}, channels, filters,
                             out[0].as<float>());
}

const KernelBuilder reorder = KernelBuilder("_reorder", "winograd")
                                  .refuse(refuse_reorder)
                                  .run(transform)
                                  .choose_layouts(keep_layouts)
                                  .priority(kTunedPriority);

}  // namespace
}  // namespace mx::tuned
