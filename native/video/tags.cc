#include "video/tags.h"

extern "C" {
#include <libavutil/dict.h>
}

#include <cstddef>
#include <string>
#include <utility>

#include "metadata/text.h"

namespace imgpeek {
namespace {

constexpr std::size_t kMaxTags = 1024;

}  // namespace

Object read_tags(const AVDictionary* tags) {
  Object out;
  const AVDictionaryEntry* entry = nullptr;
  while (out.size() < kMaxTags &&
         (entry = av_dict_get(tags, "", entry, AV_DICT_IGNORE_SUFFIX)) != nullptr) {
    std::string key = to_utf8(entry->key);
    std::string value = to_utf8(entry->value);
    if (!key.empty() && !value.empty()) out.add(std::move(key), Value(std::move(value)));
  }
  return out;
}

}  // namespace imgpeek
