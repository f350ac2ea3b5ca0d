#pragma once
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "runtime/arena.h"
#include "runtime/cached_inference.h"
#include "runtime/cached_symbol.h"
#include "runtime/cached_training.h"

namespace mx {

/// A symbol as a function of arrays, compiled once for each combination of their types: what
/// hybridize() makes of a network. While recording, a call leaves one computation on the tape.
/// The contract is docs/cached_op.md. Thread safety: any.
class CachedOp {
 public:
  /// Throws: ValueError for flags that are not known or malformed.
  CachedOp(Symbol symbol, const AttrMap& flags);
  ~CachedOp();

  /// Applies the symbol to arrays in the order of list_inputs(), in the thread's modes. `device` is
  /// where a symbol without inputs runs. The outputs are new arrays.
  /// Throws: ValueError for arrays that do not fit; otherwise as operators do.
  std::vector<NDArray> operator()(std::span<const NDArray> in, Device device);

  /// Called with name, operator and value of each result (with `all` also of what goes in) of all
  /// later calls, which run node by node; in the thread that calls, while nothing is recorded. An
  /// empty function ends that.
  using Hook =
      std::function<void(const std::string& name, const std::string& op, const NDArray& value)>;
  void set_hook(Hook hook, bool all);

  const Symbol& symbol() const { return symbol_->symbol; }

 private:
  /// What a call is compiled for.
  struct Call {
    std::span<const NDArray> in;
    Device device;
    bool is_train = false;
    bool trains = false;            ///< by a training program
    std::vector<bool> wanted = {};  ///< inputs whose gradients are
  };
  struct Entry {
    Entry(const std::shared_ptr<const CachedSymbol>& symbol, const Call& call,
          const std::shared_ptr<InferenceCache>& cache);
    bool fits(const Call& call) const;

    std::vector<TensorType> in;
    Device device;
    bool is_train, trains;
    std::vector<bool> wanted;
    std::unique_ptr<CachedInference> inference;
    std::shared_ptr<const CachedTraining> training;
  };
  void check(std::span<const NDArray> in, Device device) const;
  /// What shows each node to the hook; nullptr where there is none.
  std::shared_ptr<const NodeVisit> hook();
  std::vector<NDArray> run_pieces(std::span<const NDArray> in, Device device) const;
  std::vector<NDArray> train(const Call& call, bool record);
  /// What is compiled for the call, most recently used first; made where there is none.
  std::shared_ptr<const Entry> entry(const Call& call);

  std::shared_ptr<const CachedSymbol> symbol_;
  std::unique_ptr<const class GraphPieces> pieces_;  ///< of a symbol with user's code
  std::shared_ptr<InferenceCache> cache_;
  std::shared_ptr<ArenaPool> arenas_;
  size_t capacity_;
  std::mutex mutex_;  ///< guards entries_; its holder may compile, but never waits for the engine
  std::list<std::shared_ptr<const Entry>> entries_;
  std::mutex hook_mutex_;  ///< guards hook_; held for a copy only
  std::shared_ptr<const NodeVisit> hook_;
};

}  // namespace mx
