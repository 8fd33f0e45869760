-- The books: append-only transfers between accounts, each balanced by construction.

CREATE TYPE account_kind AS ENUM (
  'channel_revenue',   -- what channels owe the community for counted sales (negative: a source)
  'product_pool',      -- a product's pool; what stays in it after settlement are crumbs
  'clearing',          -- a member's credits on their way from products; zero when nothing runs
  'member_payable',    -- what a member may be paid
  'payout_in_flight',  -- reserved for payouts whose outcome is open
  'bank',              -- money that left to, or came from, the bank account set aside
  'fees_held', 'fees_earned', 'tax_withheld', 'suspense',
  'house'              -- the operator's own share
);

CREATE TYPE transfer_reason AS ENUM (
  'pool', 'credit', 'deliver',               -- settlement
  'reserve', 'pay', 'release', 'bounce',     -- payouts
  'deposit', 'correct'
);

-- An account is (kind, owner, currency); it needs no row of its own. `home` is the work or member
-- that the row belongs to, and both sides of the transfer balance inside it. A row's natural key
-- says what caused it, so the same cause cannot post twice.
CREATE TABLE transfers (
  home       uuid            NOT NULL,
  cause      uuid            NOT NULL,
  reason     transfer_reason NOT NULL,
  from_kind  account_kind    NOT NULL,
  from_owner uuid            NOT NULL,
  to_kind    account_kind    NOT NULL,
  to_owner   uuid            NOT NULL,
  currency   text            NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount     bigint          NOT NULL CHECK (amount > 0),
  corrects   uuid,
  posted_at  timestamptz     NOT NULL,
  CONSTRAINT transfers_once
    PRIMARY KEY (home, cause, reason, currency, from_owner, to_owner),
  CONSTRAINT transfers_move CHECK ((from_kind, from_owner) <> (to_kind, to_owner)),
  CONSTRAINT corrections_point CHECK ((reason = 'correct') = (corrects IS NOT NULL))
);
COMMENT ON TABLE transfers IS 'by home: product-side rows live with the work, member-side rows with the member';

-- Caches of sums over transfers, for the accounts that are read often. `coinvent verify` recounts.
CREATE TABLE balances (
  owner    uuid         NOT NULL,
  kind     account_kind NOT NULL CHECK (kind IN ('member_payable', 'payout_in_flight')),
  currency text         NOT NULL,
  balance  bigint       NOT NULL,
  PRIMARY KEY (owner, kind, currency),
  CONSTRAINT in_flight_is_never_negative CHECK (kind <> 'payout_in_flight' OR balance >= 0)
) WITH (fillfactor = 70);
COMMENT ON TABLE balances IS 'by member';

-- Nobody rewrites the books, not even the role that made them.
REVOKE UPDATE, DELETE, TRUNCATE ON transfers FROM CURRENT_USER;
REVOKE UPDATE, DELETE, TRUNCATE ON transfers FROM PUBLIC;
