-- Making a product together: the stages it goes through, and projects, which are timed calls.

CREATE TABLE projects (
  product_id         uuid        NOT NULL REFERENCES products,
  id                 uuid        NOT NULL,
  -- What adopted entries of this project earn.
  slice              text        NOT NULL CHECK (slice IN (
    'comparison', 'research', 'design', 'finish', 'naming', 'tagline', 'packaging', 'pricing')),
  title              text        NOT NULL,
  brief              text        NOT NULL,
  -- JSON: the fields of an entry.
  form               text        NOT NULL,
  choosing           text        NOT NULL CHECK (choosing IN (
    'votes', 'duels', 'ratings', 'jury', 'survey', 'guesses', 'curator')),
  -- JSON: the figures of the way of choosing.
  rules              text        NOT NULL,
  state              text        NOT NULL CHECK (state IN (
    'draft', 'open', 'closed', 'decided', 'cancelled')),
  entries_per_member integer     NOT NULL CHECK (entries_per_member BETWEEN 1 AND 1000),
  hides_tallies      boolean     NOT NULL,
  opens_at           timestamptz NOT NULL,
  entries_until      timestamptz NOT NULL,
  choosing_from      timestamptz NOT NULL,
  closes_at          timestamptz NOT NULL,
  made_by            uuid        NOT NULL,
  made_at            timestamptz NOT NULL,
  -- Why it was decided so, or cancelled.
  reason             text,
  ended_by           uuid,
  ended_at           timestamptz,
  PRIMARY KEY (product_id, id),
  CONSTRAINT project_dates CHECK (
    opens_at < entries_until AND entries_until <= closes_at AND opens_at <= choosing_from
    AND choosing_from < closes_at),
  CONSTRAINT project_ends_with_reason CHECK (
    (state IN ('decided', 'cancelled')) = (ended_at IS NOT NULL)
    AND (ended_at IS NULL) = (reason IS NULL))
);
COMMENT ON TABLE projects IS 'by work';

-- What a member, or a team, offers in a project.
CREATE TABLE project_entries (
  product_id uuid        NOT NULL,
  project_id uuid        NOT NULL,
  id         uuid        NOT NULL,
  -- From 1 within the project.
  number     integer     NOT NULL CHECK (number > 0),
  author_id  uuid        NOT NULL,
  -- JSON: by the names of the form's fields.
  answers    text        NOT NULL,
  -- waiting: somebody of the team has not accepted the split yet; only `entered` takes part.
  state      text        NOT NULL CHECK (state IN (
    'waiting', 'entered', 'withdrawn', 'removed')),
  entered_at timestamptz NOT NULL,
  edited_at  timestamptz,
  reason     text,
  PRIMARY KEY (product_id, id),
  FOREIGN KEY (product_id, project_id) REFERENCES projects,
  CONSTRAINT entry_numbers UNIQUE (product_id, project_id, number)
);
COMMENT ON TABLE project_entries IS 'by work';
CREATE INDEX project_entries_by_author ON project_entries (product_id, project_id, author_id);

-- Who made an entry, and the part of what it earns that each agreed to; of one person, one row.
CREATE TABLE entry_makers (
  product_id  uuid        NOT NULL,
  entry_id    uuid        NOT NULL,
  member_id   uuid        NOT NULL,
  ppm         bigint      NOT NULL CHECK (ppm BETWEEN 1 AND 1000000),
  accepted_at timestamptz,
  PRIMARY KEY (product_id, entry_id, member_id),
  FOREIGN KEY (product_id, entry_id) REFERENCES project_entries
);
COMMENT ON TABLE entry_makers IS 'by work';
CREATE INDEX entry_makers_by_member ON entry_makers (member_id);
