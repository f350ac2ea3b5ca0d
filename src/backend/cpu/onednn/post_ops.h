#pragma once
#include "backend/cpu/onednn/onednn.h"
#include "ops/nn/fused.h"

namespace mx::onednn {

/// Appends the activation, if there is one.
void append_activation(dnnl::post_ops& ops, const PostOps& post);

/// oneDNN's form of what follows a layer. A residual is added by the sum post-operation: it must be
/// in the destination when the primitive starts. With `keeps_nan`, functions that turn NaN into a
/// number in oneDNN are left out; apply_left_out computes them.
dnnl::primitive_attr attr_of(const PostOps& post, bool keeps_nan);

/// Whether `keeps_nan` makes a difference.
bool loses_nan(const PostOps& post);

/// Applies what attr_of left out to the `bytes` of the output, padding included.
void apply_left_out(const PostOps& post, const Tensor& out, size_t bytes);

/// Whether the padding of blocked layouts stays 0.
bool keeps_padding(const PostOps& post);

/// Puts the residual (the last input) into the output unless it is there already.
void place_residual(const PostOps& post, Inputs in, Outputs out, size_t bytes);

}  // namespace mx::onednn
