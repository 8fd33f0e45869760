-- Influence: events that are only ever added, and numbered, immutable snapshots of shares.

CREATE TABLE influence_events (
  product_id  uuid        NOT NULL REFERENCES products,
  id          uuid        NOT NULL,
  member_id   uuid        NOT NULL,
  -- In the order of writing; a snapshot counts those up to the last one that stood.
  arrival     bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
  slice       text        NOT NULL,
  -- For a selective slice: how many votes the member spread, so that each counts 1/weight.
  weight      bigint      NOT NULL CHECK (weight BETWEEN 1 AND 1000000000000),
  evidence    text        NOT NULL,
  occurred_at timestamptz NOT NULL,
  recorded_by uuid,
  -- An event that takes an earlier one back; the earlier one stays readable.
  revokes     uuid,
  PRIMARY KEY (product_id, id),
  CONSTRAINT revoked_once UNIQUE (product_id, revokes)
);
COMMENT ON TABLE influence_events IS 'by work';
CREATE INDEX influence_events_by_member ON influence_events (member_id);

-- proposed -> locked | superseded. Money moves on locked versions only; the first has no start.
CREATE TABLE share_versions (
  product_id     uuid        NOT NULL,
  version        integer     NOT NULL CHECK (version > 0),
  state          text        NOT NULL CHECK (state IN ('proposed', 'locked', 'superseded')),
  recipe_version integer     NOT NULL,
  starts_at      timestamptz NOT NULL,
  horizon        bigint      NOT NULL,
  sha256         bytea       NOT NULL CHECK (length(sha256) = 32),
  total_ppb      bigint      NOT NULL,
  proposed_at    timestamptz NOT NULL,
  proposed_by    uuid,
  dispute_until  timestamptz NOT NULL,
  locked_at      timestamptz,
  locked_by      uuid,
  PRIMARY KEY (product_id, version),
  FOREIGN KEY (product_id, recipe_version) REFERENCES recipes,
  CONSTRAINT shares_are_whole CHECK (total_ppb = 1000000000),
  CONSTRAINT locked_after_dispute CHECK (
    (state = 'locked') = (locked_at IS NOT NULL) AND (locked_at >= dispute_until))
);
COMMENT ON TABLE share_versions IS 'by work';
CREATE UNIQUE INDEX one_proposal_at_a_time ON share_versions (product_id)
  WHERE state = 'proposed';
CREATE UNIQUE INDEX locked_starts_differ ON share_versions (product_id, starts_at)
  WHERE state = 'locked';

-- The zero uuid as member is the house.
CREATE TABLE shares (
  product_id uuid    NOT NULL,
  version    integer NOT NULL,
  slice      text    NOT NULL,
  member_id  uuid    NOT NULL,
  ppb        bigint  NOT NULL CHECK (ppb BETWEEN 1 AND 1000000000),
  reason     text    NOT NULL,
  PRIMARY KEY (product_id, version, slice, member_id),
  FOREIGN KEY (product_id, version) REFERENCES share_versions
);
COMMENT ON TABLE shares IS 'by work';

-- Each member's share over all slices: what settlement multiplies with.
CREATE TABLE share_totals (
  product_id uuid    NOT NULL,
  version    integer NOT NULL,
  member_id  uuid    NOT NULL,
  ppb        bigint  NOT NULL CHECK (ppb BETWEEN 1 AND 1000000000),
  PRIMARY KEY (product_id, version, member_id),
  FOREIGN KEY (product_id, version) REFERENCES share_versions
);
COMMENT ON TABLE share_totals IS 'by work';
CREATE INDEX share_totals_by_member ON share_totals (member_id);

REVOKE UPDATE, DELETE, TRUNCATE ON influence_events, shares, share_totals FROM CURRENT_USER;
