#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Records what runs and how long, for `mx.profiler`. Costs one relaxed load where nothing is
/// recorded. Thread safety: any function of this file.
namespace mx::profile {

/// What may be recorded; bits of a set.
enum Kind : uint32_t {
  kSymbolic = 1,    ///< operators of graphs
  kImperative = 2,  ///< operators of eager calls
  kMemory = 4,      ///< memory in use
  kApi = 8,         ///< calls of the library
  kUser = 16,       ///< tasks, frames, events, counters and markers of the program
  kAnyOperator = kSymbolic | kImperative,
};

namespace detail {
// One for all libraries: an inline variable would be hidden in each of them.
extern std::atomic<uint32_t> active;
extern constinit thread_local std::string_view node;
}  // namespace detail

/// Whether something is recorded now, or one of `kinds`.
inline bool is_on(uint32_t kinds = ~0u) {
  return (detail::active.load(std::memory_order_relaxed) & kinds) != 0;
}
/// Sets what is recorded from now on; 0 ends it. `aggregate` says whether statistics are kept.
void set_active(uint32_t kinds, bool aggregate);

/// An interval of the calling thread, from construction to destruction. Those of a thread nest.
class Span {
 public:
  /// `category` must live for ever.
  Span(Kind kind, const char* category, std::string_view name) {
    if (is_on(kind)) [[unlikely]]
      begin(category, name);
  }
  /// An operator: of a graph inside of a NodeScope, else of an eager call.
  explicit Span(std::string_view op) {
    if (is_on(kAnyOperator) && is_on(detail::node.data() ? kSymbolic : kImperative)) [[unlikely]]
      begin("operator", op);
  }
  ~Span() {
    if (open_) [[unlikely]]
      end();
  }
  Span(const Span&) = delete;
  Span& operator=(const Span&) = delete;

  explicit operator bool() const { return open_ != nullptr; }
  /// Shown with the interval. To be called only where the span is on.
  void add(std::string_view key, std::string_view text);
  void add(std::string_view key, double number);

 private:
  struct Open;  ///< what is recorded so far
  void begin(const char* category, std::string_view name);
  void end();

  Open* open_ = nullptr;
};

/// Tells the spans inside to which node of a graph they belong.
class NodeScope {
 public:
  explicit NodeScope(std::string_view name) : before_(detail::node) {
    detail::node = name.data() ? name : std::string_view("", 0);
  }
  ~NodeScope() { detail::node = before_; }
  NodeScope(const NodeScope&) = delete;
  NodeScope& operator=(const NodeScope&) = delete;

 private:
  std::string_view before_;
};

/// The node whose scope the calling thread is in; empty outside of one.
inline std::string_view current_node() { return detail::node; }

/// What the calling thread is called; `name` must live for ever.
void name_thread(const char* name);

/// Microseconds since the library was loaded.
double now();
/// An interval of the program's own, which may have begun in another thread. `phase` is that of
/// Chrome's format: 'X' for one that nests in its thread, 'b' for one that need not.
void record_interval(char phase, const std::string& category, const std::string& name,
                     double begin);
/// A counter's new value.
void record_counter(Kind kind, const std::string& category, const std::string& name, double value);
/// A moment; `scope` is 'p', 't' or 'g': it matters to the process, the thread or all.
void record_instant(const std::string& category, const std::string& name, char scope);

/// What was recorded, as Chrome's JSON. With `forget` it begins anew.
std::string trace(bool forget);

/// Sums for one name; times in milliseconds, counters in their unit.
struct Statistics {
  std::string category, name;
  int64_t count = 0;
  double total = 0, least = 0, most = 0;
  bool is_counter = false;
};
/// In the order of categories and names. With `forget` they begin anew.
std::vector<Statistics> statistics(bool forget);

}  // namespace mx::profile
