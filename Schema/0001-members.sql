-- Members, the tokens they hold, and the answers kept for repeated requests.

CREATE TABLE members (
  id            uuid        PRIMARY KEY,
  handle        text        NOT NULL,
  display_name  text        NOT NULL,
  email         text,       -- NULL: made on the command line
  password_hash text,       -- argon2id in its own text form; NULL: signs in by token only
  role          text        NOT NULL CHECK (role IN ('member', 'curator', 'finance', 'admin')),
  joined_at     timestamptz NOT NULL,
  CONSTRAINT handle_form CHECK (handle ~ '^[a-z0-9_]{3,30}$'),
  CONSTRAINT display_name_length CHECK (char_length(display_name) BETWEEN 1 AND 60),
  CONSTRAINT email_form CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'
                               AND char_length(email) <= 254),
  CONSTRAINT password_is_argon2id CHECK (password_hash LIKE '$argon2id$%')
);
CREATE UNIQUE INDEX members_handle ON members (handle);
CREATE UNIQUE INDEX members_email ON members (lower(email));
COMMENT ON TABLE members IS 'reference';

-- A token is cvt_<id>_<secret>. Only the SHA-256 of the secret is kept: 32 random bytes need no
-- slow hash, and who reads the table cannot use it.
CREATE TABLE tokens (
  id           uuid        PRIMARY KEY,
  member_id    uuid        NOT NULL REFERENCES members,
  kind         text        NOT NULL CHECK (kind IN ('session', 'token')),
  secret_hash  bytea       NOT NULL CHECK (octet_length(secret_hash) = 32),
  scopes       text[]      NOT NULL CHECK (cardinality(scopes) > 0),
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  revoked_at   timestamptz,
  last_used_at timestamptz,  -- to the hour: not written on each request
  CONSTRAINT tokens_expire_later CHECK (expires_at > created_at)
);
CREATE INDEX tokens_of_member ON tokens (member_id);
COMMENT ON TABLE tokens IS 'reference';

-- The answer to a POST that carried an Idempotency-Key, written in the transaction of what it
-- answers, so that a repeat finds either both or neither.
CREATE TABLE kept_answers (
  principal   uuid        NOT NULL,  -- the member; all zeros for requests without a token
  key         text        NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
  fingerprint bytea       NOT NULL CHECK (octet_length(fingerprint) = 32),
  status      integer     CHECK (status BETWEEN 200 AND 299),
  location    text,
  body        bytea,
  asked_at    timestamptz NOT NULL,
  CONSTRAINT kept_answers_once PRIMARY KEY (principal, key)
);
CREATE INDEX kept_answers_age ON kept_answers (asked_at);
COMMENT ON TABLE kept_answers IS 'by member';
