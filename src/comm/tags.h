#pragma once

namespace mx::comm {

/// Tags of messages: transfers have those from kFirstFreeTag on, which their callers choose.
inline constexpr int kBeatTag = 1;
inline constexpr int kServiceTag = 2;  ///< what `Communicator::serve` receives
inline constexpr int kFirstFreeTag = 16;

}  // namespace mx::comm
