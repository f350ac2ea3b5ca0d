#include "runtime/bound_constants.h"

namespace mx {

BoundConstants::BoundConstants(std::shared_ptr<const InferenceGraph> graph,
                               std::shared_ptr<InferenceCache> cache, std::shared_ptr<Arena> arena,
                               Device device)
    : graph_(std::move(graph)),
      cache_(std::move(cache)),
      arena_(std::move(arena)),
      device_(device),
      reads_(constant_reads(graph_->constants())) {
  // They get their memory when they are computed.
  for (size_t i = 0; i < graph_->constants().size(); ++i)
    constants_.emplace_back(Shape{0}, DType::kUint8, device);
}

const std::vector<NDArray>& BoundConstants::update(const std::vector<NDArray>& arrays) {
  if (constants_.empty()) return constants_;
  std::vector<uint64_t> writes;
  for (size_t i : reads_) writes.push_back(arrays[i].var().scheduled_writes());
  if (writes == writes_seen_) return constants_;
  queue(arrays);
  writes_seen_ = std::move(writes);
  return constants_;
}

void BoundConstants::queue(const std::vector<NDArray>& arrays) {
  std::vector<Var*> reads, writes{&arena_->var()};
  for (size_t i : reads_) reads.push_back(&arrays[i].var());
  for (const NDArray& constant : constants_) writes.push_back(&constant.var());
  auto work = [graph = graph_, cache = cache_, arena = arena_, device = device_, numbers = reads_,
               arrays, constants = constants_] {
    std::vector<BufferPtr> buffers = shared_constants(graph->constants(), arrays, device, *arena);
    for (size_t i = 0; i < buffers.size(); ++i) constants[i].chunk()->share_contents(buffers[i]);
    std::vector<uint64_t> contents;
    for (size_t i : numbers) contents.push_back(arrays[i].chunk()->contents_id());
    cache->keep(*graph, std::move(contents), std::move(buffers));
  };
  Engine::get().push(std::move(work), reads, writes, false, "fold parameters");
}

}  // namespace mx
