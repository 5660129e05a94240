// Names of channel layouts, as libavutil has them.
#pragma once

#include <string>

struct AVCodecParameters;

namespace imgpeek {

// The layout's name, such as "stereo" or "5.1(side)": the container's where it says, else the one
// that the codec prescribes for its number of channels. Empty where neither is known.
std::string layout_name(const AVCodecParameters& codec);

// Sets rate and channels of AAC by its AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1), where there
// is one. Flash's flags say nothing of them.
void read_aac_configuration(AVCodecParameters& codec);

}  // namespace imgpeek
