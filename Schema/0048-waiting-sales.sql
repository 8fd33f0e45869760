-- Sales of products whose shares nobody has locked, as far as `lifetime_marker` has counted.
CREATE TABLE waiting_sales (
  product_id uuid    NOT NULL,
  currency   text    NOT NULL,
  lines      bigint  NOT NULL,
  gross      numeric NOT NULL,  -- nanos
  PRIMARY KEY (product_id, currency)
);
COMMENT ON TABLE waiting_sales IS 'by work';
