# What the build takes from the system. All of it is looked for before anything else happens, so that
# one message names everything that is missing and the one command that installs it.
set(MX_MISSING)
set(MX_MISSING_PACKAGES)

# Notes `name` as missing, with the package of Debian and Ubuntu that brings it, unless `found` is.
macro(mx_require name package found)
  if(NOT ${found})
    list(APPEND MX_MISSING "${name}")
    list(APPEND MX_MISSING_PACKAGES ${package})
  endif()
endmacro()

set(MX_CXX ${CMAKE_CXX_COMPILER} $ENV{CXX})
if(NOT MX_CXX)
  find_program(MX_CXX NAMES c++ g++ clang++)
endif()
find_path(MX_JPEG_HEADER jpeglib.h)
find_path(MX_PNG_HEADER png.h)
find_path(MX_JSON_HEADER nlohmann/json.hpp)
find_path(MX_HWY_HEADER hwy/contrib/sort/vqsort.h)
find_path(MX_BOOST_HEADERS boost/beast/version.hpp)
mx_require("a C++20 compiler (GCC 12 or later)" g++ MX_CXX)
mx_require("libjpeg-turbo" libjpeg-dev MX_JPEG_HEADER)
mx_require("libpng" libpng-dev MX_PNG_HEADER)
mx_require("nlohmann/json" nlohmann-json3-dev MX_JSON_HEADER)
mx_require("Boost" libboost-dev MX_BOOST_HEADERS)
mx_require("Highway" libhwy-dev MX_HWY_HEADER)
find_package(Python COMPONENTS Interpreter REQUIRED)
if(MX_BUILD_PYTHON)
  execute_process(OUTPUT_VARIABLE MX_PYTHON_INCLUDE OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND ${Python_EXECUTABLE} -c "import sysconfig; print(sysconfig.get_path('include'))")
  find_file(MX_PYTHON_HEADER Python.h PATHS ${MX_PYTHON_INCLUDE})
  mx_require("the headers of Python" python3-dev MX_PYTHON_HEADER)
endif()
if(MX_BUILD_TESTS)
  find_path(MX_GTEST_HEADER gmock/gmock.h)
  mx_require("GoogleTest" "libgtest-dev;libgmock-dev" MX_GTEST_HEADER)
endif()

if(MX_MISSING)
  list(JOIN MX_MISSING ", " names)
  list(JOIN MX_MISSING_PACKAGES " " packages)
  message(FATAL_ERROR "remx: building needs what is missing here: ${names}\n"
    "On Debian or Ubuntu, as root, this installs it:\n"
    "  apt-get install ${packages}\n")
endif()

# OpenBLAS comes from the Python package scipy-openblas32, as oneDNN from its own.
execute_process(OUTPUT_VARIABLE MX_OPENBLAS OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET
  COMMAND ${Python_EXECUTABLE} -c "import importlib.util as i; \
print(i.find_spec('scipy_openblas32').submodule_search_locations[0] + '/lib/libscipy_openblas.so')")
if(NOT EXISTS "${MX_OPENBLAS}")
  message(FATAL_ERROR "remx: building needs OpenBLAS, which ${Python_EXECUTABLE} does not have\n"
    "`make setup` installs it, with the other packages of requirements-dev.txt\n")
endif()
