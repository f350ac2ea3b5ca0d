// FullyConnected as one matrix product on rows of data.
#include "ops/nn/fully_connected.h"

#include <algorithm>

#include "backend/cpu/gemm.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

void fully_connected(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<FullyConnectedParam>();
  const int64_t hidden = p.num_hidden, features = in[1].shape[1];
  const int64_t rows = out[0].size() / hidden;
  visit_dtype(out[0].dtype, "FullyConnected", [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* y = out[0].as<T>();
    if (!p.no_bias)
      for (int64_t i = 0; i < rows; ++i) std::copy_n(in[2].as<T>(), hidden, y + i * hidden);
    gemm<T>(rows, hidden, features, matrix_view<const T>(in[0].as<T>(), features),
            matrix_view<const T>(in[1].as<T>(), features, true), matrix_view(y, hidden),
            !p.no_bias);
  });
}

const KernelBuilder k1 = KernelBuilder("FullyConnected", "native").run(fully_connected);

/// Where making ready a library's product costs more than computing it.
const char* refuse_large(const KernelQuery& query) {
  const int64_t work = query.out[0].shape.size() * query.in[1].shape[1];
  return work <= 16384 ? nullptr : "is for small products";
}

const KernelBuilder k2 = KernelBuilder("FullyConnected", "small")
                             .run(fully_connected)
                             .refuse(refuse_large)
                             .priority(kTunedPriority);

}  // namespace
}  // namespace mx::cpu
