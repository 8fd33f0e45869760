-- The fee for submitting an idea: what it is since when, and what became of it for each idea.

ALTER TYPE transfer_reason ADD VALUE 'hold';    -- a fee is kept apart
ALTER TYPE transfer_reason ADD VALUE 'earn';    -- votes are taken: the fee is the operator's
ALTER TYPE transfer_reason ADD VALUE 'refund';  -- the idea ended before that

-- The row of the latest `effective_from` that has come counts, of two the later one. 0: no fee.
CREATE TABLE fee_rates (
  number         integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  amount         bigint      NOT NULL CHECK (amount >= 0),
  currency       text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  effective_from timestamptz NOT NULL,
  set_by         uuid        NOT NULL REFERENCES members,
  set_at         timestamptz NOT NULL,
  CONSTRAINT fee_rates_as_due UNIQUE (number, amount, currency)
);
CREATE INDEX fee_rates_by_time ON fee_rates (effective_from DESC, number DESC);
COMMENT ON TABLE fee_rates IS 'reference';
CREATE TRIGGER fee_rates_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON fee_rates
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE fee_transitions (
  old_state text NOT NULL,
  new_state text NOT NULL,
  CONSTRAINT fee_transitions_once PRIMARY KEY (old_state, new_state)
);
COMMENT ON TABLE fee_transitions IS 'reference';
INSERT INTO fee_transitions VALUES
  ('due', 'held'), ('due', 'waived'), ('due', 'void'), ('held', 'earned'), ('held', 'refunded');

-- No row: none was asked for. Its transfers have the author as home and the idea as cause.
CREATE TABLE idea_fees (
  idea_id   uuid    NOT NULL REFERENCES ideas,
  member_id uuid    NOT NULL REFERENCES members,
  rate      integer NOT NULL,
  amount    bigint  NOT NULL CHECK (amount > 0),
  currency  text    NOT NULL,
  state     text    NOT NULL,
  step      integer NOT NULL,
  source    text    CHECK (source IN ('balance', 'outside')),
  CONSTRAINT idea_fees_once PRIMARY KEY (idea_id),
  CONSTRAINT idea_fees_of_rate FOREIGN KEY (rate, amount, currency)
    REFERENCES fee_rates (number, amount, currency),
  CONSTRAINT idea_fees_paid CHECK (
    (state IN ('held', 'earned', 'refunded')) = (source IS NOT NULL))
);
COMMENT ON TABLE idea_fees IS 'by work';

-- Each event continues the one before it, and the fee stands where the last one led.
CREATE TABLE fee_events (
  idea_id    uuid        NOT NULL,
  number     integer     NOT NULL CHECK (number > 0),
  previous   integer     GENERATED ALWAYS AS (number - 1) STORED,
  old_state  text,
  new_state  text        NOT NULL,
  reason     text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  changed_by uuid        REFERENCES members,
  changed_at timestamptz NOT NULL,
  CONSTRAINT fee_events_once PRIMARY KEY (idea_id, number),
  CONSTRAINT fee_events_state UNIQUE (idea_id, number, new_state),
  CONSTRAINT fee_events_begin CHECK (
    (number = 1) = (old_state IS NULL) AND (number > 1 OR new_state = 'due')),
  CONSTRAINT fee_events_follow FOREIGN KEY (idea_id, previous, old_state)
    REFERENCES fee_events (idea_id, number, new_state),
  CONSTRAINT fee_events_allowed FOREIGN KEY (old_state, new_state) REFERENCES fee_transitions,
  CONSTRAINT fee_events_of_fee FOREIGN KEY (idea_id) REFERENCES idea_fees
);
COMMENT ON TABLE fee_events IS 'by work';
ALTER TABLE idea_fees ADD CONSTRAINT idea_fees_stand FOREIGN KEY (idea_id, step, state)
  REFERENCES fee_events (idea_id, number, new_state) DEFERRABLE INITIALLY DEFERRED;
CREATE TRIGGER fee_events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON fee_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Fees that were paid outside, by the name they have there: none counts twice.
CREATE TABLE fee_receipts (
  source      text        NOT NULL CHECK (char_length(source) BETWEEN 1 AND 100),
  external_id text        NOT NULL CHECK (char_length(external_id) BETWEEN 1 AND 200),
  idea_id     uuid        NOT NULL REFERENCES idea_fees,
  recorded_by uuid        NOT NULL REFERENCES members,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT fee_receipts_once PRIMARY KEY (source, external_id),
  CONSTRAINT fee_receipts_one UNIQUE (idea_id)
);
COMMENT ON TABLE fee_receipts IS 'local';
CREATE TRIGGER fee_receipts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON fee_receipts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whether a submitted idea waits for a curator, beside whatever else it waits for.
ALTER TABLE ideas ADD COLUMN waits_for_curator boolean NOT NULL DEFAULT false;

-- No votes before the fee is paid or waived.
CREATE FUNCTION guard_opening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM idea_fees WHERE idea_id = NEW.id AND state = 'due') THEN
    RAISE EXCEPTION 'the fee of this idea is due'
      USING ERRCODE = 'check_violation', TABLE = 'ideas', CONSTRAINT = 'ideas_fee_due';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ideas_opening_guarded BEFORE UPDATE ON ideas FOR EACH ROW
  WHEN (NEW.state = 'open' AND OLD.state IN ('draft', 'submitted'))
  EXECUTE FUNCTION guard_opening();
