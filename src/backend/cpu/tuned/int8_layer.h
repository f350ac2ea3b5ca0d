#pragma once
// What layers on whole numbers of 8 bits share, where there is no VNNI; with it, oneDNN's kernels
// take precedence.
#include <limits>
#include <type_traits>

#include "backend/cpu/tuned/direct.h"
#include "backend/cpu/tuned/finish.h"
#include "ops/nn/int8_layers.h"

namespace mx::tuned {

/// `weight` has the shape (filters, channels, taps).
inline Layout pairs_layout(int64_t filters, int64_t channels, int64_t taps) {
  static auto* layouts = new PackedLayouts;
  const int64_t size = packed_size<WholeProducts>(filters, channels, taps);
  return layouts->of({filters, channels, taps},
                     static_cast<size_t>(size) * sizeof(WholeProducts::Element));
}

inline Layout pairs_layout(const Shape& weight) {
  const int64_t filters = weight[0], channels = weight[1];
  return pairs_layout(filters, channels, weight.size() / (filters * channels));
}

/// How whole results are rounded, and reals stored.
struct WriteWhole {
  Image out;  ///< its data are of `dtype`
  DType dtype;
  Finish finish;       ///< but for what is added
  const float* scale;  ///< one for each filter
  const Tensor* added = nullptr;
  float added_scale = 1;

  Vector added_at(int64_t at) const {
    switch (added->dtype) {
      case DType::kInt8:
        return widened(added->as<int8_t>() + at) * added_scale;
      case DType::kUint8:
        return widened(added->as<uint8_t>() + at) * added_scale;
      default:
        return widened(added->as<float>() + at) * added_scale;
    }
  }

  /// To the nearest whole number, halves to the even one, cut to what there is room for.
  template <typename Narrow>
  void store_rounded(Vector value, int64_t at) const {
    using Limits = std::numeric_limits<std::remove_reference_t<decltype(Narrow{}[0])>>;
    const Vector low = broadcast(Limits::min()), high = broadcast(Limits::max());
    value = value > low ? value : low;
    value = value < high ? value : high;
    const Narrow narrow = __builtin_convertvector(rounded(value), Narrow);
    std::memcpy(reinterpret_cast<char*>(out.data) + at, &narrow, sizeof narrow);
  }

  void store_as(Vector value, int64_t at) const {
    switch (dtype) {
      case DType::kInt8:
        return store_rounded<Int8s>(value, at);
      case DType::kUint8:
        return store_rounded<Uint8s>(value, at);
      default:
        return store(out.data + at, value);
    }
  }

  /// Sums are whole numbers, of whatever type.
  template <typename Sum, int R, int V>
  void operator()(const Sum (&sum)[R][V], int64_t place, int64_t filter) const {
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      const Vector factor = load(scale + filter + v * kLanes);
      const Vector bias = finish.bias ? load(finish.bias + filter + v * kLanes) : Vector{};
      const int64_t first = place + (filter / kLanes + v) * out.group;
#pragma GCC unroll 12
      for (int r = 0; r < R; ++r) {
        const int64_t at = first + r * out.pixel;
        Vector result = __builtin_convertvector(sum[r][v], Vector) * factor + bias;
        if (added) result += added_at(at);
        store_as(finished(result, finish), at);
      }
    }
  }
};

/// Why a layer cannot be taken, whatever the layouts.
inline const char* refuse_layer(const PostOps& post, const KernelQuery& query) {
  const DType data = query.in[0].dtype;
  if (data != DType::kInt8 && data != DType::kUint8) return "reads int8 and uint8";
  if (query.in[0].shape.size() == 0 || query.out[0].shape.size() == 0)
    return "does not take empty arrays";
  if (query.in[1].shape[0] % kLanes != 0) return "needs whole vectors of filters";
  return refuse_activation(post);
}

template <typename P>
WriteWhole write_of(const P& p, Inputs in, Outputs out, const Image& image) {
  WriteWhole write{image, out[0].dtype, finish_of(p), in[2].as<float>()};
  if (!p.no_bias) write.finish.bias = in[3].as<float>();
  if (p.with_residual) write.added = &in.back(), write.added_scale = p.residual_scale;
  return write;
}

/// Whether a layer's tensors lie as the graph compiler was told, or all plain.
inline const char* refuse_other_layouts(const KernelQuery& query, const LayoutChoice& choice) {
  const auto is_plain = [](const TensorDesc& tensor) { return tensor.layout == Layout::kPlain; };
  const bool all_plain =
      std::ranges::all_of(query.in, is_plain) && std::ranges::all_of(query.out, is_plain);
  return all_plain || has_layouts(query, choice) ? nullptr : "needs channels last or plain tensors";
}

/// A weight, packed by `pack` unless it is.
template <typename Pack>
Tensor packed_weight(const Tensor& weight, Layout layout, KernelContext& context,
                     const Pack& pack) {
  if (weight.layout != Layout::kPlain) return weight;
  Tensor packed = weight;
  packed.data = context.scratch->get(layout_bytes(weight.shape, weight.dtype, layout));
  packed.layout = layout;
  pack(Params(), context, {&weight, 1}, {&packed, 1});
  return packed;
}

inline void pack_pairs(const Params&, KernelContext&, Inputs in, Outputs out) {
  const Shape& weight = in[0].shape;
  const int64_t filters = weight[0], channels = weight[1];
  pack_windows<WholeProducts>(in[0].as<int8_t>(), filters, channels,
                              weight.size() / (filters * channels),
                              out[0].as<WholeProducts::Element>());
}

template <typename P>
void run_pairs(const P& p, const DirectSizes& sizes, const Tensor& data, const Image& image,
               Inputs in, Outputs out, Workspace& scratch) {
  const WriteWhole write = write_of(p, in, out, image);
  const auto* weights = in[1].as<WholeProducts::Element>();
  if (data.dtype == DType::kUint8)
    DirectRun<WholeProducts, uint8_t, WriteWhole>(sizes, source_of<uint8_t>(data), image, weights,
                                                  write)(scratch);
  else
    DirectRun<WholeProducts, int8_t, WriteWhole>(sizes, source_of<int8_t>(data), image, weights,
                                                 write)(scratch);
}

}  // namespace mx::tuned
