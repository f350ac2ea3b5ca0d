#include "runtime/inference_cache.h"

#include <algorithm>
#include <unordered_map>

#include "base/env.h"
#include "runtime/shared_table.h"

namespace mx {
namespace {

using GraphTable = SharedTable<InferenceKey, const InferenceGraph>;

GraphTable& table() {
  static auto* instance = new GraphTable;
  return *instance;
}

std::atomic<size_t> compiled{0};

InferenceKey key_of(const InferenceRequest& request) {
  const std::vector<Value>& outputs = request.symbol.outputs();
  const auto descs = [&](Node& node) {
    std::vector<TensorDesc> found;
    if (!node.is_variable()) return found;
    const TensorType& type = request.types.at({node.shared_from_this(), 0});
    found.push_back({type.shape, type.dtype});
    return found;
  };
  InferenceKey key;
  key.graph = GraphKey(topological_order(outputs), outputs, descs, true);
  key.device = request.options.device;
  key.parameters = request.parameters;
  key.fuse = request.fuse;
  key.dtype = request.dtype;
  key.inplace = request.options.inplace;
  key.share = request.options.share;
  key.threads = parallel_threads();
  key.forced = forced_kernels_version();
  return key;
}

}  // namespace

InferenceCache::InferenceCache()
    : capacity_(static_cast<size_t>(env::integer("REMX_INFERENCE_CACHE", 0, 1'000'000))) {}

std::shared_ptr<const InferenceGraph> InferenceCache::get(const InferenceRequest& request) {
  InferenceKey key = key_of(request);
  if (auto found = find(key)) return found;
  const auto graph = table().get(key, [&] {
    ++compiled;
    return std::make_shared<const InferenceGraph>(request);
  });
  insert(std::move(key), graph);
  return graph;
}

std::shared_ptr<const InferenceGraph> InferenceCache::find(const InferenceKey& key) {
  std::lock_guard lock(mutex_);
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.key == key; });
  if (found == entries_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found);
  return entries_.front().graph;
}

void InferenceCache::insert(InferenceKey key, const std::shared_ptr<const InferenceGraph>& graph) {
  std::list<Entry> left;  // released without the lock
  std::lock_guard lock(mutex_);
  entries_.push_front({std::move(key), graph, {}, {}});
  while (entries_.size() > capacity_)
    left.splice(left.begin(), entries_, std::prev(entries_.end()));
}

void InferenceCache::keep(const InferenceGraph& graph, const std::vector<Contents>& contents,
                          const std::vector<BufferPtr>& constants) {
  std::unordered_map<size_t, uint64_t> now;
  for (const Contents& each : contents) now.emplace(each.parameter, each.id);
  const auto has_changed = [&](const Contents& before) {
    const auto found = now.find(before.parameter);
    return found != now.end() && found->second != before.id;
  };
  std::lock_guard lock(mutex_);
  for (Entry& entry : entries_) {
    if (entry.graph.get() == &graph) {
      entry.contents = contents;
      entry.constants = constants;
    } else if (std::any_of(entry.contents.begin(), entry.contents.end(), has_changed)) {
      entry.constants.clear();
    }
  }
}

InferenceStatistics inference_statistics() {
  InferenceStatistics statistics{0, compiled};
  table().for_each([&](const InferenceGraph&) { ++statistics.alive; });
  return statistics;
}

}  // namespace mx
