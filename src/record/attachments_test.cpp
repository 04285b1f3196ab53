/// Stored files: what is taken, what is refused, who may read.
#include "record/attachments.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/power_loss_testing.h"
#include "base/text.h"
#include "record/testing.h"

namespace mineward::record::fixture {
namespace {

using namespace std::string_view_literals;
using ::testing::HasSubstr;

constexpr std::string_view kPng = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR rest"sv;
constexpr std::string_view kDocx = "PK\x03\x04 ... [Content_Types].xml ... word/document.xml"sv;
constexpr std::string_view kXlsx = "PK\x03\x04 ... [Content_Types].xml ... xl/workbook.xml"sv;

TEST(Attachments, TypeIsFoundInTheContent) {
  const struct {
    const char* name;
    std::string_view bytes;
    const char* type;
  } cases[] = {
      {"a.exe", "\xFF\xD8\xFF\xE0 jpeg"sv, "image/jpeg"},
      {"a.txt", kPng, "image/png"},
      {"a", "GIF89a..."sv, "image/gif"},
      {"a", "RIFF\x10\0\0\0WEBPVP8 "sv, "image/webp"},
      {"a.jpg", "%PDF-1.7 ..."sv, "application/pdf"},
      {"a.docx", kDocx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
      {"a.xlsx", kXlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
      {"a.txt", "整改方案 < 1.0 %\n"sv, "text/plain"},
      {"A.CSV",
       "\xEF\xBB\xBF"
       "a,b\r\n1,2\r\n"sv,
       "text/csv"},
  };
  for (const auto& test : cases) {
    const auto type = sniff_media_type(test.name, test.bytes);
    ASSERT_TRUE(type.ok()) << test.name << " " << type.error().text();
    EXPECT_EQ(*type, test.type);
  }
}

TEST(Attachments, WhatCouldRunIsRefusedWhateverItsName) {
  const struct {
    const char* why;
    std::string_view bytes;
  } cases[] = {
      {"empty", ""},
      {"Windows program", "MZ\x90\0\x03\0"sv},
      {"Linux program",
       "\x7F"
       "ELF\x02\x01\x01\0"sv},
      {"page", "<!DOCTYPE html><html><script>alert(1)</script></html>"},
      {"page after blanks and a BOM", "\xEF\xBB\xBF \r\n <html>"},
      {"vector image, which may carry scripts",
       "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"},
      {"XML", "<?xml version='1.0'?><svg/>"},
      {"script in text", "hello <ScRiPt src=x>"},
      {"shell script", "#!/bin/sh\nrm -rf /\n"},
      {"archive", "PK\x03\x04 payload.exe"sv},
      {"office file with macros", "PK\x03\x04 [Content_Types].xml word/document.xml word/vbaProject.bin"sv},
      {"unknown bytes", "\x01\x02\x03\x04"sv},
      {"text in another encoding", "\xBC\xD7\xCD\xE9"sv},
      {"nearly an image", "\x89PNG\r\n"sv},
  };
  for (const auto& test : cases) EXPECT_FALSE(sniff_media_type("photo.jpg", test.bytes).ok()) << test.why;
}

TEST(Attachments, NamesAreCleaned) {
  const struct {
    const char* name;
    const char* type;
    const char* clean;
  } cases[] = {
      {"现场照片.jpg", "image/jpeg", "现场照片.jpg"},
      {"../../etc/passwd", "text/plain", "passwd.txt"},
      {"C:\\temp\\a.JPG", "image/jpeg", "a.JPG"},
      {"evil.exe", "image/png", "evil.exe.png"},
      {"photo\xE2\x80\xAEgpj.exe", "image/jpeg", "photogpj.exe.jpg"},  // right-to-left override
      {"a\r\nb\".pdf", "application/pdf", "ab_.pdf"},
      {"...", "text/plain", "file.txt"},
      {"", "image/gif", "file.gif"},
  };
  for (const auto& test : cases) EXPECT_EQ(clean_file_name(test.name, test.type), test.clean);
  EXPECT_LE(to_code_points(clean_file_name(std::string(500, 'x') + ".pdf", "application/pdf")).size(), 124u);
}

class AttachmentsTest : public RecordTest {};
MW_ON_BOTH_ENGINES(AttachmentsTest);

TEST_P(AttachmentsTest, StoredUnderItsDigestAndReadBack) {
  const std::string bytes = "\xFF\xD8\xFF\xE0 a photo";
  const StoredFile file = must(store().attach(c().officer, "现场.jpg", bytes));
  EXPECT_EQ(file.sha256, sha256_hex(bytes));
  EXPECT_EQ(file.size, static_cast<std::int64_t>(bytes.size()));
  EXPECT_EQ(file.media_type, "image/jpeg");
  const std::string path =
      c().database.folder().path() + "/files/" + file.sha256.substr(0, 2) + "/" + file.sha256.substr(2);
  EXPECT_EQ(must(c().files->read(path)), bytes);
  EXPECT_EQ(must(store().attachment(c().officer, file.sha256)).second, bytes);
  EXPECT_EQ(must(store().attach(c().officer, "again.jpg", bytes)).sha256, file.sha256);  // harmless
  // One byte changed on disk is told, not handed out.
  must(write_atomically(*c().files, path, bytes.substr(1) + "!"));
  EXPECT_EQ(store().attachment(c().officer, file.sha256).error().code, Errc::corrupt);
}

TEST_P(AttachmentsTest, RefusesWhatIsTooLargeOrOfAnotherKind) {
  EXPECT_EQ(store().attach(c().officer, "big.txt", std::string(4097, 'x')).error().code, Errc::too_large);
  must(store().attach(c().officer, "fits.txt", std::string(4096, 'x')));
  EXPECT_EQ(store().attach(c().officer, "x.png", "<svg onload=x>").error().code, Errc::bad_input);
}

TEST_P(AttachmentsTest, ReadableForItsOwnerAndWithARecordThatHoldsIt) {
  const std::string photo = c().photo();
  EXPECT_EQ(store().attachment(c().worker, photo).error().code,
            Errc::not_found);  // known by digest is not enough
  const Record made = c().hazard(c().officer, c().mine_a, "x", {{"photos", std::vector<std::string>{photo}}});
  EXPECT_EQ(must(store().attachment(c().worker, photo)).first.name, "photo.jpg");
  EXPECT_EQ(store().attachment(c().foreign, photo).error().code, Errc::not_found);
  must(store().update(c().officer, "hazard", made.id, 1, {{"photos", FieldValue()}}));
  EXPECT_TRUE(store().attachment(c().worker, photo).ok());  // the version that held it can still be shown
  for (const char* text :
       {"", "../../etc/passwd", "ZZ", "0000000000000000000000000000000000000000000000000000000000000000"}) {
    EXPECT_EQ(store().attachment(c().root, text).error().code, Errc::not_found) << text;
  }
}

TEST_P(AttachmentsTest, AFullDiskLeavesNothingBehind) {
  // The store gets files that cannot be written; what it answers must be the truth.
  const auto broken =
      faulty_files(*c().files, [](std::string_view operation, const std::string&, std::size_t*) -> Status {
        if (operation == "append") return unavailable("no space left");
        return {};
      });
  auto store = must(open_store(small_catalog(), *c().database, *broken, c().clock, c().ids,
                               {c().database.folder().path() + "/other", 4096}));
  EXPECT_EQ(store->attach(c().officer, "a.txt", "text").error().code, Errc::unavailable);
  EXPECT_EQ(store->attachment(c().officer, sha256_hex("text")).error().code, Errc::not_found);
}

// An attachment that was acknowledged is there after a power loss, also when the first try failed at its last
// step.
TEST_P(AttachmentsTest, AcknowledgedBytesSurviveAPowerLoss) {
  int cases = 0;
  for (const Leaves leaves : kAllLeaves) {
    bool through = false;
    for (int operations = 1; !through; ++operations) {
      PowerLossFiles disk;
      const std::string folder = fmt::format("attachments{}", ++cases);
      ASSERT_TRUE(disk.make_folders(folder).ok());
      auto store = must(open_store(small_catalog(), *c().database, disk, c().clock, c().ids, {folder, 4096}));
      const std::string text = fmt::format("photo {}", cases);
      disk.fail_after(operations);
      through = store->attach(c().officer, "a.txt", text).ok();
      disk.fail_after(0);
      const bool stored = through || store->attach(c().officer, "a.txt", text).ok();
      ASSERT_TRUE(stored) << "the second try";
      disk.lose_power(leaves);
      const auto found = store->attachment(c().officer, sha256_hex(text));
      ASSERT_TRUE(found) << "after " << operations << ", leaves " << static_cast<int>(leaves);
      EXPECT_EQ(found->second, text);
      ASSERT_LT(operations, 30);
    }
  }
  std::printf("power losses: %d of attachments, all there\n", cases);
}

}  // namespace
}  // namespace mineward::record::fixture
