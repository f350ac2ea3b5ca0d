#include <cmath>
#include <vector>

#include "backend/cpu/lapack/batch.h"
#include "backend/cpu/lapack/lanes.h"
#include "backend/cpu/lapack/lapack.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Calls body(i, sign of the exchanges, n numbers on the diagonal of U, their distance) for each
/// matrix.
template <typename T, typename F>
void for_each_large_lu(const Tensor& matrices, const F& body) {
  const lapack::SquareBatch batch(matrices.shape);
  lapack::for_each_matrix(batch.count, batch.cube(), [&](int64_t i) {
    const T* from = matrices.as<T>() + i * batch.size();
    std::vector<T> factors(from, from + batch.size());
    std::vector<int> pivots(static_cast<size_t>(batch.n));
    lapack::lu(batch.n, factors.data(), pivots.data());
    bool turned = false;
    for (int64_t k = 0; k < batch.n; ++k)
      turned ^= pivots[static_cast<size_t>(k)] != static_cast<int>(k + 1);
    body(i, turned ? T(-1) : T(1), factors.data(), batch.n, batch.n + 1);
  });
}

template <typename T, typename F>
void for_each_small_lu(const Tensor& matrices, const F& body) {
  lapack::for_each_small<T>(
      matrices, [&](const MatrixGroup<T>& group, int64_t n, Lanes<T>* elements) {
        const Lanes<T> sign = lanes::lu(n, elements);
        for (int64_t i = 0; i < group.count; ++i)
          body(group.first + i, sign[i], reinterpret_cast<const T*>(elements) + i, n,
               (n + 1) * MatrixGroup<T>::kMost);
      });
}

template <bool is_small, typename T, typename F>
void for_each_lu(const Tensor& matrices, const F& body) {
  is_small ? for_each_small_lu<T>(matrices, body) : for_each_large_lu<T>(matrices, body);
}

template <bool is_small>
void det(const Params&, KernelContext&, Inputs in, Outputs out) {
  lapack::visit(in[0].dtype, [&]<typename T>(TypeTag<T>) {
    for_each_lu<is_small, T>(in[0],
                             [&](int64_t i, T value, const T* pivots, int64_t n, int64_t step) {
                               for (int64_t k = 0; k < n; ++k) value *= pivots[k * step];
                               out[0].as<T>()[i] = value;
                             });
  });
}

template <bool is_small>
void slogdet(const Params&, KernelContext& context, Inputs in, Outputs out) {
  lapack::visit(in[0].dtype, [&]<typename T>(TypeTag<T>) {
    for_each_lu<is_small, T>(
        in[0], [&](int64_t i, T sign, const T* pivots, int64_t n, int64_t step) {
          T logarithm = 0;
          for (int64_t k = 0; k < n; ++k) {
            const T pivot = pivots[k * step];
            sign *= pivot < 0 ? T(-1) : pivot > 0 ? T(1) : pivot;  // zero and NaN as they are
            logarithm += std::log(std::abs(pivot));
          }
          if (context.wants(0)) out[0].as<T>()[i] = sign;
          if (context.wants(1)) out[1].as<T>()[i] = logarithm;
        });
  });
}

const KernelBuilder k1 = KernelBuilder("_linalg_det", "lapack").run(det<false>);
const KernelBuilder k2 = KernelBuilder("_linalg_slogdet", "lapack").run(slogdet<false>);
const KernelBuilder k3 = lapack::small_kernel("_linalg_det", det<true>);
const KernelBuilder k4 = lapack::small_kernel("_linalg_slogdet", slogdet<true>);

}  // namespace
}  // namespace mx::cpu
