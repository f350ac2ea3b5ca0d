#pragma once
// Tensors that lie in plain order, for kernels that compute channels last: graphs have their
// layouts chosen, single operators do not.
#include "backend/cpu/tuned/layer.h"

namespace mx::tuned {

/// Copies (samples, from, to) into (samples, to, from).
inline void exchange_axes(const Tensor& source, const Tensor& target, int64_t samples, int64_t from,
                          int64_t to) {
  visit_width(source.dtype, [&]<typename T>(TypeTag<T>) {
    const T* x = source.as<T>();
    T* y = target.as<T>();
    parallel_for(samples * to, grain_for(static_cast<double>(from)),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t i = begin; i < end; ++i)
                     for (int64_t j = 0; j < from; ++j)
                       y[i * from + j] = x[(i / to * from + j) * to + i % to];
                 });
  });
}

inline int64_t pixels_of(const Tensor& tensor) { return tensor.shape[2] * tensor.shape[3]; }

/// The tensor itself, or room for it channels last.
inline Tensor room_for(const Tensor& tensor, Workspace& scratch) {
  if (tensor.layout != Layout::kPlain) return tensor;
  Tensor room = tensor;
  room.data = scratch.get(static_cast<size_t>(tensor.size()) * dtype_size(tensor.dtype));
  room.layout = Layout::kChannelsLast;
  return room;
}

/// The tensor channels last.
inline Tensor channels_last(const Tensor& tensor, Workspace& scratch) {
  const Tensor room = room_for(tensor, scratch);
  if (room.data != tensor.data)
    exchange_axes(tensor, room, tensor.shape[0], tensor.shape[1], pixels_of(tensor));
  return room;
}

/// Puts back what room_for() made for `tensor`.
inline void put_back(const Tensor& room, const Tensor& tensor) {
  if (room.data != tensor.data)
    exchange_axes(room, tensor, tensor.shape[0], pixels_of(tensor), tensor.shape[1]);
}

}  // namespace mx::tuned
