#pragma once
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "dispatch/invoke.h"
#include "ndarray/ndarray.h"
#include "ops/custom/custom.h"

namespace mx {

/// An object of a user's class: it may keep things from forward to backward. A language implements
/// it; the functions run the user's code, in the thread that calls. docs/custom_operators.md is the
/// contract. Thread safety: that of the user's code.
class CustomOperator {
 public:
  /// Arrays of one call; those of a group that backward does not ask for are left out.
  struct Arrays {
    std::vector<NDArray> in, out, aux, d_out, d_in;
  };
  virtual ~CustomOperator() = default;
  /// Writes (kWrite), adds to (kAdd) or leaves (kNull) each of `out`.
  /// Throw: Error that holds what the user's code raised; what ends a program, as it is.
  virtual void forward(bool is_train, std::span<const WriteMode> modes, const Arrays& arrays) = 0;
  /// The same with each of `d_in`.
  virtual void backward(std::span<const WriteMode> modes, const Arrays& arrays) = 0;
};

/// A declaration that makes such objects.
class CustomClass : public CustomDeclaration {
 public:
  /// Which arrays backward reads.
  bool wants_in = true, wants_out = true, wants_d_out = true;

  /// `types` has an entry for each input. Throws: what the user's code throws.
  virtual std::shared_ptr<CustomOperator> create(Device device,
                                                 std::span<const TensorType> types) const = 0;
  /// Storage kinds of the gradients of the arguments. `types` are those of all inputs.
  virtual std::vector<StorageKind> infer_gradient_storage(
      std::span<const StorageKind> d_out, std::span<const StorageKind> in,
      std::span<const StorageKind> out) const = 0;
};

namespace autograd {

/// The object of one node of a graph, kept from call to call. Thread safety: any.
class CustomState {
 public:
  /// What `create` returned the first time. It runs without a lock: where several threads come at
  /// once, each makes one and all use the first.
  template <typename Create>
  std::shared_ptr<CustomOperator> get(const Create& create) {
    if (std::lock_guard lock(mutex_); object_) return object_;
    std::shared_ptr<CustomOperator> made = create();
    std::lock_guard lock(mutex_);
    if (!object_) object_ = std::move(made);
    return object_;
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<CustomOperator> object_;
};

/// Runs the operator Custom in the calling thread and puts it on the tape while recording, as
/// invoke_recorded. Nothing inside is recorded. Without `state` each call has an object of its own.
/// Throws: errors of the arguments and of what the class declares. What forward or backward raise
/// is kept in the arrays that they were to write, and thrown where those are waited for.
void invoke_custom(const Op& op, const Params& params, std::span<const NDArray> in,
                   std::vector<NDArray>& out, Device device, CustomState* state = nullptr);

/// Whether a gradient starts at this operator although none arrives: it is a loss.
bool starts_gradients(const Node& node);

}  // namespace autograd
}  // namespace mx
