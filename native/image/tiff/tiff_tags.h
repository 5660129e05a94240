// The tags of TIFF directories that readers look for.
#pragma once

#include <cstdint>

namespace imgpeek {

// TIFF 6.0, sections 8 to 23, and its supplements.
inline constexpr std::uint16_t kNewSubfileType = 254;
inline constexpr std::uint16_t kSubfileType = 255;
inline constexpr std::uint16_t kImageWidth = 256;
inline constexpr std::uint16_t kImageLength = 257;
inline constexpr std::uint16_t kBitsPerSample = 258;
inline constexpr std::uint16_t kCompression = 259;
inline constexpr std::uint16_t kPhotometricInterpretation = 262;
inline constexpr std::uint16_t kMake = 271;
inline constexpr std::uint16_t kModel = 272;
inline constexpr std::uint16_t kStripOffsets = 273;
inline constexpr std::uint16_t kOrientation = 274;
inline constexpr std::uint16_t kSamplesPerPixel = 277;
inline constexpr std::uint16_t kRowsPerStrip = 278;
inline constexpr std::uint16_t kStripByteCounts = 279;
inline constexpr std::uint16_t kPageNumber = 297;
inline constexpr std::uint16_t kColorMap = 320;
inline constexpr std::uint16_t kSubIfds = 330;
inline constexpr std::uint16_t kInkSet = 332;
inline constexpr std::uint16_t kExtraSamples = 338;
inline constexpr std::uint16_t kSampleFormat = 339;
inline constexpr std::uint16_t kJpegInterchangeFormat = 513;
inline constexpr std::uint16_t kYcbcrSubsampling = 530;

// Metadata: XMP Specification Part 3, 3.2.1; RichTIFF; Photoshop's TIFF notes.
inline constexpr std::uint16_t kXmp = 700;
inline constexpr std::uint16_t kIptc = 33723;
inline constexpr std::uint16_t kPhotoshop = 34377;

// EXIF 2.32, 4.6.3 and 4.6.5.
inline constexpr std::uint16_t kExifIfd = 34665;
inline constexpr std::uint16_t kGpsIfd = 34853;
inline constexpr std::uint16_t kInteroperabilityIfd = 40965;
inline constexpr std::uint16_t kPixelXDimension = 40962;
inline constexpr std::uint16_t kPixelYDimension = 40963;

// DNG 1.7, chapter 4.
inline constexpr std::uint16_t kDngVersion = 50706;

// JPEG XR (ITU-T T.832, annex A) has its own.
inline constexpr std::uint16_t kJpegXrImageWidth = 0xBC80;
inline constexpr std::uint16_t kJpegXrImageHeight = 0xBC81;

// Panasonic's RW2.
inline constexpr std::uint16_t kSensorTopBorder = 4;
inline constexpr std::uint16_t kSensorLeftBorder = 5;
inline constexpr std::uint16_t kSensorBottomBorder = 6;
inline constexpr std::uint16_t kSensorRightBorder = 7;
inline constexpr std::uint16_t kSensorWidth = 2;
inline constexpr std::uint16_t kSensorHeight = 3;
inline constexpr std::uint16_t kJpgFromRaw = 0x2E;

// Values of kNewSubfileType (bits) and of kSubfileType.
inline constexpr std::uint64_t kReducedImage = 1;
inline constexpr std::uint64_t kTransparencyMask = 4;
inline constexpr std::uint64_t kOldReducedImage = 2;

// Values of kPhotometricInterpretation (TIFF 6.0; TIFF/EP; DNG).
inline constexpr std::uint64_t kPalette = 3;
inline constexpr std::uint64_t kYcbcr = 6;
inline constexpr std::uint64_t kColorFilterArray = 32803;
inline constexpr std::uint64_t kLinearRaw = 34892;

// Values of kCompression (TIFF 6.0; TIFF Technical Note 2).
inline constexpr std::uint64_t kNoCompression = 1;
inline constexpr std::uint64_t kOldJpeg = 6;
inline constexpr std::uint64_t kJpeg = 7;

}  // namespace imgpeek
