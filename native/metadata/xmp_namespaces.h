// The namespaces of XMP (ISO 16684-1, chapter 8, and those of other makers) by their usual prefix.
#pragma once

#include <string_view>

namespace imgpeek {

// The prefix that the namespace `uri` usually has, or nothing where it is not known. A slash or
// hash at its end counts for nothing: writers differ. Lives for ever.
std::string_view usual_prefix(std::string_view uri);

}  // namespace imgpeek
