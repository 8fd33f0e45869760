-- The rows of a settlement by bare INSERT … SELECT, into tables with the same indexes and checks:
-- what `coinvent settle` is measured against. It is given one settlement, one version of every
-- contract and of all shares and an empty ledger, and so needs no plan, no lock, no resumption and
-- no proof that it was not done before.
\set ON_ERROR_STOP on
CREATE TABLE bare_transfers (LIKE transfers INCLUDING ALL);
CREATE TABLE bare_balances (LIKE balances INCLUDING ALL);
CREATE TABLE bare_pools (LIKE pools INCLUDING ALL);
CHECKPOINT;
\timing on
BEGIN;
INSERT INTO bare_pools
SELECT product_id, 1, 1, currency, div(sum(millionths), 1000000)::bigint
FROM (
  SELECT l.product_id, l.currency, r.rate_ppm * sum(l.net) AS millionths
  FROM sale_lines l
  JOIN contract_rates r ON r.product_id = l.product_id AND r.channel = l.channel AND r.version = 1
  GROUP BY l.product_id, l.currency, r.channel, r.rate_ppm) AS sums
GROUP BY product_id, currency;
INSERT INTO bare_transfers (home, cause, reason, from_kind, from_owner, to_kind, to_owner, currency,
                            amount, posted_at)
SELECT product_id, product_id, 'pool', 'channel_revenue', product_id, 'product_pool', product_id,
  currency, settled, clock_timestamp()
FROM bare_pools;
INSERT INTO bare_transfers (home, cause, reason, from_kind, from_owner, to_kind, to_owner, currency,
                            amount, posted_at)
SELECT p.product_id, p.product_id, 'credit', 'product_pool', p.product_id, 'clearing', t.member_id,
  p.currency, (settled / 1000000000) * ppb + (settled % 1000000000) * ppb / 1000000000,
  clock_timestamp()
FROM bare_pools p JOIN share_totals t ON t.product_id = p.product_id AND t.version = 1;
INSERT INTO bare_transfers (home, cause, reason, from_kind, from_owner, to_kind, to_owner, currency,
                            amount, posted_at)
SELECT to_owner, '00000000-0000-7000-8000-000000000000', 'deliver', 'clearing', to_owner,
  'member_payable', to_owner, currency, sum(amount)::bigint, clock_timestamp()
FROM bare_transfers WHERE reason = 'credit' GROUP BY to_owner, currency;
INSERT INTO bare_balances (owner, kind, currency, balance)
SELECT to_owner, 'member_payable', currency, amount FROM bare_transfers WHERE reason = 'deliver';
COMMIT;
