#include "metadata/iptc_datasets.h"

#include <algorithm>
#include <array>
#include <utility>

namespace imgpeek {
namespace {

constexpr auto kText = IptcKind::kText;
constexpr auto kNumber = IptcKind::kNumber;
constexpr auto kBinary = IptcKind::kBinary;
constexpr bool kRepeatable = true;

// By record and number. The titles of 2:05 and 2:120 are the short ones that /info has always had.
constexpr std::array kDatasets = std::to_array<IptcDataset>({
    // 1: the envelope
    {1, 0, "Model Version", kNumber},
    {1, 5, "Destination", kText, kRepeatable},
    {1, 20, "File Format", kNumber},
    {1, 22, "File Version", kNumber},
    {1, 30, "Service Identifier"},
    {1, 40, "Envelope Number"},
    {1, 50, "Product I.D.", kText, kRepeatable},
    {1, 60, "Envelope Priority"},
    {1, 70, "Date Sent"},
    {1, 80, "Time Sent"},
    {1, 90, "Coded Character Set", kBinary},
    {1, 100, "Unique Name of Object"},
    {1, 120, "ARM Identifier", kNumber},
    {1, 122, "ARM Version", kNumber},
    // 2: the application record
    {2, 0, "Record Version", kNumber},
    {2, 3, "Object Type Reference"},
    {2, 4, "Object Attribute Reference", kText, kRepeatable},
    {2, 5, "Name"},
    {2, 7, "Edit Status"},
    {2, 8, "Editorial Update"},
    {2, 10, "Urgency"},
    {2, 12, "Subject Reference", kText, kRepeatable},
    {2, 15, "Category"},
    {2, 20, "Supplemental Category", kText, kRepeatable},
    {2, 22, "Fixture Identifier"},
    {2, 25, "Keywords", kText, kRepeatable},
    {2, 26, "Content Location Code", kText, kRepeatable},
    {2, 27, "Content Location Name", kText, kRepeatable},
    {2, 30, "Release Date"},
    {2, 35, "Release Time"},
    {2, 37, "Expiration Date"},
    {2, 38, "Expiration Time"},
    {2, 40, "Special Instructions"},
    {2, 42, "Action Advised"},
    {2, 45, "Reference Service", kText, kRepeatable},
    {2, 47, "Reference Date", kText, kRepeatable},
    {2, 50, "Reference Number", kText, kRepeatable},
    {2, 55, "Date Created"},
    {2, 60, "Time Created"},
    {2, 62, "Digital Creation Date"},
    {2, 63, "Digital Creation Time"},
    {2, 65, "Originating Program"},
    {2, 70, "Program Version"},
    {2, 75, "Object Cycle"},
    {2, 80, "By-line", kText, kRepeatable},
    {2, 85, "By-line Title", kText, kRepeatable},
    {2, 90, "City"},
    {2, 92, "Sub-location"},
    {2, 95, "Province/State"},
    {2, 100, "Country Code"},
    {2, 101, "Country Name"},
    {2, 103, "Original Transmission Reference"},
    {2, 105, "Headline"},
    {2, 110, "Credit"},
    {2, 115, "Source"},
    {2, 116, "Copyright Notice"},
    {2, 118, "Contact", kText, kRepeatable},
    {2, 120, "Caption"},
    {2, 122, "Writer/Editor", kText, kRepeatable},
    {2, 125, "Rasterized Caption", kBinary},
    {2, 130, "Image Type"},
    {2, 131, "Image Orientation"},
    {2, 135, "Language Identifier"},
    {2, 150, "Audio Type"},
    {2, 151, "Audio Sampling Rate"},
    {2, 152, "Audio Sampling Resolution"},
    {2, 153, "Audio Duration"},
    {2, 154, "Audio Outcue"},
    {2, 200, "Preview File Format", kNumber},
    {2, 201, "Preview File Format Version", kNumber},
    {2, 202, "Preview Data", kBinary},
    // 7 and 9: around the object data of record 8, which is no metadata
    {7, 10, "Size Mode", kNumber},
    {7, 20, "Max Subfile Size", kNumber},
    {7, 90, "Object Size Announced", kNumber},
    {7, 95, "Maximum Object Size", kNumber},
    {9, 10, "Confirmed Data Size", kNumber},
});

constexpr unsigned order_of(std::uint8_t record, std::uint8_t number) {
  return record * 256U + number;
}
constexpr unsigned order(const IptcDataset& dataset) {
  return order_of(dataset.record, dataset.number);
}
static_assert(std::ranges::is_sorted(kDatasets, {}, order));

}  // namespace

const IptcDataset* iptc_dataset(std::uint8_t record, std::uint8_t number) {
  const unsigned wanted = order_of(record, number);
  const auto* const found = std::ranges::lower_bound(kDatasets, wanted, {}, order);
  return found != kDatasets.end() && order(*found) == wanted ? found : nullptr;
}

}  // namespace imgpeek
