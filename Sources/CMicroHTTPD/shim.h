// GNU libmicrohttpd. Its start and information functions are variadic, which Swift cannot call.
#include <microhttpd.h>

// What a daemon needs to know; every callback gets the same context.
struct coinvent_mhd_settings {
  int listener;
  unsigned int connection_limit;
  unsigned int idle_seconds;
  size_t connection_memory;
  void *context;
  MHD_AcceptPolicyCallback accept;
  MHD_NotifyConnectionCallback connection_changed;
  void *(*request_line)(void *context, const char *uri, struct MHD_Connection *connection);
  MHD_AccessHandlerCallback handle;
  MHD_RequestCompletedCallback completed;
};

// Targets are decoded by the server itself, after it has looked at them.
static size_t coinvent_mhd_keep_escapes(void *context, struct MHD_Connection *connection,
                                        char *text) {
  (void)context;
  (void)connection;
  return __builtin_strlen(text);
}

static inline struct MHD_Daemon *coinvent_mhd_start(const struct coinvent_mhd_settings *s) {
  return MHD_start_daemon(
      MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0, s->accept, s->context,
      s->handle, s->context,
      MHD_OPTION_LISTEN_SOCKET, s->listener,
      MHD_OPTION_CONNECTION_LIMIT, s->connection_limit,
      MHD_OPTION_CONNECTION_TIMEOUT, s->idle_seconds,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, s->connection_memory,
      MHD_OPTION_NOTIFY_CONNECTION, s->connection_changed, s->context,
      MHD_OPTION_URI_LOG_CALLBACK, s->request_line, s->context,
      MHD_OPTION_NOTIFY_COMPLETED, s->completed, s->context,
      MHD_OPTION_UNESCAPE_CALLBACK, coinvent_mhd_keep_escapes, (void *)0,
      MHD_OPTION_END);
}

static inline int coinvent_mhd_epoll(struct MHD_Daemon *daemon) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
  return info ? info->epoll_fd : -1;
}

static inline int coinvent_mhd_descriptor(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

static inline const struct sockaddr *coinvent_mhd_address(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  return info ? info->client_addr : 0;
}

static inline size_t coinvent_mhd_head_size(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  return info ? info->header_size : 0;
}

// The status of the answer that was queued; 0 before there is one.
static inline unsigned int coinvent_mhd_status(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_HTTP_STATUS);
  return info ? info->http_status : 0;
}

// What `connection_changed` stored for the connection.
static inline void *coinvent_mhd_stored(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info ? info->socket_context : 0;
}

// Special results of a content reader.
static const ssize_t COINVENT_MHD_END = MHD_CONTENT_READER_END_OF_STREAM;
static const ssize_t COINVENT_MHD_FAILED = MHD_CONTENT_READER_END_WITH_ERROR;
static const uint64_t COINVENT_MHD_UNKNOWN = MHD_SIZE_UNKNOWN;
