-- Referral links: who brought a buyer gets the stated part of that sale's pool.

ALTER TYPE transfer_reason ADD VALUE 'refer';  -- a referrer's part of a pool

-- Of the pool of each sale that carries a code.
ALTER TABLE contracts
  ADD COLUMN referral_ppm bigint NOT NULL DEFAULT 0 CHECK (referral_ppm BETWEEN 0 AND 1000000);

-- One code of a member for a product.
CREATE TABLE referrals (
  product_id uuid        NOT NULL REFERENCES products,
  code       text        NOT NULL CHECK (code ~ '^[a-z0-9]{10}$'),
  member_id  uuid        NOT NULL REFERENCES members,
  made_at    timestamptz NOT NULL,
  -- For the locks of foreign keys, which ask for UPDATE on one column: nobody can write into it.
  fixed      boolean     NOT NULL GENERATED ALWAYS AS (true) STORED,
  PRIMARY KEY (product_id, code),
  CONSTRAINT referrals_one_each UNIQUE (product_id, member_id),
  CONSTRAINT referrals_of_members UNIQUE (product_id, code, member_id)
);
COMMENT ON TABLE referrals IS 'by work';
CREATE INDEX referrals_by_member ON referrals (member_id);
REVOKE UPDATE, DELETE, TRUNCATE ON referrals FROM CURRENT_USER;
GRANT UPDATE (fixed) ON referrals TO CURRENT_USER;

ALTER TABLE commitments
  ADD COLUMN referral text,
  ADD COLUMN referrer_id uuid,
  ADD CONSTRAINT commitments_know_referrers CHECK ((referral IS NULL) = (referrer_id IS NULL)),
  ADD CONSTRAINT nobody_refers_themselves CHECK (referrer_id <> member_id),
  ADD FOREIGN KEY (product_id, referral, referrer_id)
    REFERENCES referrals (product_id, code, member_id);

-- A return has the code of the sale that it points at, wherever that is known.
ALTER TABLE sale_lines ADD COLUMN referral text CHECK (char_length(referral) BETWEEN 1 AND 64);
CREATE INDEX sale_lines_referred ON sale_lines (product_id) WHERE referral IS NOT NULL;

-- What referrers have of a pool; the rest is for the shares.
ALTER TABLE pools ADD COLUMN referred bigint NOT NULL DEFAULT 0;

-- The lifetime due of each referrer and pool, as far as it is posted, in nanos.
CREATE TABLE referral_dues (
  product_id       uuid    NOT NULL,
  contract_version integer NOT NULL,
  share_version    integer NOT NULL,
  currency         text    NOT NULL,
  member_id        uuid    NOT NULL,
  settled          bigint  NOT NULL,
  PRIMARY KEY (product_id, contract_version, share_version, currency, member_id)
);
COMMENT ON TABLE referral_dues IS 'by work';
CREATE INDEX referral_dues_by_member ON referral_dues (member_id);

-- What each settlement changes of them: the plan, and afterwards the history.
CREATE TABLE referral_changes (
  product_id       uuid    NOT NULL,
  settlement_id    uuid    NOT NULL,
  contract_version integer NOT NULL,
  share_version    integer NOT NULL,
  currency         text    NOT NULL,
  member_id        uuid    NOT NULL,
  before           bigint  NOT NULL,
  after            bigint  NOT NULL,
  PRIMARY KEY (product_id, settlement_id, contract_version, share_version, currency, member_id),
  FOREIGN KEY (product_id, settlement_id, contract_version, share_version, currency)
    REFERENCES pool_changes,
  CONSTRAINT referral_changes_change CHECK (after <> before)
);
COMMENT ON TABLE referral_changes IS 'by work';
CREATE INDEX referral_changes_by_settlement ON referral_changes (settlement_id);
CREATE INDEX referral_changes_by_member ON referral_changes (member_id);
REVOKE UPDATE, DELETE, TRUNCATE ON referral_changes FROM CURRENT_USER;

-- A pool may stay as it is while its referrers' parts change.
ALTER TABLE pool_changes
  ADD COLUMN referred_before bigint NOT NULL DEFAULT 0,
  ADD COLUMN referred_after bigint NOT NULL DEFAULT 0,
  -- How many referrers' parts change.
  ADD COLUMN referrals integer NOT NULL DEFAULT 0 CHECK (referrals >= 0),
  DROP CONSTRAINT pool_changes_check,
  ADD CONSTRAINT pool_changes_change CHECK (after <> before OR referrals > 0),
  ADD CONSTRAINT pool_changes_refer CHECK (referrals > 0 OR referred_before = referred_after);
