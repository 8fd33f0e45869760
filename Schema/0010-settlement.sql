-- A settlement reads its shares once instead of once for each batch of members.

-- Into how many steps the members are divided; fixed by the plan, so that a later run divides them
-- in the same way.
ALTER TABLE settlements ADD COLUMN steps integer NOT NULL DEFAULT 1 CHECK (steps > 0);

-- What a step delivered; written with it, so that it is done once.
CREATE TABLE deliveries (
  settlement_id uuid    NOT NULL REFERENCES settlements,
  step          integer NOT NULL CHECK (step >= 0),
  currency      text    NOT NULL,
  members       bigint  NOT NULL CHECK (members > 0),
  credited      bigint  NOT NULL,  -- nanos, net
  PRIMARY KEY (settlement_id, step, currency)
);
COMMENT ON TABLE deliveries IS 'local';
REVOKE UPDATE, DELETE, TRUNCATE ON deliveries FROM CURRENT_USER;

-- Only returns look for the sale that they point at.
CREATE INDEX sale_lines_returns ON sale_lines (source, external_id) WHERE return_of IS NOT NULL;
