#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "comm/heartbeat.h"

namespace mx::comm {

/// How far a rank is, for whoever started the job.
struct Report {
  int rank = 0, size = 1;
  Beat::State state = Beat::State::kRuns;
  int64_t step = 0;
  double samples = 0;      ///< of all steps of this rank
  int waited_for = -1;     ///< the rank that this one has waited for most since the last report
  double waited = 0;       ///< and for how many seconds
  std::string host, last;  ///< as in Beat
  std::string failure;     ///< why the job has failed; empty while it has not
};

/// The text of a report: its fields in this order behind `secret`, with tabs between.
std::string report_text(const std::string& secret, const Report& report);

/// Sends reports to whoever started the job, as datagrams: one that is lost does no harm, and
/// nobody who reads slowly, or has left, makes a rank wait. Thread safety: one thread at a time.
class Reporter {
 public:
  /// `where` is "SECRET PORT ADDRESS ...", with addresses in numbers; empty for nobody.
  /// Throws: ValueError that names REMX_MONITOR for any other text.
  explicit Reporter(const std::string& where);
  ~Reporter();
  Reporter(const Reporter&) = delete;
  Reporter& operator=(const Reporter&) = delete;

  bool is_wanted() const { return !sockets_.empty(); }
  void send(const Report& report);

 private:
  std::string secret_;
  std::vector<int> sockets_;  ///< connected, one for each address
};

}  // namespace mx::comm
