#pragma once
#include <functional>
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
  bool fuse = true;        ///< the inference compiler (used when no gradient is asked for)
  bool recompute = false;  ///< save memory by computing cheap results again in the backward pass
  /// Executor whose memory for intermediate results is used too, if it is large enough.
  std::shared_ptr<class Executor> shared;
};

/// A symbol bound to arrays. Compiles lazily: the inference graph at the first forward(false), the
/// training graph at the first forward(true). Thread safety: none; CompiledGraph is the shared
/// part.
class Executor {
 public:
  /// `args`, `grads` and `modes` follow list_arguments() (a grad may be none), `aux` follows
  /// list_auxiliary_states(). Throws: ValueError naming the argument whose array is missing or
  /// wrong.
  static std::shared_ptr<Executor> bind(const Symbol& symbol, std::vector<NDArray> args,
                                        std::vector<NDArray> grads, std::vector<WriteMode> modes,
                                        std::vector<NDArray> aux, const BindOptions& options);
  virtual ~Executor() = default;

  /// Queues the computation; outputs() are there at once as arrays, their values when it is done.
  virtual void forward(bool is_train) = 0;
  /// Gradients of the last forward(true) into the grads. Head gradients may be left out for losses.
  virtual void backward(std::span<const NDArray> head_grads, bool is_train) = 0;
  virtual const std::vector<NDArray>& outputs() const = 0;

  virtual const Symbol& symbol() const = 0;
  virtual const std::vector<NDArray>& args() const = 0;
  virtual const std::vector<NDArray>& grads() const = 0;
  virtual const std::vector<NDArray>& aux() const = 0;
  /// Called with name and value of each node's outputs (and inputs with `all`) during forward;
  /// switches fusion off.
  using Monitor = std::function<void(const std::string& name, const NDArray& value)>;
  virtual void set_monitor(Monitor monitor, bool all) = 0;
  /// The plan in words; ends with "Total <n> MB allocated".
  virtual std::string debug_str() = 0;
  /// The graph that inference runs after all passes.
  virtual Symbol optimized_symbol() = 0;
};

}  // namespace mx
