// The size of a film's picture, or of a cover.
#pragma once

#include <optional>

#include "video/container.h"

struct AVFormatContext;

namespace imgpeek {

// True where there is a video stream that is not an attached picture.
bool has_moving_picture(const AVFormatContext& format);

// The size as shown of the first video stream that is not an attached picture, or else of the first
// attached picture. Empty where there is neither, or its size is not known.
std::optional<PictureSize> read_picture_size(const AVFormatContext& format);

}  // namespace imgpeek
