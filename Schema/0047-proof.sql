-- What nobody changes unseen: a hash chain over settlements and payouts, hash trees over members'
-- own lines, and signatures under heads of the chain. Docs/proof.md has the exact texts.

-- One entry for each finished settlement ('settlement'), for the tree over its lines ('lines') and
-- for each step of a payout that moved money for good ('payout': `step` is the event's number).
-- Each names the hash of the one before it, and the database computes each hash again.
CREATE TABLE proof_entries (
  number   bigint      NOT NULL CHECK (number > 0),
  before   bigint      GENERATED ALWAYS AS (nullif(number - 1, 0)) STORED,
  previous bytea       NOT NULL CHECK (length(previous) = 32),
  kind     text        NOT NULL CHECK (kind IN ('settlement', 'lines', 'payout')),
  thing    uuid        NOT NULL,
  step     integer     NOT NULL CHECK (step >= 0),
  content  bytea       NOT NULL CHECK (length(content) = 32),
  moment   timestamptz NOT NULL,
  digest   bytea       NOT NULL CHECK (length(digest) = 32),
  hash     bytea       NOT NULL,
  CONSTRAINT proof_entries_number PRIMARY KEY (number),
  CONSTRAINT proof_entries_once UNIQUE (kind, thing, step),
  CONSTRAINT proof_entries_hash UNIQUE (number, hash),
  CONSTRAINT proof_entries_follow FOREIGN KEY (before, previous)
    REFERENCES proof_entries (number, hash),
  CONSTRAINT proof_entries_begin CHECK (number > 1 OR previous = decode(repeat('00', 32), 'hex')),
  CONSTRAINT proof_entries_are_hashed CHECK (hash = sha256(convert_to(
    format(E'coinvent chain v1\nnumber %s\nprevious %s\nentry %s\n', number,
           encode(previous, 'hex'), encode(digest, 'hex')), 'UTF8')))
);
COMMENT ON TABLE proof_entries IS 'local';
CREATE TRIGGER proof_entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON proof_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The leaves of a settlement's tree in members' order, 256 a row and 32 bytes each: enough to find
-- a member's place and the hashes beside it.
CREATE TABLE proof_leaves (
  settlement_id uuid    NOT NULL REFERENCES settlements,
  block         integer NOT NULL CHECK (block >= 0),
  first_member  uuid    NOT NULL,
  leaves        bytea   NOT NULL CHECK (length(leaves) BETWEEN 32 AND 8192
                                        AND length(leaves) % 32 = 0),
  root          bytea   NOT NULL CHECK (length(root) = 32),
  CONSTRAINT proof_leaves_block PRIMARY KEY (settlement_id, block),
  CONSTRAINT proof_leaves_in_order UNIQUE (settlement_id, first_member)
);
ALTER TABLE proof_leaves ALTER leaves SET STORAGE EXTERNAL;  -- hashes do not compress
COMMENT ON TABLE proof_leaves IS 'local';
CREATE TRIGGER proof_leaves_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON proof_leaves
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Public keys only; the secret ones are in files.
CREATE TABLE proof_keys (
  public_key bytea       NOT NULL CHECK (length(public_key) = 32),
  name       text        NOT NULL CHECK (name ~ '^[!-*,-~]{1,100}$'),
  made_at    timestamptz NOT NULL,
  CONSTRAINT proof_keys_once PRIMARY KEY (public_key)
);
COMMENT ON TABLE proof_keys IS 'reference';
CREATE TRIGGER proof_keys_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON proof_keys
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Signed: the chain has so many entries, and this is the hash of the last of them.
CREATE TABLE proof_checkpoints (
  size       bigint      NOT NULL,
  public_key bytea       NOT NULL REFERENCES proof_keys,
  hash       bytea       NOT NULL,
  signed_at  timestamptz NOT NULL,
  note       text        NOT NULL,  -- the signed text with its signature
  CONSTRAINT proof_checkpoints_once PRIMARY KEY (size, public_key),
  CONSTRAINT proof_checkpoints_of_chain FOREIGN KEY (size, hash)
    REFERENCES proof_entries (number, hash)
);
COMMENT ON TABLE proof_checkpoints IS 'local';
CREATE TRIGGER proof_checkpoints_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON proof_checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
