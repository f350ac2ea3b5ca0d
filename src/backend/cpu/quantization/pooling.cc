// Maxima and averages of windows of whole numbers.
#include "ops/nn/pool/pooling.h"

#include "backend/common/pool_grid.h"
#include "backend/common/quantization.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

template <typename T>
T pool_window(const PoolingParam& p, const PoolGrid& grid, const PoolWindow& window, const T* x) {
  int32_t top = std::numeric_limits<T>::min();
  int64_t sum = 0;
  window.for_each(grid, [&](int64_t at) {
    top = std::max<int32_t>(top, x[at]);
    sum += x[at];
  });
  if (p.pool_type == PoolKind::kMax) return static_cast<T>(top);
  const int64_t count = p.count_include_pad.value_or(true) ? window.counted : window.inside();
  return round_to<T>(static_cast<float>(sum) / static_cast<float>(std::max<int64_t>(1, count)));
}

void quantized_pooling(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<PoolingParam>();
  const PoolGrid grid(pooling_sizes(p, in[0].shape));
  visit_quantized(in[0].dtype, "_contrib_quantized_pooling", [&]<typename T>(TypeTag<T>) {
    parallel_for(grid.planes(), grain_for(static_cast<double>(grid.in_size())),
                 [&](int64_t first, int64_t last) {
                   for (int64_t plane = first; plane < last; ++plane) {
                     const T* x = in[0].as<T>() + grid.plane_start(plane, grid.in_size());
                     T* y = out[0].as<T>() + grid.plane_start(plane, grid.out_size());
                     for (int64_t o = 0; o < grid.out_size(); ++o)
                       y[o * grid.step] = pool_window(p, grid, PoolWindow(grid, o), x);
                   }
                 });
  });
  for (size_t i : {1, 2})
    if (context.wants(i)) *out[i].as<float>() = *in[i].as<float>();
}

const KernelBuilder kernel =
    KernelBuilder("_contrib_quantized_pooling", "native").run(quantized_pooling);

}  // namespace
}  // namespace mx::cpu
