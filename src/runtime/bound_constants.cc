#include "runtime/bound_constants.h"

namespace mx {

BoundConstants::BoundConstants(std::shared_ptr<const InferenceGraph> graph,
                               std::shared_ptr<InferenceCache> cache, Device device, bool is_small)
    : graph_(std::move(graph)),
      cache_(std::move(cache)),
      device_(device),
      is_small_(is_small),
      reads_(constant_reads(graph_->constants())) {
  // They get their memory when they are computed.
  for (size_t i = 0; i < graph_->constants().size(); ++i)
    constants_.emplace_back(Shape{0}, DType::kUint8, device);
}

bool BoundConstants::is_current(const std::vector<NDArray>& inputs) const {
  if (constants_.empty()) return true;
  if (!writes_seen_) return false;
  for (size_t k = 0; k < reads_.size(); ++k)
    if (inputs[reads_[k]].var().scheduled_writes() != (*writes_seen_)[k]) return false;
  return true;
}

void BoundConstants::update(const std::vector<NDArray>& inputs,
                            const std::shared_ptr<Arena>& arena) {
  if (is_current(inputs)) return;
  std::vector<uint64_t> writes;
  for (size_t i : reads_) writes.push_back(inputs[i].var().scheduled_writes());
  queue(inputs, arena);
  writes_seen_ = std::move(writes);
}

void BoundConstants::queue(const std::vector<NDArray>& inputs,
                           const std::shared_ptr<Arena>& arena) {
  std::vector<Var*> reads, writes{&arena->var()};
  for (size_t i : reads_) reads.push_back(&inputs[i].var());
  for (const NDArray& constant : constants_) writes.push_back(&constant.var());
  auto work = [graph = graph_, cache = cache_, arena, device = device_, numbers = reads_, inputs,
               constants = constants_] {
    const std::vector<BufferPtr> buffers =
        shared_constants(graph->constants(), inputs, device, *arena);
    for (size_t i = 0; i < buffers.size(); ++i) constants[i].chunk()->share_contents(buffers[i]);
    std::vector<InferenceCache::Contents> contents;
    for (size_t i : numbers) contents.push_back({i, inputs[i].chunk()->contents_id()});
    cache->keep(*graph, contents, buffers);
  };
  std::optional<ScopedSerial> serial;  // as the graph itself
  if (is_small_) serial.emplace();
  Engine::get().push(std::move(work), reads, writes, is_small_, {"fold parameters"});
}

}  // namespace mx
