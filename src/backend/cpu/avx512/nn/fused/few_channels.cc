// _fused_convolution of a network's first layer: few channels, read as they lie in plain images,
// so that neither image nor result is reordered.
#include "backend/cpu/avx512/few_channels.h"

#include "backend/cpu/avx512/layer.h"

namespace mx::avx512 {
namespace {

using few_channels::kRowsOfBlock;
using few_channels::Problem;

const FusedConvolutionParam& params_of(const KernelQuery& query) {
  return query.params.as<FusedConvolutionParam>();
}

/// More channels fill the vectors of other kernels.
constexpr int64_t kMostChannels = 4;

Layout weight_layout(int64_t filters, int64_t depth) {
  static auto* layouts = new PackedLayouts;
  return layouts->of(filters, depth, filters * depth);
}

/// `weight` has the shape (filters, channels, rows, columns).
Layout weight_layout(const Shape& weight) {
  return weight_layout(weight[0], weight.size() / weight[0]);
}

const char* refuse_sizes(const KernelQuery& query) {
  if (const char* reason = refuse_fused_convolution(query)) return reason;
  const auto& p = params_of(query);
  if (query.in[0].shape[1] > kMostChannels) return "is for few channels";
  if (p.with_residual) return "adds no residual";
  if (!is_all(p.dilate, 1)) return "needs a dilate of 1";
  for (int axis = 0; axis < p.pad.ndim(); ++axis)
    if (p.pad[axis] >= p.kernel[axis]) return "needs pads smaller than the window";
  return nullptr;
}

const char* refuse(const KernelQuery& query) {
  if (const char* reason = refuse_sizes(query)) return reason;
  if (query.in[0].layout != Layout::kPlain) return "reads plain images";
  if (query.in[1].layout != weight_layout(query.in[1].shape)) return "needs packed weights";
  if (!has_channel_vectors(query.out[0])) return "writes channels last or in blocks of 16";
  return nullptr;
}

LayoutChoice choose_layouts(const KernelQuery& query) {
  LayoutChoice choice{std::vector(query.in.size(), Layout::kPlain), {Layout::kPlain}};
  if (refuse_sizes(query)) return choice;
  choice.in[1] = weight_layout(query.in[1].shape);
  choice.out[0] = Layout::kChannelsLast;
  return choice;
}

void convolve(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<FusedConvolutionParam>();
  const Shape& data = in[0].shape;
  Problem problem{};
  problem.data = in[0].as<float>();
  problem.channels = data[1], problem.height = data[2], problem.width = data[3];
  for (int axis = 0; axis < 2; ++axis) {
    problem.kernel[axis] = p.kernel[axis];
    problem.stride[axis] = element(p.stride, axis, 1);
    problem.pad[axis] = element(p.pad, axis, 0);
  }
  problem.out = image_of(out[0]);
  problem.filters = out[0].shape[1];
  problem.finish = finish_of(p, in);
  const int64_t blocks = (problem.out.height + kRowsOfBlock - 1) / kRowsOfBlock;
  const int64_t scratch_size = few_channels::scratch_size(problem), tasks = data[0] * blocks;
  const int64_t grain = grain_for_products(out[0].shape.size() * problem.depth() / tasks);
  const int64_t shares = std::min<int64_t>(parallel_threads(), (tasks + grain - 1) / grain);
  auto* scratch = context.scratch->get_array<float>(shares * scratch_size);
  parallel_for(shares, 1, [&](int64_t begin, int64_t end) {
    for (int64_t share = begin; share < end; ++share)
      for (int64_t i = tasks * share / shares; i < tasks * (share + 1) / shares; ++i)
        few_channels::run_block(problem, i / blocks, i % blocks * kRowsOfBlock, in[1].as<float>(),
                                scratch + share * scratch_size);
  });
}

const KernelBuilder convolution = KernelBuilder("_fused_convolution", "few_channels")
                                      .refuse(refuse)
                                      .run(convolve)
                                      .choose_layouts(choose_layouts)
                                      .priority(kTunedPriority);

const char* refuse_reorder(const KernelQuery& query) {
  const Shape& weight = query.in[0].shape;
  if (weight.ndim() != 4 || weight.size() == 0 || weight[1] > kMostChannels ||
      query.out[0].layout < Layout::kFirstLibrary || query.out[0].layout != weight_layout(weight))
    return "writes weights packed for few channels only";
  return query.in[0].layout == Layout::kPlain ? nullptr : "reads plain weights only";
}

const KernelBuilder reorder = KernelBuilder("_reorder", "few_channels")
                                  .refuse(refuse_reorder)
                                  .run(pack_weight)
                                  .choose_layouts(keep_layouts)
                                  .priority(kTunedPriority);

}  // namespace
}  // namespace mx::avx512
