-- Members who leave, and what of theirs goes.

-- The members who have asked for it, and those who are gone. `gives`: what is payable to them then,
-- and what their shares earn later, goes to the house.
CREATE TABLE erasures (
  member_id uuid        PRIMARY KEY REFERENCES members,
  asked_at  timestamptz NOT NULL,
  due_at    timestamptz NOT NULL CHECK (due_at >= asked_at),
  gives     boolean     NOT NULL,
  erased_at timestamptz
);
CREATE INDEX erasures_due ON erasures (due_at) WHERE erased_at IS NULL;
CREATE INDEX erasures_giving ON erasures (member_id) WHERE gives AND erased_at IS NOT NULL;
COMMENT ON TABLE erasures IS 'by member';

ALTER TYPE transfer_reason ADD VALUE 'give';  -- from a member who has left, to the house

-- The marks of where a vote came from go with its voter; the vote itself never moves.
DROP TRIGGER votes_stay ON votes;
CREATE TRIGGER votes_stay BEFORE UPDATE OF idea_id, member_id, cast_at ON votes
  FOR EACH STATEMENT EXECUTE FUNCTION keep_votes_place();

CREATE FUNCTION is_leaving(member uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM erasures WHERE member_id = member AND erased_at IS NULL)
$$;

-- Former texts go only with their author.
DROP TRIGGER idea_versions_stay ON idea_versions;
CREATE TRIGGER idea_versions_stay BEFORE UPDATE OR TRUNCATE ON idea_versions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION guard_versions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  may boolean;
BEGIN
  IF TG_LEVEL = 'ROW' THEN
    may := EXISTS (SELECT FROM ideas WHERE id = OLD.idea_id AND is_leaving(author_id));
  ELSE
    may := EXISTS (SELECT FROM erasures WHERE erased_at IS NULL);
  END IF;
  IF NOT may THEN
    RAISE EXCEPTION 'former texts go only with their author'
      USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER idea_versions_guarded BEFORE DELETE ON idea_versions
  FOR EACH STATEMENT EXECUTE FUNCTION guard_versions();
CREATE TRIGGER idea_versions_each_guarded BEFORE DELETE ON idea_versions
  FOR EACH ROW EXECUTE FUNCTION guard_versions();

-- The texts of a withdrawn idea are its author's own.
CREATE OR REPLACE FUNCTION guard_ideas() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state THEN
    IF NOT EXISTS (SELECT FROM idea_transitions
                   WHERE old_state = OLD.state AND new_state = NEW.state) THEN
      RAISE EXCEPTION 'an idea does not go from % to %', OLD.state, NEW.state
        USING ERRCODE = 'check_violation', TABLE = 'ideas', CONSTRAINT = 'ideas_transition';
    END IF;
    IF NEW.changes <> OLD.changes + 1 THEN
      RAISE EXCEPTION 'a change of state is counted'
        USING ERRCODE = 'check_violation', TABLE = 'ideas', CONSTRAINT = 'ideas_change_counted';
    END IF;
  END IF;
  IF (NEW.title, NEW.pitch, NEW.problem, NEW.solution, NEW.category, NEW.features,
      NEW.similar_products, NEW.tags, NEW.links)
     IS DISTINCT FROM (OLD.title, OLD.pitch, OLD.problem, OLD.solution, OLD.category, OLD.features,
                       OLD.similar_products, OLD.tags, OLD.links) THEN
    IF OLD.state NOT IN ('draft', 'submitted', 'open')
       AND NOT (OLD.state = 'withdrawn' AND is_leaving(OLD.author_id)) THEN
      RAISE EXCEPTION 'the texts of an idea that is % are frozen', OLD.state
        USING ERRCODE = 'check_violation', TABLE = 'ideas', CONSTRAINT = 'ideas_frozen';
    END IF;
    IF OLD.state <> 'draft' AND NEW.version <> OLD.version + 1 THEN
      RAISE EXCEPTION 'an edit of what others have read makes a new version'
        USING ERRCODE = 'check_violation', TABLE = 'ideas', CONSTRAINT = 'ideas_version_counted';
    END IF;
  END IF;
  RETURN NEW;
END $$;
