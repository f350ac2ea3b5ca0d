#include <algorithm>
#include <vector>

#include "backend/cpu/lapack/batch.h"
#include "backend/cpu/lapack/lanes.h"
#include "backend/cpu/lapack/lapack.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Inverts matrix by matrix; on_singular(i, matrix) says what is made of one without an inverse.
template <typename F>
void invert(Inputs in, Outputs out, const F& on_singular) {
  const lapack::SquareBatch batch(out[0].shape);
  lapack::visit(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    lapack::for_each_matrix(batch.count, 2 * batch.cube(), [&](int64_t i) {
      std::vector<int> pivots(static_cast<size_t>(batch.n));
      T* matrix = out[0].as<T>() + i * batch.size();
      lapack::copy_elements(in[0].as<T>() + i * batch.size(), matrix, batch.size());
      if (lapack::lu(batch.n, matrix, pivots.data()) == 0)
        lapack::inverse_of_lu(batch.n, matrix, pivots.data());
      else
        on_singular(i, matrix, batch.size());
    });
  });
}

template <typename F>
void invert_small(Inputs in, Outputs out, const F& on_singular) {
  lapack::map_small(
      in[0], out[0], [](int64_t n, auto* matrix) { return lanes::invert(n, matrix); }, on_singular);
}

constexpr auto kFail = [](int64_t i, auto*, int64_t) {
  fail(ErrorKind::kValue, "_linalg_inverse: A: matrix ", i,
       " has no inverse; expected matrices of full rank");
};
constexpr auto kZero = [](int64_t, auto* matrix, int64_t size) { std::fill_n(matrix, size, 0); };

void inverse(const Params&, KernelContext&, Inputs in, Outputs out) { invert(in, out, kFail); }
void inverse_or_zero(const Params&, KernelContext&, Inputs in, Outputs out) {
  invert(in, out, kZero);
}
void small_inverse(const Params&, KernelContext&, Inputs in, Outputs out) {
  invert_small(in, out, kFail);
}
void small_inverse_or_zero(const Params&, KernelContext&, Inputs in, Outputs out) {
  invert_small(in, out, kZero);
}

const KernelBuilder k1 = KernelBuilder("_linalg_inverse", "lapack").run(inverse);
const KernelBuilder k2 = KernelBuilder("_linalg_inverse_or_zero", "lapack").run(inverse_or_zero);
const KernelBuilder k3 = lapack::small_kernel("_linalg_inverse", small_inverse);
const KernelBuilder k4 = lapack::small_kernel("_linalg_inverse_or_zero", small_inverse_or_zero);

}  // namespace
}  // namespace mx::cpu
