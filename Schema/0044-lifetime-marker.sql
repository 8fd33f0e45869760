-- Settlement reads only what is new: how far the lifetime sums have counted, and under which rules.

-- `earned_sums` and `referral_sums` are the sums over lines that arrived up to `horizon` and were
-- sold before `cut_off`, under the contracts and shares that stood at `planned_at`.
CREATE TABLE lifetime_marker (
  only_one   boolean     PRIMARY KEY DEFAULT true CHECK (only_one),
  horizon    bigint      NOT NULL,
  cut_off    timestamptz NOT NULL,
  planned_at timestamptz NOT NULL
);
COMMENT ON TABLE lifetime_marker IS 'local';

-- The newest contract and locked shares that a product's sums have seen; a product that has newer
-- ones is counted anew.
CREATE TABLE counted_rules (
  product_id       uuid    PRIMARY KEY,
  contract_version integer NOT NULL,
  share_version    integer  -- null while none is locked
);
COMMENT ON TABLE counted_rules IS 'by work';

-- The parts of referrers, before they are truncated: millionths of a millionth of a nano.
CREATE TABLE referral_sums (
  product_id       uuid    NOT NULL,
  contract_version integer NOT NULL,
  share_version    integer NOT NULL,
  currency         text    NOT NULL,
  member_id        uuid    NOT NULL,
  part             numeric NOT NULL,
  PRIMARY KEY (product_id, contract_version, share_version, currency, member_id)
);
COMMENT ON TABLE referral_sums IS 'by work';
CREATE INDEX referral_sums_by_member ON referral_sums (member_id);

-- Lines are stored about as they arrive, so small summaries find what is new, and what an earlier
-- cut-off left.
CREATE INDEX sale_lines_new ON sale_lines USING brin (arrival, sold_at) WITH (autosummarize = on);

-- A sale that arrives finds the returns that came before it.
CREATE INDEX sale_lines_returned ON sale_lines (source, return_of) WHERE return_of IS NOT NULL;
