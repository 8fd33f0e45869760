-- Contracts with more terms than a base and rates, and the lifetime sums that pools follow from.

-- Where, in which form and at which list price units were sold, and what was deducted by name
-- besides discount and allowance: {"shipping": nanos}.
ALTER TABLE sale_lines
  ADD COLUMN territory text CHECK (territory ~ '^[A-Z]{2}$'),
  ADD COLUMN format text CHECK (format ~ '^[a-z][a-z0-9_]{0,31}$'),
  ADD COLUMN list_price bigint CHECK (list_price >= 0),
  ADD COLUMN deductions jsonb CHECK (jsonb_typeof(deductions) = 'object'),
  -- The report that it came in, which can be withdrawn as a whole.
  ADD COLUMN report_id uuid;

-- Everything beyond base, rates by channel and referrers' part; null for a plain contract, whose
-- pools are sums of the database.
ALTER TABLE contracts
  ADD COLUMN terms jsonb CHECK (jsonb_typeof(terms) = 'object'),
  DROP CONSTRAINT contracts_base_check,
  ADD CONSTRAINT contracts_base_check CHECK (base IN ('gross', 'net', 'list')),
  ADD CONSTRAINT contracts_of_list_prices_have_terms CHECK (base <> 'list' OR terms IS NOT NULL);

-- What sales have earned so far, as of the last plan: exact sums, from which every pool is truncated
-- once. A plain contract needs no months and has -infinity there; others have the first day of
-- the month in UTC at which the line, or the sale that came back, was sold.
CREATE TABLE earned_sums (
  product_id       uuid    NOT NULL,
  contract_version integer NOT NULL,
  share_version    integer NOT NULL,
  currency         text    NOT NULL,
  channel          text    NOT NULL,
  territory        text    NOT NULL DEFAULT '',
  format           text    NOT NULL DEFAULT '',
  rate_ppm         bigint  NOT NULL,
  month            date    NOT NULL DEFAULT '-infinity',
  units            bigint  NOT NULL,
  base             numeric NOT NULL,  -- millionths of a nano
  earned           numeric NOT NULL,  -- millionths of a millionth of a nano
  PRIMARY KEY (product_id, contract_version, share_version, currency, channel, territory, format,
               rate_ppm, month)
);
COMMENT ON TABLE earned_sums IS 'by work';

-- How each settlement changed them: the lines of statements.
CREATE TABLE settlement_lines (
  product_id       uuid    NOT NULL,
  settlement_id    uuid    NOT NULL,
  contract_version integer NOT NULL,
  share_version    integer NOT NULL,
  currency         text    NOT NULL,
  channel          text    NOT NULL,
  territory        text    NOT NULL,
  format           text    NOT NULL,
  rate_ppm         bigint  NOT NULL,
  units            bigint  NOT NULL,
  base             numeric NOT NULL,  -- millionths of a nano
  earned           numeric NOT NULL,  -- millionths of a millionth of a nano
  PRIMARY KEY (product_id, settlement_id, contract_version, share_version, currency, channel,
               territory, format, rate_ppm)
);
COMMENT ON TABLE settlement_lines IS 'by work';
CREATE INDEX settlement_lines_by_settlement ON settlement_lines (settlement_id);

-- What lies between what was earned and the pool, for contracts with such terms: by how much each
-- changed, in nanos. The pool changed by earned - reserved - recouped + advanced + guaranteed.
CREATE TABLE settlement_terms (
  product_id       uuid    NOT NULL,
  settlement_id    uuid    NOT NULL,
  contract_version integer NOT NULL,
  share_version    integer NOT NULL,
  currency         text    NOT NULL,
  earned           bigint  NOT NULL,
  reserved         bigint  NOT NULL,  -- held back against returns; negative when released
  recouped         bigint  NOT NULL,  -- taken for advances and costs
  advanced         bigint  NOT NULL,
  guaranteed       bigint  NOT NULL,  -- topped up to a minimum guarantee
  PRIMARY KEY (product_id, settlement_id, contract_version, share_version, currency)
);
COMMENT ON TABLE settlement_terms IS 'by work';
CREATE INDEX settlement_terms_by_settlement ON settlement_terms (settlement_id);
