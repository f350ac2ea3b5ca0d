#include "profile/profile.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "base/error.h"
#include "base/fork_safe_mutex.h"
#include "base/param_codec.h"

namespace mx::profile {

std::atomic<uint32_t> detail::active{0};
constinit thread_local std::string_view detail::node;

namespace {

/// One entry of the trace.
struct Event {
  char phase;  ///< of Chrome's format
  std::string category, name;
  double begin, duration;  ///< microseconds
  int thread;
  std::string arguments;  ///< members of a JSON object
  char scope = 'p';       ///< of an instant
};

struct Recorder {
  ForkSafeMutex mutex;
  // Guarded by mutex.
  std::vector<Event> events;
  std::map<std::pair<std::string, std::string>, Statistics> sums;
  std::vector<std::string> threads;  ///< names by number
  bool aggregates = false;
};

Recorder& recorder() {
  static auto* instance = new Recorder;  // threads use it to the end
  return *instance;
}

const std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();

thread_local const char* thread_name = nullptr;
thread_local int thread_number = -1;

/// The number of the calling thread. To be called while the recorder's mutex is held.
int this_thread(Recorder& all) {
  if (thread_number < 0) {
    thread_number = static_cast<int>(all.threads.size());
    all.threads.push_back(thread_name ? thread_name : concat("caller ", thread_number));
  }
  return thread_number;
}

std::string quoted(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      (result += '\\') += c;
    else if (static_cast<unsigned char>(c) < 0x20)
      ((result += "\\u00") += kDigits[c >> 4]) += kDigits[c & 15];
    else
      result += c;
  }
  return result += '"';
}

void member(std::string& object, std::string_view key, const std::string& value) {
  if (!object.empty()) object += ", ";
  object += quoted(key) + ": " + value;
}

void sum_up(Recorder& all, const Event& event, double value, bool is_counter) {
  if (!all.aggregates) return;
  Statistics& sum = all.sums[{event.category, event.name}];
  if (sum.count == 0) sum = {event.category, event.name, 0, 0, value, value, is_counter};
  ++sum.count;
  sum.total += value;
  sum.least = std::min(sum.least, value);
  sum.most = std::max(sum.most, value);
}

/// Keeps an event of the calling thread. `value` is what statistics are made of.
void keep(Event event, double value, bool is_counter) {
  Recorder& all = recorder();
  std::lock_guard lock(all.mutex);
  event.thread = this_thread(all);
  sum_up(all, event, value, is_counter);
  all.events.push_back(std::move(event));
}

std::string json_of(const Event& event, char phase, double time) {
  std::string object;
  member(object, "name", quoted(event.name));
  member(object, "cat", quoted(event.category));
  member(object, "ph", quoted({&phase, 1}));
  member(object, "ts", codec::print_double(time));
  if (phase == 'X') member(object, "dur", codec::print_double(event.duration));
  if (phase == 'b' || phase == 'e') member(object, "id", std::to_string(event.thread));
  if (phase == 'i') member(object, "s", quoted({&event.scope, 1}));
  member(object, "pid", "0");
  member(object, "tid", std::to_string(event.thread));
  if (!event.arguments.empty()) member(object, "args", "{" + event.arguments + "}");
  return "{" + object + "}";
}

std::string thread_json(const std::string& name, size_t number) {
  return concat("{\"name\": \"thread_name\", \"ph\": \"M\", \"pid\": 0, \"tid\": ", number,
                ", \"args\": {\"name\": ", quoted(name), "}}");
}

}  // namespace

void set_active(uint32_t kinds, bool aggregate) {
  {
    Recorder& all = recorder();
    std::lock_guard lock(all.mutex);
    all.aggregates = aggregate;
  }
  detail::active = kinds;
}

struct Span::Open {
  const char* category;
  std::string name, arguments;
  double begin;
};

void Span::begin(const char* category, std::string_view name) {
  open_ = new Open{category, std::string(name), "", now()};
}

void Span::add(std::string_view key, std::string_view text) {
  member(open_->arguments, key, quoted(text));
}

void Span::add(std::string_view key, double number) {
  member(open_->arguments, key, codec::print_double(number));
}

void Span::end() {
  const std::unique_ptr<Open> open(open_);
  if (!detail::node.empty()) add("node", detail::node);
  const double duration = now() - open->begin;
  keep({'X', open->category, std::move(open->name), open->begin, duration, 0,
        std::move(open->arguments)},
       duration / 1000, false);
}

void name_thread(const char* name) { thread_name = name; }

double now() {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
      .count();
}

void record_interval(char phase, const std::string& category, const std::string& name,
                     double begin) {
  if (!is_on(kUser)) return;
  const double duration = now() - begin;
  keep({phase, category, name, begin, duration, 0, ""}, duration / 1000, false);
}

void record_counter(Kind kind, const std::string& category, const std::string& name, double value) {
  if (!is_on(kind)) return;
  std::string arguments;
  member(arguments, name, codec::print_double(value));
  keep({'C', category, name, now(), 0, 0, std::move(arguments)}, value, true);
}

void record_instant(const std::string& category, const std::string& name, char scope) {
  if (!is_on(kUser)) return;
  keep({'i', category, name, now(), 0, 0, "", scope}, 0, false);
}

std::string trace(bool forget) {
  std::vector<Event> events;
  std::vector<std::string> threads;
  {
    Recorder& all = recorder();
    std::lock_guard lock(all.mutex);
    threads = all.threads;
    if (forget)
      events.swap(all.events);
    else
      events = all.events;
  }
  // In the order of their beginnings, outer intervals first, as viewers expect nesting.
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.duration > b.duration;
  });
  std::string text =
      "{\"traceEvents\": [\n{\"name\": \"process_name\", \"ph\": \"M\", \"pid\": 0, "
      "\"args\": {\"name\": \"Remx\"}}";
  for (size_t i = 0; i < threads.size(); ++i) text += ",\n" + thread_json(threads[i], i);
  for (const Event& event : events) {
    text += ",\n" + json_of(event, event.phase, event.begin);
    if (event.phase == 'b') text += ",\n" + json_of(event, 'e', event.begin + event.duration);
  }
  return text + "\n], \"displayTimeUnit\": \"ms\"}\n";
}

std::vector<Statistics> statistics(bool forget) {
  Recorder& all = recorder();
  std::lock_guard lock(all.mutex);
  std::vector<Statistics> list;
  for (const auto& [key, sum] : all.sums) list.push_back(sum);
  if (forget) all.sums.clear();
  return list;
}

}  // namespace mx::profile
