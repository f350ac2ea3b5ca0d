// _channel_affine: out = activation(data * scale + shift) by channel, in one pass. Works in
// every layout of ours: all are runs of elements whose channels repeat.
// _fused_fully_connected for products so small that a library's call costs more than they do.
#include "ops/nn/fused.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "backend/cpu/gemm.h"
#include "backend/cpu/nn/detail/activate.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

/// How a tensor is cut: runs of `pixels` times `block` channels, `runs` of them for each sample.
struct Runs {
  int64_t pixels, block, runs;

  Runs(const Shape& shape, Layout layout) : pixels(shape.size(2, shape.ndim())), block(1) {
    if (layout == Layout::kChannelsLast) {
      runs = std::exchange(pixels, 1), block = shape[1];
      return;
    }
    if (layout == Layout::kBlock16 || layout == Layout::kBlock8)
      block = layout == Layout::kBlock16 ? 16 : 8;
    runs = (shape[1] + block - 1) / block;
  }
  /// First channel of a run of a sample; with channels last all start with the first.
  int64_t channel(int64_t run, int64_t channels) const {
    return block == channels ? 0 : run * block;
  }
};

/// One run. Both loops are vectorised: over pixels of one channel, or over channels.
template <typename T, typename C>
void affine_run(const T* x, T* y, const Runs& runs, const C* scale, const C* shift, bool relu) {
  const C low = relu ? C(0) : -std::numeric_limits<C>::infinity();
  if (runs.block == 1) {
    for (int64_t i = 0; i < runs.pixels; ++i)
      y[i] = static_cast<T>(std::max(static_cast<C>(x[i]) * scale[0] + shift[0], low));
    return;
  }
  for (int64_t i = 0; i < runs.pixels; ++i, x += runs.block, y += runs.block)
    for (int64_t c = 0; c < runs.block; ++c)
      y[c] = static_cast<T>(std::max(static_cast<C>(x[c]) * scale[c] + shift[c], low));
}

void channel_affine(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const bool relu = params.as<ChannelAffineParam>().activation == FusedActivation::kRelu;
  const Shape& shape = in[0].shape;
  const Runs runs(shape, in[0].layout);
  visit_floating(in[0].dtype, "_channel_affine", [&](auto tag) {
    using T = typename decltype(tag)::type;
    using C = ComputeType<T>;  // also the type of scale and shift
    // Padded channels get factor and offset 0 and so stay 0.
    std::vector<C> scale(static_cast<size_t>(shape[1] + runs.block)), shift(scale.size());
    std::copy_n(in[1].as<C>(), shape[1], scale.begin());
    std::copy_n(in[2].as<C>(), shape[1], shift.begin());
    const int64_t size = runs.pixels * runs.block;
    parallel_for(shape[0] * runs.runs, grain_for(0.3 * static_cast<double>(size)),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t r = begin; r < end; ++r) {
                     const int64_t c = runs.channel(r % runs.runs, shape[1]);
                     affine_run(in[0].as<T>() + r * size, out[0].as<T>() + r * size, runs,
                                scale.data() + c, shift.data() + c, relu);
                   }
                 });
  });
}

const char* refuse(const KernelQuery& query) {
  const auto kind = query.params.as<ChannelAffineParam>().activation;
  if (kind != FusedActivation::kNone && kind != FusedActivation::kRelu) return "knows relu only";
  if (query.in[0].layout >= Layout::kFirstLibrary) return "takes no library's layouts";
  return query.in[0].layout == query.out[0].layout ? nullptr : "keeps the layout";
}

LayoutChoice keep_layout(const KernelQuery& query) {
  const Layout layout = query.in[0].layout;
  return {{layout, Layout::kPlain, Layout::kPlain}, {layout}};
}

const KernelBuilder kernel = KernelBuilder("_channel_affine", "native")
                                 .run(channel_affine)
                                 .refuse(refuse)
                                 .choose_layouts(keep_layout);

void small_product(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<FusedFullyConnectedParam>();
  const int64_t hidden = p.num_hidden, features = in[1].shape[1], size = out[0].size();
  float* y = out[0].as<float>();
  if (p.with_residual && in.back().data != y) std::copy_n(in.back().as<float>(), size, y);
  for (int64_t i = 0; !p.no_bias && i < size; i += hidden)
    for (int64_t j = 0; j < hidden; ++j)
      y[i + j] = in[2].as<float>()[j] + (p.with_residual ? y[i + j] : 0.0f);
  cpu::gemm<float>(size / hidden, hidden, features,
                   cpu::matrix_view<const float>(in[0].as<float>(), features),
                   cpu::matrix_view<const float>(in[1].as<float>(), features, true),
                   cpu::matrix_view(y, hidden), !p.no_bias || p.with_residual);
  cpu::activate(p, y, size);
}

const char* refuse_large(const KernelQuery& query) {
  for (const TensorDesc& tensor : query.in)
    if (tensor.dtype != DType::kFloat32 || tensor.layout != Layout::kPlain)
      return "takes plain arrays of float32";
  const int64_t work = query.out[0].shape.size() * query.in[1].shape[1];
  return work <= 16384 ? nullptr : "is for small products";
}

const KernelBuilder small = KernelBuilder("_fused_fully_connected", "small")
                                .run(small_product)
                                .refuse(refuse_large)
                                .priority(kTunedPriority);

}  // namespace
}  // namespace mx
