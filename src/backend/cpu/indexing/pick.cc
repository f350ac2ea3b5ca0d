// pick, batch_take: one element per row, and the gradient that puts it back.
#include "ops/indexing/pick.h"

#include <cstring>

#include "backend/cpu/common/fill.h"
#include "backend/cpu/common/indices.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

/// Calls body(first, n, place) for blocks of n rows, in parallel: place[i] is the position of the
/// picked element of row first + i.
template <typename Body>
void for_picked_blocks(const Shape& data, int axis, const Tensor& index, PickMode mode,
                       const Body& body) {
  const int64_t size = data[axis], inner = data.size(axis + 1, data.ndim());
  const OutOfRange rule = mode == PickMode::kWrap ? OutOfRange::kWrap : OutOfRange::kClip;
  if (index.size() > 0 && size == 0)
    fail(ErrorKind::kIndex, "pick: data=", data, " has size 0 along axis ", axis,
         "; expected elements to pick");
  for_index_blocks(index, 2, [&](int64_t first, int64_t n, const int64_t* given) {
    int64_t place[kIndexBlock];
    bound_indices(given, n, size, rule, place);
    int64_t left = inner - first % inner, start = first / inner * size * inner + first % inner;
    for (int64_t i = 0; i < n; ++i, ++start) {  // start: of the row's first element
      place[i] = start + place[i] * inner;
      if (--left > 0) continue;
      left = inner;
      start += (size - 1) * inner;
    }
    body(first, n, place);
  });
}

void pick_along(const Tensor& data, int axis, const Tensor& index, PickMode mode,
                const Tensor& out) {
  visit_width(data.dtype, [&]<typename T>(TypeTag<T>) {
    for_picked_blocks(data.shape, axis, index, mode,
                      [&](int64_t first, int64_t n, const int64_t* place) {
                        const T* from = data.as<T>();
                        T* to = out.as<T>() + first;
                        for (int64_t i = 0; i < n; ++i) to[i] = from[place[i]];
                      });
  });
}

/// Writes the elements of `rows` to the picked places of `out`.
void put_along(const Tensor& rows, int axis, const Tensor& index, PickMode mode,
               const Tensor& out) {
  visit_width(out.dtype, [&]<typename T>(TypeTag<T>) {
    for_picked_blocks(out.shape, axis, index, mode,
                      [&](int64_t first, int64_t n, const int64_t* place) {
                        const T* from = rows.as<T>() + first;
                        T* to = out.as<T>();
                        for (int64_t i = 0; i < n; ++i) to[place[i]] = from[i];
                      });
  });
}

void pick(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<PickParam>();
  pick_along(in[0], normalize_axis(*p.axis, in[0].ndim(), "pick"), in[1], p.mode, out[0]);
}

void batch_take(const Params&, KernelContext&, Inputs in, Outputs out) {
  pick_along(in[0], in[0].ndim() - 1, in[1], PickMode::kClip, out[0]);
}

void pick_backward(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<PickBackwardParam>();
  const int axis = normalize_axis(p.axis, out[0].ndim(), "_backward_pick");
  fill_value(out[0], 0);
  put_along(in[0], axis, in[1], p.mode, out[0]);
}

void fill_element(const Params&, KernelContext&, Inputs in, Outputs out) {
  if (in[0].data != out[0].data)
    std::memcpy(out[0].data, in[0].data,
                static_cast<size_t>(in[0].size() * dtype_size(in[0].dtype)));
  put_along(in[1], 1, in[2], PickMode::kClip, out[0]);
}

const KernelBuilder k1 = KernelBuilder("pick", "native").run(pick);
const KernelBuilder k2 = KernelBuilder("batch_take", "native").run(batch_take);
const KernelBuilder k3 = KernelBuilder("_backward_pick", "native").run(pick_backward);
const KernelBuilder k4 = KernelBuilder("fill_element_0index", "native").run(fill_element);

}  // namespace
}  // namespace mx
