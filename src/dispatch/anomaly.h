#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "dispatch/kernel.h"

/// Looking at every result for NaN and Inf, for `mx.autograd.detect_anomaly()` and
/// `MXNET_CHECK_NAN`. Costs one relaxed load where it is off. Thread safety: any function of this
/// file.
namespace mx::anomaly {

namespace detail {
extern std::atomic<int> depth;  ///< one for all libraries
}

/// Whether results are looked at, by all threads.
inline bool is_on() { return detail::depth.load(std::memory_order_relaxed) > 0; }
/// Switch it on, and off again; both count.
void begin();
void end();

/// Sets what tells where the user's program is. It is called in the thread that calls an operator,
/// while nothing is held.
void set_source_hook(std::string (*hook)());
/// Where the user's program called what the calling thread is about to run: what the scope around
/// says, or the hook. Empty when it is off.
std::string current_source();

/// Says where what runs inside was called.
class SourceScope {
 public:
  /// Where the program is now.
  SourceScope() {
    if (is_on()) [[unlikely]]
      enter(current_source());
  }
  /// What was kept of another scope; an empty text leaves what the scope around says.
  explicit SourceScope(const std::string& source) {
    if (!source.empty()) [[unlikely]]
      enter(source);
  }
  ~SourceScope() {
    if (source_) [[unlikely]]
      leave();
  }
  SourceScope(const SourceScope&) = delete;
  SourceScope& operator=(const SourceScope&) = delete;

 private:
  void enter(std::string source);
  void leave();

  std::unique_ptr<const std::string> source_;  ///< nullptr where nothing is looked at
  const std::string* before_ = nullptr;
};

/// Whether all values are finite. Integers are, and so are tensors whose layout is a library's own.
bool all_finite(Inputs tensors, const KernelContext& context);
/// Throws: ValueError that names operator, node and the user's line when a wanted output holds NaN
/// or Inf.
void check_results(std::string_view op, Outputs out, const KernelContext& context);

}  // namespace mx::anomaly
