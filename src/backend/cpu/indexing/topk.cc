// topk, sort, argsort: each row by itself; row_order.h orders it.
#include "ops/indexing/topk.h"

#include <limits>
#include <vector>

#include "backend/cpu/common/fill.h"
#include "backend/cpu/common/indices.h"
#include "backend/cpu/row_order.h"
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

/// Calls f with the type of the numbers that a row is ordered by, and one for their places.
template <typename F>
void visit_ordered(const Tensor& data, const Rows& rows, const F& f) {
  visit_dtype(data.dtype, "topk", [&]<typename T>(TypeTag<T>) {
    using Number = std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>;
    if (rows.length <= std::numeric_limits<uint32_t>::max())
      f(TypeTag<Number>{}, TypeTag<uint32_t>{});
    else
      f(TypeTag<Number>{}, TypeTag<uint64_t>{});
  });
}

/// Calls use(order, row, x) for every row: its number and its elements.
template <typename T, typename Index, typename Use>
void for_rows(const Tensor& data, const Rows& rows, int64_t k, bool ascending, const Use& use) {
  const double cost = 10.0 * static_cast<double>(rows.length);
  parallel_for(rows.count, grain_for(cost), [&](int64_t begin, int64_t end) {
    cpu::RowOrder<T, Index> order(rows.length, k, ascending);
    std::vector<T> room(rows.inner == 1 ? 0 : static_cast<size_t>(rows.length));
    for (int64_t r = begin; r < end; ++r) {
      const T* x = data.as<T>() + rows.at(r, 0, rows.length);
      if (rows.inner > 1) {
        for (size_t i = 0; i < room.size(); ++i) room[i] = x[static_cast<int64_t>(i) * rows.inner];
        x = room.data();
      }
      use(order, r, x);
    }
  });
}

/// Writes `n` indices `step` elements apart from element `at` of `out` on.
void write_indices(const int64_t* index, int64_t n, const Tensor& out, int64_t at, int64_t step) {
  visit_dtype(out.dtype, "topk", [&]<typename P>(TypeTag<P>) {
    P* to = out.as<P>() + at;
    for (int64_t i = 0; i < n; ++i)
      to[i * step] = static_cast<P>(static_cast<ComputeType<P>>(index[i]));
  });
}

/// What is written of each row; tensors without data are not.
struct Results {
  Tensor values, indices, mask;
};

void order_rows(const Tensor& data, const Rows& rows, int64_t k, bool ascending,
                const Results& to) {
  visit_ordered(data, rows, [&]<typename T, typename Index>(TypeTag<T>, TypeTag<Index>) {
    T *values = to.values.as<T>(), *mask = to.mask.as<T>();
    const T one = static_cast<T>(ComputeType<T>(1));
    for_rows<T, Index>(data, rows, k, ascending, [&](auto& order, int64_t r, const T* x) {
      const int64_t* index = order.first(x);
      const int64_t at = rows.at(r, 0, k), step = rows.inner;
      if (to.indices.data) write_indices(index, k, to.indices, at, step);
      for (int64_t i = 0; values && i < k; ++i) values[at + i * step] = x[index[i]];
      for (int64_t i = 0; mask && i < k; ++i) mask[rows.at(r, index[i], rows.length)] = one;
    });
  });
}

/// Values alone: sorted as numbers.
void sort_values(const Tensor& data, const Rows& rows, bool ascending, const Tensor& out) {
  visit_ordered(data, rows, [&]<typename T, typename Index>(TypeTag<T>, TypeTag<Index>) {
    for_rows<T, Index>(data, rows, rows.length, ascending, [&](auto& order, int64_t r, const T* x) {
      T* y = out.as<T>() + rows.at(r, 0, rows.length);
      order.sort_values(x, y, rows.inner);
    });
  });
}

void topk(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<TopKParam>();
  const Rows rows(in[0].shape, p.axis);
  Results to;
  if (p.ret_typ == TopKReturn::kMask) {
    fill_value(out[0], 0);
    to.mask = out[0];
  } else if (p.ret_typ == TopKReturn::kIndices) {
    to.indices = out[0];
  } else {
    if (context.wants(0)) to.values = out[0];
    if (context.wants(1)) to.indices = out[1];
  }
  order_rows(in[0], rows, p.k < 1 ? rows.length : p.k, p.is_ascend, to);
}

void sort(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<SortParam>();
  const Rows rows(in[0].shape, p.axis);
  if (!context.wants(1)) return sort_values(in[0], rows, p.is_ascend, out[0]);
  order_rows(in[0], rows, rows.length, p.is_ascend,
             {context.wants(0) ? out[0] : Tensor{}, out[1], {}});
}

void argsort(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<ArgsortParam>();
  const Rows rows(in[0].shape, p.axis);
  order_rows(in[0], rows, rows.length, p.is_ascend, {{}, out[0], {}});
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
