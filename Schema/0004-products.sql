-- Products, and the dated rules that govern their money.

-- A product has the id of the idea that it comes from: one id space for a work.
CREATE TABLE products (
  id          uuid        PRIMARY KEY,
  name        text        NOT NULL,
  inventor_id uuid        NOT NULL,
  created_at  timestamptz NOT NULL
);
COMMENT ON TABLE products IS 'by work: distributed by id';

-- How the community's part is cut into slices. A version is never changed.
CREATE TABLE recipes (
  product_id uuid        NOT NULL REFERENCES products,
  version    integer     NOT NULL CHECK (version > 0),
  unclaimed  text        NOT NULL CHECK (unclaimed IN ('house', 'spread')),
  total_ppb  bigint      NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (product_id, version),
  CONSTRAINT recipe_is_whole CHECK (total_ppb = 1000000000)
);
COMMENT ON TABLE recipes IS 'by work';

CREATE TABLE recipe_slices (
  product_id uuid    NOT NULL,
  version    integer NOT NULL,
  position   integer NOT NULL,
  slice      text    NOT NULL CHECK (slice IN (
    'inventor', 'idea_votes', 'idea_discussion', 'comparison', 'research', 'design', 'finish',
    'naming', 'tagline', 'packaging', 'pricing', 'presale')),
  ppb        bigint  NOT NULL CHECK (ppb BETWEEN 1 AND 1000000000),
  policy     text    NOT NULL CHECK (policy IN ('named', 'equal', 'weight', 'selective')),
  PRIMARY KEY (product_id, version, slice),
  FOREIGN KEY (product_id, version) REFERENCES recipes
);
COMMENT ON TABLE recipe_slices IS 'by work';

-- Which part of which revenue goes to the community, from a date on. The first version starts at
-- -infinity: it governs every earlier sale too.
CREATE TABLE contracts (
  product_id uuid        NOT NULL REFERENCES products,
  version    integer     NOT NULL CHECK (version > 0),
  base       text        NOT NULL CHECK (base IN ('gross', 'net')),
  starts_at  timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  first      boolean     NOT NULL GENERATED ALWAYS AS (version = 1) STORED,
  PRIMARY KEY (product_id, version),
  UNIQUE (product_id, starts_at),
  CONSTRAINT first_contract_has_no_start CHECK (first = (starts_at = '-infinity')),
  CONSTRAINT contracts_never_act_backwards CHECK (first OR starts_at >= created_at)
);
COMMENT ON TABLE contracts IS 'by work';

CREATE TABLE contract_rates (
  product_id uuid    NOT NULL,
  version    integer NOT NULL,
  channel    text    NOT NULL CHECK (channel ~ '^[a-z][a-z0-9_]{0,31}$'),
  rate_ppm   bigint  NOT NULL CHECK (rate_ppm BETWEEN 0 AND 1000000),
  PRIMARY KEY (product_id, version, channel),
  FOREIGN KEY (product_id, version) REFERENCES contracts
);
COMMENT ON TABLE contract_rates IS 'by work';

REVOKE UPDATE, DELETE, TRUNCATE ON recipes, recipe_slices, contracts, contract_rates
  FROM CURRENT_USER;
-- A foreign key that points here locks the row, which asks for UPDATE on one column at least; these
-- two can hold no other value than they do.
GRANT UPDATE (total_ppb) ON recipes TO CURRENT_USER;
GRANT UPDATE (first) ON contracts TO CURRENT_USER;
