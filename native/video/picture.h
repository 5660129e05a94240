// The size of a film's picture, or of a cover.
#pragma once

#include <optional>

#include "video/container.h"

struct AVFormatContext;
struct AVStream;

namespace imgpeek {

// True where there is a video stream that is not an attached picture.
bool has_moving_picture(const AVFormatContext& format);

// The size as shown of the first video stream that is not an attached picture, or else of the first
// attached picture. Empty where there is neither, or its size is not known.
std::optional<PictureSize> read_picture_size(const AVFormatContext& format);

// EXIF's orientation (1, 3, 6 or 8) that shows the stream's pictures as its display matrix does.
int read_orientation(const AVStream& stream);

}  // namespace imgpeek
