-- Briefs: a curator's call for ideas about a theme, within dates, by rules.

CREATE TABLE briefs (
  id                 uuid        PRIMARY KEY,
  title              text        NOT NULL CHECK (char_length(title) BETWEEN 1 AND 100),
  theme              text        NOT NULL CHECK (char_length(theme) BETWEEN 1 AND 10000),
  rules              text        NOT NULL CHECK (char_length(rules) <= 10000),
  opens_at           timestamptz NOT NULL,
  closes_at          timestamptz NOT NULL,
  award              text        CHECK (char_length(award) BETWEEN 1 AND 1000),
  -- Only stated: nothing pays it by itself.
  award_amount       bigint      CHECK (award_amount > 0),
  award_currency     text        CHECK (award_currency ~ '^[A-Z]{3}$'),
  hidden_until_close boolean     NOT NULL,
  made_by            uuid        NOT NULL REFERENCES members,
  made_at            timestamptz NOT NULL,
  CONSTRAINT briefs_dates CHECK (closes_at > opens_at),
  CONSTRAINT briefs_award CHECK (
    (award_amount IS NULL) = (award_currency IS NULL)
    AND (award_amount IS NULL OR award IS NOT NULL))
);
CREATE INDEX briefs_by_time ON briefs (opens_at DESC, id DESC);
COMMENT ON TABLE briefs IS 'reference';
CREATE TRIGGER briefs_last BEFORE DELETE OR TRUNCATE ON briefs
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion();

-- Why a brief that was open closes later than it said.
CREATE TABLE brief_extensions (
  brief_id   uuid        NOT NULL REFERENCES briefs,
  number     integer     NOT NULL CHECK (number > 0),
  closed_at  timestamptz NOT NULL,
  closes_at  timestamptz NOT NULL CHECK (closes_at > closed_at),
  reason     text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
  changed_by uuid        NOT NULL REFERENCES members,
  changed_at timestamptz NOT NULL,
  CONSTRAINT brief_extensions_once PRIMARY KEY (brief_id, number)
);
COMMENT ON TABLE brief_extensions IS 'reference';
CREATE TRIGGER brief_extensions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON brief_extensions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What members answer to does not change under their hands.
CREATE FUNCTION guard_briefs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.opens_at > now() THEN RETURN NEW; END IF;
  IF (NEW.title, NEW.theme, NEW.rules, NEW.opens_at, NEW.award, NEW.award_amount,
      NEW.award_currency, NEW.hidden_until_close)
     IS DISTINCT FROM (OLD.title, OLD.theme, OLD.rules, OLD.opens_at, OLD.award, OLD.award_amount,
                       OLD.award_currency, OLD.hidden_until_close)
     OR NEW.closes_at < OLD.closes_at THEN
    RAISE EXCEPTION 'a brief that has opened only ever closes later'
      USING ERRCODE = 'check_violation', TABLE = 'briefs', CONSTRAINT = 'briefs_opened';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER briefs_guarded BEFORE UPDATE ON briefs
  FOR EACH ROW EXECUTE FUNCTION guard_briefs();

ALTER TABLE ideas
  ADD COLUMN brief_id uuid REFERENCES briefs,
  -- It ended before anybody but its author and the curators could read it, and stays theirs.
  ADD COLUMN never_open boolean NOT NULL DEFAULT false;
CREATE INDEX ideas_of_brief ON ideas (brief_id, created_at DESC, id DESC)
  WHERE brief_id IS NOT NULL;
CREATE INDEX ideas_waiting ON ideas (brief_id) WHERE state = 'submitted' AND brief_id IS NOT NULL;
UPDATE ideas SET never_open = true FROM idea_history h
WHERE h.idea_id = ideas.id AND h.number = ideas.changes
  AND h.old_state IN ('draft', 'submitted') AND h.new_state IN ('withdrawn', 'declined');

CREATE FUNCTION mark_never_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.never_open := true;
  RETURN NEW;
END $$;
CREATE TRIGGER ideas_never_open BEFORE UPDATE ON ideas FOR EACH ROW
  WHEN (OLD.state IN ('draft', 'submitted') AND NEW.state IN ('withdrawn', 'declined'))
  EXECUTE FUNCTION mark_never_open();

-- No votes before the fee is paid or waived, and none before a brief that hides its ideas closes.
CREATE OR REPLACE FUNCTION guard_opening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM idea_fees WHERE idea_id = NEW.id AND state = 'due') THEN
    RAISE EXCEPTION 'the fee of this idea is due'
      USING ERRCODE = 'check_violation', TABLE = 'ideas', CONSTRAINT = 'ideas_fee_due';
  END IF;
  IF EXISTS (SELECT FROM briefs WHERE id = NEW.brief_id AND hidden_until_close
                                  AND closes_at > NEW.opened_at) THEN
    RAISE EXCEPTION 'the brief hides its ideas until it closes'
      USING ERRCODE = 'check_violation', TABLE = 'ideas', CONSTRAINT = 'ideas_brief_hides';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ideas_opening_with_brief BEFORE INSERT ON ideas FOR EACH ROW
  WHEN (NEW.state = 'open' AND NEW.brief_id IS NOT NULL) EXECUTE FUNCTION guard_opening();

-- What was never open is not counted: its tags are its author's own.
CREATE OR REPLACE FUNCTION follow_tags() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  change record;
BEGIN
  IF NOT EXISTS (SELECT FROM fresh WHERE tags IS NOT NULL)
     AND NOT EXISTS (SELECT FROM former WHERE tags IS NOT NULL) THEN RETURN NULL; END IF;
  DELETE FROM idea_tags t USING fresh n JOIN former o USING (id)
  WHERE t.idea_id = n.id AND n.tags IS DISTINCT FROM o.tags
    AND NOT coalesce(t.tag = ANY (n.tags), false);
  INSERT INTO idea_tags (idea_id, tag, author_id, opened_at, state)
  SELECT n.id, tag, n.author_id, n.opened_at, n.state
  FROM fresh n JOIN former o USING (id), unnest(n.tags) AS tag
  WHERE n.tags IS DISTINCT FROM o.tags AND NOT coalesce(tag = ANY (o.tags), false);
  -- A row that would fall below zero must not be tried as an insert first.
  FOR change IN
    SELECT tag, sum(n) AS step FROM (
      SELECT tag, 1 AS n FROM fresh, unnest(tags) AS tag
      WHERE is_public(state) AND NOT never_open
      UNION ALL
      SELECT tag, -1 FROM former, unnest(tags) AS tag
      WHERE is_public(state) AND NOT never_open
    ) AS c GROUP BY tag HAVING sum(n) <> 0 ORDER BY tag
  LOOP
    UPDATE tag_counts SET ideas = ideas + change.step WHERE tag = change.tag;
    IF NOT FOUND THEN
      INSERT INTO tag_counts AS c (tag, ideas) VALUES (change.tag, change.step)
      ON CONFLICT (tag) DO UPDATE SET ideas = c.ideas + excluded.ideas;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
