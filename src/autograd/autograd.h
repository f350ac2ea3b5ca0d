#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "dispatch/invoke.h"
#include "ir/symbol.h"
#include "ndarray/ndarray.h"

namespace mx {

struct TapeNode;

/// What the tape knows of an array: which recorded result it is, or that it is a variable. Arrays
/// that share it are one value to the tape. Points into the node, which it keeps alive.
struct AutogradInfo {
  TapeNode* node = nullptr;  ///< nullptr for a variable
  uint32_t index = 0;
  bool is_variable() const { return node == nullptr; }
};

/// An array whose gradient backward() computes.
struct Variable : AutogradInfo {
  NDArray grad;
  WriteMode grad_mode = WriteMode::kNull;
  /// Whether backward() wrote `grad` since somebody reset this, as who updates parameters does.
  std::atomic<bool> grad_is_fresh{false};
  uint64_t number = 0;  ///< variables and constants are counted as they come
};

/// The contract is docs/autograd.md.
namespace autograd {

/// State of the calling thread. The setters return the previous value.
bool is_recording();
bool set_recording(bool on);
bool is_training();
bool set_training(bool on);

/// Sets the calling thread's state for a while.
class ScopedMode {
 public:
  ScopedMode(bool record, bool train)
      : recording_(set_recording(record)), training_(set_training(train)) {}
  ~ScopedMode() {
    set_recording(recording_);
    set_training(training_);
  }
  ScopedMode(const ScopedMode&) = delete;
  ScopedMode& operator=(const ScopedMode&) = delete;

 private:
  bool recording_, training_;
};

/// Makes `array` a variable whose gradient backward() writes to (kWrite), adds to (kAdd) or leaves
/// out (kNull). Forgets how the array was computed.
/// Throws: ValueError when `grad` has another shape or is the array itself.
void mark_variable(NDArray& array, NDArray grad, WriteMode mode);
/// The variable that an array is, or nullptr.
Variable* variable_of(const NDArray& array);
/// Whether the array is a variable or a recorded result whose tape was not freed.
bool is_known(const NDArray& array);
/// The same values, unknown to the tape.
NDArray detach(const NDArray& array);

/// Throws while recording: ValueError, in the name of `who`, when a write to `target` would change
/// what the tape knows or relies on.
void check_writable(std::string_view who, const NDArray& target);

/// Runs an operator eagerly (see invoke) and puts it on the tape while recording, where an input is
/// known. `is_train` is taken from the thread's state.
/// Throws: as check_writable for arrays in `out`; ValueError for a recorded operator that is to
/// write over its own input.
void invoke_recorded(const Op& op, const Params& params, std::span<const NDArray> in,
                     std::vector<NDArray>& out, Device device = {});
/// Puts an application that already ran on the tape (views made by reshape or slicing).
void record(const Op& op, const Params& params, std::span<const NDArray> in,
            std::span<NDArray> out);
/// Copies into an array of the same shape, on the tape while recording; dtype and device may
/// differ. Throws: as check_writable.
void copy_recorded(const NDArray& from, NDArray& to);

/// How the array was computed, as a symbol. Variables are named var<n>, constants null<n>, nodes
/// node_<n>, each n being the number of those before in the process; parameters that have their
/// defaults are left out. Throws: ValueError when the array is not known, or when a function that
/// is no operator was recorded on the way.
Symbol recorded_symbol(const NDArray& array);

/// What backward asks of a computation that is no operator.
struct GradientRequest {
  std::span<const NDArray> out, d_out;  ///< a gradient that is none is zero
  const std::vector<bool>& wanted;      ///< for which inputs a gradient is wanted
  bool retain = false;                  ///< whether it may be asked again
};

/// A computation on the tape that is no operator. Thread safety: several threads may ask at once.
class Computation {
 public:
  virtual ~Computation() = default;
  /// What errors call it.
  virtual std::string_view name() const = 0;
  /// Whether gradients may start here although none arrives, as in a loss.
  virtual bool starts_gradients() const { return true; }
  /// Gradients of the inputs; none where there is none.
  virtual std::vector<NDArray> gradients(const GradientRequest& request) = 0;
  /// The outputs, computed from `in` once more by operators on the tape: a walk that records
  /// gradients goes on through these. Nothing where gradients() itself uses recorded operators.
  virtual std::vector<NDArray> unfold(std::span<const NDArray>, bool /*is_train*/) { return {}; }
  /// The outputs as values of a graph that has these inputs. Nothing where there is no graph.
  virtual std::vector<Value> outputs_from(std::span<const Value>) const { return {}; }
};
/// Puts such a computation on the tape where an input is known.
void record_computation(std::shared_ptr<Computation> computation, std::span<const NDArray> in,
                        std::span<NDArray> out);

/// Gradients of a computation's inputs, out of those of its outputs; none where there is none.
using CustomBackward = std::function<std::vector<NDArray>(std::span<const NDArray> d_out)>;
/// Puts a function on the tape; errors name it `name`. Its gradient is recorded too where the
/// caller of grad() asks for that.
void record_custom(std::string name, std::span<const NDArray> in, std::span<NDArray> out,
                   CustomBackward backward);

/// Gradients of `heads` (weighted with `head_grads`; an empty NDArray means ones) into the gradient
/// arrays of all variables they depend on. Frees the tape unless `retain_graph`.
/// Throws: ValueError when a head is not known, a head gradient has another size, or an operator on
/// the way has no gradient; the tape and the gradient arrays are then as before.
void backward(std::span<const NDArray> heads, std::span<const NDArray> head_grads,
              bool retain_graph, bool is_train);
/// The same, returned for chosen variables instead of written; with `create_graph` the computation
/// of the gradients is recorded, so they can be differentiated again.
std::vector<NDArray> grad(std::span<const NDArray> heads, std::span<const NDArray> variables,
                          std::span<const NDArray> head_grads, bool retain_graph, bool create_graph,
                          bool is_train);

}  // namespace autograd
}  // namespace mx
