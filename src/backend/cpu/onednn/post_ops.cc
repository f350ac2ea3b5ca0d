#include "backend/cpu/onednn/post_ops.h"

#include <cstring>

namespace mx::onednn {
namespace {

using Algorithm = dnnl::algorithm;

/// Calls f with the function that oneDNN would compute without regard to NaN, if it is one.
template <typename F>
void visit_left_out(const PostOps& post, F&& f) {
  switch (post.activation) {
    case FusedActivation::kRelu:
      return f([](float x) { return x < 0 ? 0 : x; });
    case FusedActivation::kClip:
      return f([low = post.alpha, high = post.beta](float x) {
        return x < low ? low : (x > high ? high : x);
      });
    default:
      return;
  }
}

}  // namespace

void append_activation(dnnl::post_ops& ops, const PostOps& post) {
  switch (post.activation) {
    case FusedActivation::kNone:
      return;
    case FusedActivation::kRelu:
      return ops.append_eltwise(Algorithm::eltwise_relu, 0, 0);
    case FusedActivation::kClip:
      return ops.append_eltwise(Algorithm::eltwise_clip, post.alpha, post.beta);
    case FusedActivation::kSigmoid:
      return ops.append_eltwise(Algorithm::eltwise_logistic, 0, 0);
    case FusedActivation::kTanh:
      return ops.append_eltwise(Algorithm::eltwise_tanh, 0, 0);
    case FusedActivation::kSoftrelu:
      return ops.append_eltwise(Algorithm::eltwise_soft_relu, 1, 0);
    case FusedActivation::kLeaky:
      return ops.append_eltwise(Algorithm::eltwise_relu, post.alpha, 0);
    case FusedActivation::kElu:
      return ops.append_eltwise(Algorithm::eltwise_elu, post.alpha, 0);
    case FusedActivation::kGelu:
      return ops.append_eltwise(Algorithm::eltwise_gelu_erf, 0, 0);
  }
}

bool loses_nan(const PostOps& post) {
  return post.activation == FusedActivation::kRelu || post.activation == FusedActivation::kClip;
}

dnnl::primitive_attr attr_of(const PostOps& post, bool keeps_nan) {
  dnnl::primitive_attr attr = thread_safe_attr();
  dnnl::post_ops ops;
  if (post.with_residual) ops.append_sum(1.0f);
  if (!keeps_nan || !loses_nan(post)) append_activation(ops, post);
  attr.set_post_ops(ops);
  return attr;
}

void apply_left_out(const PostOps& post, const Tensor& out, size_t bytes) {
  visit_left_out(post, [&](const auto& function) {
    visit_floating(out.dtype, "activation", [&]<typename T>(TypeTag<T>) {
      T* y = out.as<T>();
      parallel_for(static_cast<int64_t>(bytes / sizeof(T)), 1 << 16,
                   [&](int64_t begin, int64_t end) {
                     for (int64_t i = begin; i < end; ++i)
                       y[i] = static_cast<T>(function(static_cast<float>(y[i])));
                   });
    });
  });
}

bool keeps_padding(const PostOps& post) {
  return post.activation != FusedActivation::kClip || (post.alpha <= 0 && post.beta >= 0);
}

void place_residual(const PostOps& post, Inputs in, Outputs out, size_t bytes) {
  if (!post.with_residual || in.back().data == out[0].data) return;
  const auto* from = static_cast<const char*>(in.back().data);
  auto* to = static_cast<char*>(out[0].data);
  parallel_for(static_cast<int64_t>(bytes), 1 << 18, [&](int64_t begin, int64_t end) {
    std::memcpy(to + begin, from + begin, static_cast<size_t>(end - begin));
  });
}

}  // namespace mx::onednn
