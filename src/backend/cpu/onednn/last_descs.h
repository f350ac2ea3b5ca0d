#pragma once
#include <algorithm>
#include <vector>

#include "backend/cpu/onednn/onednn.h"
#include "base/parallel.h"

namespace mx::onednn {

/// What oneDNN answered to the last questions. While a graph is compiled each layer asks several
/// times for an implementation, and layers are often alike; an answer costs more than all else.
/// `Desc` is a primitive_desc; one that is empty is an answer, too. Thread safety: none; to be
/// thread_local.
template <typename Desc, typename Options = bool>
class LastDescs {
 public:
  /// The answer to a query with further `options`; asks `make()` if it is new.
  template <typename Make>
  Desc get(const KernelQuery& query, const Options& options, const Make& make) {
    const int threads = parallel_threads();
    for (const Entry& entry : entries_)
      if (entry.options == options && entry.threads == threads && entry.params == query.params &&
          std::ranges::equal(entry.in, query.in) && std::ranges::equal(entry.out, query.out))
        return entry.desc;
    Entry entry{{query.in.begin(), query.in.end()},
                {query.out.begin(), query.out.end()},
                query.params,
                options,
                threads,
                make()};
    if (entries_.size() < kKept)
      entries_.push_back(entry);
    else
      entries_[next_++ % kKept] = entry;
    return entry.desc;
  }

 private:
  static constexpr size_t kKept = 8;
  struct Entry {
    std::vector<TensorDesc> in, out;
    Params params;
    Options options;
    int threads;
    Desc desc;
  };
  std::vector<Entry> entries_;
  size_t next_ = 0;
};

}  // namespace mx::onednn
