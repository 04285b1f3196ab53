/// The route table: each route is declared once, with all that its dispatch and its documentation need.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http.h"
#include "api/workers.h"
#include "base/json.h"
#include "pack/catalog.h"
#include "record/record.h"

namespace mineward::api {

/// Who asks, from the session or the token.
struct Caller {
  record::Actor actor;
  std::string session;  ///< hash of the session id; empty for a bearer token
  bool must_change_password = false;
  std::string display_name;
};

/// What a handler gets.
struct Call {
  const Request& request;
  const std::vector<std::pair<std::string, std::string>>& path;  ///< values of the {names} of the pattern
  const Caller& caller;
  const Json& body;  ///< parsed, for routes with a JSON body

  std::string_view path_value(std::string_view name) const;
  /// First value of a query parameter; empty if there is none.
  std::string parameter(std::string_view name) const {
    return std::string(request.parameter(name).value_or(""));
  }
};
using Handler = std::function<Response(const Call&)>;

enum class Auth {
  open,       ///< everybody
  signed_in,  ///< a session or a bearer token
};
enum class BodyKind { none, json, csv, raw };

struct QueryParameter {
  std::string name;
  std::string schema;  ///< JSON schema type: "string", "integer", "boolean"
  std::string meaning;
  bool required = false;
};

struct Route {
  Method method = Method::get;
  std::string pattern = {};  ///< "/api/v1/records/{type}/{id}"
  std::string id = {};       ///< operation id
  std::string tag = {};
  pack::Label summary = {};
  Auth auth = Auth::signed_in;
  std::vector<std::string> roles = {};  ///< any of them; empty = every signed-in account
  BodyKind body = BodyKind::none;
  std::size_t body_limit = 0;  ///< bytes; 0 = that of its kind
  Lane lane = Lane::pages;
  std::vector<QueryParameter> query = {};
  Json request = {};   ///< JSON schema of the body; null = none
  Json response = {};  ///< JSON schema of the answer; null = none
  int success = 200;
  std::string response_type = "application/json";
  bool while_password_expired = false;  ///< also allowed while the password must be changed
  bool live = false;                    ///< a WebSocket
  bool once = false;                    ///< heeds Idempotency-Key (write_once.h)
  Handler handler = {};
};

class Router {
 public:
  /// A pattern whose shape is there already with this method is a bug.
  void add(Route route);

  struct Match {
    const Route* route = nullptr;
    std::vector<std::pair<std::string, std::string>> path;
    std::vector<Method>
        allowed;  ///< when route is null: methods that the path does have; empty = no such path
  };
  /// A literal segment wins over a {name}. HEAD matches GET.
  Match match(Method method, const std::vector<std::string>& segments) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
  std::vector<std::vector<std::string>> patterns_;  ///< split, same order
};

}  // namespace mineward::api
