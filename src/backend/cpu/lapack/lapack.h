#pragma once
#include <cstdint>

/// LAPACK and BLAS for one matrix: row-major n x n, m x n ..., float or double. The functions of
/// the library count rows and columns the other way round; what it calls the upper triangle of a
/// matrix is the lower one here.
///
/// Each computes in the calling thread, unless LibraryThreads says otherwise; batches are shared
/// out by parallel_for. Throw: ValueError where a size does not fit the library's 32-bit numbers;
/// an internal error when it cannot be opened. Thread safety: any.
namespace mx::cpu::lapack {

/// While alive, the library has `threads` threads of its own for a large matrix. The number is one
/// for the whole process, so that whoever wants several waits for others who do, and calls of other
/// threads may use them meanwhile. With `threads` 1 it changes nothing. Thread safety: any.
class LibraryThreads {
 public:
  explicit LibraryThreads(int threads);
  ~LibraryThreads();
  LibraryThreads(const LibraryThreads&) = delete;
  LibraryThreads& operator=(const LibraryThreads&) = delete;

 private:
  bool has_several_;
};

/// The lower triangle of a symmetric matrix becomes its Cholesky factor, the upper one zero.
/// False when the matrix is not positive definite.
template <typename T>
bool cholesky(int64_t n, T* matrix);

/// A lower Cholesky factor becomes the inverse of the matrix that it factorizes. False when a
/// number on the diagonal is zero.
template <typename T>
bool inverse_of_cholesky(int64_t n, T* factor);

/// Which equation solve_triangular solves: op(A) X = alpha B, or X op(A) = alpha B with right_side.
struct TriangularSide {
  bool lower, transpose, right_side;
};
/// `values` (m x n) holds B and gets X; the other triangle of `matrix` is not looked at.
template <typename T>
void solve_triangular(TriangularSide side, int64_t m, int64_t n, T alpha, const T* matrix,
                      T* values);

/// A (m x n, m <= n) = lower * q, where q replaces A and has orthonormal rows; `scratch` has
/// lq_scratch<T>(m, n) elements.
template <typename T>
void lq(int64_t m, int64_t n, T* matrix, T* lower, T* scratch);
template <typename T>
int64_t lq_scratch(int64_t m, int64_t n);

/// A symmetric matrix, whose lower triangle is looked at, becomes its eigenvectors, one in each
/// row, in the order of the eigenvalues, which grow. False when they were not found.
template <typename T>
bool eigen(int64_t n, T* matrix, T* values);

/// Product of lower and upper triangular factors, with rows exchanged as `pivots` (n) tell. Returns
/// the number, from 1, of the first pivot that is zero; 0 when there is none.
template <typename T>
int lu(int64_t n, T* matrix, int* pivots);
/// What lu() left becomes the inverse.
template <typename T>
void inverse_of_lu(int64_t n, T* factors, const int* pivots);
/// Solves A X = B with what lu() left of A; `values` (n x columns) holds B and gets X.
template <typename T>
void solve_lu(int64_t n, int64_t columns, const T* factors, const int* pivots, T* values);

/// A (m x n, m <= n) = u diag(values) v with orthogonal u (m x m), values that fall, and
/// orthonormal rows v (m x n); A is overwritten. False when they were not found.
template <typename T>
bool svd(int64_t m, int64_t n, T* matrix, T* u, T* values, T* v);

/// Eigenvalues and eigenvectors of length 1 of any matrix, for which `matrix` holds the transpose
/// (and is overwritten); row i of `vectors` belongs to value i. For a pair of complex values, which
/// `imaginary` tells, the rows are real and imaginary parts. False when they were not found.
template <typename T>
bool general_eigen(int64_t n, T* matrix, T* real, T* imaginary, T* vectors);

}  // namespace mx::cpu::lapack
