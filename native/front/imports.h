// Replaces functions that a loaded shared library imports.
#pragma once

#include <dlfcn.h>

#include <bit>
#include <span>
#include <string>

namespace imgpeek {

// A function that stands in for the imported one of that name.
struct Replacement {
  const char* name;
  void (*function)();
};

// Points the imports of the loaded shared library whose path holds `library` at the replacements.
// False where there is no such library or it does not import all of them; some may then be
// replaced.
bool replace_imports(const std::string& library, std::span<const Replacement> replacements);

// Points `function` at what the process exports by that name, as Node does libuv's functions. False
// where there is none.
template <typename Function>
bool load(const char* name, Function*& function) {
  function = std::bit_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
  return function != nullptr;
}

}  // namespace imgpeek
