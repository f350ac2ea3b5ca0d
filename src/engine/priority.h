#pragma once

namespace mx {

/// The priority of the operators that this thread invokes; 0 unless something else is set.
/// `set_priority` returns what was set before. Thread safety: each thread has its own.
int current_priority();
int set_priority(int priority);

}  // namespace mx
