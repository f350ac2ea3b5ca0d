#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "library/graph_tools.h"

namespace mx::library {

/// What libraries brought of one kind, by name; the newest counts. Thread safety: any.
template <typename T>
class Registered {
 public:
  void add(const std::string& name, T entry) {
    std::lock_guard lock(mutex_);
    by_name_[name] = std::move(entry);
  }
  std::optional<T> find(const std::string& name) const {
    std::lock_guard lock(mutex_);
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? std::nullopt : std::optional<T>(found->second);
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, T> by_name_;
};

template <typename T>
Registered<T>& registered() {
  static auto* instance = new Registered<T>;
  return *instance;
}

/// The two ways of optimize_for; nothing when no library has one of that name.
std::optional<Optimized> run_pass(const Symbol& symbol, const std::string& name,
                                  const OptimizeRequest& request);
std::optional<Optimized> run_partitioner(const Symbol& symbol, const std::string& name,
                                         const OptimizeRequest& request);

}  // namespace mx::library
