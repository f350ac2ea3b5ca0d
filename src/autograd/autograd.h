#pragma once
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "dispatch/invoke.h"
#include "ndarray/ndarray.h"

namespace mx {

struct TapeNode;

/// What the tape knows of an array: which recorded result it is, or that it is a variable with a
/// gradient. Arrays that share it are one value to the tape.
struct AutogradInfo {
  std::shared_ptr<TapeNode> node;  ///< nullptr for a variable
  uint32_t index = 0;
  NDArray grad;  ///< of a variable
  WriteMode grad_mode = WriteMode::kNull;
  bool is_variable() const { return node == nullptr; }
};

namespace autograd {

/// State of the calling thread. The setters return the previous value.
bool is_recording();
bool set_recording(bool on);
bool is_training();
bool set_training(bool on);

/// Makes `array` a variable whose gradient backward() writes to (kWrite), adds to (kAdd) or leaves
/// out (kNull). Forgets how the array was computed.
void mark_variable(NDArray& array, NDArray grad, WriteMode mode);
/// The same values, unknown to the tape.
NDArray detach(const NDArray& array);

/// Runs an operator eagerly (see invoke) and puts it on the tape while recording. Results that are
/// written over an existing array (`out` given) are recorded too, except over a variable in use.
/// `is_train` in options is taken from the thread's state.
void invoke_recorded(const Op& op, const Params& params, std::span<const NDArray> in,
                     std::vector<NDArray>& out, Device device = {});
/// Puts an application that already ran on the tape (views made by reshape or slicing).
void record(const Op& op, const Params& params, std::span<const NDArray> in,
            std::span<NDArray> out);

/// Gradients of a computation's inputs, out of those of its outputs; none where there is none.
using CustomBackward = std::function<std::vector<NDArray>(std::span<const NDArray> d_out)>;
/// Puts a computation that is no operator on the tape. Its gradient is recorded too where the
/// caller of grad() asks for that.
void record_custom(std::span<const NDArray> in, std::span<NDArray> out, CustomBackward backward);

/// Gradients of `heads` (weighted with `head_grads`; an empty NDArray means ones) into the gradient
/// arrays of all variables they depend on. Frees the tape unless `retain_graph`.
/// Throws: ValueError when a head was not recorded.
void backward(std::span<const NDArray> heads, std::span<const NDArray> head_grads,
              bool retain_graph, bool is_train);
/// The same, returned for chosen variables instead of written; with `create_graph` the computation
/// of the gradients is recorded, so they can be differentiated again.
std::vector<NDArray> grad(std::span<const NDArray> heads, std::span<const NDArray> variables,
                          std::span<const NDArray> head_grads, bool retain_graph, bool create_graph,
                          bool is_train);

}  // namespace autograd
}  // namespace mx
