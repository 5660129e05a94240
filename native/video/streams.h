// `video_streams`: one object a stream.
#pragma once

#include "value.h"
#include "video/container.h"

struct AVFormatContext;

namespace imgpeek {

// Every stream, attached pictures included, in the container's order. Keys in this order, each only
// where it is known: type, codec, duration (seconds), bps, fps (video), frequency (Hz) and layout
// (audio), language. What `plan` says of a stream or of the whole goes before the demuxer.
Array read_streams(AVFormatContext& format, const Plan& plan);

}  // namespace imgpeek
