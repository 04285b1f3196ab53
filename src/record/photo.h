/// A photo without what its maker did not mean to send: where and when it was taken, with which device, by
/// whom, previews, and whatever was put behind the picture. The pixels are not touched.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace mineward::record {

struct Photo {
  std::string media_type;  ///< image/jpeg, image/png or image/webp
  std::string bytes;
};

/// Reads the picture part by part (ISO/IEC 10918-1, PNG, RIFF WebP) and keeps only the parts that are needed
/// to show it. Of EXIF nothing stays but which side is up. bad_input, with the reason, for what is no such
/// picture, is cut off or is damaged; in Chinese and English, for people.
Result<Photo> bare_photo(std::string_view bytes);

}  // namespace mineward::record
