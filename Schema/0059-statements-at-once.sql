-- Statements are made by one statement for a great part of all members at a time, and their SHA-256
-- are kept behind it: nobody waits for hashes to see what was earned.

-- Nobody has seen the statements of a publication that is not done: they are made anew.
ALTER TABLE statements DISABLE TRIGGER statements_stay;
ALTER TABLE statement_balances DISABLE TRIGGER statement_balances_stay;
ALTER TABLE statement_movements DISABLE TRIGGER statement_movements_stay;
DELETE FROM statement_movements m USING publications u
WHERE u.period_id = m.period_id AND u.version = m.version AND u.done_at IS NULL;
DELETE FROM statement_balances b USING publications u
WHERE u.period_id = b.period_id AND u.version = b.version AND u.done_at IS NULL;
DELETE FROM statements s USING publications u
WHERE u.period_id = s.period_id AND u.version = s.version AND u.done_at IS NULL;

-- A statement is its balances; what a period added is found by the period.
ALTER TABLE statement_balances ADD COLUMN made_at timestamptz;
UPDATE statement_balances b SET made_at = s.made_at FROM statements s
WHERE s.member_id = b.member_id AND s.period_id = b.period_id AND s.version = b.version;
ALTER TABLE statement_balances
  ALTER COLUMN made_at SET NOT NULL,
  DROP CONSTRAINT statement_balances_pkey,
  ADD PRIMARY KEY (period_id, version, member_id, currency);

DROP INDEX statements_by_period;
ALTER TABLE statements
  DROP COLUMN made_at,
  DROP CONSTRAINT statements_pkey,
  ADD CONSTRAINT statement_seals_pkey PRIMARY KEY (period_id, version, member_id);
ALTER TABLE statements RENAME CONSTRAINT statements_sha256_check TO statement_seals_sha256_check;
ALTER TABLE statements RENAME TO statement_seals;
ALTER TRIGGER statements_stay ON statement_seals RENAME TO statement_seals_stay;
ALTER TABLE statement_seals ENABLE TRIGGER statement_seals_stay;
ALTER TABLE statement_balances ENABLE TRIGGER statement_balances_stay;
ALTER TABLE statement_movements ENABLE TRIGGER statement_movements_stay;

ALTER TABLE publications
  DROP COLUMN after,
  -- A member belongs to one of so many steps; NULL: it is from before there were any.
  ADD COLUMN steps integer CHECK (steps > 0),
  -- Whether every statement has its SHA-256.
  ADD COLUMN sealed boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT publications_seal_in_order CHECK (done_at IS NOT NULL OR NOT sealed);
UPDATE publications SET sealed = true WHERE done_at IS NOT NULL;
UPDATE publications SET steps = 2, made = 0 WHERE done_at IS NULL;
CREATE INDEX publications_unsealed ON publications (period_id, version) WHERE NOT sealed;

-- The steps of making a period's statements that are done, each in one transaction.
CREATE TABLE publication_steps (
  period_id  uuid    NOT NULL,
  version    integer NOT NULL,
  step       integer NOT NULL CHECK (step >= 0),
  statements bigint  NOT NULL CHECK (statements >= 0),
  PRIMARY KEY (period_id, version, step),
  FOREIGN KEY (period_id, version) REFERENCES publications
);
COMMENT ON TABLE publication_steps IS 'local';
CREATE TRIGGER publication_steps_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON publication_steps
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What statements say of prices was said of channels: territory and format were never read. From
-- now on they are, of products whose contract has terms; of all others they are ''. And what was
-- sold before the period is told apart.
ALTER TABLE settlement_sales DISABLE TRIGGER settlement_sales_stay;
CREATE TEMPORARY TABLE channel_sales ON COMMIT DROP AS
SELECT product_id, settlement_id, currency, channel, sum(units)::bigint AS units,
  sum(gross) AS gross, sum(deducted) AS deducted, min(price_low) AS price_low,
  max(price_high) AS price_high
FROM settlement_sales GROUP BY product_id, settlement_id, currency, channel;
DELETE FROM settlement_sales;
ALTER TABLE settlement_sales
  -- Units that came back, of which `units` are less; NULL: it is from before this was kept.
  ADD COLUMN returned bigint,
  ADD COLUMN late boolean NOT NULL DEFAULT false,
  DROP CONSTRAINT settlement_sales_pkey,
  ADD PRIMARY KEY (settlement_id, product_id, currency, channel, territory, format, late);
ALTER TABLE settlement_sales ALTER COLUMN late DROP DEFAULT;
INSERT INTO settlement_sales (product_id, settlement_id, currency, channel, territory, format,
                              late, units, gross, deducted, price_low, price_high)
SELECT product_id, settlement_id, currency, channel, '', '', false, units, gross, deducted,
  price_low, price_high
FROM channel_sales;
ALTER TABLE settlement_sales ENABLE TRIGGER settlement_sales_stay;

-- What moved besides credits, by when: the few among the many that a settlement posts.
CREATE INDEX transfers_beside_credits ON transfers (posted_at)
  WHERE reason NOT IN ('pool', 'credit', 'deliver', 'refer');
