#pragma once
#include <memory>
#include <vector>

#include "ndarray/ndarray.h"

namespace mx {

/// What each thread got from its last forward on one executor, in arrays that no later forward
/// writes. They share memory with the outputs until those are written again, so that nothing is
/// copied. Thread safety: none; the executor's lock guards it.
class ThreadAnswers {
 public:
  /// To be called by the thread that is about to write `outputs` anew.
  void begin_forward(const std::vector<NDArray>& outputs);
  /// Of the calling thread's last forward; of the last one at all if it ran none. Throws:
  /// ValueError if there was no forward.
  std::vector<NDArray> get(const std::vector<NDArray>& outputs);

 private:
  using Thread = std::shared_ptr<const char>;
  struct Kept {
    std::weak_ptr<const char> thread;
    std::vector<NDArray> answers;
  };
  static const Thread& this_thread();

  bool begun_ = false;
  std::weak_ptr<const char> last_;  ///< thread whose answers the outputs are
  std::vector<NDArray> current_;    ///< the same in arrays of their own, once somebody asked
  std::vector<Kept> kept_;          ///< of other threads
};

}  // namespace mx
