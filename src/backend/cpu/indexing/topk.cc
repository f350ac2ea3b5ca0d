// topk, sort, argsort: each row is copied out with its indices and sorted there, O(n log n), or
// O(n log k) for few elements of many. The library's sort functions are not stable; with the same
// ones, equal elements come in the order in which MXNet 1.9.1 puts them.
#include "ops/indexing/topk.h"

#include <numeric>

#include "backend/cpu/common/fill.h"
#include "backend/cpu/common/indices.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

/// An array as rows along an axis; with no axis it is one row.
struct Rows {
  int64_t length, inner, count;
  Rows(const Shape& shape, const std::optional<int64_t>& given_axis) {
    const int axis = given_axis ? normalize_axis(*given_axis, shape.ndim(), "topk") : 0;
    length = given_axis ? shape[axis] : shape.size();
    inner = given_axis ? shape.size(axis + 1, shape.ndim()) : 1;
    count = length > 0 ? shape.size() / length : 0;
  }
  /// Element `i` of row `r` of an array with `n` elements along the axis.
  int64_t at(int64_t r, int64_t i, int64_t n) const {
    return (r / inner * n + i) * inner + r % inner;
  }
};

template <typename T>
using Key = std::conditional_t<std::is_same_v<T, bool>, uint8_t, ComputeType<T>>;

template <typename K>
bool has_nan(const std::vector<K>& keys) {
  if constexpr (std::is_floating_point_v<K>)
    return std::any_of(keys.begin(), keys.end(), [](K key) { return key != key; });
  return false;
}

/// Puts the first k indices in order. NaN has no place in an order; only std::sort's long rows
/// would run out of bounds with one.
template <typename K, typename Less>
void order_first(std::vector<int64_t>& index, int64_t k, const std::vector<K>& keys,
                 const Less& less) {
  const auto n = static_cast<int64_t>(index.size());
  if (k * 8 <= n)
    std::partial_sort(index.begin(), index.begin() + k, index.end(), less);
  else if (n > 16 && has_nan(keys))
    std::stable_sort(index.begin(), index.end(), less);
  else
    std::sort(index.begin(), index.end(), less);
}

/// Calls use(row, indices in order) for every row.
template <typename Use>
void for_each_ordered(const Tensor& data, const Rows& rows, int64_t k, bool ascending,
                      const Use& use) {
  visit_dtype(data.dtype, "topk", [&]<typename T>(TypeTag<T>) {
    const double cost = 30.0 * static_cast<double>(rows.length);
    parallel_for(rows.count, grain_for(cost), [&](int64_t begin, int64_t end) {
      std::vector<Key<T>> keys(static_cast<size_t>(rows.length));
      std::vector<int64_t> index(keys.size());
      for (int64_t r = begin; r < end; ++r) {
        for (int64_t i = 0; i < rows.length; ++i)
          keys[static_cast<size_t>(i)] =
              static_cast<Key<T>>(data.as<T>()[rows.at(r, i, rows.length)]);
        std::iota(index.begin(), index.end(), int64_t{0});
        const Key<T>* key = keys.data();
        if (ascending)
          order_first(index, k, keys, [key](int64_t a, int64_t b) { return key[a] < key[b]; });
        else
          order_first(index, k, keys, [key](int64_t a, int64_t b) { return key[a] > key[b]; });
        use(r, index);
      }
    });
  });
}

void write_values(const Tensor& data, const Rows& rows, int64_t k, const Tensor& out, int64_t r,
                  const std::vector<int64_t>& index) {
  visit_width(data.dtype, [&]<typename T>(TypeTag<T>) {
    for (int64_t i = 0; i < k; ++i)
      out.as<T>()[rows.at(r, i, k)] =
          data.as<T>()[rows.at(r, index[static_cast<size_t>(i)], rows.length)];
  });
}

void write_indices(const Rows& rows, int64_t k, const Tensor& out, int64_t r,
                   const std::vector<int64_t>& index) {
  visit_dtype(out.dtype, "topk", [&]<typename T>(TypeTag<T>) {
    for (int64_t i = 0; i < k; ++i)
      out.as<T>()[rows.at(r, i, k)] =
          static_cast<T>(static_cast<Key<T>>(index[static_cast<size_t>(i)]));
  });
}

void write_mask(const Rows& rows, int64_t k, const Tensor& number, const Tensor& out, int64_t r,
                const std::vector<int64_t>& index) {
  visit_width(out.dtype, [&]<typename T>(TypeTag<T>) {
    for (int64_t i = 0; i < k; ++i)
      out.as<T>()[rows.at(r, index[static_cast<size_t>(i)], rows.length)] = *number.as<T>();
  });
}

void topk(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<TopKParam>();
  const Rows rows(in[0].shape, p.axis);
  const int64_t k = p.k < 1 ? rows.length : p.k;
  Tensor one;
  if (p.ret_typ == TopKReturn::kMask) {
    fill_value(out[0], 0);
    one = {context.scratch->get(16), {1}, out[0].dtype};
    fill_value(one, 1);
  }
  for_each_ordered(in[0], rows, k, p.is_ascend, [&](int64_t r, const std::vector<int64_t>& index) {
    if (p.ret_typ == TopKReturn::kMask) return write_mask(rows, k, one, out[0], r, index);
    if (p.ret_typ == TopKReturn::kIndices) return write_indices(rows, k, out[0], r, index);
    if (context.wants(0)) write_values(in[0], rows, k, out[0], r, index);
    if (context.wants(1)) write_indices(rows, k, out[1], r, index);
  });
}

void sort(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<SortParam>();
  const Rows rows(in[0].shape, p.axis);
  for_each_ordered(in[0], rows, rows.length, p.is_ascend,
                   [&](int64_t r, const std::vector<int64_t>& index) {
                     if (context.wants(0)) write_values(in[0], rows, rows.length, out[0], r, index);
                     if (context.wants(1)) write_indices(rows, rows.length, out[1], r, index);
                   });
}

void argsort(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<ArgsortParam>();
  const Rows rows(in[0].shape, p.axis);
  for_each_ordered(in[0], rows, rows.length, p.is_ascend,
                   [&](int64_t r, const std::vector<int64_t>& index) {
                     write_indices(rows, rows.length, out[0], r, index);
                   });
}

/// Calls body(element in the whole array, element in the part) for every index.
template <typename Body>
void for_each_along(const std::optional<int64_t>& axis, const Shape& whole, const Tensor& indices,
                    KernelContext& context, const Body& body) {
  if (whole.size() == 0 || indices.size() == 0) return;
  const Rows rows(whole, axis);
  const int64_t k = indices.size() / rows.count;
  const int64_t* at = widen_indices(indices, context);
  for (int64_t r = 0; r < rows.count; ++r)
    for (int64_t i = 0; i < k; ++i) {
      const int64_t part = rows.at(r, i, k);
      body(rows.at(r, std::clamp<int64_t>(at[part], 0, rows.length - 1), rows.length), part);
    }
}

void put_along_axis(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<AlongAxisParam>();
  fill_value(out[0], 0);
  visit_width(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    for_each_along(p.axis, out[0].shape, in[1], context, [&](int64_t whole, int64_t part) {
      out[0].as<T>()[whole] = in[0].as<T>()[part];
    });
  });
}

void take_along_axis(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<AlongAxisParam>();
  visit_width(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    for_each_along(p.axis, in[0].shape, in[1], context, [&](int64_t whole, int64_t part) {
      out[0].as<T>()[part] = in[0].as<T>()[whole];
    });
  });
}

const KernelBuilder k1 = KernelBuilder("topk", "native").run(topk);
const KernelBuilder k2 = KernelBuilder("sort", "native").run(sort);
const KernelBuilder k3 = KernelBuilder("argsort", "native").run(argsort);
const KernelBuilder k4 = KernelBuilder("_put_along_axis", "native").run(put_along_axis);
const KernelBuilder k5 = KernelBuilder("_take_along_axis", "native").run(take_along_axis);

}  // namespace
}  // namespace mx
