-- On which day the bank booked a movement that the books have of another day: a payout that was sent
-- in the evening, a deposit that was recorded late. Transfers stay as they were posted; statements
-- of the bank are compared by these days. Of several for a movement the last one counts.
CREATE TABLE bank_days (
  number    bigint          GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cause     uuid            NOT NULL,
  reason    transfer_reason NOT NULL CHECK (reason IN ('pay', 'bounce', 'deposit')),
  currency  text            NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  moved     bigint          NOT NULL CHECK (moved <> 0),  -- nanos, positive when it came in
  posted_on date            NOT NULL,                     -- the day of the books, in UTC
  day       date            NOT NULL,
  made_by   uuid            REFERENCES members,
  made_at   timestamptz     NOT NULL
);
COMMENT ON TABLE bank_days IS 'local';
CREATE INDEX bank_days_by_cause ON bank_days (cause, reason, currency, number);
CREATE TRIGGER bank_days_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON bank_days
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
