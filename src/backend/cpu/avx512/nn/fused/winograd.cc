// _fused_convolution of 3x3 windows by Winograd's algorithm, where there is AVX-512: three to four
// times as fast as multiplying directly. The arithmetic is in avx512/; here are choice and threads.
#include "backend/cpu/avx512/winograd.h"

#include <atomic>

#include "backend/cpu/avx512/layer.h"
#include "backend/cpu/avx512/tile_gemm.h"
#include "base/env.h"
#include "ops/nn/fused.h"

namespace mx::avx512 {
namespace {

using winograd::kPoints;

Layout weight_layout(int64_t channels, int64_t filters) {
  static auto* layouts = new PackedLayouts;
  return layouts->of(channels, filters, winograd::weight_size(channels, filters));
}

bool is_weight_layout(const TensorDesc& tensor) {
  const Shape& s = tensor.shape;
  return tensor.layout >= Layout::kFirstLibrary && s.ndim() == 4 && s[2] == 3 && s[3] == 3 &&
         s[0] % 16 == 0 && s[1] % 16 == 0 && tensor.layout == weight_layout(s[1], s[0]);
}

const FusedConvolutionParam& params_of(const KernelQuery& query) {
  return query.params.as<FusedConvolutionParam>();
}

int64_t tiles_of(int64_t size) { return (size + winograd::kTile - 1) / winograd::kTile; }

/// Below that many tiles reading the transformed weights, four times the size of the weights, costs
/// more than the products that they save.
constexpr int64_t kFewestTiles = 12;

const char* refuse_sizes(const KernelQuery& query) {
  static const bool is_wanted = env::flag("REMX_WINOGRAD");
  if (!is_wanted) return "switched off by REMX_WINOGRAD";
  if (const char* reason = refuse_convolution(query)) return reason;
  const auto& p = params_of(query);
  const Shape& out = query.out[0].shape;
  if (!is_all(p.kernel, 3) || !is_all(p.stride, 1) || !is_all(p.dilate, 1))
    return "needs a 3x3 window, and stride and dilate of 1";
  if (query.in[1].shape[1] % 16 != 0) return "needs a multiple of 16 channels";
  if (out[0] * tiles_of(out[2]) * tiles_of(out[3]) < kFewestTiles) return "has too few tiles";
  return nullptr;
}

const char* refuse(const KernelQuery& query) {
  if (const char* reason = refuse_sizes(query)) return reason;
  const TensorDesc &data = query.in[0], &out = query.out[0];
  if (!is_weight_layout(query.in[1])) return "needs transformed weights";
  if (data.layout != out.layout ||
      (data.layout != Layout::kChannelsLast && data.layout != Layout::kBlock16))
    return "needs channels last or in blocks of 16";
  return nullptr;
}

LayoutChoice choose_layouts(const KernelQuery& query) {
  LayoutChoice choice{std::vector(query.in.size(), Layout::kPlain), {Layout::kPlain}};
  if (refuse_sizes(query)) return choice;
  const Layout activation =
      query.in[0].layout == Layout::kBlock16 ? Layout::kBlock16 : Layout::kChannelsLast;
  choice.in[0] = choice.out[0] = activation;
  choice.in[1] = weight_layout(query.in[1].shape[1], query.in[1].shape[0]);
  if (params_of(query).with_residual) choice.in.back() = activation;
  return choice;
}

/// One convolution with its threads. Many tiles: each thread takes blocks of tiles through all
/// three steps, in its own cache. Few: the threads share each step, so that the weights are read
/// once.
class Run {
 public:
  Run(const winograd::Problem& problem, const float* weights, int64_t samples, Workspace& scratch)
      : p_(problem),
        weights_(weights),
        panels_(problem.filters),
        tiles_(samples * p_.tiles_down * p_.tiles_across),
        scratch_(scratch) {}

  void operator()() {
    const int64_t threads = parallel_threads();
    if (tiles_ >= threads * kTilesOfThread)
      run_blocks(threads);
    else
      run_steps();
  }

 private:
  static constexpr int64_t kTilesOfThread = 40;
  static constexpr int64_t kCacheFloats = 1 << 18;  ///< a share of a core's second cache

  float* allocate(int64_t tiles) {
    return scratch_.get_array<float>(kPoints * tiles * (p_.channels + p_.filters));
  }

  /// Large enough that reading the weights does not dominate, else as fits the cache.
  int64_t block_size() const {
    const int64_t fitting = kCacheFloats / (kPoints * (p_.channels + p_.filters));
    const bool weights_fit = winograd::weight_size(p_.channels, p_.filters) <= kCacheFloats;
    return std::max<int64_t>(fitting, weights_fit ? 32 : 96);
  }

  void run_blocks(int64_t threads) {
    int64_t blocks = (tiles_ + block_size() - 1) / block_size();
    blocks = (blocks + threads - 1) / threads * threads;
    const int64_t room = (tiles_ + blocks - 1) / blocks;
    std::vector<float*> buffers;
    for (int64_t i = 0; i < threads; ++i) buffers.push_back(allocate(room));
    std::atomic<int64_t> next_block{0};
    parallel_for(threads, 1, [&](int64_t begin, int64_t end) {
      for (int64_t thread = begin; thread < end; ++thread)
        for (int64_t b = next_block++; b < blocks; b = next_block++)
          run_block(tiles_ * b / blocks, tiles_ * (b + 1) / blocks, buffers[thread], room);
    });
  }

  void run_block(int64_t first, int64_t last, float* inputs, int64_t room) const {
    float* products = inputs + kPoints * room * p_.channels;
    transform_input(p_, first, last, 0, p_.channels, inputs, room);
    for (int64_t point = 0; point < kPoints; ++point)
      for (int64_t panel = 0; panel < panels_.count; ++panel)
        multiply(p_, point, panel, last - first, room, inputs, weights_, products);
    transform_output(p_, first, last, 0, p_.filters, products, room);
  }

  void run_steps() {
    const int64_t room = tiles_, from = p_.channels / 16, to = p_.filters / 16;
    float* inputs = allocate(room);
    float* products = inputs + kPoints * room * p_.channels;
    parallel_for(tiles_ * from, 8, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        transform_input(p_, i / from, i / from + 1, i % from * 16, (i % from + 1) * 16,
                        inputs + i / from * p_.channels, room);
    });
    parallel_for(kPoints * panels_.count, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        multiply(p_, i / panels_.count, i % panels_.count, tiles_, room, inputs, weights_,
                 products);
    });
    parallel_for(tiles_ * to, 8, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        transform_output(p_, i / to, i / to + 1, i % to * 16, (i % to + 1) * 16,
                         products + i / to * p_.filters, room);
    });
  }

  winograd::Problem p_;
  const float* weights_;
  Panels panels_;
  int64_t tiles_;
  Workspace& scratch_;
};

void convolve(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<FusedConvolutionParam>();
  winograd::Problem problem;
  problem.in = image_of(in[0]);
  problem.out = image_of(out[0]);
  problem.channels = in[0].shape[1];
  problem.filters = out[0].shape[1];
  problem.pad_top = p.pad.ndim() ? p.pad[0] : 0;
  problem.pad_left = p.pad.ndim() ? p.pad[1] : 0;
  problem.tiles_down = tiles_of(out[0].shape[2]);
  problem.tiles_across = tiles_of(out[0].shape[3]);
  problem.finish = finish_of(p, in);
  Run(problem, in[1].as<float>(), out[0].shape[0], *context.scratch)();
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
  parallel_for(filters / 16, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      winograd::transform_weights(in[0].as<float>(), channels, filters, 16 * i, out[0].as<float>());
  });
}

const KernelBuilder reorder = KernelBuilder("_reorder", "winograd")
                                  .refuse(refuse_reorder)
                                  .run(transform)
                                  .choose_layouts(keep_layouts)
                                  .priority(kTunedPriority);

}  // namespace
}  // namespace mx::avx512
