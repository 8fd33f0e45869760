// PostgreSQL's client library. Debian keeps its headers below /usr/include/postgresql.
#include <postgresql/libpq-fe.h>
