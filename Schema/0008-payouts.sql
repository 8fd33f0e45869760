-- Payouts: money on its way from a member's balance to the outside, and back when it returns.

CREATE TYPE payout_rail AS ENUM ('provider', 'csv');
CREATE TYPE payout_state AS ENUM (
  'requested',    -- reserved in the books, nothing sent yet
  'submitting',   -- a call to the provider was begun; whether it arrived may be unknown
  'submitted',    -- the provider has it
  'exported',     -- in a file that a person pays from
  'paid', 'failed', 'returned'
);

-- The state machine, as data: which step is allowed, and what it moves in the books.
CREATE TABLE payout_transitions (
  rail       payout_rail  NOT NULL,
  from_state payout_state NOT NULL,
  to_state   payout_state NOT NULL,
  moves      transfer_reason,
  PRIMARY KEY (rail, from_state, to_state)
);
COMMENT ON TABLE payout_transitions IS 'reference';
INSERT INTO payout_transitions (rail, from_state, to_state, moves) VALUES
  ('provider', 'requested',  'submitting', NULL),
  ('provider', 'submitting', 'submitted',  NULL),
  ('provider', 'submitting', 'failed',     'release'),   -- refused: it never moved
  ('provider', 'submitted',  'paid',       'pay'),
  ('provider', 'submitted',  'failed',     'release'),   -- late failure
  ('provider', 'paid',       'returned',   'bounce'),
  ('csv',      'requested',  'exported',   NULL),
  ('csv',      'exported',   'paid',       'pay'),
  ('csv',      'exported',   'failed',     'release'),
  ('csv',      'paid',       'returned',   'bounce');
REVOKE UPDATE, DELETE, TRUNCATE ON payout_transitions FROM PUBLIC;

-- One row a payout. Handle and name are frozen at the request, so that every retry and every
-- rewritten file says the same. `unit` is the currency's minor unit, in nanos as all amounts.
CREATE TABLE payouts (
  member_id      uuid         NOT NULL REFERENCES members,
  id             uuid         NOT NULL,
  rail           payout_rail  NOT NULL,
  origin         text         NOT NULL CHECK (origin IN ('automatic', 'requested')),
  request_key    text         CHECK (length(request_key) BETWEEN 1 AND 200),
  currency       text         NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount         bigint       NOT NULL,
  unit           bigint       NOT NULL CHECK (unit BETWEEN 1 AND 1000000000),
  minimum        bigint       NOT NULL CHECK (minimum > 0),
  payable_before bigint       NOT NULL,
  handle         text         NOT NULL,
  name           text         NOT NULL,
  state          payout_state NOT NULL,
  step           integer      NOT NULL,
  open           boolean      NOT NULL GENERATED ALWAYS AS
    (state IN ('requested', 'submitting', 'submitted', 'exported')) STORED,
  attempts       integer      NOT NULL DEFAULT 0,
  first_sent_at  timestamptz,
  batch_id       uuid,
  provider_id    text,
  problem        text,
  created_at     timestamptz  NOT NULL,
  changed_at     timestamptz  NOT NULL,
  PRIMARY KEY (member_id, id),
  CONSTRAINT payouts_request_once UNIQUE (member_id, request_key),
  CONSTRAINT payouts_are_positive CHECK (amount > 0),
  CONSTRAINT payouts_are_whole_minor_units CHECK (amount % unit = 0),
  CONSTRAINT payouts_reach_the_minimum CHECK (amount >= minimum),
  CONSTRAINT payouts_are_covered CHECK (amount <= payable_before),
  CONSTRAINT payouts_sent_are_dated CHECK ((attempts = 0) = (first_sent_at IS NULL)),
  CONSTRAINT payouts_submitting_were_attempted
    CHECK (state NOT IN ('submitting', 'submitted') OR attempts > 0),
  CONSTRAINT payouts_exported_have_a_batch CHECK (state <> 'exported' OR batch_id IS NOT NULL)
) WITH (fillfactor = 80);
COMMENT ON TABLE payouts IS 'by member';

-- At most one automatic payout of a member and currency is open, however many workers run.
CREATE UNIQUE INDEX payouts_automatic_once ON payouts (member_id, currency)
  WHERE origin = 'automatic' AND open;
CREATE INDEX payouts_open ON payouts (id) WHERE open;
CREATE INDEX payouts_by_time ON payouts (id);
CREATE INDEX payouts_by_batch ON payouts (batch_id, id) WHERE batch_id IS NOT NULL;

-- The history, append-only. Each event continues the one before it (same payout, next number,
-- from where that one led) along an allowed transition, and the payout's row stands where its
-- last event led: the database refuses every other history.
CREATE TABLE payout_events (
  member_id  uuid         NOT NULL,
  payout_id  uuid         NOT NULL,
  number     integer      NOT NULL CHECK (number >= 1),
  previous   integer      GENERATED ALWAYS AS (number - 1) STORED,
  rail       payout_rail  NOT NULL,
  from_state payout_state,
  to_state   payout_state NOT NULL,
  actor      text         NOT NULL,
  note       text,
  at         timestamptz  NOT NULL,
  PRIMARY KEY (member_id, payout_id, number),
  UNIQUE (member_id, payout_id, number, to_state),
  CONSTRAINT payout_events_begin_requested
    CHECK ((number = 1) = (from_state IS NULL) AND (number > 1 OR to_state = 'requested')),
  CONSTRAINT payout_events_follow FOREIGN KEY (member_id, payout_id, previous, from_state)
    REFERENCES payout_events (member_id, payout_id, number, to_state),
  CONSTRAINT payout_events_are_allowed FOREIGN KEY (rail, from_state, to_state)
    REFERENCES payout_transitions (rail, from_state, to_state),
  CONSTRAINT payout_events_have_a_payout FOREIGN KEY (member_id, payout_id)
    REFERENCES payouts (member_id, id)
);
COMMENT ON TABLE payout_events IS 'by member';
ALTER TABLE payouts ADD CONSTRAINT payouts_stand_where_history_led
  FOREIGN KEY (member_id, id, step, state)
  REFERENCES payout_events (member_id, payout_id, number, to_state)
  DEFERRABLE INITIALLY DEFERRED;
REVOKE UPDATE, DELETE, TRUNCATE ON payout_events FROM CURRENT_USER;
REVOKE UPDATE, DELETE, TRUNCATE ON payout_events FROM PUBLIC;
-- Foreign keys that point here lock the row, which asks for UPDATE on one column at least. This
-- one is generated: nobody can write anything into it.
GRANT UPDATE (previous) ON payout_events TO CURRENT_USER;

-- A member's own wishes, and holds by finance.
CREATE TABLE payout_settings (
  member_id    uuid PRIMARY KEY REFERENCES members,
  held_because text CHECK (held_because <> ''),
  resumed_at   timestamptz,   -- a failed or returned payout before this no longer stops automatic ones
  changed_at   timestamptz NOT NULL
);
COMMENT ON TABLE payout_settings IS 'by member';

-- What workers have to do. A lease is held by one worker and runs out when it dies.
CREATE TABLE payout_work (
  payout_id    uuid PRIMARY KEY,
  member_id    uuid        NOT NULL,
  rail         payout_rail NOT NULL,
  due_at       timestamptz NOT NULL,
  tries        integer     NOT NULL DEFAULT 0,   -- since the last success: decides the back-off
  worker       uuid,
  leased_until timestamptz,
  CONSTRAINT payout_work_leases_are_whole CHECK ((worker IS NULL) = (leased_until IS NULL))
) WITH (fillfactor = 70);
COMMENT ON TABLE payout_work IS 'local';
CREATE INDEX payout_work_due ON payout_work (rail, due_at);
CREATE INDEX payout_work_held ON payout_work (worker) WHERE worker IS NOT NULL;

-- A file of the CSV rail: committed before it is written, and its name follows from its id.
CREATE TABLE payout_batches (
  id         uuid        PRIMARY KEY,
  lines      integer     NOT NULL CHECK (lines > 0),
  made_at    timestamptz NOT NULL,
  written_at timestamptz
);
COMMENT ON TABLE payout_batches IS 'local';

-- How far the provider's list of changes has been read.
CREATE TABLE payout_feeds (
  provider text   PRIMARY KEY,
  position bigint NOT NULL CHECK (position >= 0)
);
COMMENT ON TABLE payout_feeds IS 'local';
