-- Reports of sales, how their columns are read, and what becomes of lines that do not fit.

-- One file or batch of a source. Its id follows from its content, so that the same file again is
-- the same report.
CREATE TABLE sale_reports (
  id              uuid        PRIMARY KEY,
  source          text        NOT NULL CHECK (length(source) BETWEEN 1 AND 64),
  name            text        NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  sha256          bytea       NOT NULL CHECK (length(sha256) = 32),
  mapping         text,       -- null: it has our own columns
  mapping_version integer,    -- 0: a shipped one
  lines           bigint      NOT NULL CHECK (lines >= 0),
  units           bigint      NOT NULL,
  gross           jsonb       NOT NULL CHECK (jsonb_typeof(gross) = 'object'),  -- decimals
  passed_over     jsonb       NOT NULL CHECK (jsonb_typeof(passed_over) = 'object'),  -- by reason
  received_at     timestamptz NOT NULL,
  -- For the locks of foreign keys, which ask for UPDATE on one column: nobody can write into it.
  fixed           boolean     NOT NULL GENERATED ALWAYS AS (true) STORED,
  CONSTRAINT mappings_have_versions CHECK ((mapping IS NULL) = (mapping_version IS NULL))
);
COMMENT ON TABLE sale_reports IS 'by sale';
CREATE INDEX sale_reports_by_time ON sale_reports (received_at DESC, id DESC);

-- What became of lines, written with them: a run of an import has a row for each transaction.
CREATE TABLE sale_report_parts (
  report_id uuid        NOT NULL REFERENCES sale_reports,
  run       uuid        NOT NULL,
  part      integer     NOT NULL,
  recorded  bigint      NOT NULL,
  repeated  bigint      NOT NULL,
  conflicts bigint      NOT NULL,
  suspended bigint      NOT NULL,
  at        timestamptz NOT NULL,
  PRIMARY KEY (report_id, run, part)
);
COMMENT ON TABLE sale_report_parts IS 'by sale';

-- How the columns of a source's reports are read. Versions are only added.
CREATE TABLE sale_mappings (
  source   text        NOT NULL CHECK (length(source) BETWEEN 1 AND 64),
  name     text        NOT NULL CHECK (name ~ '^[a-z][a-z0-9_-]{0,31}$'),
  version  integer     NOT NULL CHECK (version > 0),
  mapping  jsonb       NOT NULL CHECK (jsonb_typeof(mapping) = 'object'),
  added_by uuid        REFERENCES members,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (source, name, version)
);
COMMENT ON TABLE sale_mappings IS 'reference';

-- Which product a source means by its own number or title.
CREATE TABLE product_aliases (
  source     text        NOT NULL CHECK (length(source) BETWEEN 1 AND 64),
  sku        text        NOT NULL CHECK (length(sku) BETWEEN 1 AND 128),
  product_id uuid        NOT NULL REFERENCES products,
  added_by   uuid        REFERENCES members,
  added_at   timestamptz NOT NULL,
  PRIMARY KEY (source, sku)
);
COMMENT ON TABLE product_aliases IS 'reference';

ALTER TABLE suspense_lines
  ADD COLUMN report_id uuid,
  ADD COLUMN repairs integer NOT NULL DEFAULT 0 CHECK (repairs >= 0),
  ADD COLUMN rejected_at timestamptz,
  ADD COLUMN rejection text,
  ADD CONSTRAINT rejections_have_reasons CHECK ((rejected_at IS NULL) = (rejection IS NULL));
CREATE INDEX suspense_lines_rejected ON suspense_lines (source) WHERE rejected_at IS NOT NULL;
CREATE INDEX suspense_lines_by_report ON suspense_lines (report_id) WHERE report_id IS NOT NULL;

-- What people did with lines in suspense; the line as it came stays here for good.
CREATE TABLE suspense_repairs (
  source      text        NOT NULL,
  external_id text        NOT NULL,
  number      integer     NOT NULL CHECK (number > 0),
  action      text        NOT NULL CHECK (action IN ('repair', 'reject')),
  before      jsonb       NOT NULL,
  after       jsonb,
  reason      text        NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
  repaired_by uuid        REFERENCES members,
  repaired_at timestamptz NOT NULL,
  PRIMARY KEY (source, external_id, number),
  CONSTRAINT repairs_have_a_result CHECK ((action = 'repair') = (after IS NOT NULL))
);
COMMENT ON TABLE suspense_repairs IS 'by sale';

REVOKE UPDATE, DELETE, TRUNCATE
  ON sale_reports, sale_report_parts, sale_mappings, suspense_repairs FROM CURRENT_USER;
GRANT UPDATE (fixed) ON sale_reports TO CURRENT_USER;
REVOKE UPDATE, TRUNCATE ON product_aliases FROM CURRENT_USER;

-- Reports that are taken back as a whole.

-- Its lines stay and count no longer, for whatever has seen the withdrawal's own number of arrival;
-- what was settled before can still be told from the same lines.
CREATE TABLE sale_withdrawals (
  report_id    uuid        PRIMARY KEY REFERENCES sale_reports,
  arrival      bigint      NOT NULL UNIQUE DEFAULT nextval('sale_lines_arrival_seq'),
  reason       text        NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
  withdrawn_by uuid        REFERENCES members,
  withdrawn_at timestamptz NOT NULL
);
COMMENT ON TABLE sale_withdrawals IS 'by sale';
REVOKE UPDATE, DELETE, TRUNCATE ON sale_withdrawals FROM CURRENT_USER;

-- A key is free again when its line was withdrawn: the next line of the key is another edition.
ALTER TABLE sale_lines
  ADD COLUMN edition smallint NOT NULL DEFAULT 0 CHECK (edition >= 0),
  DROP CONSTRAINT sale_lines_pkey,
  ADD PRIMARY KEY (source, external_id, edition);
