-- The books as accountants ask for them: at a moment, by day, beside the bank's statements.

-- Rows come in the order of time, so that an index of a few pages finds a span of it.
CREATE INDEX transfers_by_time ON transfers USING brin (posted_at) WITH (autosummarize = on);

-- What days that are over have moved, by kind of account: sums over `transfers`, kept so that
-- nobody adds up ten million rows to see a year. `coinvent verify` recounts.
CREATE TABLE book_days (
  day      date         NOT NULL,
  kind     account_kind NOT NULL,
  currency text         NOT NULL,
  moved    numeric      NOT NULL,  -- nanos
  CONSTRAINT book_days_once PRIMARY KEY (kind, currency, day)
);
COMMENT ON TABLE book_days IS 'local';

-- Up to and with which day they are summed.
CREATE TABLE book_sums (
  through date NOT NULL,
  CONSTRAINT book_sums_once PRIMARY KEY (through)
);
COMMENT ON TABLE book_sums IS 'local';

-- Money that was put into the bank account that is set aside, or taken out of it when negative.
CREATE TABLE book_deposits (
  id        uuid        NOT NULL,
  currency  text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount    bigint      NOT NULL CHECK (amount <> 0),
  reference text        NOT NULL CHECK (char_length(reference) BETWEEN 1 AND 200),
  made_by   uuid        REFERENCES members,
  made_at   timestamptz NOT NULL,
  CONSTRAINT book_deposits_id PRIMARY KEY (id),
  CONSTRAINT book_deposits_once UNIQUE (currency, reference)
);
COMMENT ON TABLE book_deposits IS 'local';
CREATE TRIGGER book_deposits_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON book_deposits
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What a statement of the bank (or of the provider) says that there was at the end of a day, in
-- UTC. Of several for a day the last one counts.
CREATE TABLE balance_assertions (
  number    bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind      account_kind NOT NULL,
  currency  text         NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  day       date         NOT NULL,
  amount    bigint       NOT NULL,
  reference text         NOT NULL CHECK (char_length(reference) BETWEEN 1 AND 200),
  made_by   uuid         REFERENCES members,
  made_at   timestamptz  NOT NULL,
  CONSTRAINT balance_assertions_once UNIQUE (kind, currency, day, reference)
);
COMMENT ON TABLE balance_assertions IS 'local';
CREATE TRIGGER balance_assertions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON balance_assertions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
