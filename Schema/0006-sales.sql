-- What was sold and what came back, as it was reported.

-- `arrival` numbers lines in the order they were written: a settlement counts those up to the
-- number that was the last when it was planned. Amounts are nanos; deductions of a return are
-- positive too and count the other way round, like its quantity.
CREATE TABLE sale_lines (
  source      text        NOT NULL CHECK (length(source) BETWEEN 1 AND 64),
  external_id text        NOT NULL CHECK (length(external_id) BETWEEN 1 AND 128),
  arrival     bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
  product_id  uuid        NOT NULL,
  channel     text        NOT NULL,
  quantity    bigint      NOT NULL CHECK (quantity <> 0),
  unit_price  bigint      NOT NULL CHECK (unit_price >= 0),
  discount    bigint      NOT NULL CHECK (discount >= 0),
  allowance   bigint      NOT NULL CHECK (allowance >= 0),
  currency    text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  sold_at     timestamptz NOT NULL,
  return_of   text,
  gross       bigint      NOT NULL GENERATED ALWAYS AS (quantity * unit_price) STORED,
  net         bigint      NOT NULL GENERATED ALWAYS AS
    (quantity * unit_price
       - CASE WHEN quantity < 0 THEN -1 ELSE 1 END * (discount + allowance)) STORED,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (source, external_id),
  CONSTRAINT returns_point_at_sales CHECK ((quantity < 0) = (return_of IS NOT NULL)),
  CONSTRAINT deductions_within_price
    CHECK (discount + allowance <= abs(quantity) * unit_price)
);
COMMENT ON TABLE sale_lines IS 'by sale: distributed by external_id; sums over a product fan out';
CREATE INDEX sale_lines_by_product ON sale_lines (product_id);

-- Lines that name something unknown wait here with their reason; none is dropped.
CREATE TABLE suspense_lines (
  source      text        NOT NULL,
  external_id text        NOT NULL,
  reason      text        NOT NULL,
  line        jsonb       NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (source, external_id)
);
COMMENT ON TABLE suspense_lines IS 'by sale: distributed by external_id';

REVOKE UPDATE, DELETE, TRUNCATE ON sale_lines FROM CURRENT_USER;
