// `video_meta`: the container's tags.
#pragma once

#include "value.h"

struct AVDictionary;

namespace imgpeek {

// The tags with their keys as they are, values as valid UTF-8. Empty values are left out.
Object read_tags(const AVDictionary* tags);

}  // namespace imgpeek
