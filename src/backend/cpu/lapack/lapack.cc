#include "backend/cpu/lapack/lapack.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

#include "base/error.h"
#include "base/fork_safe_mutex.h"
#include "device/plugin.h"

namespace mx::cpu::lapack {
namespace {

constexpr const char* kFile = "libscipy_openblas.so.0";

void set_threads(void* library, int count) {
  if (void* function = dlsym(library, "scipy_openblas_set_num_threads"))
    reinterpret_cast<void (*)(int)>(function)(count);
}

/// The library. It is opened at the first use, as it starts threads when it is loaded, and asked to
/// use none of them: batches are shared out by our own parallel loops.
void* library() {
  static void* const handle = [] {
    const std::string path = folder_of_this_library() + kFile;
    void* opened = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!opened)
      fail(ErrorKind::kInternal, "lapack: ", dlerror(), "; expected it beside libmxnet.so");
    set_threads(opened, 1);
    return opened;
  }();
  return handle;
}

/// Held by whoever has set the library's number of threads.
ForkSafeMutex& threads_mutex() {
  static auto* mutex = new ForkSafeMutex;
  return *mutex;
}

/// The function `name` for matrices of T: spotrf or dpotrf of "potrf".
template <typename T>
void* find(const char* name) {
  const std::string symbol =
      std::string("scipy_") + (std::is_same_v<T, float> ? "s" : "d") + name + "_";
  void* found = dlsym(library(), symbol.c_str());
  if (!found) fail(ErrorKind::kInternal, "lapack: ", kFile, " lacks ", symbol);
  return found;
}

int to_int(int64_t size) {
  require(size <= INT32_MAX, "linalg: A has ", size, " rows or columns; expected at most ",
          INT32_MAX);
  return static_cast<int>(size);
}
/// Leading dimensions are at least 1.
int leading(int64_t size) { return std::max(1, to_int(size)); }

template <typename T>
void clear_above_diagonal(int64_t n, T* matrix) {
  for (int64_t i = 0; i < n; ++i) std::fill(matrix + i * n + i + 1, matrix + (i + 1) * n, T(0));
}

template <typename T>
int potrf(int64_t n, T* matrix) {
  using F = void(const char*, const int*, T*, const int*, int*, size_t);
  static F* const function = reinterpret_cast<F*>(find<T>("potrf"));
  const int size = to_int(n), stride = leading(n);
  int info = 0;
  function("U", &size, matrix, &stride, &info, 1);
  return info;
}

template <typename T>
int potri(int64_t n, T* matrix) {
  using F = void(const char*, const int*, T*, const int*, int*, size_t);
  static F* const function = reinterpret_cast<F*>(find<T>("potri"));
  const int size = to_int(n), stride = leading(n);
  int info = 0;
  function("U", &size, matrix, &stride, &info, 1);
  return info;
}

/// Factors a matrix that is m x n for the library; tells the best size of `work` when that is -1.
template <typename T>
void geqrf(int m, int n, T* matrix, int stride, T* tau, T* work, int work_size) {
  using F = void(const int*, const int*, T*, const int*, T*, T*, const int*, int*);
  static F* const function = reinterpret_cast<F*>(find<T>("geqrf"));
  int info = 0;
  function(&m, &n, matrix, &stride, tau, work, &work_size, &info);
}

template <typename T>
void orgqr(int m, int n, T* matrix, int stride, const T* tau, T* work, int work_size) {
  using F =
      void(const int*, const int*, const int*, T*, const int*, const T*, T*, const int*, int*);
  static F* const function = reinterpret_cast<F*>(find<T>("orgqr"));
  int info = 0;
  function(&m, &n, &n, matrix, &stride, tau, work, &work_size, &info);
}

template <typename T>
int syevd(int n, T* matrix, T* values, T* work, int work_size, int* numbers, int count) {
  using F = void(const char*, const char*, const int*, T*, const int*, T*, T*, const int*, int*,
                 const int*, int*, size_t, size_t);
  static F* const function = reinterpret_cast<F*>(find<T>("syevd"));
  const int stride = leading(n);
  int info = 0;
  function("V", "U", &n, matrix, &stride, values, work, &work_size, numbers, &count, &info, 1, 1);
  return info;
}

template <typename T>
int gesvd(int rows, int columns, T* matrix, T* values, T* u, T* v, T* work, int work_size) {
  using F = void(const char*, const char*, const int*, const int*, T*, const int*, T*, T*,
                 const int*, T*, const int*, T*, const int*, int*, size_t, size_t);
  static F* const function = reinterpret_cast<F*>(find<T>("gesvd"));
  const int stride = leading(rows), v_stride = leading(columns);
  int info = 0;
  function("S", "S", &rows, &columns, matrix, &stride, values, u, &stride, v, &v_stride, work,
           &work_size, &info, 1, 1);
  return info;
}

template <typename T>
int geev(int n, T* matrix, T* real, T* imaginary, T* vectors, T* work, int work_size) {
  using F = void(const char*, const char*, const int*, T*, const int*, T*, T*, T*, const int*, T*,
                 const int*, T*, const int*, int*, size_t, size_t);
  static F* const function = reinterpret_cast<F*>(find<T>("geev"));
  const int stride = leading(n), one = 1;
  int info = 0;
  function("N", "V", &n, matrix, &stride, real, imaginary, nullptr, &one, vectors, &stride, work,
           &work_size, &info, 1, 1);
  return info;
}

}  // namespace

LibraryThreads::LibraryThreads(int threads) : has_several_(threads > 1) {
  if (!has_several_) return;
  threads_mutex().lock();
  set_threads(library(), threads);
}

LibraryThreads::~LibraryThreads() {
  if (!has_several_) return;
  set_threads(library(), 1);
  threads_mutex().unlock();
}

template <typename T>
bool cholesky(int64_t n, T* matrix) {
  if (potrf(n, matrix) != 0) return false;
  clear_above_diagonal(n, matrix);
  return true;
}

template <typename T>
bool inverse_of_cholesky(int64_t n, T* factor) {
  if (potri(n, factor) != 0) return false;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < i; ++j) factor[j * n + i] = factor[i * n + j];
  return true;
}

template <typename T>
void solve_triangular(TriangularSide side, int64_t m, int64_t n, T alpha, const T* matrix,
                      T* values) {
  using F = void(const char*, const char*, const char*, const char*, const int*, const int*,
                 const T*, const T*, const int*, T*, const int*, size_t, size_t, size_t, size_t);
  static F* const function = reinterpret_cast<F*>(find<T>("trsm"));
  // For the library all matrices are transposed: so are both sides of the equation.
  const int rows = to_int(n), columns = to_int(m), stride = leading(n);
  const int matrix_stride = leading(side.right_side ? n : m);
  function(side.right_side ? "L" : "R", side.lower ? "U" : "L", side.transpose ? "T" : "N", "N",
           &rows, &columns, &alpha, matrix, &matrix_stride, values, &stride, 1, 1, 1, 1);
}

template <typename T>
int64_t lq_scratch(int64_t m, int64_t n) {
  T best[2] = {0, 0}, none = 0;
  geqrf(to_int(n), to_int(m), &none, leading(n), &none, &best[0], -1);
  orgqr(to_int(n), to_int(m), &none, leading(n), &none, &best[1], -1);
  return m + std::max<int64_t>({1, m, static_cast<int64_t>(std::max(best[0], best[1]))});
}

template <typename T>
void lq(int64_t m, int64_t n, T* matrix, T* lower, T* scratch) {
  // A = L Q for us is A = Q R for the library, which sees the transposes.
  const int rows = to_int(n), columns = to_int(m), stride = leading(n);
  const int work_size = to_int(lq_scratch<T>(m, n) - m);
  T *tau = scratch, *work = scratch + m;
  geqrf(rows, columns, matrix, stride, tau, work, work_size);
  for (int64_t i = 0; i < m; ++i) std::copy_n(matrix + i * n, i + 1, lower + i * m);
  clear_above_diagonal(m, lower);
  orgqr(rows, columns, matrix, stride, tau, work, work_size);
}

template <typename T>
bool eigen(int64_t n, T* matrix, T* values) {
  const int size = to_int(n);
  T best = 0;
  int count = 0;
  if (syevd(size, matrix, values, &best, -1, &count, -1) != 0) return false;
  std::vector<T> work(std::max<size_t>(1, static_cast<size_t>(best)));
  std::vector<int> numbers(std::max<size_t>(1, static_cast<size_t>(count)));
  return syevd(size, matrix, values, work.data(), to_int(static_cast<int64_t>(work.size())),
               numbers.data(), to_int(static_cast<int64_t>(numbers.size()))) == 0;
}

template <typename T>
int lu(int64_t n, T* matrix, int* pivots) {
  using F = void(const int*, const int*, T*, const int*, int*, int*);
  static F* const function = reinterpret_cast<F*>(find<T>("getrf"));
  const int size = to_int(n), stride = leading(n);
  int info = 0;
  function(&size, &size, matrix, &stride, pivots, &info);
  return std::max(info, 0);
}

template <typename T>
void inverse_of_lu(int64_t n, T* factors, const int* pivots) {
  using F = void(const int*, T*, const int*, const int*, T*, const int*, int*);
  static F* const function = reinterpret_cast<F*>(find<T>("getri"));
  const int size = to_int(n), stride = leading(n);
  int info = 0, work_size = -1;
  T best = 0;
  function(&size, factors, &stride, pivots, &best, &work_size, &info);
  std::vector<T> work(
      std::max<size_t>(static_cast<size_t>(std::max(1, size)), static_cast<size_t>(best)));
  work_size = to_int(static_cast<int64_t>(work.size()));
  function(&size, factors, &stride, pivots, work.data(), &work_size, &info);
}

template <typename T>
void solve_lu(int64_t n, int64_t columns, const T* factors, const int* pivots, T* values) {
  using F = void(const char*, const int*, const int*, const T*, const int*, const int*, T*,
                 const int*, int*, size_t);
  static F* const function = reinterpret_cast<F*>(find<T>("getrs"));
  // The library counts columns first: it has the factors of A^T, and wants B^T.
  std::vector<T> sides(static_cast<size_t>(n * columns));
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < columns; ++j)
      sides[static_cast<size_t>(j * n + i)] = values[i * columns + j];
  const int size = to_int(n), count = to_int(columns), stride = leading(n);
  int info = 0;
  function("T", &size, &count, factors, &stride, pivots, sides.data(), &stride, &info, 1);
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < columns; ++j)
      values[i * columns + j] = sides[static_cast<size_t>(j * n + i)];
}

template <typename T>
bool svd(int64_t m, int64_t n, T* matrix, T* u, T* values, T* v) {
  // A = u L v for us is A^T = v^T L u^T for the library.
  const int rows = to_int(n), columns = to_int(m);
  T best = 0;
  gesvd(rows, columns, matrix, values, v, u, &best, -1);
  std::vector<T> work(std::max<size_t>(1, static_cast<size_t>(best)));
  return gesvd(rows, columns, matrix, values, v, u, work.data(),
               to_int(static_cast<int64_t>(work.size()))) == 0;
}

template <typename T>
bool general_eigen(int64_t n, T* matrix, T* real, T* imaginary, T* vectors) {
  const int size = to_int(n);
  T best = 0;
  geev(size, matrix, real, imaginary, vectors, &best, -1);
  std::vector<T> work(std::max<size_t>(1, static_cast<size_t>(best)));
  return geev(size, matrix, real, imaginary, vectors, work.data(),
              to_int(static_cast<int64_t>(work.size()))) == 0;
}

#define MX_INSTANTIATE(T)                                                            \
  template bool cholesky(int64_t, T*);                                               \
  template bool inverse_of_cholesky(int64_t, T*);                                    \
  template void solve_triangular(TriangularSide, int64_t, int64_t, T, const T*, T*); \
  template void lq(int64_t, int64_t, T*, T*, T*);                                    \
  template int64_t lq_scratch<T>(int64_t, int64_t);                                  \
  template bool eigen(int64_t, T*, T*);                                              \
  template int lu(int64_t, T*, int*);                                                \
  template void inverse_of_lu(int64_t, T*, const int*);                              \
  template void solve_lu(int64_t, int64_t, const T*, const int*, T*);                \
  template bool svd(int64_t, int64_t, T*, T*, T*, T*);                               \
  template bool general_eigen(int64_t, T*, T*, T*, T*)
MX_INSTANTIATE(float);
MX_INSTANTIATE(double);
#undef MX_INSTANTIATE

}  // namespace mx::cpu::lapack
