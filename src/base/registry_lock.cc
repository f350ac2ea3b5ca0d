#include "base/registry_lock.h"

#include <shared_mutex>

#include "base/error.h"

namespace mx {
namespace {

std::shared_mutex& registry_mutex() {
  static auto* mutex = new std::shared_mutex;  // registries are read until the process has ended
  return *mutex;
}

/// Locks that this thread holds, one inside the other; only the outermost takes the mutex.
thread_local int held = 0;

}  // namespace

RegistryReading::RegistryReading() {
  if (held++ == 0) registry_mutex().lock_shared();
}

RegistryReading::~RegistryReading() {
  if (--held == 0) registry_mutex().unlock_shared();
}

RegistryFilling::RegistryFilling() {
  internal_check(held == 0, "registry: a library is opened while something is looked up");
  registry_mutex().lock();
  ++held;
}

RegistryFilling::~RegistryFilling() {
  --held;
  registry_mutex().unlock();
}

}  // namespace mx
