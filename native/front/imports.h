// Replaces functions that a loaded shared library imports.
#pragma once

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

}  // namespace imgpeek
