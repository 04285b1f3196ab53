/// Private to the transport's .cpp files: Asio and Beast types. Included by nobody else (compile time).
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <functional>
#include <memory>

#include "api/transport.h"

namespace mineward::api {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Executor = asio::io_context::executor_type;
using Task = asio::awaitable<void, Executor>;
using Token = asio::as_tuple_t<asio::use_awaitable_t<Executor>>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using PlainStream = beast::basic_stream<asio::ip::tcp, Executor>;
using TlsStream = asio::ssl::stream<PlainStream>;
using HttpMessage = beast::http::request<beast::http::string_body>;

/// Runs one WebSocket until it closes. Two instances: PlainStream and TlsStream (live_connection.cpp).
/// `closer` is filled with a function that ends the connection from the same thread (for a stop).
template <class Stream>
Task run_live(Stream stream, std::shared_ptr<HttpMessage> upgrade, std::shared_ptr<LiveClient> client,
              Application& application);
extern template Task run_live(PlainStream, std::shared_ptr<HttpMessage>, std::shared_ptr<LiveClient>,
                              Application&);
extern template Task run_live(TlsStream, std::shared_ptr<HttpMessage>, std::shared_ptr<LiveClient>,
                              Application&);

}  // namespace mineward::api
