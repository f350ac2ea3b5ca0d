// What mxnet.profiler needs of the recorder.
#include "profile/profile.h"

#include "binding.h"

namespace mx::python {
namespace {

/// An interval of the program's own, from start() to stop().
class Interval {
 public:
  Interval(std::string category, std::string name, bool nests)
      : category_(std::move(category)), name_(std::move(name)), nests_(nests) {}
  void start() { begin_ = profile::now(); }
  void stop() {
    if (begin_ < 0) return;
    profile::record_interval(nests_ ? 'X' : 'b', category_, name_, begin_);
    begin_ = -1;
  }

 private:
  std::string category_, name_;
  bool nests_;
  double begin_ = -1;
};

nb::list statistics(bool forget) {
  nb::list list;
  for (const profile::Statistics& sum : profile::statistics(forget))
    list.append(nb::make_tuple(sum.category, sum.name, sum.count, sum.total, sum.least, sum.most,
                               sum.is_counter));
  return list;
}

}  // namespace

void bind_profile(nb::module_& m) {
  profile::name_thread("main");
  nb::class_<Interval>(m, "ProfileInterval", "An interval that the profiler shows.")
      .def(nb::init<std::string, std::string, bool>(), nb::arg("category"), nb::arg("name"),
           nb::arg("nests"))
      .def("start", &Interval::start, "Begin, or begin anew.")
      .def("stop", &Interval::stop, "End, and record what lies between.");
  m.def("profile_set_active", &profile::set_active, nb::arg("kinds"), nb::arg("aggregate"));
  m.def(
      "profile_counter",
      [](const std::string& category, const std::string& name, double value) {
        profile::record_counter(profile::kUser, category, name, value);
      },
      nb::arg("category"), nb::arg("name"), nb::arg("value"));
  m.def(
      "profile_instant",
      [](const std::string& category, const std::string& name, const std::string& scope) {
        profile::record_instant(category, name, scope.at(0));
      },
      nb::arg("category"), nb::arg("name"), nb::arg("scope"));
  m.def("profile_trace", &profile::trace, nb::arg("forget"), "The trace as Chrome's JSON.");
  m.def("profile_statistics", &statistics, nb::arg("forget"),
        "Tuples: category, name, count, total, least, most, whether it is a counter.");
}

}  // namespace mx::python
