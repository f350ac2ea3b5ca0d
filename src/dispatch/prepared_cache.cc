#include "dispatch/prepared_cache.h"

#include <list>
#include <mutex>
#include <unordered_map>

#include "base/fork_safe_mutex.h"

namespace mx {
namespace {

/// What a prepared kernel depends on.
struct Key {
  const Kernel* kernel;
  Params params;
  std::vector<TensorDesc> in, out;
  bool is_train;
  int threads;  // libraries fix their parallel schedule when a primitive is made
  bool operator==(const Key&) const = default;
};

struct KeyHash {
  size_t operator()(const Key& key) const {
    size_t seed = hash_combine(std::hash<const void*>{}(key.kernel), key.params.hash());
    for (const auto* list : {&key.in, &key.out})
      for (const TensorDesc& t : *list) {
        seed = hash_combine(seed, codec::Codec<Shape>::hash(t.shape));
        seed = hash_combine(seed, static_cast<size_t>(t.dtype) * 8 + static_cast<size_t>(t.layout));
      }
    return hash_combine(
        seed, static_cast<size_t>(key.is_train) * 1024 + static_cast<size_t>(key.threads));
  }
};

class Cache {
 public:
  static constexpr size_t kCapacity = 1024;

  PreparedPtr find(const Key& key) {
    std::lock_guard lock(mutex_);
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return found->second->second;
  }

  void insert(Key key, PreparedPtr prepared) {
    std::lock_guard lock(mutex_);
    if (index_.count(key)) return;
    order_.emplace_front(key, std::move(prepared));
    index_.emplace(std::move(key), order_.begin());
    if (order_.size() <= kCapacity) return;
    index_.erase(order_.back().first);
    order_.pop_back();
  }

 private:
  ForkSafeMutex mutex_;
  std::list<std::pair<Key, PreparedPtr>> order_;
  std::unordered_map<Key, std::list<std::pair<Key, PreparedPtr>>::iterator, KeyHash> index_;
};

}  // namespace

PreparedPtr prepared_for(const Kernel& kernel, const KernelQuery& query) {
  static auto* cache = new Cache;
  Key key{&kernel,
          query.params,
          {query.in.begin(), query.in.end()},
          {query.out.begin(), query.out.end()},
          query.is_train,
          parallel_threads()};
  if (PreparedPtr found = cache->find(key)) return found;
  PreparedPtr made = kernel.prepare(query);
  cache->insert(std::move(key), made);
  return made;
}

}  // namespace mx
