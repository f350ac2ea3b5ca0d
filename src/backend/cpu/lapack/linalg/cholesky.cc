#include "backend/cpu/lapack/batch.h"
#include "backend/cpu/lapack/lanes.h"
#include "backend/cpu/lapack/lapack.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

[[noreturn]] void fail_factor(int64_t i) {
  fail(ErrorKind::kValue, "_linalg_potrf: A: matrix ", i,
       " is not positive definite; expected symmetric positive definite matrices");
}
[[noreturn]] void fail_inverse(int64_t i) {
  fail(ErrorKind::kValue, "_linalg_potri: A: matrix ", i,
       " has a zero on its diagonal; expected factors as _linalg_potrf gives them");
}

void factor(const Params&, KernelContext&, Inputs in, Outputs out) {
  const lapack::SquareBatch batch(out[0].shape);
  lapack::visit(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    lapack::for_each_matrix(batch.count, batch.cube() / 3, [&](int64_t i) {
      T* matrix = out[0].as<T>() + i * batch.size();
      lapack::copy_elements(in[0].as<T>() + i * batch.size(), matrix, batch.size());
      if (!lapack::cholesky(batch.n, matrix)) fail_factor(i);
    });
  });
}

void inverse(const Params&, KernelContext&, Inputs in, Outputs out) {
  const lapack::SquareBatch batch(out[0].shape);
  lapack::visit(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    lapack::for_each_matrix(batch.count, batch.cube(), [&](int64_t i) {
      T* matrix = out[0].as<T>() + i * batch.size();
      lapack::copy_elements(in[0].as<T>() + i * batch.size(), matrix, batch.size());
      if (!lapack::inverse_of_cholesky(batch.n, matrix)) fail_inverse(i);
    });
  });
}

void small_factor(const Params&, KernelContext&, Inputs in, Outputs out) {
  lapack::map_small(
      in[0], out[0], [](int64_t n, auto* matrix) { return lanes::cholesky(n, matrix); },
      [](int64_t i, auto*, int64_t) { fail_factor(i); });
}

void small_inverse(const Params&, KernelContext&, Inputs in, Outputs out) {
  lapack::map_small(
      in[0], out[0], [](int64_t n, auto* matrix) { return lanes::inverse_of_cholesky(n, matrix); },
      [](int64_t i, auto*, int64_t) { fail_inverse(i); });
}

const KernelBuilder k1 = KernelBuilder("_linalg_potrf", "lapack").run(factor);
const KernelBuilder k2 = KernelBuilder("_linalg_potri", "lapack").run(inverse);
const KernelBuilder k3 = lapack::small_kernel("_linalg_potrf", small_factor);
const KernelBuilder k4 = lapack::small_kernel("_linalg_potri", small_inverse);

}  // namespace
}  // namespace mx::cpu
