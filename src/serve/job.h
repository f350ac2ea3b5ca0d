#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mx::serve {

using Clock = std::chrono::steady_clock;
using Shape = std::vector<int64_t>;

/// A request that waits in a queue for its answer.
class Job {
 public:
  Job(int64_t rows, std::string key) : rows(rows), key(std::move(key)) {}
  virtual ~Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  const int64_t rows;                            ///< rows of a batch that it takes
  const std::string key;                         ///< equal for jobs that may share a batch; "" for
                                                 ///< one that comes alone
  const Clock::time_point since = Clock::now();  ///< when it came
  std::atomic<bool> is_over{false};              ///< nobody waits for its answer any more
};

using JobPtr = std::shared_ptr<Job>;

/// The key of requests whose inputs have rows of these shapes.
std::string key_of_rows(const std::vector<Shape>& shapes);

}  // namespace mx::serve
