-- What statements say of prices: the sale lines that were new in a settlement, added up. Made when
-- the settlement's statements are.
CREATE TABLE settlement_sales (
  product_id    uuid    NOT NULL,
  settlement_id uuid    NOT NULL REFERENCES settlements,
  currency      text    NOT NULL,
  channel       text    NOT NULL,
  territory     text    NOT NULL,
  format        text    NOT NULL,
  units         bigint  NOT NULL,
  gross         numeric NOT NULL,  -- nanos
  deducted      numeric NOT NULL,  -- discounts and allowances, nanos
  price_low     bigint  NOT NULL,
  price_high    bigint  NOT NULL,
  PRIMARY KEY (settlement_id, product_id, currency, channel, territory, format)
);
COMMENT ON TABLE settlement_sales IS 'by work';
CREATE TRIGGER settlement_sales_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON settlement_sales
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
