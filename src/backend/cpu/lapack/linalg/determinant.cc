#include <cmath>
#include <vector>

#include "backend/cpu/lapack/batch.h"
#include "backend/cpu/lapack/lapack.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Calls body(i, sign of the exchanges, diagonal of U with the step n + 1) for each matrix.
template <typename T, typename F>
void for_each_lu(const Tensor& matrices, const F& body) {
  const lapack::SquareBatch batch(matrices.shape);
  lapack::for_each_matrix(batch.count, batch.cube(), [&](int64_t i) {
    const T* from = matrices.as<T>() + i * batch.size();
    std::vector<T> factors(from, from + batch.size());
    std::vector<int> pivots(static_cast<size_t>(batch.n));
    lapack::lu(batch.n, factors.data(), pivots.data());
    bool turned = false;
    for (int64_t k = 0; k < batch.n; ++k)
      turned ^= pivots[static_cast<size_t>(k)] != static_cast<int>(k + 1);
    body(i, turned ? T(-1) : T(1), factors.data(), batch.n);
  });
}

void det(const Params&, KernelContext&, Inputs in, Outputs out) {
  lapack::visit(in[0].dtype, [&]<typename T>(TypeTag<T>) {
    for_each_lu<T>(in[0], [&](int64_t i, T value, const T* factors, int64_t n) {
      for (int64_t k = 0; k < n; ++k) value *= factors[k * (n + 1)];
      out[0].as<T>()[i] = value;
    });
  });
}

void slogdet(const Params&, KernelContext& context, Inputs in, Outputs out) {
  lapack::visit(in[0].dtype, [&]<typename T>(TypeTag<T>) {
    for_each_lu<T>(in[0], [&](int64_t i, T sign, const T* factors, int64_t n) {
      T logarithm = 0;
      for (int64_t k = 0; k < n; ++k) {
        const T pivot = factors[k * (n + 1)];
        sign *= pivot < 0 ? T(-1) : pivot > 0 ? T(1) : pivot;  // zero and NaN as they are
        logarithm += std::log(std::abs(pivot));
      }
      if (context.wants(0)) out[0].as<T>()[i] = sign;
      if (context.wants(1)) out[1].as<T>()[i] = logarithm;
    });
  });
}

const KernelBuilder k1 = KernelBuilder("_linalg_det", "lapack").run(det);
const KernelBuilder k2 = KernelBuilder("_linalg_slogdet", "lapack").run(slogdet);

}  // namespace
}  // namespace mx::cpu
