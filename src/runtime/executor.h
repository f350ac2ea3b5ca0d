#pragma once
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "dispatch/kernel.h"
#include "ir/symbol.h"
#include "ndarray/ndarray.h"

namespace mx {

/// How to bind a symbol.
struct BindOptions {
  Device device;
  /// Devices of context groups: operators with the attribute ctx_group run there.
  std::map<std::string, Device> groups;
  bool fuse = true;        ///< the inference compiler (used when no gradient is asked for)
  bool recompute = false;  ///< save memory by computing cheap results again in the backward pass
  /// Executor whose memory for intermediate results is used too, where both do not need it at once.
  std::shared_ptr<class Executor> shared;
};

/// A new value of an argument.
struct Feed {
  size_t argument;  ///< its number
  NDArray value;    ///< of its shape and dtype
};

/// A symbol bound to arrays; what it promises stands in docs/executor.md. Thread safety: any.
///
/// What becomes of the symbol, each step made from the one before:
/// - `Symbol`: operators as the user wrote them. `passes/` rewrites it and adds gradients
///   (`TrainingGraph`).
/// - `LoweredGraph`: a list of operators that have kernels.
/// - `CompiledGraph`: the same with kernels chosen and memory planned. It alone runs steps.
/// - `InferenceGraph` is a CompiledGraph with recipes for its constants (`BoundConstants` makes
///   them); `TrainingProgram` is one with a backward part and what belongs to it. Both are
///   immutable and know no arrays.
/// - `BoundGraph`: a CompiledGraph with the arrays of one executor; what the engine is given.
class Executor {
 public:
  /// `args`, `grads` and `modes` follow list_arguments() (a grad may be none), `aux` follows
  /// list_auxiliary_states(). Throws: ValueError naming the argument whose array is missing or
  /// wrong.
  static std::shared_ptr<Executor> bind(const Symbol& symbol, std::vector<NDArray> args,
                                        std::vector<NDArray> grads, std::vector<WriteMode> modes,
                                        std::vector<NDArray> aux, const BindOptions& options);
  virtual ~Executor() = default;

  /// Queues copies of the new values and the computation, as one step; outputs() have their values
  /// when it is done.
  virtual void forward(bool is_train, std::span<const Feed> feeds = {}) = 0;
  /// Queues the gradients of the last forward. Head gradients may be left out where backward needs
  /// none. Throws: ValueError for a head gradient that is missing or has the wrong shape, and where
  /// there is no forward that it belongs to.
  virtual void backward(std::span<const NDArray> head_grads) = 0;
  /// The same arrays at all times, written by each forward.
  virtual const std::vector<NDArray>& outputs() const = 0;
  /// The outputs of the calling thread's last forward, in arrays that no later forward writes.
  virtual std::vector<NDArray> answers() = 0;

  virtual const Symbol& symbol() const = 0;
  virtual const std::vector<NDArray>& args() const = 0;
  virtual const std::vector<NDArray>& grads() const = 0;
  virtual const std::vector<NDArray>& aux() const = 0;
  /// Called with name and value of each result of forward and of each gradient in backward (with
  /// `all` also of what goes in), in the thread that runs them. An empty function ends that.
  using Monitor = std::function<void(const std::string& name, const NDArray& value)>;
  virtual void set_monitor(Monitor monitor, bool all) = 0;
  /// The plan in words; before the last line stands "Total <n> MB allocated", where scripts look.
  virtual std::string debug_str() = 0;
  /// The graph that inference runs after all passes.
  virtual Symbol optimized_symbol() = 0;
};

}  // namespace mx
