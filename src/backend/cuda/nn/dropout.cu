// Dropout. Each element of the mask is drawn from a hash of its number and of a seed that comes
// from the device's random state, so that the order of threads does not matter.
#include "backend/common/elemwise/arithmetic.h"
#include "backend/cuda/common/fill.h"
#include "backend/cuda/common/strided_copy.h"
#include "backend/cuda/elemwise/loops.cuh"
#include "dispatch/random_state.h"
#include "ops/nn/dropout.h"

namespace mx::cuda {
namespace {

/// SplitMix64 (Steele, Lea and Flood, 2014): the i-th number of the sequence with that seed.
__device__ uint64_t random_word(uint64_t seed, uint64_t i) {
  uint64_t z = seed + (i + 1) * 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

__global__ void draw_mask(void* mask, DType dtype, uint64_t seed, float keep, float scale,
                          int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const uint64_t word = random_word(seed, static_cast<uint64_t>(i));
    const float uniform = static_cast<float>(word >> 40) * 0x1p-24f;
    store_as<float>(mask, dtype, i, uniform < keep ? scale : 0.0f);
  }
}

uint64_t draw_seed(RandomState& random) {
  uint64_t seed = 0;
  random.with_single_stream([&](RandomStream& stream) {
    const uint64_t high = stream.word();
    seed = high << 32 | stream.word();
  });
  return seed;
}

void dropout(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<DropoutParam>();
  if (!p.drops(context.is_train)) {
    copy_tensor(context, in[0], out[0]);
    if (context.wants(1)) fill_value(context, out[1], 1);
    return;
  }
  Tensor mask = out[1];
  const int64_t n = mask.size();
  if (n == 0) return;
  if (!context.wants(1))
    mask.data = context.scratch->get(static_cast<size_t>(n * dtype_size(mask.dtype)));
  const float keep = 1.0f - p.p;
  launch(context, draw_mask, blocks_for(n), kBlockThreads, mask.data, mask.dtype,
         draw_seed(*context.random), keep, keep > 0 ? 1.0f / keep : 0.0f, n);
  map_binary(context, math::Multiply{}, in[0], mask, out[0]);
}

const GpuKernel k1 = native("Dropout", dropout);
const GpuKernel k2 = native("_rnn_dropout", dropout);

}  // namespace
}  // namespace mx::cuda
