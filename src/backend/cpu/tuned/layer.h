#pragma once
// What the layers of nn/ share: the operators' tensors and parameters in the terms of this folder's
// kernels.
#include <algorithm>
#include <limits>

#include "backend/cpu/packed_layouts.h"
#include "backend/cpu/tuned/tile_gemm.h"
#include "dispatch/kernel.h"
#include "ops/nn/fused.h"

namespace mx::tuned {

using cpu::PackedLayouts;

/// Channels in blocks of a vector.
inline constexpr Layout kBlocks = kLanes == 16 ? Layout::kBlock16 : Layout::kBlock8;

/// An activation in channels last or in blocks.
inline Image image_of(const Tensor& tensor) {
  const bool is_blocked = tensor.layout == kBlocks;
  const int64_t channels = tensor.shape[1], height = tensor.shape[2], width = tensor.shape[3];
  Image image{};
  image.data = tensor.as<float>();
  image.height = height;
  image.width = width;
  image.pixel = is_blocked ? kLanes : channels;
  image.row = width * image.pixel;
  image.group = is_blocked ? height * image.row : kLanes;
  image.sample = channels * height * width;
  return image;
}

/// Why no kernel here computes with layers between these two activations, whatever their sizes;
/// nullptr if some do.
inline const char* refuse_tensors(const TensorDesc& first, const TensorDesc& second,
                                  const ConvolutionParam& p) {
  if (first.dtype != DType::kFloat32) return "computes in float32 only";
  if (first.shape.ndim() != 4 || is_channels_last(p.layout)) return "takes NCHW graphs only";
  if (first.shape.size() == 0 || second.shape.size() == 0) return "does not take empty arrays";
  return nullptr;
}

/// The same where vectors run along the channels of `second`.
inline const char* refuse_layer(const TensorDesc& first, const TensorDesc& second,
                                const ConvolutionParam& p) {
  if (const char* reason = refuse_tensors(first, second, p)) return reason;
  return second.shape[1] % kLanes == 0 ? nullptr : "needs whole vectors of filters";
}

/// The same for convolutions of all channels.
inline const char* refuse_convolution(const TensorDesc& first, const TensorDesc& second,
                                      const ConvolutionParam& p) {
  if (const char* reason = refuse_layer(first, second, p)) return reason;
  return p.num_group == 1 ? nullptr : "needs one group";
}

/// The same for the forward pass and the gradient of data.
inline const char* refuse_convolution(const KernelQuery& query, const ConvolutionParam& p) {
  return refuse_convolution(query.in[0], query.out[0], p);
}

/// The same for the gradient of weights, whose inputs are data and d_out.
inline const char* refuse_weight_gradient(const KernelQuery& query, const ConvolutionParam& p) {
  if (const char* reason = refuse_convolution(query.in[0], query.in[1], p)) return reason;
  return query.in[0].shape[1] % kLanes == 0 ? nullptr : "needs whole vectors of channels";
}

inline const char* refuse_activation(const PostOps& post) {
  switch (post.activation) {
    case FusedActivation::kNone:
    case FusedActivation::kRelu:
    case FusedActivation::kLeaky:
    case FusedActivation::kClip:
      return nullptr;
    default:
      return "does not compute that activation";
  }
}

/// Why no fused layer for inference is computed between such activations; nullptr if some are.
inline const char* refuse_fused_tensors(const KernelQuery& query) {
  const auto& p = query.params.as<FusedConvolutionParam>();
  if (const char* reason = refuse_tensors(query.in[0], query.out[0], p)) return reason;
  if (query.is_train) return "is for inference";
  return refuse_activation(p);
}

/// The same where vectors run along the channels of the output.
inline const char* refuse_fused_layer(const KernelQuery& query) {
  if (const char* reason = refuse_fused_tensors(query)) return reason;
  return refuse_layer(query.in[0], query.out[0], query.params.as<FusedConvolutionParam>());
}

/// The same for convolutions of all channels.
inline const char* refuse_fused_convolution(const KernelQuery& query) {
  if (const char* reason = refuse_fused_layer(query)) return reason;
  return refuse_convolution(query, query.params.as<FusedConvolutionParam>());
}

/// Whether at most a quarter of the lanes compute nothing.
inline bool fills_vectors(int64_t filters) {
  return 3 * Panels(filters).vectors * kLanes <= 4 * filters;
}

/// Whether a tensor has its channels in whole vectors.
inline bool has_channel_vectors(const TensorDesc& tensor) {
  return tensor.layout == Layout::kChannelsLast || tensor.layout == kBlocks;
}

/// The activation alone.
inline Finish finish_of(const PostOps& p) {
  Finish finish;
  if (p.activation == FusedActivation::kRelu) {
    finish.function = Finish::Function::kClamp;
    finish.high = std::numeric_limits<float>::infinity();
  } else if (p.activation == FusedActivation::kClip) {
    finish.function = Finish::Function::kClamp;
    finish.low = p.alpha, finish.high = p.beta;
  } else if (p.activation == FusedActivation::kLeaky) {
    finish.function = Finish::Function::kLeaky;
    finish.slope = p.alpha;
  }
  return finish;
}

/// Of a convolution or a dense layer.
template <typename P>
Finish finish_of(const P& p, Inputs in) {
  Finish finish = finish_of(p);
  if (!p.no_bias) finish.bias = in[2].as<float>();
  if (p.with_residual) finish.added = in.back().as<float>();
  return finish;
}

/// An element of stride, dilate or pad, which may be left out.
inline int64_t element(const Shape& values, int axis, int64_t fallback) {
  return values.ndim() ? values[axis] : fallback;
}

inline bool is_all(const Shape& values, int64_t expected) {
  return std::all_of(values.begin(), values.end(), [&](int64_t v) { return v == expected; });
}

/// Grain of loops whose items each take that many multiply-adds.
inline int64_t grain_for_products(int64_t multiply_adds) {
  constexpr double kPerNanosecond = 5 * kLanes;  // of one core, about
  return grain_for(static_cast<double>(multiply_adds) / kPerNanosecond + 1);
}

/// How many threads so many multiply-adds are worth.
inline int64_t threads_for_products(int64_t multiply_adds) {
  constexpr int64_t kItem = 4096;
  const int64_t grain = grain_for_products(2 * kItem) * kItem;  // threads of a graph are awake
  return std::clamp<int64_t>((multiply_adds + grain - 1) / grain, 1, parallel_threads());
}

/// Packs a weight (filters, ...) in panels.
inline void pack_weight(const Params&, KernelContext&, Inputs in, Outputs out) {
  const int64_t filters = in[0].shape[0], depth = in[0].shape.size() / filters;
  parallel_for(Panels(filters).count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      pack_panel(in[0].as<float>(), filters, depth, i, out[0].as<float>());
  });
}

/// Whether the tensors lie as a choice says.
inline bool has_layouts(const KernelQuery& query, const LayoutChoice& choice) {
  const auto same = [](const TensorDesc& tensor, Layout layout) { return tensor.layout == layout; };
  return std::ranges::equal(query.in, choice.in, same) &&
         std::ranges::equal(query.out, choice.out, same);
}

/// The layout pass sets both sides of a reorder; asked for a choice, it keeps what is there.
inline LayoutChoice keep_layouts(const KernelQuery& query) {
  return {{query.in[0].layout}, {query.out[0].layout}};
}

}  // namespace mx::tuned
