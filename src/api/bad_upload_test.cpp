/// Uploads that must not pass: the negative fixtures of monitoring.md 1.14 through HTTP and a real intake,
/// bombs, names that play tricks, files that are not what their name says.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <fstream>

#include "api/gzip.h"
#include "api/world_testing.h"

namespace mineward::api {
namespace {

using testing::Answer;
using testing::Client;
using ::testing::HasSubstr;
using testing::Session;
using ::testing::StartsWith;
using testing::World;

// ---- the negative fixtures

/// Takes note of nothing: what the watch makes of an upload is not the matter here.
class NoSink final : public feed::Sink {
 public:
  Status apply(record::Writer&, const feed::AcceptedUpload&) override { return {}; }
  void committed(const feed::AcceptedUpload&, const feed::Receipt&) override {}
  void reset(record::RecordId) override {}
  std::uint64_t saved_seq() const override { return 0; }
};

/// The mine of the fixtures, a real intake behind the server, and the time at which the fixtures were sent.
class UploadWorld {
 public:
  UploadWorld() {
    world.clock.set(ArrivalTime{parse_beijing_time("2026-09-23 08:15:00")->utc_ms});
    using S = std::string;
    const auto organisation = make("organisation", {{"code", S("M9")},
                                                    {"name", S("模拟矿业")},
                                                    {"kind", S("mine")},
                                                    {"level", S("mine")},
                                                    {"region", world.region},
                                                    {"parent", world.here.organisation}});
    make("mine", {{"code", S("620823009203")},
                  {"name", S("模拟煤矿")},
                  {"organisation", organisation},
                  {"kind", S("coal")},
                  {"status", S("producing")}});
    auto opened = feed::open_intake(world.catalog, *world.store, *world.history, world.clock, sink, {});
    if (!opened || !(*opened)->recover()) throw std::runtime_error("no intake");
    intake = *std::move(opened);
    const Services fake = world.services();
    world.server = std::make_unique<Server>(
        world.options, Services{fake.store, fake.history, *intake, fake.watch, fake.duties, fake.catalog,
                                fake.files, fake.clock, fake.random});
    if (!world.server->start()) throw std::runtime_error("no server");
    session = world.sign_in("xiana");
  }
  ~UploadWorld() { world.server.reset(); }

  record::RecordId make(const std::string& type, const record::Fields& fields) {
    const auto made = world.store->create(record::Actor::system("system:test"), type, fields);
    if (const auto* why = std::get_if<record::Refusal>(&made))
      throw std::runtime_error(why->error.text() + (why->faults.empty() ? "" : why->faults[0].message));
    return std::get<record::Record>(made).id;
  }
  static std::string fixture(const std::string& path) {
    std::ifstream file(std::string(MW_SOURCE_DIR) + "/tests/data/uploads/" + path, std::ios::binary);
    if (!file) throw std::runtime_error("no fixture " + path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Answer post(const std::string& name, const std::string& bytes) {
    return world.ask("POST", "/api/v1/upload?name=" + name, session, bytes, "text/plain");
  }
  Answer post_fixture(const std::string& path) {
    return post(path.substr(path.find('/') + 1), fixture(path));
  }
  Json newest_row() {
    const Json page = world.json("GET", "/api/v1/uploads?limit=1", session);
    const auto* rows = page["rows"].array();
    return rows && !rows->empty() ? rows->front() : Json();
  }

  World world;
  NoSink sink;
  std::unique_ptr<feed::Intake> intake;
  Session session;
};

struct BadFile {
  const char* why;     ///< in the words of monitoring.md 1.14, as a test name
  const char* before;  ///< a file that must have come first; "" = none
  const char* file;
  int status;
  const char* verdict;
  const char* code;
  std::vector<const char*>
      says;  ///< parts of the message, or of the only fault: file, place, found, expected
};

class NegativeFixturesByHttp : public ::testing::TestWithParam<BadFile> {};

TEST_P(NegativeFixturesByHttp, HasItsAnswer) {
  const BadFile& c = GetParam();
  UploadWorld upload;
  if (*c.before) {
    ASSERT_EQ(upload.post_fixture(c.before).status, 200);
  }
  const Answer answer = upload.post_fixture(c.file);
  EXPECT_EQ(answer.status, c.status) << answer.body;
  const auto receipt = parse_json(answer.body);
  ASSERT_TRUE(receipt) << answer.body;
  EXPECT_EQ(receipt->text("verdict"), c.verdict) << answer.body;
  EXPECT_EQ(receipt->text("code"), c.code) << answer.body;
  std::string said(receipt->text("message"));
  for (const auto& fault : *(*receipt)["faults"].array()) said += "\n" + *fault.string();
  for (const char* part : c.says) EXPECT_THAT(said, HasSubstr(part));
  if (c.status == 422) {
    EXPECT_THAT(said, StartsWith(std::string(c.file).substr(4))) << "the file is named first";
  }
  const Json row = upload.newest_row();
  EXPECT_EQ(row.text("verdict"), c.verdict) << "the ledger says the same: " << row.dump();
  EXPECT_EQ(row.text("code"), c.code);
}

INSTANTIATE_TEST_SUITE_P(
    Section114, NegativeFixturesByHttp,
    ::testing::Values(
        BadFile{"NoTerminator_E_TERM",
                "",
                "bad/620823009203_CDSS_20260923080100.txt",
                422,
                "rejected",
                "E_TERM",
                {":0:0: E_TERM", "found no file end", "expected \"||\""}},
        BadFile{"ByteOrderMark_W_BOM",
                "",
                "bad/620823009203_CDSS_20260923080200.txt",
                200,
                "accepted",
                "E_UNKNOWN_POINT",
                {"W_BOM"}},
        BadFile{"GbkBytes_W_ENC_FALLBACK",
                "",
                "bad/620823009203_CDSS_20260923080300.txt",
                200,
                "accepted",
                "E_UNKNOWN_POINT",
                {"W_ENC_FALLBACK"}},
        BadFile{"FullWidthSemicolon_E_FIELDS",
                "",
                "bad/620823009203_CDSS_20260923080400.txt",
                422,
                "rejected",
                "E_FIELDS",
                {":1:0: E_FIELDS", "found a full-width ；", "expected \";\""}},
        BadFile{"SixFieldCdss_E_FIELDS",
                "",
                "bad/620823009203_CDSS_20260923080500.txt",
                422,
                "rejected",
                "E_FIELDS",
                {":1:0: E_FIELDS", "found 6 fields", "expected 7 fields"}},
        BadFile{"TimeInTheFuture_E_FUTURE",
                "",
                "bad/620823009203_CDSS_20990923080000.txt",
                422,
                "rejected",
                "E_FUTURE",
                {":0:0: E_FUTURE", "found header time 2099-09-23 08:00:00", "expected at most"}},
        BadFile{"WrongMineCode_E_MINE",
                "",
                "bad/620823009203_CDSS_20260923080600.txt",
                422,
                "rejected",
                "E_MINE",
                {":0:1: E_MINE", "found ", "expected "}},
        BadFile{"DuplicateFile_E_DUP",
                "good/620823009203_CDSS_20260923080000.txt",
                "good/620823009203_CDSS_20260923080000.txt",
                200,
                "duplicate",
                "E_DUP",
                {}},
        BadFile{
            "EmptyRyssBody_taken", "", "bad/620823009203_RYSS_20260923080700.txt", 200, "accepted", "", {}},
        BadFile{"EightDigitBinaryState_taken",
                "good/620823009203_CDDY_20260923080000.txt",
                "bad/620823009203_CDSS_20260923080800.txt",
                200,
                "accepted",
                "E_UNKNOWN_POINT",
                {}},
        BadFile{"Minus999999_taken_as_null",
                "good/620823009203_CDDY_20260923080000.txt",
                "bad/620823009203_CDSS_20260923080900.txt",
                200,
                "accepted",
                "E_UNKNOWN_POINT",
                {}},
        BadFile{"EmptyTime_taken_as_null",
                "good/620823009203_CDDY_20260923080000.txt",
                "bad/620823009203_YCBJ_20260923081000.txt",
                200,
                "accepted",
                "",
                {}},
        BadFile{"LooserLimitInCddy_taken",
                "good/620823009203_CDDY_20260923080000.txt",
                "bad/620823009203_CDDY_20260923081100.txt",
                200,
                "accepted",
                "",
                {}}),
    [](const auto& info) { return std::string(info.param.why); });

// ---- names

TEST(BadUpload, NamesThatPlayTricksAreRefusedBeforeAnythingIsWritten) {
  World world;
  const Session session = world.sign_in("ddya");
  const std::string good = "140100000001_CDSS_20260112080000";
  const struct {
    const char* why;
    std::string name;  ///< as it stands in the target
    const char* says;
  } cases[] = {
      {"a folder above", "..%2F" + good + ".txt", "name: "},
      {"a folder above, twice encoded", "%252e%252e%252f" + good + ".txt", nullptr},
      {"a backslash", "..%5C" + good + ".txt", "name: "},
      {"an absolute path", "%2Fetc%2Fpasswd", "name: "},
      {"a NUL", good + "%00.txt", "found a NUL"},
      {"a line break", good + "%0A.txt", "name: "},
      {"a carriage return and a header", good + "%0D%0ASet-Cookie:%20a=b", "name: "},
      {"an escape sequence", good + "%1B%5B31m.txt", "name: "},
      {"a deletion", good + "%7F.txt", "name: "},
      {"text turned round", good + "%E2%80%AEtxt.exe", nullptr},
      {"an overlong slash", "..%C0%AF" + good + ".txt", "not UTF-8"},
      {"an overlong NUL", good + "%C0%80.txt", "not UTF-8"},
      {"half a character", good + "%E7%9F.txt", "not UTF-8"},
      {"a surrogate", good + "%ED%A0%80.txt", "not UTF-8"},
      {"a bad escape", good + "%ZZ.txt", "bad percent escape"},
      {"half an escape", good + ".txt%2", "bad percent escape"},
      {"201 bytes", std::string(201, 'a'), "name: "},
      {"nothing", "", "name: "},
      {"a dot", ".", nullptr},
      {"two dots", "..", nullptr},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const int before = world.intake.uploads;
    const Answer answer = world.ask("POST", "/api/v1/upload?name=" + c.name, session, "x", "text/plain");
    if (c.says) {
      EXPECT_EQ(answer.status, 400) << answer.body;
      EXPECT_THAT(answer.body, HasSubstr(c.says));
      EXPECT_EQ(world.intake.uploads, before);
    }
    EXPECT_EQ(answer.header("set-cookie"), "");
  }
  // The rest is for the intake, which knows what a name looks like.
  UploadWorld upload;
  for (const auto& c : cases) {
    if (c.says) continue;
    SCOPED_TRACE(c.why);
    const Answer answer = upload.post(c.name, "x");
    EXPECT_EQ(answer.status, 422) << answer.body;
    EXPECT_EQ(parse_json(answer.body)->text("code"), "E_NAME") << answer.body;
  }
}

// ---- size

/// `mebibytes` of zeros as gzip: one packed block, repeated. Its check sum is wrong, at the very end.
std::string bomb(int mebibytes) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
  std::string zeros(1u << 20, '\0'), block(1u << 16, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(zeros.data());
  stream.avail_in = static_cast<uInt>(zeros.size());
  stream.next_out = reinterpret_cast<Bytef*>(block.data());
  stream.avail_out = static_cast<uInt>(block.size());
  deflate(&stream, Z_FULL_FLUSH);
  block.resize(block.size() - stream.avail_out);
  deflateEnd(&stream);
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  for (int i = 0; i < mebibytes; ++i) out += block;
  return out + std::string("\x03\0\0\0\0\0\0\0\0\0", 10);
}

TEST(BadUpload, AGigabyteIsRefusedHoweverItComes) {
  ServerOptions options;
  options.upload_limit = 4u << 20;
  World world(options);
  const Session session = world.sign_in("ddya");
  const std::string target = "/api/v1/upload?name=x.txt";
  const std::string head = "POST " + target + " HTTP/1.1\r\nHost: mine.example\r\nCookie: " + session.cookie +
                           "\r\nX-CSRF-Token: " + session.csrf + "\r\n";
  const std::string packed = bomb(1024);
  ASSERT_LT(packed.size(), options.upload_limit) << "it is the unpacked size that is refused";
  const long before = testing::memory_kib();
  {
    Client client(world.server->port());
    const Answer answer = client.ask(head + "Content-Length: 1073741824\r\n\r\n");
    EXPECT_EQ(answer.status, 413) << "before a byte of it was sent";
  }
  {
    Client client(world.server->port());
    client.send(head + "Transfer-Encoding: chunked\r\n\r\n");
    const std::string megabyte = "100000\r\n" + std::string(1u << 20, 'x') + "\r\n";
    int sent = 0;
    pollfd ready{client.socket(), POLLIN, 0};
    while (sent < 1024 && ::poll(&ready, 1, 0) == 0 && client.send(megabyte)) ++sent;
    EXPECT_EQ(client.receive().status, 413);
    EXPECT_LT(sent, 64);
  }
  const Answer inflated =
      world.ask("POST", target, session, packed, "text/plain", "Content-Encoding: gzip\r\n");
  EXPECT_EQ(inflated.status, 413) << inflated.body;
  EXPECT_THAT(inflated.body, HasSubstr("unpacks to more than 4194304 bytes"));
  EXPECT_EQ(world.intake.uploads, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(testing::memory_kib() - before, 48 << 10) << "KiB more than before";
#else
  (void)before;
#endif
}

// ---- attachments

TEST(BadAttachment, IsWhatItsBytesSayNotWhatItsNameSays) {
  ServerOptions options;
  options.attachment_limit = 1u << 20;
  World world(options);
  const Session session = world.sign_in("aqya");
  using S = std::string;
  const S png = testing::png_like("pixels");
  const struct {
    const char* why;
    S name, bytes;
    int status;
    const char* result;  ///< the media type and the name it gets, or a part of the refusal
  } cases[] = {
      {"a picture", "a.png", png, 200, "image/png a.png"},
      {"a program named as a picture", "photo.jpg", S("MZ\x90\0\x03\0\0\0", 8), 400, "no known image"},
      {"an ELF program named as a picture", "photo.png",
       S("\x7f"
         "ELF\x02\x01\x01\0",
         8),
       400, "no known image"},
      {"a script named as a picture", "photo.png", "#!/bin/sh\nrm -rf /\n", 400, "script"},
      {"a page named as text", "notes.txt", "<html><script>alert(1)</script></html>", 400, "markup"},
      {"a drawing with a script", "plan.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
       400, "markup"},
      {"a page behind a byte order mark", "notes.txt", "\xEF\xBB\xBF<script>alert(1)</script>", 400,
       "markup"},
      {"an archive", "a.zip", S("PK\x03\x04\x14\0\0\0", 8), 400, "ZIP"},
      {"a Word file with macros", "a.docx",
       S("PK\x03\x04[Content_Types].xml word/document.xml vbaProject.bin"), 400, "macros"},
      {"an empty file", "a.png", "", 400, "empty"},
      {"a signature cut short", "a.png", "\x89PNG\r\n", 400, "no known image"},
      {"a picture without its first block", "a.png", "\x89PNG\r\n\x1a\n", 400, "no known image"},
      {"a picture named as a program", "photo.exe", png, 200, "image/png photo.exe.png"},
      {"a page named as a picture that is one", "x.html", png, 200, "image/png x.html.png"},
      {"folders", "..%2F..%2Fetc%2Fpasswd.png", png, 200, "image/png passwd.png"},
      {"backslashes", "C%3A%5Cphotos%5Croof.png", png, 200, "image/png roof.png"},
      {"only dots", "...", png, 200, "image/png file.png"},
      {"text turned round", "roof%E2%80%AEgnp.exe", png, 200, "image/png roofgnp.exe.png"},
      {"a line break and a header", "a%0D%0ASet-Cookie%3A%20x%3Dy.png", png, 200,
       "image/png aSet-Cookie_ x=y.png"},
      {"quotes and semicolons", "a%22;filename=%22b.exe", png, 200, nullptr},
      {"a NUL", "a%00.png", png, 400, "NUL"},
      {"no UTF-8", "a%FF.png", png, 400, "not UTF-8"},
      {"no name", "", png, 400, "name"},
      {"too large", "a.png", png + S(1u << 20, 'x'), 413, "large"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const Answer answer =
        world.ask("POST", "/api/v1/attachments?name=" + c.name, session, c.bytes, "image/png");
    ASSERT_EQ(answer.status, c.status) << answer.body;
    if (c.status != 200) {
      EXPECT_THAT(answer.body, HasSubstr(c.result));
      continue;
    }
    const auto stored = parse_json(answer.body);
    if (c.result) {
      EXPECT_EQ(S(stored->text("media_type")) + " " + S(stored->text("name")), c.result);
    }
    const Answer file = world.ask("GET", "/api/v1/attachments/" + S(stored->text("sha256")), session);
    EXPECT_EQ(file.body, c.bytes);
    EXPECT_EQ(file.header("content-type"), "image/png");
    EXPECT_EQ(file.header("x-content-type-options"), "nosniff");
    EXPECT_EQ(file.header("set-cookie"), "");
    const S shown = file.header("content-disposition");
    EXPECT_THAT(shown, StartsWith("inline; filename=\""));
    EXPECT_EQ(std::count(shown.begin(), shown.end(), '"'), 2) << shown;
  }
}

}  // namespace
}  // namespace mineward::api
