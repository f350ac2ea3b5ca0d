#pragma once
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "base/storage_kind.h"
#include "ir/graph.h"

namespace mx {

/// Shape, dtype and storage kind of one value.
struct TensorType {
  Shape shape;
  DType dtype = DType::kUnknown;
  StorageKind storage = StorageKind::kDefault;
};

/// Builds small graphs out of operators, for gradients, decompositions and passes.
class GraphBuilder {
 public:
  /// All new nodes, in the order of creation (which is a topological order).
  const std::vector<NodePtr>& nodes() const { return nodes_; }

  /// Applies an operator. `name` is the registered name; throws an internal error if it is unknown.
  Value call(std::string_view op, std::vector<Value> inputs, Params params = {});
  template <typename P>
  requires(!std::is_same_v<P, Params>) Value
      call(std::string_view op, std::vector<Value> inputs, P params) {
    return call(op, std::move(inputs), Params::of(std::move(params)));
  }
  /// Takes over nodes that were built elsewhere; they may use values of this builder.
  void append(const std::vector<NodePtr>& nodes) {
    nodes_.insert(nodes_.end(), nodes.begin(), nodes.end());
  }
  /// The same with all outputs of the node.
  NodePtr call_node(std::string_view op, std::vector<Value> inputs, Params params = {});

  Value add(Value a, Value b) { return call("elemwise_add", {std::move(a), std::move(b)}); }
  Value sub(Value a, Value b) { return call("elemwise_sub", {std::move(a), std::move(b)}); }
  Value mul(Value a, Value b) { return call("elemwise_mul", {std::move(a), std::move(b)}); }
  Value div(Value a, Value b) { return call("elemwise_div", {std::move(a), std::move(b)}); }
  Value negative(Value a) { return call("negative", {std::move(a)}); }
  Value mul_scalar(Value a, double scalar);
  Value add_scalar(Value a, double scalar);
  Value cast(Value a, DType dtype);
  Value sum(Value a, Shape axes, bool keepdims);
  Value zeros_like(Value a) { return call("zeros_like", {std::move(a)}); }
  Value ones_like(Value a) { return call("ones_like", {std::move(a)}); }

 private:
  std::vector<NodePtr> nodes_;
};

/// What the gradient function of an operator sees: the forward node's inputs and outputs as values,
/// the gradients of the outputs, and the types of all of them. It sets a gradient for each input;
/// an input that stays unset has gradient zero.
///
///     void relu_gradient(GradContext& g) {
///       g.set(0, g.call("_backward_relu", {g.d_out(0), g.out(0)}));
///     }
class GradContext : public GraphBuilder {
 public:
  GradContext(const Op& op, const Params& params, bool is_train, std::span<const Value> in,
              std::span<const Value> out, std::span<const Value> d_out,
              std::span<const TensorType> in_types, std::span<const TensorType> out_types)
      : op_(op),
        params_(params),
        is_train_(is_train),
        in_(in),
        out_(out),
        d_out_(d_out),
        in_types_(in_types),
        out_types_(out_types),
        d_in_(in.size()) {}

  const Op& op() const { return op_; }
  const Params& raw_params() const { return params_; }
  template <typename P>
  const P& params() const {
    return params_.as<P>();
  }
  size_t num_in() const { return in_.size(); }
  size_t num_out() const { return out_.size(); }
  const Value& in(size_t i) const { return in_[i]; }
  const Value& out(size_t i) const { return out_[i]; }
  /// Gradient of output i. Output 0 always has one; a further output may have none (empty Value).
  const Value& d_out(size_t i = 0) const { return d_out_[i]; }
  bool has_d_out(size_t i) const { return i < d_out_.size() && d_out_[i]; }
  const Shape& in_shape(size_t i) const { return in_types_[i].shape; }
  const Shape& out_shape(size_t i) const { return out_types_[i].shape; }
  DType in_dtype(size_t i) const { return in_types_[i].dtype; }
  DType out_dtype(size_t i) const { return out_types_[i].dtype; }
  StorageKind in_storage(size_t i) const { return in_types_[i].storage; }

  /// Whether the forward pass ran in training mode (BatchNorm then used the batch's statistics).
  bool is_train() const { return is_train_; }

  void set(size_t i, Value gradient) { d_in_[i] = std::move(gradient); }
  const std::vector<Value>& d_in() const { return d_in_; }

 private:
  const Op& op_;
  const Params& params_;
  bool is_train_;
  std::span<const Value> in_, out_, d_out_;
  std::span<const TensorType> in_types_, out_types_;
  std::vector<Value> d_in_;
};

/// What a decomposition sees: it writes the operator in terms of others and sets every output.
/// From it come the gradient of a fused operator (so that derivatives of any order work) and its
/// execution on a device that has no kernel for it.
class DecomposeContext : public GraphBuilder {
 public:
  DecomposeContext(const Params& params, std::span<const Value> in,
                   std::span<const TensorType> in_types, size_t num_out)
      : params_(params), in_(in), in_types_(in_types), out_(num_out) {}

  template <typename P>
  const P& params() const {
    return params_.as<P>();
  }
  const Params& raw_params() const { return params_; }
  size_t num_in() const { return in_.size(); }
  const Value& in(size_t i) const { return in_[i]; }
  const Shape& in_shape(size_t i) const { return in_types_[i].shape; }
  DType in_dtype(size_t i) const { return in_types_[i].dtype; }
  void set(size_t i, Value value) { out_[i] = std::move(value); }
  const std::vector<Value>& out() const { return out_; }

 private:
  const Params& params_;
  std::span<const Value> in_;
  std::span<const TensorType> in_types_;
  std::vector<Value> out_;
};

}  // namespace mx
