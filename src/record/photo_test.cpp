// Photos are told from what only bears their name, and lose what would betray who took them. The pictures are
// put together here by hand, part by part, after the standards.
#include "record/photo.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace mineward::record {
namespace {

using namespace std::string_literals;

std::string big(std::size_t value, int bytes) {
  std::string out;
  while (bytes-- > 0) out += static_cast<char>(value >> (8 * bytes) & 0xFF);
  return out;
}
std::string little(std::size_t value, int bytes) {
  const std::string turned = big(value, bytes);
  return {turned.rbegin(), turned.rend()};
}

/// One segment of a JPEG with its length.
std::string segment(int marker, const std::string& content) {
  return "\xFF"s + static_cast<char>(marker) + big(content.size() + 2, 2) + content;
}
const std::string kTables = segment(0xDB, std::string(65, '\1'));
const std::string kFrame = segment(0xC0, "\x08\0\x10\0\x10\x01\x01\x11\0"s);
const std::string kHuffman = segment(0xC4, std::string(20, '\2'));
const std::string kScan = segment(0xDA, "\x01\x01\0\0\x3F\0"s) + "coded\xFF\0 data\xFF\xD3 with a restart"s;
const std::string kPixels = kTables + kFrame + kHuffman + kScan + "\xFF\xD9";

/// A TIFF block, little endian, with the camera, where it was, and which side is up.
std::string exif(int side) {
  const std::string maker = "Spy Camera 9000\0"s, place = "N35.1100 E110.1100\0"s;
  std::string tiff = "II*\0"s + little(8, 4) + little(3, 2);
  tiff += little(0x010F, 2) + little(2, 2) + little(maker.size(), 4) + little(50, 4);
  tiff +=
      little(0x0112, 2) + little(3, 2) + little(1, 4) + little(static_cast<std::size_t>(side), 2) + "\0\0"s;
  tiff += little(0x8825, 2) + little(4, 2) + little(1, 4) + little(66, 4) + little(0, 4);
  return "Exif\0\0"s + tiff + maker + place;
}

bool has(const std::string& bytes, const std::string& part) { return bytes.find(part) != std::string::npos; }

TEST(Photo, AJpegKeepsItsPixelsAndLosesWhoWhereAndWhen) {
  const std::string jfif = segment(0xE0, "JFIF\0\x01\x02\0\0\x48\0\x48\x01\x01"s + "pre");
  const std::string given = "\xFF\xD8"s + jfif + segment(0xE1, exif(6)) +
                            segment(0xE1, "http://ns.adobe.com/xap/1.0/\0 Zhang San"s) +
                            segment(0xE2, "ICC_PROFILE\0 of a telephone"s) +
                            segment(0xED, "Photoshop 3.0 by Zhang"s) + segment(0xFE, "taken by Zhang San") +
                            kPixels + "PK\x03\x04 and a film behind it";
  const auto bare = bare_photo(given);
  ASSERT_TRUE(bare) << bare.error().text();
  EXPECT_EQ(bare->media_type, "image/jpeg");
  const std::string header = segment(0xE0, "JFIF\0\x01\x02\0\0\x48\0\x48\0\0"s);
  const std::string side = segment(0xE1, "Exif\0\0"s + "MM\0*"s + big(8, 4) + big(1, 2) + big(0x0112, 2) +
                                             big(3, 2) + big(1, 4) + big(6, 2) + "\0\0"s + big(0, 4));
  EXPECT_EQ(bare->bytes, "\xFF\xD8"s + header + side + kPixels);
  EXPECT_EQ(bare_photo(bare->bytes)->bytes, bare->bytes) << "a second time changes nothing";
}

TEST(Photo, AnOrdinaryJpegOfTwoScansStaysAsItIs) {
  const std::string given = "\xFF\xD8"s + kTables + kFrame + kHuffman + kScan + kHuffman + kScan + "\xFF\xD9";
  EXPECT_EQ(bare_photo(given)->bytes, given);
}

std::string chunk(const std::string& name, const std::string& content) {
  const std::string body = name + content;
  const auto sum = ::crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big(content.size(), 4) + body + big(sum, 4);
}

TEST(Photo, APngKeepsOnlyWhatIsShown) {
  const std::string start = "\x89PNG\r\n\x1A\n"s + chunk("IHDR", "\0\0\0\1\0\0\0\1\x08\2\0\0\0"s);
  const std::string picture = chunk("IDAT", "pixels") + chunk("IEND", "");
  const std::string given = start + chunk("eXIf", exif(1)) + chunk("tEXt", "Author\0Zhang San"s) +
                            chunk("tIME", "\7\xEA\1\2\3\4\5"s) + picture + "#!/bin/sh";
  EXPECT_EQ(bare_photo(given)->bytes, start + picture);
  std::string changed = start + picture;
  changed[changed.size() - 20] ^= 1;
  EXPECT_FALSE(bare_photo(changed)) << "a chunk whose sum is wrong";
}

std::string riff(const std::string& body) { return "RIFF" + little(body.size(), 4) + body; }
std::string part(const std::string& name, const std::string& content) {
  return name + little(content.size(), 4) + content + (content.size() % 2 ? "\0"s : ""s);
}

TEST(Photo, AWebpLosesExifAndSaysSoInItsHeader) {
  const std::string given = riff("WEBP" + part("VP8X", "\x2C\0\0\0\0\0\0\0\0\0"s) + part("ICCP", "profile") +
                                 part("VP8 ", "pixels!") + part("EXIF", exif(1)) + part("XMP ", "Zhang San"));
  const std::string want = riff("WEBP" + part("VP8X", "\0\0\0\0\0\0\0\0\0\0"s) + part("VP8 ", "pixels!"));
  EXPECT_EQ(bare_photo(given)->bytes, want);
}

TEST(Photo, WhatIsNoPhotoIsRefusedInBothLanguages) {
  const std::string jpeg = "\xFF\xD8"s + kPixels;
  const struct {
    const char* what;
    std::string bytes;
  } cases[] = {
      {"a program",
       "\x7F"
       "ELF\2\1\1"s +
           std::string(200, '\0')},
      {"a program of Windows", "MZ\x90\0\3"s + std::string(200, '\0')},
      {"a script", "#!/bin/sh\nrm -rf ~\n"},
      {"a page", "<html><script>alert(1)</script></html>"},
      {"a picture of lines, which may hold scripts", "<svg xmlns='http://www.w3.org/2000/svg'/>"},
      {"nothing", ""},
      {"a JPEG that is cut off", jpeg.substr(0, jpeg.size() - 3)},
      {"the beginning of a JPEG before a program",
       "\xFF\xD8\xFF\x7F"
       "ELF"s +
           std::string(200, '\0')},
      {"a JPEG without a picture", "\xFF\xD8"s + segment(0xFE, "text only") + "\xFF\xD9"},
      {"a segment longer than the file", "\xFF\xD8\xFF\xDB\xFF\xFF"s + "x"},
      {"a PNG without an end", "\x89PNG\r\n\x1A\n"s + chunk("IHDR", std::string(13, '\1'))},
      {"a PNG chunk longer than the file", "\x89PNG\r\n\x1A\n\xFF\xFF\xFF\xFFIDAT"s + std::string(20, '\0')},
      {"a WebP longer than the file", "RIFF\xFF\xFF\0\0WEBPVP8 "s},
      {"a GIF", "GIF89a" + std::string(50, '\0')},
      {"a film",
       "\0\0\0\x18"
       "ftypisom"s +
           std::string(50, '\0')},
  };
  for (const auto& c : cases) {
    const auto bare = bare_photo(c.bytes);
    ASSERT_FALSE(bare) << c.what;
    EXPECT_TRUE(has(bare.error().message, " / ")) << c.what;
    EXPECT_TRUE(has(bare.error().message, "照片")) << c.what;
    EXPECT_FALSE(has(bare.error().message, "iPhone")) << c.what;
  }
}

TEST(Photo, OfAnIphoneIsRefusedWithWhatToDo) {
  for (const char* brand : {"heic", "heix", "mif1"}) {
    const auto bare = bare_photo(
        "\0\0\0\x18"
        "ftyp"s +
        brand + std::string(50, '\0'));
    ASSERT_FALSE(bare) << brand;
    EXPECT_TRUE(has(bare.error().message, "兼容性最佳")) << bare.error().message;
    EXPECT_TRUE(has(bare.error().message, "Most Compatible")) << bare.error().message;
  }
}

TEST(Photo, EveryCutOfAPhotoIsAnErrorAndNoCrash) {
  const std::string whole = "\xFF\xD8"s + segment(0xE1, exif(3)) + kPixels;
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(bare_photo(whole.substr(0, size))) << size;
  for (std::size_t at = 2; at < whole.size(); ++at) {  // and any byte may be anything
    std::string changed = whole;
    for (const int value : {0x00, 0x7F, 0xFF}) {
      changed[at] = static_cast<char>(value);
      (void)bare_photo(changed);
    }
  }
}

}  // namespace
}  // namespace mineward::record
