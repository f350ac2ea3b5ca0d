// Sums, differences and products of two sparse arrays of one kind.
#include "dispatch/sparse_tensor.h"

namespace mx {
namespace {

/// Two ascending lists of indices as one: calls use(index, place in a or -1, place in b or -1).
template <typename Use>
void merge(const int64_t* a, int64_t a_first, int64_t a_last, const int64_t* b, int64_t b_first,
           int64_t b_last, const Use& use) {
  while (a_first < a_last || b_first < b_last) {
    const bool has_a = a_first < a_last && (b_first >= b_last || a[a_first] <= b[b_first]);
    const bool has_b = b_first < b_last && (a_first >= a_last || b[b_first] <= a[a_first]);
    use(has_a ? a[a_first] : b[b_first], has_a ? a_first : -1, has_b ? b_first : -1);
    a_first += has_a;
    b_first += has_b;
  }
}

enum class Arithmetic { kAdd, kSubtract, kMultiply };

template <Arithmetic kind, typename C>
C combine(C a, C b) {
  if constexpr (kind == Arithmetic::kAdd) return a + b;
  if constexpr (kind == Arithmetic::kSubtract) return a - b;
  return a * b;
}

/// A product of CSR arrays stores what both factors store; a sum, and a product of rows, what one
/// of them stores. Rows of zeros count: a lazy update moves the rows that a gradient stores.
template <Arithmetic kind>
bool is_stored(bool is_csr, int64_t i, int64_t j) {
  return kind != Arithmetic::kMultiply || !is_csr || (i >= 0 && j >= 0);
}

/// The stored rows (CSR: elements) of one list of indices.
struct Range {
  int64_t a_first, a_last, b_first, b_last;
};

Range range_of(const SparseTensor& a, const SparseTensor& b, int64_t row) {
  if (a.storage() == StorageKind::kRowSparse) return {0, a.count(), 0, b.count()};
  return {a.indptr()[row], a.indptr()[row + 1], b.indptr()[row], b.indptr()[row + 1]};
}

template <Arithmetic kind, typename T>
void combine_values(const SparseTensor& a, const SparseTensor& b, SparseTensor& out, int64_t width,
                    int64_t lists) {
  using C = ComputeType<T>;
  const T *x = a.values().template as<T>(), *y = b.values().template as<T>();
  T* result = out.values().template as<T>();
  int64_t* indices = out.indices();
  const bool is_csr = a.storage() == StorageKind::kCsr;
  for (int64_t list = 0; list < lists; ++list) {
    const Range r = range_of(a, b, list);
    merge(a.indices(), r.a_first, r.a_last, b.indices(), r.b_first, r.b_last,
          [&](int64_t index, int64_t i, int64_t j) {
            if (!is_stored<kind>(is_csr, i, j)) return;
            *indices++ = index;
            for (int64_t c = 0; c < width; ++c)
              *result++ =
                  static_cast<T>(combine<kind, C>(i < 0 ? C(0) : static_cast<C>(x[i * width + c]),
                                                  j < 0 ? C(0) : static_cast<C>(y[j * width + c])));
          });
  }
}

template <Arithmetic kind>
void arithmetic(const Params&, KernelContext&, std::span<SparseTensor> in,
                std::span<SparseTensor> out) {
  SparseTensor &a = in[0], &b = in[1];
  a.sort();
  b.sort();
  const bool is_csr = a.storage() == StorageKind::kCsr;
  const int64_t lists = is_csr ? a.shape()[0] : 1;
  const int64_t width = is_csr ? 1 : a.shape().size(1, a.shape().ndim());
  std::vector<int64_t> starts{0};
  for (int64_t list = 0; list < lists; ++list) {
    const Range r = range_of(a, b, list);
    int64_t count = 0;
    merge(a.indices(), r.a_first, r.a_last, b.indices(), r.b_first, r.b_last,
          [&](int64_t, int64_t i, int64_t j) { count += is_stored<kind>(is_csr, i, j); });
    starts.push_back(starts.back() + count);
  }
  out[0].allocate(starts.back());
  if (is_csr) std::copy(starts.begin(), starts.end(), out[0].indptr());
  visit_dtype(a.dtype(), "elemwise", [&]<typename T>(TypeTag<T>) {
    if constexpr (!std::is_same_v<T, bool>) combine_values<kind, T>(a, b, out[0], width, lists);
  });
}

const char* refuse_scatter(const KernelQuery& query) {
  const bool fits = query.in[0].storage == StorageKind::kRowSparse &&
                    query.in[1].storage == StorageKind::kDefault &&
                    query.out[0].storage == StorageKind::kRowSparse;
  return fits ? nullptr : "divides row-sparse arrays by dense ones";
}

/// The stored rows of the first array divided by the same rows of the second.
void scatter_divide(const Params&, KernelContext&, std::span<SparseTensor> in,
                    std::span<SparseTensor> out) {
  in[0].check_indices("_scatter_elemwise_div");
  out[0].allocate_like(in[0]);
  const int64_t width = in[0].shape().size(1, in[0].shape().ndim());
  visit_floating(in[0].dtype(), "_scatter_elemwise_div", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    const T *x = in[0].values().as<T>(), *y = in[1].values().as<T>();
    T* result = out[0].values().as<T>();
    for (int64_t i = 0; i < in[0].count(); ++i)
      for (int64_t c = 0; c < width; ++c)
        result[i * width + c] = static_cast<T>(static_cast<C>(x[i * width + c]) /
                                               static_cast<C>(y[in[0].indices()[i] * width + c]));
  });
}

const char* refuse(const KernelQuery& query) {
  const StorageKind kind = query.in[0].storage;
  const bool equal =
      kind != StorageKind::kDefault && query.in[1].storage == kind && query.out[0].storage == kind;
  return equal ? nullptr : "takes arrays of one sparse kind";
}

KernelBuilder kernel(const char* op, SparseKernelFn run) {
  return KernelBuilder(op, "sparse").refuse(refuse).run_sparse(run);
}

const KernelBuilder k1 = kernel("elemwise_add", arithmetic<Arithmetic::kAdd>);
const KernelBuilder k2 = kernel("_grad_add", arithmetic<Arithmetic::kAdd>);
const KernelBuilder k3 = kernel("elemwise_sub", arithmetic<Arithmetic::kSubtract>);
const KernelBuilder k4 = kernel("elemwise_mul", arithmetic<Arithmetic::kMultiply>);
const KernelBuilder k5 = KernelBuilder("_scatter_elemwise_div", "sparse")
                             .refuse(refuse_scatter)
                             .run_sparse(scatter_divide);

}  // namespace
}  // namespace mx
