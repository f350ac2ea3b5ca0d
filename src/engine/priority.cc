#include "engine/priority.h"

#include <utility>

namespace mx {
namespace {

thread_local int thread_priority = 0;

}  // namespace

int current_priority() { return thread_priority; }

int set_priority(int priority) { return std::exchange(thread_priority, priority); }

}  // namespace mx
