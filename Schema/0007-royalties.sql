-- Settlement: planned in one transaction, then posted and delivered in small ones.

-- planned -> done. `horizon` is the last arrival that counts, `cut_off` the first moment that
-- does not.
CREATE TABLE settlements (
  id         uuid        PRIMARY KEY,
  state      text        NOT NULL CHECK (state IN ('planned', 'done')),
  horizon    bigint      NOT NULL,
  cut_off    timestamptz NOT NULL,
  planned_at timestamptz NOT NULL,
  done_at    timestamptz,
  CONSTRAINT done_has_a_moment CHECK ((state = 'done') = (done_at IS NOT NULL))
);
COMMENT ON TABLE settlements IS 'local';
CREATE UNIQUE INDEX one_settlement_at_a_time ON settlements ((true)) WHERE state = 'planned';
CREATE UNIQUE INDEX settlements_in_order ON settlements (planned_at);

-- The lifetime pool of each version, as far as it is posted, in nanos.
CREATE TABLE pools (
  product_id       uuid    NOT NULL,
  contract_version integer NOT NULL,
  share_version    integer NOT NULL,
  currency         text    NOT NULL,
  settled          bigint  NOT NULL,
  PRIMARY KEY (product_id, contract_version, share_version, currency)
);
COMMENT ON TABLE pools IS 'by work';

-- What each settlement changes: the plan, and afterwards the history.
CREATE TABLE pool_changes (
  product_id       uuid    NOT NULL,
  settlement_id    uuid    NOT NULL,
  contract_version integer NOT NULL,
  share_version    integer NOT NULL,
  currency         text    NOT NULL,
  cause            uuid    NOT NULL,
  before           bigint  NOT NULL,
  after            bigint  NOT NULL CHECK (after <> before),
  posted           boolean NOT NULL DEFAULT false,
  PRIMARY KEY (product_id, settlement_id, contract_version, share_version, currency)
);
COMMENT ON TABLE pool_changes IS 'by work';
CREATE INDEX pool_changes_to_post ON pool_changes (settlement_id, product_id) WHERE NOT posted;
CREATE INDEX pool_changes_by_settlement ON pool_changes (settlement_id);
