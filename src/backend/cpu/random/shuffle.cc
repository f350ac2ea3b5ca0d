// _shuffle: the order is drawn first, then rows are copied.
#include <cstring>
#include <numeric>

#include "backend/cpu/random/samplers.h"
#include "dispatch/kernel.h"
#include "dispatch/random_state.h"

namespace mx {
namespace {

/// Vectors are shuffled from their beginning, rows of arrays from their end.
std::vector<int64_t> random_order(int64_t count, bool rising, RandomState& random) {
  std::vector<int64_t> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), int64_t{0});
  random.with_single_stream([&](RandomStream& stream) {
    const auto exchange = [&](int64_t i) {
      std::swap(order[static_cast<size_t>(i)],
                order[static_cast<size_t>(sampler::below(stream, i + 1))]);
    };
    for (int64_t i = 1; rising && i < count; ++i) exchange(i);
    for (int64_t i = count - 1; !rising && i > 0; --i) exchange(i);
  });
  return order;
}

void shuffle(const Params&, KernelContext& context, Inputs in, Outputs out) {
  if (in[0].size() == 0 || in[0].ndim() == 0) return;
  const int64_t rows = in[0].shape[0];
  require(rows < int64_t{1} << 32, "_shuffle: data=", in[0].shape,
          " has too many rows; expected less than 2^32");
  const int64_t bytes = in[0].size() / rows * dtype_size(in[0].dtype);
  const auto order = random_order(rows, in[0].ndim() == 1, *context.random);
  for (int64_t r = 0; r < rows; ++r)
    std::memcpy(out[0].as<char>() + r * bytes,
                in[0].as<char>() + order[static_cast<size_t>(r)] * bytes,
                static_cast<size_t>(bytes));
}

const KernelBuilder k1 = KernelBuilder("_shuffle", "native").run(shuffle);

}  // namespace
}  // namespace mx
