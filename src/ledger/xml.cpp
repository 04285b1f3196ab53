#include "ledger/xml.h"

#include <expat.h>
#include <fmt/format.h>
#include <optional>
#include <utility>

#include "ledger/trouble.h"

namespace mineward::ledger {
namespace {

constexpr int kDeepest = 64;

std::string_view local(const char* name) {
  const std::string_view full(name);
  const auto colon = full.rfind(':');
  return colon == std::string_view::npos ? full : full.substr(colon + 1);
}

}  // namespace

std::string_view Attributes::operator[](std::string_view name) const {
  for (const char** p = pairs_; *p; p += 2) {
    if (local(p[0]) == name) return p[1];
  }
  return {};
}

struct XmlReader::Impl {
  explicit Impl(XmlHandler& h) : handler(h), parser(XML_ParserCreate(nullptr)) {
    XML_SetUserData(parser, this);
    XML_SetElementHandler(
        parser,
        [](void* self, const char* name, const char** attributes) {
          auto& me = *static_cast<Impl*>(self);
          if (++me.depth > kDeepest) return me.stop("嵌套过深", "elements stand too deep in each other");
          me.handler.start(local(name), Attributes(attributes));
        },
        [](void* self, const char* name) {
          auto& me = *static_cast<Impl*>(self);
          --me.depth;
          me.handler.end(local(name));
        });
    XML_SetCharacterDataHandler(parser, [](void* self, const char* text, int size) {
      static_cast<Impl*>(self)->handler.text(std::string_view(text, static_cast<std::size_t>(size)));
    });
    XML_SetStartDoctypeDeclHandler(parser, [](void* self, const char*, const char*, const char*, int) {
      static_cast<Impl*>(self)->stop("含有文档类型声明（DOCTYPE），工作簿中不应有",
                                     "found a document type declaration, which no workbook has");
    });
  }
  ~Impl() { XML_ParserFree(parser); }

  void stop(const char* zh, const char* en) {
    why = std::pair(zh, en);
    XML_StopParser(parser, XML_FALSE);
  }

  XmlHandler& handler;
  XML_Parser parser;
  int depth = 0;
  std::optional<std::pair<const char*, const char*>> why;
};

XmlReader::XmlReader(XmlHandler& handler) : impl_(new Impl(handler)) {}
XmlReader::~XmlReader() { delete impl_; }

Status XmlReader::feed(std::string_view piece, bool last) {
  const auto done = XML_Parse(impl_->parser, piece.data(), static_cast<int>(piece.size()), last);
  if (done == XML_STATUS_ERROR) {
    if (impl_->why) return trouble(impl_->why->first, impl_->why->second);
    const std::string what = fmt::format("line {}: {}", XML_GetCurrentLineNumber(impl_->parser),
                                         XML_ErrorString(XML_GetErrorCode(impl_->parser)));
    return trouble("文件内容不是正确的 XML：" + what, "the file holds no well-formed XML: " + what);
  }
  return impl_->handler.state();
}

}  // namespace mineward::ledger
