#pragma once
// Functions of two sparse arrays of one kind, which give 0 for zeros.
#include <type_traits>
#include <vector>

#include "backend/common/elemwise/arithmetic.h"
#include "backend/cpu/sparse/stored.h"

namespace mx::same_kind {

/// Two ascending lists of indices as one: calls use(index, place in a or -1, place in b or -1).
template <typename Use>
void merge(const int64_t* a, int64_t i, int64_t a_end, const int64_t* b, int64_t j, int64_t b_end,
           const Use& use) {
  while (i < a_end && j < b_end) {
    const int64_t x = a[i], y = b[j];
    const bool has_a = x <= y, has_b = y <= x;
    use(has_a ? x : y, has_a ? i : -1, has_b ? j : -1);
    i += has_a;
    j += has_b;
  }
  for (; i < a_end; ++i) use(a[i], i, int64_t{-1});
  for (; j < b_end; ++j) use(b[j], int64_t{-1}, j);
}

/// A product of CSR arrays stores what both factors store; a sum, and a product of rows, what one
/// of them stores. Rows of zeros count: a lazy update moves the rows that a gradient stores.
template <typename F>
bool is_stored(bool is_csr, int64_t i, int64_t j) {
  return !std::is_same_v<F, math::Multiply> || !is_csr || (i >= 0 && j >= 0);
}

template <typename F, typename T>
T combine(const T* x, const T* y) {
  using C = ComputeType<T>;
  return static_cast<T>(F{}(x ? static_cast<C>(*x) : C(0), y ? static_cast<C>(*y) : C(0)));
}

template <typename Use>
void merge_row(const SparseTensor& a, const SparseTensor& b, int64_t row, const Use& use) {
  merge(a.indices(), a.indptr()[row], a.indptr()[row + 1], b.indices(), b.indptr()[row],
        b.indptr()[row + 1], use);
}

/// Where rows of the result start.
template <typename F>
std::vector<int64_t> csr_starts(const SparseTensor& a, const SparseTensor& b, int64_t grain) {
  const int64_t rows = a.shape()[0];
  std::vector<int64_t> starts(static_cast<size_t>(rows + 1));
  parallel_for(rows, grain, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      int64_t count = 0;
      merge_row(a, b, row,
                [&](int64_t, int64_t i, int64_t j) { count += is_stored<F>(true, i, j); });
      starts[static_cast<size_t>(row + 1)] = count;
    }
  });
  for (size_t row = 1; row < starts.size(); ++row) starts[row] += starts[row - 1];
  return starts;
}

template <typename F, typename T>
void combine_csr(const SparseTensor& a, const SparseTensor& b, SparseTensor& out) {
  const int64_t rows = a.shape()[0];
  const double each = static_cast<double>(a.count() + b.count()) / static_cast<double>(rows + 1);
  const int64_t grain = grain_for(1 + 3 * each);
  const std::vector<int64_t> starts = csr_starts<F>(a, b, grain);
  out.allocate(starts.back());
  std::copy(starts.begin(), starts.end(), out.indptr());
  const T *x = a.values().template as<T>(), *y = b.values().template as<T>();
  parallel_for(rows, grain, [&](int64_t begin, int64_t end) {
    T* values = out.values().template as<T>() + out.indptr()[begin];
    int64_t* indices = out.indices() + out.indptr()[begin];
    for (int64_t row = begin; row < end; ++row)
      merge_row(a, b, row, [&](int64_t index, int64_t i, int64_t j) {
        if (!is_stored<F>(true, i, j)) return;
        *indices++ = index;
        *values++ = combine<F, T>(i < 0 ? nullptr : x + i, j < 0 ? nullptr : y + j);
      });
  });
}

template <typename F, typename T>
void combine_rows(const SparseTensor& a, const SparseTensor& b, SparseTensor& out) {
  struct Row {
    int64_t index, i, j;
  };
  std::vector<Row> merged;
  merge(a.indices(), 0, a.count(), b.indices(), 0, b.count(),
        [&](int64_t index, int64_t i, int64_t j) {
          merged.push_back({index, i, j});
        });
  const auto count = static_cast<int64_t>(merged.size());
  out.allocate(count);
  const int64_t width = row_width(a);
  const T *x = a.values().template as<T>(), *y = b.values().template as<T>();
  T* values = out.values().template as<T>();
  parallel_for(count, grain_for(2 + static_cast<double>(width)), [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      const Row& row = merged[static_cast<size_t>(r)];
      out.indices()[r] = row.index;
      const T* first = row.i < 0 ? nullptr : x + row.i * width;
      const T* second = row.j < 0 ? nullptr : y + row.j * width;
      T* to = values + r * width;
      for (int64_t c = 0; c < width; ++c)
        to[c] = combine<F, T>(first ? first + c : nullptr, second ? second + c : nullptr);
    }
  });
}

/// Calls use(TypeTag<T>) for the dtypes that F is made for.
template <typename F, typename Use>
void visit(DType dtype, const Use& use) {
  if constexpr (!std::is_base_of_v<math::IntegerFunction, F>)
    visit_floating(dtype, "elemwise", use);
  else
    visit_dtype(dtype, "elemwise", [&]<typename T>(TypeTag<T> tag) {
      if constexpr (!std::is_same_v<T, bool>) use(tag);
    });
}

template <typename F>
void run(const Params&, KernelContext&, std::span<SparseTensor> in, std::span<SparseTensor> out) {
  SparseTensor &a = in[0], &b = in[1];
  a.sort();
  b.sort();
  visit<F>(a.dtype(), [&]<typename T>(TypeTag<T>) {
    if (a.storage() == StorageKind::kCsr)
      combine_csr<F, T>(a, b, out[0]);
    else
      combine_rows<F, T>(a, b, out[0]);
  });
}

inline const char* refuse(const KernelQuery& query) {
  const StorageKind kind = query.in[0].storage;
  const bool equal =
      kind != StorageKind::kDefault && query.in[1].storage == kind && query.out[0].storage == kind;
  return equal ? nullptr : "takes arrays of one sparse kind";
}

template <typename F>
KernelBuilder kernel(const char* op) {
  return KernelBuilder(op, "sparse").refuse(refuse).run_sparse(run<F>);
}

}  // namespace mx::same_kind
