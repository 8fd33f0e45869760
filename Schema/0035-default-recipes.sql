-- The community's own default recipes, in place of the shipped one from a date on. A product gets
-- the one that was in force when its idea opened for voting: who voted knew the rules.

CREATE TABLE default_recipes (
  version   integer     PRIMARY KEY CHECK (version > 0),
  starts_at timestamptz NOT NULL UNIQUE,
  -- JSON, as it was read.
  recipe    text        NOT NULL,
  reason    text        NOT NULL,
  -- Nobody: at the command line.
  made_by   uuid,
  made_at   timestamptz NOT NULL,
  CONSTRAINT default_recipes_never_act_backwards CHECK (starts_at >= made_at)
);
COMMENT ON TABLE default_recipes IS 'reference';
REVOKE UPDATE, DELETE, TRUNCATE ON default_recipes FROM CURRENT_USER;
