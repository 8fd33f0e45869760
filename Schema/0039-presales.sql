-- Presales: demand is shown before anything is produced. Members commit to units; a payment
-- provider charges them only once the target is reached.

-- What a provider has captured and not handed over yet; negative: it holds that much for us.
ALTER TYPE account_kind ADD VALUE 'provider_clearing';
ALTER TYPE transfer_reason ADD VALUE 'capture';  -- a commitment was charged
ALTER TYPE transfer_reason ADD VALUE 'repay';    -- and the money was sent back

INSERT INTO notification_kinds VALUES ('presale', true, 'at_once', 0);

-- One at a time for a product. `units`: all that were committed to and not cancelled by members.
CREATE TABLE presales (
  product_id uuid        NOT NULL REFERENCES products,
  number     integer     NOT NULL CHECK (number > 0),
  state      text        NOT NULL CHECK (state IN (
    'open',       -- commitments are taken
    'failed',     -- below the target, or stopped: nobody is charged
    'charging',   -- commitments are being charged
    'charged',    -- none is left to charge
    'refunding',  -- stopped after that: what was captured goes back
    'refunded')),
  target     bigint      NOT NULL CHECK (target BETWEEN 1 AND 1000000000),
  units      bigint      NOT NULL DEFAULT 0 CHECK (units >= 0),
  channel    text        NOT NULL,
  currency   text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  opened_at  timestamptz NOT NULL,
  opened_by  uuid        NOT NULL,
  ends_at    timestamptz NOT NULL,
  -- Why it failed, why production began before the end, why it was stopped.
  reason     text        CHECK (char_length(reason) BETWEEN 1 AND 2000),
  ended_at   timestamptz,
  ended_by   uuid,  -- NULL: the rules did
  PRIMARY KEY (product_id, number),
  CONSTRAINT presales_end_later CHECK (ends_at > opened_at),
  CONSTRAINT presales_ended CHECK ((state = 'open') = (ended_at IS NULL)),
  CONSTRAINT presales_fail_with_reason CHECK (
    state NOT IN ('failed', 'refunding', 'refunded') OR reason IS NOT NULL)
);
COMMENT ON TABLE presales IS 'by work';
CREATE UNIQUE INDEX one_presale_at_a_time ON presales (product_id)
  WHERE state IN ('open', 'charging');
CREATE INDEX presales_due ON presales (ends_at) WHERE state = 'open';
-- Target, channel and currency are promises: nobody changes them.
REVOKE UPDATE, DELETE, TRUNCATE ON presales FROM CURRENT_USER;
GRANT UPDATE (state, units, ends_at, reason, ended_at, ended_by) ON presales TO CURRENT_USER;

-- The end moves only to a later moment, with a reason.
CREATE TABLE presale_extensions (
  product_id uuid        NOT NULL,
  presale    integer     NOT NULL,
  number     integer     NOT NULL CHECK (number > 0),
  ended_at   timestamptz NOT NULL,
  ends_at    timestamptz NOT NULL,
  reason     text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  changed_by uuid        NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (product_id, presale, number),
  FOREIGN KEY (product_id, presale) REFERENCES presales,
  CONSTRAINT presale_extensions_are_later CHECK (ends_at > ended_at)
);
COMMENT ON TABLE presale_extensions IS 'by work';
REVOKE UPDATE, DELETE, TRUNCATE ON presale_extensions FROM CURRENT_USER;

-- Prices by position; all but the last have so many units and no more.
CREATE TABLE presale_tiers (
  product_id  uuid    NOT NULL,
  presale     integer NOT NULL,
  position    integer NOT NULL CHECK (position BETWEEN 1 AND 20),
  unit_price  bigint  NOT NULL CHECK (unit_price BETWEEN 1 AND 1000000000000000),
  units_limit bigint  CHECK (units_limit BETWEEN 1 AND 1000000000),
  taken       bigint  NOT NULL DEFAULT 0 CHECK (taken >= 0),
  PRIMARY KEY (product_id, presale, position),
  FOREIGN KEY (product_id, presale) REFERENCES presales,
  CONSTRAINT presale_tiers_are_never_oversold CHECK (taken <= units_limit)
);
COMMENT ON TABLE presale_tiers IS 'by work';
CREATE UNIQUE INDEX one_tier_without_a_limit ON presale_tiers (product_id, presale)
  WHERE units_limit IS NULL;
REVOKE UPDATE, DELETE, TRUNCATE ON presale_tiers FROM CURRENT_USER;
GRANT UPDATE (taken) ON presale_tiers TO CURRENT_USER;

-- The state machine of a commitment, as data: which step is allowed, and what it moves in the
-- books.
CREATE TABLE commitment_transitions (
  from_state text NOT NULL,
  to_state   text NOT NULL,
  moves      text CHECK (moves IN ('capture', 'repay')),
  PRIMARY KEY (from_state, to_state)
);
COMMENT ON TABLE commitment_transitions IS 'reference';
INSERT INTO commitment_transitions (from_state, to_state, moves) VALUES
  ('committed',  'cancelled',  NULL),       -- by the member
  ('committed',  'released',   NULL),       -- the presale failed or was stopped
  ('committed',  'charging',   NULL),       -- a call was begun; whether it arrived may be unknown
  ('charging',   'captured',   'capture'),
  ('charging',   'declined',   NULL),
  ('declined',   'committed',  NULL),       -- another payment method
  ('declined',   'cancelled',  NULL),
  ('declined',   'released',   NULL),       -- none was given in time
  ('captured',   'refund_due', NULL),
  ('refund_due', 'refunding',  NULL),       -- a call was begun
  ('refunding',  'refunded',   'repay');
REVOKE UPDATE, DELETE, TRUNCATE ON commitment_transitions FROM PUBLIC;

-- `charge` counts payment methods: with the id it makes the key that the provider knows.
CREATE TABLE commitments (
  product_id    uuid        NOT NULL,
  id            uuid        NOT NULL,
  presale       integer     NOT NULL,
  member_id     uuid        NOT NULL REFERENCES members,
  tier          integer     NOT NULL,
  units         bigint      NOT NULL CHECK (units BETWEEN 1 AND 100),
  unit_price    bigint      NOT NULL,
  amount        bigint      NOT NULL GENERATED ALWAYS AS (units * unit_price) STORED,
  currency      text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  unit          bigint      NOT NULL CHECK (unit BETWEEN 1 AND 1000000000),
  state         text        NOT NULL,
  step          integer     NOT NULL,
  -- The provider's name for it, and only while it is needed.
  method        text        CHECK (char_length(method) BETWEEN 1 AND 200),
  charge        integer     NOT NULL DEFAULT 1 CHECK (charge > 0),
  -- Calls of the charge or refund that is under way.
  attempts      integer     NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  first_sent_at timestamptz,
  provider_id   text,
  problem       text,
  -- Until when another method may be given.
  method_until  timestamptz,
  made_at       timestamptz NOT NULL,
  changed_at    timestamptz NOT NULL,
  PRIMARY KEY (product_id, id),
  FOREIGN KEY (product_id, presale, tier) REFERENCES presale_tiers,
  CONSTRAINT commitments_are_whole_minor_units CHECK (unit_price % unit = 0),
  CONSTRAINT commitments_keep_methods_while_needed CHECK (
    (state IN ('committed', 'charging')) = (method IS NOT NULL)),
  CONSTRAINT commitments_declined_have_time CHECK (
    (state = 'declined') = (method_until IS NOT NULL)),
  CONSTRAINT commitments_sent_are_dated CHECK ((attempts = 0) = (first_sent_at IS NULL)),
  CONSTRAINT commitments_sent_were_attempted CHECK (
    state NOT IN ('charging', 'refunding') OR attempts > 0)
) WITH (fillfactor = 80);
COMMENT ON TABLE commitments IS 'by work';
CREATE INDEX commitments_of_presale ON commitments (product_id, presale, id);
CREATE INDEX commitments_unsettled ON commitments (product_id, presale)
  WHERE state IN ('committed', 'charging', 'declined', 'refund_due', 'refunding');
CREATE INDEX commitments_by_member ON commitments (member_id, id);
CREATE INDEX commitments_declined ON commitments (method_until) WHERE state = 'declined';

-- The history: each event continues the one before it along an allowed step, and the commitment
-- stands where its last event led.
CREATE TABLE commitment_events (
  product_id    uuid        NOT NULL,
  commitment_id uuid        NOT NULL,
  number        integer     NOT NULL CHECK (number >= 1),
  previous      integer     GENERATED ALWAYS AS (number - 1) STORED,
  from_state    text,
  to_state      text        NOT NULL,
  actor         text        NOT NULL CHECK (actor IN (
    'member', 'curator', 'finance', 'worker', 'provider')),
  note          text,
  at            timestamptz NOT NULL,
  PRIMARY KEY (product_id, commitment_id, number),
  UNIQUE (product_id, commitment_id, number, to_state),
  CONSTRAINT commitment_events_begin CHECK (
    (number = 1) = (from_state IS NULL) AND (number > 1 OR to_state = 'committed')),
  CONSTRAINT commitment_events_follow FOREIGN KEY (product_id, commitment_id, previous, from_state)
    REFERENCES commitment_events (product_id, commitment_id, number, to_state),
  CONSTRAINT commitment_events_are_allowed FOREIGN KEY (from_state, to_state)
    REFERENCES commitment_transitions,
  CONSTRAINT commitment_events_have_a_commitment FOREIGN KEY (product_id, commitment_id)
    REFERENCES commitments
);
COMMENT ON TABLE commitment_events IS 'by work';
ALTER TABLE commitments ADD CONSTRAINT commitments_stand_where_history_led
  FOREIGN KEY (product_id, id, step, state)
  REFERENCES commitment_events (product_id, commitment_id, number, to_state)
  DEFERRABLE INITIALLY DEFERRED;
REVOKE UPDATE, DELETE, TRUNCATE ON commitment_events FROM CURRENT_USER;
REVOKE UPDATE, DELETE, TRUNCATE ON commitment_events FROM PUBLIC;
-- Foreign keys that point here lock the row, which asks for UPDATE on one column at least.
GRANT UPDATE (previous) ON commitment_events TO CURRENT_USER;

-- What workers have to charge and to send back. A lease runs out when its worker dies.
CREATE TABLE commitment_work (
  commitment_id uuid        PRIMARY KEY,
  product_id    uuid        NOT NULL,
  due_at        timestamptz NOT NULL,
  tries         integer     NOT NULL DEFAULT 0,
  worker        uuid,
  leased_until  timestamptz,
  CONSTRAINT commitment_work_leases_are_whole CHECK ((worker IS NULL) = (leased_until IS NULL))
) WITH (fillfactor = 70);
COMMENT ON TABLE commitment_work IS 'local';
CREATE INDEX commitment_work_due ON commitment_work (due_at);
CREATE INDEX commitment_work_held ON commitment_work (worker) WHERE worker IS NOT NULL;
