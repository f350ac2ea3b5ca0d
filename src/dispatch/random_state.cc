#include "dispatch/random_state.h"

#include <map>

#include "engine/engine.h"

namespace mx {
namespace {

struct States {
  std::mutex mutex;
  uint32_t seed = 0;
  std::map<std::pair<DeviceType, int32_t>, std::unique_ptr<RandomState>> by_device;
};

States& states() {
  static auto* instance = new States;
  return *instance;
}

std::pair<DeviceType, int32_t> key_of(Device device) {
  const Device compute = device.compute();
  return compute.type == DeviceType::kCpu ? std::pair(DeviceType::kCpu, int32_t{0})
                                          : std::pair(compute.type, compute.id);
}

}  // namespace

void RandomState::seed(uint32_t pool_seed, uint32_t single_seed) {
  std::lock_guard lock(mutex_);
  pool_seed_ = pool_seed;
  single_seed_ = single_seed;
  for (auto& stream : pool_) stream.reset();
  single_.reset();
  generators_.clear();
}

std::mt19937* RandomState::generators() {
  std::lock_guard lock(mutex_);
  for (int64_t i = static_cast<int64_t>(generators_.size()); i < kStreams; ++i)
    generators_.emplace_back(pool_seed_ + static_cast<uint32_t>(i));
  return generators_.data();
}

RandomState& random_state(Device device) {
  States& all = states();
  std::lock_guard lock(all.mutex);
  auto& state = all.by_device[key_of(device)];
  if (!state) {
    state = std::make_unique<RandomState>();
    state->seed(127 * all.seed, 127 * all.seed);
  }
  return *state;
}

void seed_all(uint32_t seed) {
  Engine::get().wait_idle();  // draws that were asked for before come from the old sequence
  States& all = states();
  std::lock_guard lock(all.mutex);
  all.seed = seed;
  for (auto& [device, state] : all.by_device) state->seed(127 * seed, 127 * seed);
}

void seed_device(uint32_t seed, Device device) {
  RandomState& state = random_state(device);
  Engine::get().wait_idle();
  state.seed(127 * seed, seed);
}

}  // namespace mx
