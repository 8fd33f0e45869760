-- Settlement periods: who looked at a plan, who said yes to it, and when members were told.

-- What may happen in which state, and where it leads.
CREATE TABLE period_transitions (
  what      text NOT NULL,
  old_state text NOT NULL,
  new_state text NOT NULL,
  CONSTRAINT period_transitions_once PRIMARY KEY (what, old_state, new_state)
);
COMMENT ON TABLE period_transitions IS 'reference';
INSERT INTO period_transitions (what, old_state, new_state) VALUES
  ('previewed', 'open',      'previewed'),
  ('previewed', 'previewed', 'previewed'),  -- another preview instead
  ('approved',  'previewed', 'approved'),
  -- By the policy that no approval is needed: inside an open period, or as one of its own.
  ('settled',   'open',      'open'),
  ('settled',   'previewed', 'open'),
  ('settled',   'previewed', 'approved'),
  ('settled',   'open',      'approved'),
  ('settled',   'approved',  'approved'),
  ('published', 'approved',  'published'),
  ('closed',    'published', 'closed'),
  ('reopened',  'approved',  'open'),
  ('reopened',  'published', 'open'),
  ('reopened',  'closed',    'open');
REVOKE UPDATE, DELETE, TRUNCATE ON period_transitions FROM PUBLIC;

CREATE TABLE periods (
  id        uuid    PRIMARY KEY,
  -- Their order.
  number    integer NOT NULL CONSTRAINT periods_number UNIQUE CHECK (number > 0),
  name      text    NOT NULL CONSTRAINT periods_name UNIQUE
    CHECK (name ~ '^[a-z0-9][a-z0-9.-]{0,31}$'),
  -- The last day whose sales are meant to count.
  through   date    NOT NULL,
  -- Opened by the policy, for settlements that nobody opened a period for.
  automatic boolean NOT NULL,
  state     text    NOT NULL,
  step      integer NOT NULL
);
COMMENT ON TABLE periods IS 'local';

-- What a settlement would do, looked at before it is done. It becomes the settlement of that id;
-- whether the plan is then the same is seen by its SHA-256.
CREATE TABLE period_previews (
  id          uuid        PRIMARY KEY,
  period_id   uuid        NOT NULL REFERENCES periods,
  made_by     uuid        REFERENCES members,   -- NULL: the rules, or somebody at the machine
  maker       uuid        NOT NULL GENERATED ALWAYS AS
    (coalesce(made_by, '00000000-0000-0000-0000-000000000000')) STORED,
  horizon     bigint      NOT NULL,
  cut_off     timestamptz NOT NULL,
  planned_at  timestamptz NOT NULL,
  plan_sha256 bytea       NOT NULL CHECK (length(plan_sha256) = 32),
  changes     bigint      NOT NULL CHECK (changes >= 0),
  -- Which limit the pools exceed; NULL: none.
  exceeds     text        CHECK (exceeds <> ''),
  needs_other boolean     NOT NULL GENERATED ALWAYS AS (exceeds IS NOT NULL) STORED,
  CONSTRAINT period_previews_of_period UNIQUE (id, period_id, maker, needs_other)
);
COMMENT ON TABLE period_previews IS 'local';
CREATE INDEX period_previews_by_period ON period_previews (period_id);

CREATE TABLE preview_pools (
  product_id       uuid    NOT NULL,
  preview_id       uuid    NOT NULL REFERENCES period_previews,
  contract_version integer NOT NULL,
  share_version    integer NOT NULL,
  currency         text    NOT NULL,
  before           bigint  NOT NULL,
  after            bigint  NOT NULL,
  PRIMARY KEY (preview_id, product_id, contract_version, share_version, currency)
);
COMMENT ON TABLE preview_pools IS 'by work';
REVOKE UPDATE, DELETE, TRUNCATE ON period_previews, preview_pools FROM CURRENT_USER;
REVOKE UPDATE, DELETE, TRUNCATE ON period_previews, preview_pools FROM PUBLIC;
-- For the locks of foreign keys: nobody can write into a generated column.
GRANT UPDATE (maker) ON period_previews TO CURRENT_USER;

-- Each event continues the one before it, and the period stands where the last one led.
CREATE TABLE period_events (
  period_id     uuid        NOT NULL REFERENCES periods,
  number        integer     NOT NULL CHECK (number > 0),
  previous      integer     GENERATED ALWAYS AS (number - 1) STORED,
  what          text        NOT NULL,
  old_state     text,
  new_state     text        NOT NULL,
  reason        text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  changed_by    uuid        REFERENCES members,  -- NULL: the rules, or somebody at the machine
  changed_at    timestamptz NOT NULL,
  preview_id    uuid,
  maker         uuid,
  needs_other   boolean,
  settlement_id uuid        REFERENCES settlements,
  CONSTRAINT period_events_once PRIMARY KEY (period_id, number),
  CONSTRAINT period_events_state UNIQUE (period_id, number, new_state),
  CONSTRAINT period_events_begin CHECK (
    (number = 1) = (old_state IS NULL)
      AND (number = 1) = (what = 'opened') AND (number > 1 OR new_state = 'open')),
  CONSTRAINT period_events_follow FOREIGN KEY (period_id, previous, old_state)
    REFERENCES period_events (period_id, number, new_state),
  CONSTRAINT period_events_allowed FOREIGN KEY (what, old_state, new_state)
    REFERENCES period_transitions,
  CONSTRAINT period_events_of_preview FOREIGN KEY (preview_id, period_id, maker, needs_other)
    REFERENCES period_previews (id, period_id, maker, needs_other),
  CONSTRAINT period_events_name_previews CHECK (
    (what IN ('previewed', 'approved')) = (preview_id IS NOT NULL)
      AND num_nulls(preview_id, maker, needs_other) IN (0, 3)),
  CONSTRAINT period_events_name_settlements CHECK (
    CASE what WHEN 'settled' THEN settlement_id IS NOT NULL
              WHEN 'approved' THEN true ELSE settlement_id IS NULL END),
  -- Above the limit a plan takes two people.
  CONSTRAINT period_approved_by_another CHECK (
    what <> 'approved' OR NOT needs_other
      OR (changed_by IS NOT NULL AND changed_by <> maker))
);
COMMENT ON TABLE period_events IS 'local';
ALTER TABLE periods ADD CONSTRAINT periods_stand FOREIGN KEY (id, step, state)
  REFERENCES period_events (period_id, number, new_state) DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX period_events_settle_once ON period_events (settlement_id)
  WHERE settlement_id IS NOT NULL;
CREATE TRIGGER period_events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON period_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One after the other: nothing is planned in a period while an earlier one is not approved, and
-- none is reopened when a later one has begun. Statements follow each other by that.
CREATE FUNCTION guard_period_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.what IN ('previewed', 'approved', 'settled') AND EXISTS (
    SELECT FROM periods p JOIN periods own ON own.id = NEW.period_id AND p.number < own.number
    WHERE p.state IN ('open', 'previewed')) THEN
    RAISE EXCEPTION 'an earlier period is still open'
      USING ERRCODE = 'check_violation', TABLE = 'period_events', CONSTRAINT = 'periods_in_order';
  END IF;
  IF NEW.what = 'published' AND EXISTS (
    SELECT FROM periods p JOIN periods own ON own.id = NEW.period_id AND p.number < own.number
    WHERE p.state NOT IN ('published', 'closed')) THEN
    RAISE EXCEPTION 'an earlier period is not published'
      USING ERRCODE = 'check_violation', TABLE = 'period_events', CONSTRAINT = 'periods_in_order';
  END IF;
  IF NEW.what = 'reopened' AND EXISTS (
    SELECT FROM periods p JOIN periods own ON own.id = NEW.period_id AND p.number > own.number
    WHERE p.step > 1) THEN
    RAISE EXCEPTION 'a later period has begun'
      USING ERRCODE = 'check_violation', TABLE = 'period_events', CONSTRAINT = 'periods_in_order';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER period_events_in_order BEFORE INSERT ON period_events FOR EACH ROW
  EXECUTE FUNCTION guard_period_order();

-- The period that a settlement belongs to; NULL: it is older than periods are.
ALTER TABLE settlements
  ADD COLUMN period_id uuid REFERENCES periods,
  -- From which version of the period's statements on it is on them.
  ADD COLUMN statement_version integer CHECK (statement_version > 0);
CREATE INDEX settlements_by_period ON settlements (period_id);

-- Making the statements of a period, member by member: how far it has come.
CREATE TABLE publications (
  period_id uuid        NOT NULL REFERENCES periods,
  version   integer     NOT NULL CHECK (version > 0),
  begun_by  uuid        REFERENCES members,
  begun_at  timestamptz NOT NULL,
  after     uuid        NOT NULL,   -- members up to this one have theirs
  made      bigint      NOT NULL CHECK (made >= 0),
  done_at   timestamptz,
  PRIMARY KEY (period_id, version)
);
COMMENT ON TABLE publications IS 'local';
CREATE UNIQUE INDEX one_publication_at_a_time ON publications ((true)) WHERE done_at IS NULL;

-- Names of products as they were then: what a statement says stays as it is.
CREATE TABLE statement_products (
  product_id uuid    NOT NULL,
  period_id  uuid    NOT NULL,
  version    integer NOT NULL,
  name       text    NOT NULL,
  PRIMARY KEY (product_id, period_id, version),
  FOREIGN KEY (period_id, version) REFERENCES publications
);
COMMENT ON TABLE statement_products IS 'by work';

-- A statement is what follows from rows that never change: the period's settlements, the shares,
-- and the tables below. Its text is made when it is read; the SHA-256 of it is kept here.
CREATE TABLE statements (
  member_id uuid        NOT NULL REFERENCES members,
  period_id uuid        NOT NULL,
  version   integer     NOT NULL,
  made_at   timestamptz NOT NULL,
  sha256    bytea       NOT NULL CHECK (length(sha256) = 32),
  PRIMARY KEY (member_id, period_id, version),
  FOREIGN KEY (period_id, version) REFERENCES publications
);
COMMENT ON TABLE statements IS 'by member';
CREATE INDEX statements_by_period ON statements (period_id, version, member_id);

-- What a member was owed before and after, payable or on its way to the member, in nanos.
CREATE TABLE statement_balances (
  member_id uuid    NOT NULL,
  period_id uuid    NOT NULL,
  version   integer NOT NULL,
  currency  text    NOT NULL,
  opening   bigint  NOT NULL,
  credited  bigint  NOT NULL,
  moved     bigint  NOT NULL,
  closing   bigint  NOT NULL,
  -- Of it, in payouts whose outcome was open.
  in_flight bigint  NOT NULL CHECK (in_flight >= 0),
  PRIMARY KEY (member_id, period_id, version, currency),
  FOREIGN KEY (member_id, period_id, version) REFERENCES statements
    DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT statements_add_up CHECK (closing = opening + credited + moved)
);
COMMENT ON TABLE statement_balances IS 'by member';

-- Transfers of a member other than credits, each on the statement that had it first. `amount` is
-- what it did to what the member is owed.
CREATE TABLE statement_movements (
  member_id  uuid            NOT NULL,
  cause      uuid            NOT NULL,
  reason     transfer_reason NOT NULL,
  currency   text            NOT NULL,
  from_owner uuid            NOT NULL,
  to_owner   uuid            NOT NULL,
  period_id  uuid            NOT NULL,
  version    integer         NOT NULL,
  kind       text            NOT NULL CHECK (kind IN
    ('paid', 'bounced', 'fee', 'fee_refund', 'tax', 'given', 'adjustment')),
  amount     bigint          NOT NULL CHECK (amount <> 0),
  posted_at  timestamptz     NOT NULL,
  CONSTRAINT statement_movements_once
    PRIMARY KEY (member_id, cause, reason, currency, from_owner, to_owner),
  FOREIGN KEY (member_id, period_id, version) REFERENCES statements
    DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE statement_movements IS 'by member';
CREATE INDEX statement_movements_by_statement
  ON statement_movements (member_id, period_id, version);
CREATE TRIGGER statement_products_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON statement_products
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER statements_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON statements
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER statement_balances_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON statement_balances
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER statement_movements_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON statement_movements
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

INSERT INTO notification_kinds VALUES ('statement', true, 'at_once', 0);
