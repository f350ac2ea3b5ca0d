#include "backend/cpu/onednn/post_ops.h"

#include <cstring>

namespace mx::onednn {
namespace {

using Algorithm = dnnl::algorithm;

void append_activation(dnnl::post_ops& ops, const PostOps& post) {
  switch (post.activation) {
    case FusedActivation::kNone:
      return;
    case FusedActivation::kRelu:
      return ops.append_eltwise(Algorithm::eltwise_relu, 0, 0);
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
    case FusedActivation::kClip:
      return ops.append_eltwise(Algorithm::eltwise_clip, post.alpha, post.beta);
  }
}

}  // namespace

dnnl::primitive_attr attr_of(const PostOps& post) {
  dnnl::primitive_attr attr = thread_safe_attr();
  dnnl::post_ops ops;
  if (post.with_residual) ops.append_sum(1.0f);
  append_activation(ops, post);
  attr.set_post_ops(ops);
  return attr;
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
