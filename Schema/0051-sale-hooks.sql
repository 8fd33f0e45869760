-- Sales that shops send themselves, signed with secrets that they and we know.

-- Several at once while one is rotated; a retired one is good no longer.
CREATE TABLE hook_secrets (
  source     text        NOT NULL CHECK (length(source) BETWEEN 1 AND 64),
  number     integer     NOT NULL CHECK (number > 0),
  signer     text        NOT NULL CHECK (signer IN ('standard', 'shopify', 'woocommerce')),
  secret     bytea       NOT NULL CHECK (length(secret) BETWEEN 8 AND 256),
  added_at   timestamptz NOT NULL,
  retired_at timestamptz,
  PRIMARY KEY (source, number)
);
COMMENT ON TABLE hook_secrets IS 'local';

-- Deliveries that were taken; the same one again changes nothing.
CREATE TABLE hook_deliveries (
  source   text        NOT NULL,
  id       text        NOT NULL CHECK (length(id) BETWEEN 1 AND 256),
  taken_at timestamptz NOT NULL,
  PRIMARY KEY (source, id)
);
COMMENT ON TABLE hook_deliveries IS 'local';
CREATE INDEX hook_deliveries_by_time ON hook_deliveries (taken_at);
