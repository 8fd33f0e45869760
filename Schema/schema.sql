-- The schema as all migrations together make it. Written by Scripts/schema.

-- Name: pg_trgm; Type: EXTENSION; Schema: -; Owner: -

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

-- Name: EXTENSION pg_trgm; Type: COMMENT; Schema: -; Owner: -

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

-- Name: account_kind; Type: TYPE; Schema: public; Owner: -

CREATE TYPE public.account_kind AS ENUM (
    'channel_revenue',
    'product_pool',
    'clearing',
    'member_payable',
    'payout_in_flight',
    'bank',
    'fees_held',
    'fees_earned',
    'tax_withheld',
    'suspense',
    'house',
    'provider_clearing'
);

-- Name: payout_rail; Type: TYPE; Schema: public; Owner: -

CREATE TYPE public.payout_rail AS ENUM (
    'provider',
    'csv'
);

-- Name: payout_state; Type: TYPE; Schema: public; Owner: -

CREATE TYPE public.payout_state AS ENUM (
    'requested',
    'submitting',
    'submitted',
    'exported',
    'paid',
    'failed',
    'returned'
);

-- Name: transfer_reason; Type: TYPE; Schema: public; Owner: -

CREATE TYPE public.transfer_reason AS ENUM (
    'pool',
    'credit',
    'deliver',
    'reserve',
    'pay',
    'release',
    'bounce',
    'deposit',
    'correct',
    'hold',
    'earn',
    'refund',
    'give',
    'capture',
    'repay',
    'refer'
);

-- Name: are_links(jsonb); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.are_links(links jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT jsonb_typeof(links) = 'array' AND jsonb_array_length(links) BETWEEN 1 AND 10
    AND (SELECT bool_and(coalesce(
           char_length(l ->> 'url') <= 2000 AND l ->> 'url' ~* '^https?://[^/?#]'
           AND coalesce(char_length(l ->> 'title'), 1) BETWEEN 1 AND 200
           AND l - 'url' - 'title' = '{}', false))
         FROM jsonb_array_elements(links) AS l)
$$;

-- Name: are_tags(text[]); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.are_tags(tags text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT cardinality(tags) BETWEEN 1 AND 10 AND bool_and(char_length(t) BETWEEN 1 AND 30)
    AND count(DISTINCT t) = cardinality(tags)
  FROM unnest(tags) AS t
$$;

-- Name: check_held_votes(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.check_held_votes() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF EXISTS (SELECT FROM fresh JOIN votes USING (idea_id, member_id)) THEN
    RAISE EXCEPTION 'a vote either counts or is held'
      USING ERRCODE = 'check_violation', TABLE = 'held_votes', CONSTRAINT = 'held_votes_or_votes';
  END IF;
  RETURN NULL;
END $$;

-- Name: check_votes(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.check_votes() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  -- Single look-ups by key: the planner knows nothing of `fresh` and would read whole tables.
  IF EXISTS (SELECT FROM fresh WHERE (SELECT id FROM ideas WHERE id = idea_id) IS NULL
                                  OR (SELECT id FROM members WHERE id = member_id) IS NULL) THEN
    RAISE EXCEPTION 'a vote needs an idea and a member that exist'
      USING ERRCODE = 'foreign_key_violation', TABLE = 'votes', CONSTRAINT = 'votes_have_both';
  END IF;
  RETURN NULL;
END $$;

-- Name: deductions_fit(jsonb, bigint); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.deductions_fit(deductions jsonb, most bigint) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
  SELECT coalesce(bool_and(key ~ '^[a-z][a-z0-9_-]{0,31}$' AND key NOT IN ('discount', 'allowance')
                           AND value ~ '^[0-9]{1,19}$'), true)
    AND coalesce(sum(CASE WHEN value ~ '^[0-9]{1,19}$' THEN value::numeric END), 0) <= most
  FROM jsonb_each_text(deductions)
$_$;

-- Name: follow_tags(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.follow_tags() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

-- Name: follow_texts(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.follow_texts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  UPDATE idea_texts t
  SET title = n.title, pitch = n.pitch,
      words = idea_words(n.title, n.pitch, n.problem, n.solution, n.features, n.tags)
  FROM fresh n JOIN former o USING (id)
  WHERE t.idea_id = n.id AND (n.title, n.pitch, n.problem, n.solution, n.features, n.tags)
    IS DISTINCT FROM (o.title, o.pitch, o.problem, o.solution, o.features, o.tags);
  RETURN NULL;
END $$;

-- Name: guard_briefs(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.guard_briefs() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

-- Name: guard_decided_projects(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.guard_decided_projects() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION 'a project that is decided stays so'
    USING ERRCODE = 'check_violation', TABLE = 'projects', CONSTRAINT = 'projects_decided';
END $$;

-- Name: guard_entries(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.guard_entries() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF NEW.state <> OLD.state AND NOT (
      (OLD.state = 'waiting' AND NEW.state IN ('entered', 'withdrawn', 'removed'))
      OR (OLD.state = 'entered' AND NEW.state IN ('withdrawn', 'removed'))) THEN
    RAISE EXCEPTION 'an entry does not go from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'entries_transition';
  END IF;
  IF (NEW.product_id, NEW.project_id, NEW.id, NEW.number, NEW.author_id, NEW.entered_at)
     IS DISTINCT FROM
     (OLD.product_id, OLD.project_id, OLD.id, OLD.number, OLD.author_id, OLD.entered_at) THEN
    RAISE EXCEPTION 'an entry never becomes another'
      USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;

-- Name: guard_entry_files(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.guard_entry_files() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.entry_id IS NOT NULL THEN
      RAISE EXCEPTION 'a file that an entry uses stays'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN OLD;
  END IF;
  IF (NEW.product_id, NEW.id, NEW.project_id, NEW.uploader_id, NEW.field, NEW.media_type,
      NEW.sha256, NEW.byte_count, NEW.width, NEW.height, NEW.uploaded_at)
     IS DISTINCT FROM
     (OLD.product_id, OLD.id, OLD.project_id, OLD.uploader_id, OLD.field, OLD.media_type,
      OLD.sha256, OLD.byte_count, OLD.width, OLD.height, OLD.uploaded_at)
     OR (OLD.entry_id IS NOT NULL AND NEW.entry_id IS NOT NULL
         AND NEW.entry_id <> OLD.entry_id) THEN
    RAISE EXCEPTION 'a file never becomes another'
      USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;

-- Name: guard_entry_limit(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.guard_entry_limit() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  offender record;
BEGIN
  -- Held, so that of two who enter at once the second counts what the first has entered.
  PERFORM FROM projects p WHERE (p.product_id, p.id) IN (SELECT product_id, project_id FROM added)
    FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM added a JOIN projects p
               ON p.product_id = a.product_id AND p.id = a.project_id
             WHERE p.state = 'draft' OR a.entered_at < p.opens_at
               OR a.entered_at >= p.entries_until) THEN
    RAISE EXCEPTION 'the project takes no entries then'
      USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'entries_in_time';
  END IF;
  SELECT e.author_id INTO offender
    FROM project_entries e JOIN projects p ON p.product_id = e.product_id AND p.id = e.project_id
    WHERE e.state <> 'withdrawn'
      AND (e.product_id, e.project_id, e.author_id) IN (
        SELECT product_id, project_id, author_id FROM added)
    GROUP BY e.product_id, e.project_id, e.author_id, p.entries_per_member
    HAVING count(*) > p.entries_per_member LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a member has more entries in a project than it takes'
      USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'entries_per_member';
  END IF;
  RETURN NULL;
END $$;

-- Name: guard_evaluations(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.guard_evaluations() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF OLD.state = 'closed' OR (OLD.state = 'live' AND NEW.state = 'planned') THEN
    RAISE EXCEPTION 'an evaluation that is % stays so', OLD.state
      USING ERRCODE = 'check_violation', TABLE = 'evaluations', CONSTRAINT = 'evaluations_forward';
  END IF;
  RETURN NEW;
END $$;

-- Name: guard_idea_images(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.guard_idea_images() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (SELECT FROM ideas
                   WHERE id = NEW.idea_id AND state IN ('draft', 'submitted', 'open')) THEN
      RAISE EXCEPTION 'the images of the idea are frozen'
        USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME,
              CONSTRAINT = 'idea_images_frozen';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE'
     OR (NEW.idea_id, NEW.id, NEW.sha256, NEW.type, NEW.width, NEW.height, NEW.frames,
         NEW.byte_count, NEW.added_at)
        IS DISTINCT FROM (OLD.idea_id, OLD.id, OLD.sha256, OLD.type, OLD.width, OLD.height,
                          OLD.frames, OLD.byte_count, OLD.added_at)
     OR (OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS DISTINCT FROM OLD.deleted_at) THEN
    RAISE EXCEPTION 'an image never becomes another, and its row stays'
      USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;

-- Name: guard_ideas(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.guard_ideas() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

-- Name: guard_image_bytes(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.guard_image_bytes() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'UPDATE'
     OR EXISTS (SELECT FROM idea_images
                WHERE idea_id = OLD.idea_id AND id = OLD.image_id AND deleted_at IS NULL) THEN
    RAISE EXCEPTION 'the bytes of an image never change, and go with it'
      USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN OLD;
END $$;

-- Name: guard_makers(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.guard_makers() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.accepted_at IS NOT NULL OR OLD.declined_at IS NOT NULL
     OR (NEW.product_id, NEW.entry_id, NEW.member_id, NEW.ppm)
        IS DISTINCT FROM (OLD.product_id, OLD.entry_id, OLD.member_id, OLD.ppm) THEN
    RAISE EXCEPTION 'the split of an entry stays, and each maker answers once'
      USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;

-- Name: guard_opening(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.guard_opening() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

-- Name: guard_period_order(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.guard_period_order() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF NEW.what IN ('previewed', 'approved', 'settled') AND EXISTS (
    SELECT FROM periods p JOIN periods own ON own.id = NEW.period_id AND p.number < own.number
    WHERE p.state IN ('open', 'previewed')) THEN
    RAISE EXCEPTION 'an earlier period is still open'
      USING ERRCODE = 'check_violation', TABLE = 'period_events', CONSTRAINT = 'periods_in_order';
  END IF;
  IF NEW.what = 'published' AND EXISTS (
    SELECT FROM periods p JOIN periods own ON own.id = NEW.period_id AND p.number < own.number
    WHERE p.state NOT IN ('published', 'closed')) THEN
    RAISE EXCEPTION 'an earlier period is not published'
      USING ERRCODE = 'check_violation', TABLE = 'period_events', CONSTRAINT = 'periods_in_order';
  END IF;
  IF NEW.what = 'reopened' AND EXISTS (
    SELECT FROM periods p JOIN periods own ON own.id = NEW.period_id AND p.number > own.number
    WHERE p.step > 1) THEN
    RAISE EXCEPTION 'a later period has begun'
      USING ERRCODE = 'check_violation', TABLE = 'period_events', CONSTRAINT = 'periods_in_order';
  END IF;
  RETURN NEW;
END $$;

-- Name: guard_projects(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.guard_projects() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF NEW.state <> OLD.state AND NOT (
      (OLD.state = 'draft' AND NEW.state IN ('open', 'cancelled'))
      OR (OLD.state = 'open' AND NEW.state IN ('closed', 'cancelled'))
      OR (OLD.state = 'closed' AND NEW.state IN ('decided', 'cancelled'))) THEN
    RAISE EXCEPTION 'a project does not go from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'projects_transition';
  END IF;
  IF OLD.state <> 'draft' AND (
      (NEW.slice, NEW.title, NEW.brief, NEW.form, NEW.choosing, NEW.rules, NEW.entries_per_member,
       NEW.hides_tallies, NEW.opens_at, NEW.entries_until, NEW.choosing_from, NEW.made_by,
       NEW.made_at)
      IS DISTINCT FROM
      (OLD.slice, OLD.title, OLD.brief, OLD.form, OLD.choosing, OLD.rules, OLD.entries_per_member,
       OLD.hides_tallies, OLD.opens_at, OLD.entries_until, OLD.choosing_from, OLD.made_by,
       OLD.made_at)
      OR NEW.closes_at < OLD.closes_at
      OR (NEW.closes_at > OLD.closes_at AND OLD.state <> 'open')) THEN
    RAISE EXCEPTION 'a project that is % stays as it is', OLD.state
      USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'projects_frozen';
  END IF;
  RETURN NEW;
END $$;

-- Name: guard_proxy_votes(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.guard_proxy_votes() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (NEW.idea_id, NEW.id, NEW.cast_by, NEW.cast_at)
        IS DISTINCT FROM (OLD.idea_id, OLD.id, OLD.cast_by, OLD.cast_at)
     OR ((OLD.rescinded_at IS NOT NULL OR OLD.confirmed_at IS NOT NULL)
         AND (NEW.rescinded_by, NEW.rescinded_at, NEW.confirmed_by, NEW.confirmed_at)
           IS DISTINCT FROM (OLD.rescinded_by, OLD.rescinded_at, OLD.confirmed_by,
                             OLD.confirmed_at)) THEN
    RAISE EXCEPTION 'a proxy vote is rescinded or confirmed once, and never deleted'
      USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;

-- Name: guard_ratings(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.guard_ratings() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  evaluation uuid := coalesce(NEW.evaluation_id, OLD.evaluation_id);
BEGIN
  IF (SELECT state FROM evaluations WHERE id = evaluation) IS DISTINCT FROM 'live' THEN
    RAISE EXCEPTION 'ratings change only while their session is live'
      USING ERRCODE = 'check_violation', TABLE = 'evaluation_ratings',
            CONSTRAINT = 'evaluation_ratings_live';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;

-- Name: guard_split(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.guard_split() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF EXISTS (SELECT FROM entry_makers m
             WHERE (m.product_id, m.entry_id) IN (SELECT product_id, entry_id FROM added)
             GROUP BY m.product_id, m.entry_id HAVING sum(m.ppm) <> 1000000) THEN
    RAISE EXCEPTION 'the parts of an entry add up to 1000000 ppm'
      USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'split_is_whole';
  END IF;
  RETURN NULL;
END $$;

-- Name: guard_versions(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.guard_versions() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

-- Name: idea_words(text, text, text, text); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.idea_words(title text, pitch text, problem text, solution text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT setweight(to_tsvector('pg_catalog.english', title), 'A')
    || setweight(to_tsvector('pg_catalog.english', pitch), 'B')
    || setweight(to_tsvector('pg_catalog.english', problem), 'C')
    || setweight(to_tsvector('pg_catalog.english', solution), 'C')
$$;

-- Name: idea_words(text, text, text, text, text, text[]); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.idea_words(title text, pitch text, problem text, solution text, features text, tags text[]) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT idea_words(title, pitch, problem, solution)
    || CASE WHEN features IS NULL AND tags IS NULL THEN ''::tsvector
       ELSE setweight(to_tsvector('pg_catalog.english', concat_ws(' ', features,
              (SELECT string_agg(t, ' ') FROM unnest(tags) AS t))), 'C') END
$$;

-- Name: is_leaving(uuid); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.is_leaving(member uuid) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
  SELECT EXISTS (SELECT 1 FROM erasures WHERE member_id = member AND erased_at IS NULL)
$$;

-- Name: is_public(text); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.is_public(state text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT state NOT IN ('draft', 'submitted', 'removed')
$$;

-- Name: keep_votes_place(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.keep_votes_place() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION 'a vote is cast or withdrawn, never moved'
    USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;

-- Name: mark_never_open(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.mark_never_open() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  NEW.never_open := true;
  RETURN NEW;
END $$;

-- Name: next_digest(text, timestamp with time zone, text); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.next_digest(cadence text, since timestamp with time zone, zone text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    AS $$
  SELECT (date_trunc(
      CASE cadence WHEN 'daily' THEN 'day' ELSE 'week' END,
      (since AT TIME ZONE zone) - interval '8 hours')
    + CASE cadence WHEN 'daily' THEN interval '1 day' ELSE interval '7 days' END
    + interval '8 hours') AT TIME ZONE zone
$$;

-- Name: open_tags(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.open_tags() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM fresh WHERE tags IS NOT NULL) THEN RETURN NULL; END IF;
  INSERT INTO idea_tags (idea_id, tag, author_id, opened_at, state)
  SELECT id, tag, author_id, opened_at, state FROM fresh, unnest(tags) AS tag;
  INSERT INTO tag_counts AS c (tag, ideas)
  SELECT tag, count(*) FROM fresh, unnest(tags) AS tag
  WHERE is_public(state) GROUP BY tag ORDER BY tag
  ON CONFLICT (tag) DO UPDATE SET ideas = c.ideas + excluded.ideas;
  RETURN NULL;
END $$;

-- Name: open_tallies(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.open_tallies() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  INSERT INTO tallies (idea_id, author_id, opened_at, state)
  SELECT id, author_id, opened_at, state FROM fresh;
  RETURN NULL;
END $$;

-- Name: open_texts(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.open_texts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  INSERT INTO idea_texts (idea_id, author_id, opened_at, state, title, pitch, words)
  SELECT id, author_id, opened_at, state, title, pitch,
         idea_words(title, pitch, problem, solution, features, tags)
  FROM fresh;
  RETURN NULL;
END $$;

-- Name: pseudonym(uuid, bytea); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.pseudonym(member uuid, key bytea) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT encode(substr(sha256(key || sha256(key || uuid_send(member))), 1, 16), 'hex')::uuid
$$;

-- Name: refuse_chains(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.refuse_chains() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF EXISTS (SELECT FROM idea_merges AS m
             WHERE m.undone_at IS NULL AND NEW.undone_at IS NULL
               AND (m.original_id = NEW.duplicate_id OR m.duplicate_id = NEW.original_id)) THEN
    RAISE EXCEPTION 'merges make no chains'
      USING ERRCODE = 'check_violation', TABLE = 'idea_merges', CONSTRAINT = 'idea_merges_no_chain';
  END IF;
  RETURN NULL;
END $$;

-- Name: refuse_change(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;

-- Name: refuse_deletion(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.refuse_deletion() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never deleted', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;

-- Name: refuse_disputed_lock(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.refuse_disputed_lock() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF EXISTS (
    SELECT FROM disputes d
    LEFT JOIN dispute_ends e ON e.product_id = d.product_id AND e.dispute_id = d.id
    WHERE d.product_id = NEW.product_id
      AND (e.outcome IS NULL OR e.outcome = 'upheld' AND d.version = NEW.version)) THEN
    RAISE EXCEPTION 'shares % of a product are disputed', NEW.version
      USING ERRCODE = 'check_violation', TABLE = 'share_versions',
        CONSTRAINT = 'locked_without_dispute';
  END IF;
  RETURN NEW;
END $$;

-- Name: refuse_own_choice(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.refuse_own_choice() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  chosen uuid[] := CASE TG_TABLE_NAME
    WHEN 'duels' THEN ARRAY[to_jsonb(NEW) ->> 'low_id', to_jsonb(NEW) ->> 'high_id']::uuid[]
    ELSE ARRAY[to_jsonb(NEW) ->> 'entry_id']::uuid[] END;
BEGIN
  IF EXISTS (SELECT FROM entry_makers WHERE product_id = NEW.product_id
             AND entry_id = ANY (chosen) AND member_id = NEW.member_id) THEN
    RAISE EXCEPTION 'nobody chooses an entry of their own'
      USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'not_own_entry';
  END IF;
  RETURN NEW;
END $$;

-- Name: stand_in_duels(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.stand_in_duels() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  INSERT INTO duel_standings (product_id, project_id, entry_id, takes_part)
  SELECT NEW.product_id, NEW.project_id, NEW.id, NEW.state = 'entered' FROM projects
  WHERE product_id = NEW.product_id AND id = NEW.project_id AND choosing = 'duels'
  ON CONFLICT (product_id, entry_id) DO UPDATE SET takes_part = excluded.takes_part;
  RETURN NULL;
END $$;

-- Name: votes_hash(uuid); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.votes_hash(idea uuid) RETURNS bytea
    LANGUAGE sql STABLE
    AS $$
  SELECT sha256(coalesce(string_agg(
    uuid_send(member_id) || int8send((extract(epoch FROM cast_at) * 1000000)::bigint), ''
    ORDER BY member_id), ''))
  FROM votes WHERE idea_id = idea
$$;

-- Name: audit; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.audit (
    number bigint NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    thing text NOT NULL,
    reason text,
    before jsonb,
    after jsonb,
    happened_at timestamp with time zone NOT NULL,
    CONSTRAINT audit_action_check CHECK ((action ~ '^[a-z]+(_[a-z]+)*$'::text)),
    CONSTRAINT audit_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000))),
    CONSTRAINT audit_thing CHECK ((thing ~ '^[a-z]+(_[0-9a-z]{26})?$'::text))
);

-- Name: TABLE audit; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.audit IS 'local';

-- Name: audit_number_seq; Type: SEQUENCE; Schema: public; Owner: -

ALTER TABLE public.audit ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: balance_assertions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.balance_assertions (
    number bigint NOT NULL,
    kind public.account_kind NOT NULL,
    currency text NOT NULL,
    day date NOT NULL,
    amount bigint NOT NULL,
    reference text NOT NULL,
    made_by uuid,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT balance_assertions_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT balance_assertions_reference_check CHECK (((char_length(reference) >= 1) AND (char_length(reference) <= 200)))
);

-- Name: TABLE balance_assertions; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.balance_assertions IS 'local';

-- Name: balance_assertions_number_seq; Type: SEQUENCE; Schema: public; Owner: -

ALTER TABLE public.balance_assertions ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.balance_assertions_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: balances; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.balances (
    owner uuid NOT NULL,
    kind public.account_kind NOT NULL,
    currency text NOT NULL,
    balance bigint NOT NULL,
    CONSTRAINT balances_kind_check CHECK ((kind = ANY (ARRAY['member_payable'::public.account_kind, 'payout_in_flight'::public.account_kind]))),
    CONSTRAINT in_flight_is_never_negative CHECK (((kind <> 'payout_in_flight'::public.account_kind) OR (balance >= 0)))
)
WITH (fillfactor='70');

-- Name: TABLE balances; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.balances IS 'by member';

-- Name: bank_days; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.bank_days (
    number bigint NOT NULL,
    cause uuid NOT NULL,
    reason public.transfer_reason NOT NULL,
    currency text NOT NULL,
    moved bigint NOT NULL,
    posted_on date NOT NULL,
    day date NOT NULL,
    made_by uuid,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT bank_days_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT bank_days_moved_check CHECK ((moved <> 0)),
    CONSTRAINT bank_days_reason_check CHECK ((reason = ANY (ARRAY['pay'::public.transfer_reason, 'bounce'::public.transfer_reason, 'deposit'::public.transfer_reason])))
);

-- Name: TABLE bank_days; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.bank_days IS 'local';

-- Name: bank_days_number_seq; Type: SEQUENCE; Schema: public; Owner: -

ALTER TABLE public.bank_days ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bank_days_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: bans; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.bans (
    member_id uuid NOT NULL,
    number integer NOT NULL,
    scope text,
    until timestamp with time zone,
    reason text NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT bans_end_later CHECK ((until > made_at)),
    CONSTRAINT bans_lift CHECK (((scope IS NOT NULL) OR (until IS NULL))),
    CONSTRAINT bans_number_check CHECK ((number > 0)),
    CONSTRAINT bans_of_others CHECK ((member_id <> made_by)),
    CONSTRAINT bans_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000))),
    CONSTRAINT bans_scope_check CHECK ((scope = ANY (ARRAY['comments'::text, 'ideas'::text, 'votes'::text, 'all'::text])))
);

-- Name: TABLE bans; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.bans IS 'by member';

-- Name: book_days; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.book_days (
    day date NOT NULL,
    kind public.account_kind NOT NULL,
    currency text NOT NULL,
    moved numeric NOT NULL
);

-- Name: TABLE book_days; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.book_days IS 'local';

-- Name: book_deposits; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.book_deposits (
    id uuid NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    reference text NOT NULL,
    made_by uuid,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT book_deposits_amount_check CHECK ((amount <> 0)),
    CONSTRAINT book_deposits_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT book_deposits_reference_check CHECK (((char_length(reference) >= 1) AND (char_length(reference) <= 200)))
);

-- Name: TABLE book_deposits; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.book_deposits IS 'local';

-- Name: book_sums; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.book_sums (
    through date NOT NULL
);

-- Name: TABLE book_sums; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.book_sums IS 'local';

-- Name: brief_extensions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.brief_extensions (
    brief_id uuid NOT NULL,
    number integer NOT NULL,
    closed_at timestamp with time zone NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    changed_by uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT brief_extensions_check CHECK ((closes_at > closed_at)),
    CONSTRAINT brief_extensions_number_check CHECK ((number > 0)),
    CONSTRAINT brief_extensions_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000)))
);

-- Name: TABLE brief_extensions; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.brief_extensions IS 'reference';

-- Name: briefs; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.briefs (
    id uuid NOT NULL,
    title text NOT NULL,
    theme text NOT NULL,
    rules text NOT NULL,
    opens_at timestamp with time zone NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    award text,
    award_amount bigint,
    award_currency text,
    hidden_until_close boolean NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    opening_told boolean DEFAULT false NOT NULL,
    closing_told boolean DEFAULT false NOT NULL,
    CONSTRAINT briefs_award CHECK ((((award_amount IS NULL) = (award_currency IS NULL)) AND ((award_amount IS NULL) OR (award IS NOT NULL)))),
    CONSTRAINT briefs_award_amount_check CHECK ((award_amount > 0)),
    CONSTRAINT briefs_award_check CHECK (((char_length(award) >= 1) AND (char_length(award) <= 1000))),
    CONSTRAINT briefs_award_currency_check CHECK ((award_currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT briefs_dates CHECK ((closes_at > opens_at)),
    CONSTRAINT briefs_rules_check CHECK ((char_length(rules) <= 10000)),
    CONSTRAINT briefs_theme_check CHECK (((char_length(theme) >= 1) AND (char_length(theme) <= 10000))),
    CONSTRAINT briefs_title_check CHECK (((char_length(title) >= 1) AND (char_length(title) <= 100)))
);

-- Name: TABLE briefs; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.briefs IS 'reference';

-- Name: cases; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.cases (
    id uuid NOT NULL,
    kind text NOT NULL,
    thing uuid NOT NULL,
    member_id uuid NOT NULL,
    idea_id uuid,
    reports bigint NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    claimed_by uuid,
    claimed_at timestamp with time zone,
    action text,
    resolution text,
    resolved_by uuid,
    resolved_at timestamp with time zone,
    CONSTRAINT cases_action_check CHECK ((action = ANY (ARRAY['dismiss'::text, 'remove'::text, 'warn'::text, 'ban'::text]))),
    CONSTRAINT cases_claim CHECK (((claimed_by IS NULL) = (claimed_at IS NULL))),
    CONSTRAINT cases_idea CHECK (((idea_id IS NULL) = (kind = 'member'::text))),
    CONSTRAINT cases_kind_check CHECK ((kind = ANY (ARRAY['idea'::text, 'member'::text, 'comment'::text]))),
    CONSTRAINT cases_reports_check CHECK ((reports > 0)),
    CONSTRAINT cases_resolution CHECK ((num_nulls(action, resolution, resolved_by, resolved_at) = ANY (ARRAY[0, 4]))),
    CONSTRAINT cases_resolution_check CHECK (((char_length(resolution) >= 1) AND (char_length(resolution) <= 2000)))
);

-- Name: TABLE cases; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.cases IS 'local';

-- Name: comment_mentions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.comment_mentions (
    idea_id uuid NOT NULL,
    comment_id uuid NOT NULL,
    member_id uuid NOT NULL
);

-- Name: TABLE comment_mentions; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.comment_mentions IS 'by work';

-- Name: comment_versions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.comment_versions (
    idea_id uuid NOT NULL,
    comment_id uuid NOT NULL,
    version integer NOT NULL,
    text text NOT NULL,
    replaced_at timestamp with time zone NOT NULL,
    CONSTRAINT comment_versions_version_check CHECK ((version > 0))
);

-- Name: TABLE comment_versions; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.comment_versions IS 'by work';

-- Name: comments; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.comments (
    idea_id uuid NOT NULL,
    id uuid NOT NULL,
    author_id uuid NOT NULL,
    path uuid[] NOT NULL,
    root_id uuid GENERATED ALWAYS AS (path[1]) STORED NOT NULL,
    depth integer GENERATED ALWAYS AS (cardinality(path)) STORED NOT NULL,
    text text NOT NULL,
    html text NOT NULL,
    rendered integer NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    state text DEFAULT 'visible'::text NOT NULL,
    reason text,
    official boolean DEFAULT false NOT NULL,
    replies bigint DEFAULT 0 NOT NULL,
    helpful bigint DEFAULT 0 NOT NULL,
    reactions bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    edited_at timestamp with time zone,
    project_id uuid,
    thread_id uuid GENERATED ALWAYS AS (COALESCE(project_id, '00000000-0000-0000-0000-000000000000'::uuid)) STORED NOT NULL,
    CONSTRAINT comments_edited CHECK (((version > 1) = (edited_at IS NOT NULL))),
    CONSTRAINT comments_helpful_check CHECK ((helpful >= 0)),
    CONSTRAINT comments_path CHECK ((path[cardinality(path)] = id)),
    CONSTRAINT comments_path_check CHECK (((cardinality(path) >= 1) AND (cardinality(path) <= 5))),
    CONSTRAINT comments_reactions_check CHECK ((reactions >= 0)),
    CONSTRAINT comments_reason CHECK (((state = 'removed'::text) = (reason IS NOT NULL))),
    CONSTRAINT comments_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000))),
    CONSTRAINT comments_replies_check CHECK ((replies >= 0)),
    CONSTRAINT comments_state_check CHECK ((state = ANY (ARRAY['visible'::text, 'deleted'::text, 'removed'::text]))),
    CONSTRAINT comments_text_check CHECK (((char_length(text) >= 1) AND (char_length(text) <= 10000))),
    CONSTRAINT comments_version_check CHECK (((version >= 1) AND (version <= 100)))
);

-- Name: TABLE comments; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.comments IS 'by work';

-- Name: commitment_events; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.commitment_events (
    product_id uuid NOT NULL,
    commitment_id uuid NOT NULL,
    number integer NOT NULL,
    previous integer GENERATED ALWAYS AS ((number - 1)) STORED,
    from_state text,
    to_state text NOT NULL,
    actor text NOT NULL,
    note text,
    at timestamp with time zone NOT NULL,
    CONSTRAINT commitment_events_actor_check CHECK ((actor = ANY (ARRAY['member'::text, 'curator'::text, 'finance'::text, 'worker'::text, 'provider'::text]))),
    CONSTRAINT commitment_events_begin CHECK ((((number = 1) = (from_state IS NULL)) AND ((number > 1) OR (to_state = 'committed'::text)))),
    CONSTRAINT commitment_events_number_check CHECK ((number >= 1))
);

-- Name: TABLE commitment_events; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.commitment_events IS 'by work';

-- Name: commitment_transitions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.commitment_transitions (
    from_state text NOT NULL,
    to_state text NOT NULL,
    moves text,
    CONSTRAINT commitment_transitions_moves_check CHECK ((moves = ANY (ARRAY['capture'::text, 'repay'::text])))
);

-- Name: TABLE commitment_transitions; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.commitment_transitions IS 'reference';

-- Name: commitment_work; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.commitment_work (
    commitment_id uuid NOT NULL,
    product_id uuid NOT NULL,
    due_at timestamp with time zone NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    worker uuid,
    leased_until timestamp with time zone,
    CONSTRAINT commitment_work_leases_are_whole CHECK (((worker IS NULL) = (leased_until IS NULL)))
)
WITH (fillfactor='70');

-- Name: TABLE commitment_work; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.commitment_work IS 'local';

-- Name: commitments; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.commitments (
    product_id uuid NOT NULL,
    id uuid NOT NULL,
    presale integer NOT NULL,
    member_id uuid NOT NULL,
    tier integer NOT NULL,
    units bigint NOT NULL,
    unit_price bigint NOT NULL,
    amount bigint GENERATED ALWAYS AS ((units * unit_price)) STORED NOT NULL,
    currency text NOT NULL,
    unit bigint NOT NULL,
    state text NOT NULL,
    step integer NOT NULL,
    method text,
    charge integer DEFAULT 1 NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    first_sent_at timestamp with time zone,
    provider_id text,
    problem text,
    method_until timestamp with time zone,
    made_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    referral text,
    referrer_id uuid,
    CONSTRAINT commitments_are_whole_minor_units CHECK (((unit_price % unit) = 0)),
    CONSTRAINT commitments_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT commitments_charge_check CHECK ((charge > 0)),
    CONSTRAINT commitments_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT commitments_declined_have_time CHECK (((state = 'declined'::text) = (method_until IS NOT NULL))),
    CONSTRAINT commitments_keep_methods_while_needed CHECK (((state = ANY (ARRAY['committed'::text, 'charging'::text])) = (method IS NOT NULL))),
    CONSTRAINT commitments_know_referrers CHECK (((referral IS NULL) = (referrer_id IS NULL))),
    CONSTRAINT commitments_method_check CHECK (((char_length(method) >= 1) AND (char_length(method) <= 200))),
    CONSTRAINT commitments_sent_are_dated CHECK (((attempts = 0) = (first_sent_at IS NULL))),
    CONSTRAINT commitments_sent_were_attempted CHECK (((state <> ALL (ARRAY['charging'::text, 'refunding'::text])) OR (attempts > 0))),
    CONSTRAINT commitments_unit_check CHECK (((unit >= 1) AND (unit <= 1000000000))),
    CONSTRAINT commitments_units_check CHECK (((units >= 1) AND (units <= 100))),
    CONSTRAINT nobody_refers_themselves CHECK ((referrer_id <> member_id))
)
WITH (fillfactor='80');

-- Name: TABLE commitments; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.commitments IS 'by work';

-- Name: contract_rates; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.contract_rates (
    product_id uuid NOT NULL,
    version integer NOT NULL,
    channel text NOT NULL,
    rate_ppm bigint NOT NULL,
    CONSTRAINT contract_rates_channel_check CHECK ((channel ~ '^[a-z][a-z0-9_]{0,31}$'::text)),
    CONSTRAINT contract_rates_rate_ppm_check CHECK (((rate_ppm >= 0) AND (rate_ppm <= 1000000)))
);

-- Name: TABLE contract_rates; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.contract_rates IS 'by work';

-- Name: contracts; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.contracts (
    product_id uuid NOT NULL,
    version integer NOT NULL,
    base text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    first boolean GENERATED ALWAYS AS ((version = 1)) STORED NOT NULL,
    referral_ppm bigint DEFAULT 0 NOT NULL,
    terms jsonb,
    made_by uuid,
    reason text,
    CONSTRAINT contracts_base_check CHECK ((base = ANY (ARRAY['gross'::text, 'net'::text, 'list'::text]))),
    CONSTRAINT contracts_never_act_backwards CHECK ((first OR (starts_at >= created_at))),
    CONSTRAINT contracts_of_list_prices_have_terms CHECK (((base <> 'list'::text) OR (terms IS NOT NULL))),
    CONSTRAINT contracts_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000))),
    CONSTRAINT contracts_referral_ppm_check CHECK (((referral_ppm >= 0) AND (referral_ppm <= 1000000))),
    CONSTRAINT contracts_terms_check CHECK ((jsonb_typeof(terms) = 'object'::text)),
    CONSTRAINT contracts_version_check CHECK ((version > 0)),
    CONSTRAINT first_contract_has_no_start CHECK ((first = (starts_at = '-infinity'::timestamp with time zone)))
);

-- Name: TABLE contracts; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.contracts IS 'by work';

-- Name: conversations; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.conversations (
    idea_id uuid NOT NULL,
    comments bigint DEFAULT 0 NOT NULL,
    locked_at timestamp with time zone,
    locked_by uuid,
    lock_reason text,
    thread_id uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid NOT NULL,
    CONSTRAINT conversations_comments_check CHECK ((comments >= 0)),
    CONSTRAINT conversations_lock CHECK ((((locked_at IS NULL) = (locked_by IS NULL)) AND ((locked_at IS NULL) = (lock_reason IS NULL)))),
    CONSTRAINT conversations_lock_reason_check CHECK (((char_length(lock_reason) >= 1) AND (char_length(lock_reason) <= 2000)))
);

-- Name: TABLE conversations; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.conversations IS 'by work';

-- Name: counted_rules; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.counted_rules (
    product_id uuid NOT NULL,
    contract_version integer NOT NULL,
    share_version integer
);

-- Name: TABLE counted_rules; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.counted_rules IS 'by work';

-- Name: deaths; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.deaths (
    member_id uuid NOT NULL,
    id uuid NOT NULL,
    heir_id uuid NOT NULL,
    evidence text NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    outcome text,
    ended_by uuid,
    ended_at timestamp with time zone,
    CONSTRAINT death_ends_whole CHECK ((num_nulls(outcome, ended_by, ended_at) = ANY (ARRAY[0, 3]))),
    CONSTRAINT deaths_evidence_check CHECK (((char_length(evidence) >= 1) AND (char_length(evidence) <= 2000))),
    CONSTRAINT deaths_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'declined'::text, 'taken_back'::text]))),
    CONSTRAINT heir_is_another CHECK ((heir_id <> member_id))
);

-- Name: TABLE deaths; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.deaths IS 'by member';

-- Name: decisions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.decisions (
    idea_id uuid NOT NULL,
    decision text NOT NULL,
    reason text NOT NULL,
    decided_by uuid NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    CONSTRAINT decisions_decision_check CHECK ((decision = ANY (ARRAY['accept'::text, 'decline'::text, 'remove'::text]))),
    CONSTRAINT decisions_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000)))
);

-- Name: TABLE decisions; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.decisions IS 'by work';

-- Name: default_recipes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.default_recipes (
    version integer NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    recipe text NOT NULL,
    reason text NOT NULL,
    made_by uuid,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT default_recipes_never_act_backwards CHECK ((starts_at >= made_at)),
    CONSTRAINT default_recipes_version_check CHECK ((version > 0))
);

-- Name: TABLE default_recipes; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.default_recipes IS 'reference';

-- Name: deliveries; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.deliveries (
    settlement_id uuid NOT NULL,
    step integer NOT NULL,
    currency text NOT NULL,
    members bigint NOT NULL,
    credited bigint NOT NULL,
    CONSTRAINT deliveries_members_check CHECK ((members > 0)),
    CONSTRAINT deliveries_step_check CHECK ((step >= 0))
);

-- Name: TABLE deliveries; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.deliveries IS 'local';

-- Name: digest_work; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.digest_work (
    member_id uuid NOT NULL,
    cadence text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    CONSTRAINT digest_work_cadence_check CHECK ((cadence = ANY (ARRAY['daily'::text, 'weekly'::text])))
);

-- Name: TABLE digest_work; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.digest_work IS 'local';

-- Name: display_choices; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.display_choices (
    member_id uuid NOT NULL,
    number bigint NOT NULL,
    anonymous boolean NOT NULL,
    holdings boolean NOT NULL,
    earnings boolean NOT NULL,
    chosen_at timestamp with time zone NOT NULL,
    CONSTRAINT nobody_is_ranked_anonymously CHECK ((NOT (anonymous AND (holdings OR earnings))))
);

-- Name: TABLE display_choices; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.display_choices IS 'by member';

-- Name: dispute_ends; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.dispute_ends (
    product_id uuid NOT NULL,
    dispute_id uuid NOT NULL,
    outcome text NOT NULL,
    reason text NOT NULL,
    changes text,
    ended_by uuid NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    CONSTRAINT dispute_ends_changes_check CHECK (((char_length(changes) >= 1) AND (char_length(changes) <= 2000))),
    CONSTRAINT dispute_ends_outcome_check CHECK ((outcome = ANY (ARRAY['upheld'::text, 'rejected'::text, 'withdrawn'::text]))),
    CONSTRAINT dispute_ends_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000))),
    CONSTRAINT upheld_says_what_changes CHECK (((outcome = 'upheld'::text) = (changes IS NOT NULL)))
);

-- Name: TABLE dispute_ends; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.dispute_ends IS 'by work';

-- Name: disputes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.disputes (
    product_id uuid NOT NULL,
    id uuid NOT NULL,
    version integer NOT NULL,
    member_id uuid NOT NULL,
    text text NOT NULL,
    evidence text[] NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    CONSTRAINT disputes_evidence_check CHECK ((cardinality(evidence) <= 20)),
    CONSTRAINT disputes_text_check CHECK (((char_length(text) >= 1) AND (char_length(text) <= 5000)))
);

-- Name: TABLE disputes; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.disputes IS 'by work';

-- Name: duel_offers; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.duel_offers (
    product_id uuid NOT NULL,
    project_id uuid NOT NULL,
    member_id uuid NOT NULL,
    left_id uuid NOT NULL,
    right_id uuid NOT NULL,
    offered_at timestamp with time zone NOT NULL,
    CONSTRAINT offer_of_two CHECK ((left_id <> right_id))
)
WITH (fillfactor='70');

-- Name: TABLE duel_offers; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.duel_offers IS 'by work';

-- Name: duel_standings; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.duel_standings (
    product_id uuid NOT NULL,
    project_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    takes_part boolean NOT NULL,
    duels integer DEFAULT 0 NOT NULL,
    rating bigint DEFAULT 1500000 NOT NULL,
    CONSTRAINT duel_standings_duels_check CHECK ((duels >= 0))
)
WITH (fillfactor='70');

-- Name: TABLE duel_standings; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.duel_standings IS 'by work';

-- Name: duels; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.duels (
    product_id uuid NOT NULL,
    project_id uuid NOT NULL,
    member_id uuid NOT NULL,
    low_id uuid NOT NULL,
    high_id uuid NOT NULL,
    winner_id uuid,
    judged_at timestamp with time zone NOT NULL,
    CONSTRAINT duel_of_two CHECK ((low_id < high_id)),
    CONSTRAINT duel_won_by_one CHECK (((winner_id = low_id) OR (winner_id = high_id)))
);

-- Name: TABLE duels; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.duels IS 'by work';

-- Name: earned_sums; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.earned_sums (
    product_id uuid NOT NULL,
    contract_version integer NOT NULL,
    share_version integer NOT NULL,
    currency text NOT NULL,
    channel text NOT NULL,
    territory text DEFAULT ''::text NOT NULL,
    format text DEFAULT ''::text NOT NULL,
    rate_ppm bigint NOT NULL,
    month date DEFAULT '-infinity'::date NOT NULL,
    units bigint NOT NULL,
    base numeric NOT NULL,
    earned numeric NOT NULL
);

-- Name: TABLE earned_sums; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.earned_sums IS 'by work';

-- Name: entry_file_bytes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.entry_file_bytes (
    product_id uuid NOT NULL,
    file_id uuid NOT NULL,
    side integer NOT NULL,
    bytes bytea NOT NULL,
    CONSTRAINT entry_file_bytes_bytes_check CHECK ((octet_length(bytes) >= 1)),
    CONSTRAINT entry_file_bytes_side_check CHECK ((side = ANY (ARRAY[0, 320, 1280])))
);
ALTER TABLE ONLY public.entry_file_bytes ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Name: TABLE entry_file_bytes; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.entry_file_bytes IS 'by work';

-- Name: entry_files; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.entry_files (
    product_id uuid NOT NULL,
    id uuid NOT NULL,
    project_id uuid NOT NULL,
    uploader_id uuid NOT NULL,
    field text NOT NULL,
    media_type text NOT NULL,
    sha256 bytea NOT NULL,
    byte_count integer NOT NULL,
    width integer,
    height integer,
    uploaded_at timestamp with time zone NOT NULL,
    entry_id uuid,
    unused_since timestamp with time zone,
    CONSTRAINT entry_files_byte_count_check CHECK (((byte_count >= 1) AND (byte_count <= 16777216))),
    CONSTRAINT entry_files_height_check CHECK (((height >= 1) AND (height <= 65535))),
    CONSTRAINT entry_files_media_type_check CHECK (((char_length(media_type) >= 3) AND (char_length(media_type) <= 100))),
    CONSTRAINT entry_files_pixels CHECK (((width IS NULL) = (height IS NULL))),
    CONSTRAINT entry_files_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT entry_files_used CHECK (((entry_id IS NULL) = (unused_since IS NOT NULL))),
    CONSTRAINT entry_files_width_check CHECK (((width >= 1) AND (width <= 65535)))
);

-- Name: TABLE entry_files; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.entry_files IS 'by work';

-- Name: entry_makers; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.entry_makers (
    product_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    member_id uuid NOT NULL,
    ppm bigint NOT NULL,
    accepted_at timestamp with time zone,
    declined_at timestamp with time zone,
    CONSTRAINT entry_makers_ppm_check CHECK (((ppm >= 1) AND (ppm <= 1000000))),
    CONSTRAINT makers_answer_once CHECK (((accepted_at IS NULL) OR (declined_at IS NULL)))
);

-- Name: TABLE entry_makers; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.entry_makers IS 'by work';

-- Name: entry_ratings; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.entry_ratings (
    product_id uuid NOT NULL,
    project_id uuid NOT NULL,
    member_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    stars bigint[] NOT NULL,
    rated_at timestamp with time zone NOT NULL,
    CONSTRAINT stars_on_criteria CHECK ((((cardinality(stars) >= 1) AND (cardinality(stars) <= 10)) AND (0 <= ALL (stars)) AND (5 >= ALL (stars)) AND (0 < ANY (stars))))
);

-- Name: TABLE entry_ratings; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.entry_ratings IS 'by work';

-- Name: entry_tallies; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.entry_tallies (
    product_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    votes bigint NOT NULL,
    CONSTRAINT entry_tallies_votes_check CHECK ((votes >= 0))
)
WITH (fillfactor='70');

-- Name: TABLE entry_tallies; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.entry_tallies IS 'by work';

-- Name: entry_texts; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.entry_texts (
    product_id uuid NOT NULL,
    project_id uuid NOT NULL,
    field text NOT NULL,
    folded bytea NOT NULL,
    entry_id uuid NOT NULL,
    CONSTRAINT entry_texts_folded_check CHECK ((octet_length(folded) = 32))
);

-- Name: TABLE entry_texts; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.entry_texts IS 'by work';

-- Name: erasures; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.erasures (
    member_id uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    gives boolean NOT NULL,
    erased_at timestamp with time zone,
    CONSTRAINT erasures_check CHECK ((due_at >= asked_at))
);

-- Name: TABLE erasures; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.erasures IS 'by member';

-- Name: evaluation_criteria; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.evaluation_criteria (
    evaluation_id uuid NOT NULL,
    number smallint NOT NULL,
    name text NOT NULL,
    scale smallint NOT NULL,
    description text NOT NULL,
    CONSTRAINT evaluation_criteria_description_check CHECK (((char_length(description) >= 1) AND (char_length(description) <= 300))),
    CONSTRAINT evaluation_criteria_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 40))),
    CONSTRAINT evaluation_criteria_number_check CHECK (((number >= 1) AND (number <= 10))),
    CONSTRAINT evaluation_criteria_scale_check CHECK (((scale >= 2) AND (scale <= 10)))
);

-- Name: TABLE evaluation_criteria; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.evaluation_criteria IS 'reference';

-- Name: evaluation_entries; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.evaluation_entries (
    evaluation_id uuid NOT NULL,
    idea_id uuid NOT NULL,
    place integer NOT NULL,
    live boolean DEFAULT false NOT NULL,
    decision text,
    reason text,
    decided_by uuid,
    decided_at timestamp with time zone,
    CONSTRAINT evaluation_entries_decided CHECK ((((decision IS NULL) = (decided_at IS NULL)) AND ((decision IS NULL) = (decided_by IS NULL)) AND ((decision IS NOT NULL) OR (reason IS NULL)) AND ((COALESCE(decision, 'elsewhere'::text) = 'elsewhere'::text) OR (reason IS NOT NULL)))),
    CONSTRAINT evaluation_entries_decision_check CHECK ((decision = ANY (ARRAY['accept'::text, 'decline'::text, 'review'::text, 'carried'::text, 'elsewhere'::text]))),
    CONSTRAINT evaluation_entries_place_check CHECK (((place >= 1) AND (place <= 100))),
    CONSTRAINT evaluation_entries_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000))),
    CONSTRAINT evaluation_entries_undecided CHECK ((NOT (live AND (decision IS NOT NULL))))
);

-- Name: TABLE evaluation_entries; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.evaluation_entries IS 'by work';

-- Name: evaluation_ratings; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.evaluation_ratings (
    evaluation_id uuid NOT NULL,
    idea_id uuid NOT NULL,
    member_id uuid NOT NULL,
    criterion smallint NOT NULL,
    scale smallint NOT NULL,
    score smallint NOT NULL,
    rated_at timestamp with time zone NOT NULL,
    CONSTRAINT evaluation_ratings_on_scale CHECK (((score >= 1) AND (score <= scale)))
);

-- Name: TABLE evaluation_ratings; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.evaluation_ratings IS 'by work';

-- Name: evaluation_tallies; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.evaluation_tallies (
    evaluation_id uuid NOT NULL,
    idea_id uuid NOT NULL,
    criterion smallint NOT NULL,
    scale smallint NOT NULL,
    counts bigint[] NOT NULL,
    CONSTRAINT evaluation_tallies_counts CHECK (((cardinality(counts) = scale) AND (0 <= ALL (counts))))
);

-- Name: TABLE evaluation_tallies; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.evaluation_tallies IS 'by work';

-- Name: evaluations; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.evaluations (
    id uuid NOT NULL,
    title text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    current_idea uuid,
    made_by uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    closed_at timestamp with time zone,
    CONSTRAINT evaluations_current CHECK (((current_idea IS NULL) OR (state = 'live'::text))),
    CONSTRAINT evaluations_last CHECK ((starts_at < ends_at)),
    CONSTRAINT evaluations_life CHECK ((((closed_at IS NOT NULL) = (state = 'closed'::text)) AND ((state = 'closed'::text) OR ((started_at IS NOT NULL) = (state = 'live'::text))))),
    CONSTRAINT evaluations_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'live'::text, 'closed'::text]))),
    CONSTRAINT evaluations_title_check CHECK (((char_length(title) >= 1) AND (char_length(title) <= 100)))
);

-- Name: TABLE evaluations; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.evaluations IS 'reference';

-- Name: fee_events; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.fee_events (
    idea_id uuid NOT NULL,
    number integer NOT NULL,
    previous integer GENERATED ALWAYS AS ((number - 1)) STORED,
    old_state text,
    new_state text NOT NULL,
    reason text NOT NULL,
    changed_by uuid,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT fee_events_begin CHECK ((((number = 1) = (old_state IS NULL)) AND ((number > 1) OR (new_state = 'due'::text)))),
    CONSTRAINT fee_events_number_check CHECK ((number > 0)),
    CONSTRAINT fee_events_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000)))
);

-- Name: TABLE fee_events; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.fee_events IS 'by work';

-- Name: fee_rates; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.fee_rates (
    number integer NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    effective_from timestamp with time zone NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT fee_rates_amount_check CHECK ((amount >= 0)),
    CONSTRAINT fee_rates_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
);

-- Name: TABLE fee_rates; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.fee_rates IS 'reference';

-- Name: fee_rates_number_seq; Type: SEQUENCE; Schema: public; Owner: -

ALTER TABLE public.fee_rates ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.fee_rates_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: fee_receipts; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.fee_receipts (
    source text NOT NULL,
    external_id text NOT NULL,
    idea_id uuid NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT fee_receipts_external_id_check CHECK (((char_length(external_id) >= 1) AND (char_length(external_id) <= 200))),
    CONSTRAINT fee_receipts_source_check CHECK (((char_length(source) >= 1) AND (char_length(source) <= 100)))
);

-- Name: TABLE fee_receipts; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.fee_receipts IS 'local';

-- Name: fee_transitions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.fee_transitions (
    old_state text NOT NULL,
    new_state text NOT NULL
);

-- Name: TABLE fee_transitions; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.fee_transitions IS 'reference';

-- Name: gate_chains; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.gate_chains (
    name text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT gate_chains_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9-]{0,39}$'::text))
);

-- Name: TABLE gate_chains; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.gate_chains IS 'reference';

-- Name: gate_choices; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.gate_choices (
    number integer NOT NULL,
    chain text,
    chosen_by uuid,
    chosen_at timestamp with time zone NOT NULL
);

-- Name: TABLE gate_choices; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.gate_choices IS 'reference';

-- Name: gate_choices_number_seq; Type: SEQUENCE; Schema: public; Owner: -

ALTER TABLE public.gate_choices ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.gate_choices_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: gate_steps; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.gate_steps (
    chain text NOT NULL,
    step integer NOT NULL,
    votes bigint NOT NULL,
    days integer NOT NULL,
    CONSTRAINT gate_steps_days_check CHECK (((days >= 1) AND (days <= 3650))),
    CONSTRAINT gate_steps_step_check CHECK (((step >= 1) AND (step <= 10))),
    CONSTRAINT gate_steps_votes_check CHECK (((votes >= 1) AND (votes <= 1000000000)))
);

-- Name: TABLE gate_steps; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.gate_steps IS 'reference';

-- Name: held_votes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.held_votes (
    idea_id uuid NOT NULL,
    member_id uuid NOT NULL,
    cast_at timestamp with time zone NOT NULL,
    origin integer,
    session integer,
    state text NOT NULL,
    reason text,
    withdrawn boolean DEFAULT false NOT NULL,
    held_at timestamp with time zone NOT NULL,
    signal_id uuid,
    CONSTRAINT held_votes_reason CHECK (((state <> 'upheld'::text) OR (reason IS NOT NULL))),
    CONSTRAINT held_votes_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000))),
    CONSTRAINT held_votes_state_check CHECK ((state = ANY (ARRAY['held'::text, 'upheld'::text, 'released'::text])))
);

-- Name: TABLE held_votes; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.held_votes IS 'by work';

-- Name: helpful_marks; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.helpful_marks (
    idea_id uuid NOT NULL,
    comment_id uuid NOT NULL,
    member_id uuid NOT NULL,
    marked_at timestamp with time zone NOT NULL
);

-- Name: TABLE helpful_marks; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.helpful_marks IS 'by work';

-- Name: influence_events; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.influence_events (
    product_id uuid NOT NULL,
    id uuid NOT NULL,
    member_id uuid NOT NULL,
    arrival bigint NOT NULL,
    slice text NOT NULL,
    weight bigint NOT NULL,
    evidence text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_by uuid,
    revokes uuid,
    role text DEFAULT ''::text NOT NULL,
    spread bigint,
    place bigint,
    value bigint,
    target bigint,
    CONSTRAINT influence_events_place_check CHECK (((place >= 1) AND (place <= '1000000000000'::bigint))),
    CONSTRAINT influence_events_role_check CHECK ((role = ANY (ARRAY[''::text, 'entry'::text, 'vote'::text]))),
    CONSTRAINT influence_events_spread_check CHECK (((spread >= 1) AND (spread <= '1000000000000'::bigint))),
    CONSTRAINT influence_events_target_check CHECK ((target > 0)),
    CONSTRAINT influence_events_value_check CHECK ((value >= 0)),
    CONSTRAINT influence_events_weight_check CHECK (((weight >= 1) AND (weight <= '1000000000000'::bigint))),
    CONSTRAINT value_with_target CHECK (((value IS NULL) = (target IS NULL)))
);

-- Name: TABLE influence_events; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.influence_events IS 'by work';

-- Name: influence_events_arrival_seq; Type: SEQUENCE; Schema: public; Owner: -

ALTER TABLE public.influence_events ALTER COLUMN arrival ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.influence_events_arrival_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: holding_changes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.holding_changes (
    product_id uuid NOT NULL,
    arrival bigint DEFAULT nextval('public.influence_events_arrival_seq'::regclass) NOT NULL,
    kind text NOT NULL,
    from_member uuid NOT NULL,
    to_member uuid NOT NULL,
    ppm bigint NOT NULL,
    cause uuid NOT NULL,
    evidence text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_by uuid,
    CONSTRAINT change_between_two CHECK ((from_member <> to_member)),
    CONSTRAINT holding_changes_kind_check CHECK ((kind = ANY (ARRAY['merge'::text, 'unmerge'::text, 'assignment'::text, 'leave'::text]))),
    CONSTRAINT holding_changes_ppm_check CHECK (((ppm >= 1) AND (ppm <= 1000000))),
    CONSTRAINT only_leavers_give_to_the_house CHECK (((kind = 'leave'::text) = (to_member = '00000000-0000-0000-0000-000000000000'::uuid))),
    CONSTRAINT parts_are_assigned CHECK (((kind = 'assignment'::text) OR (ppm = 1000000)))
);

-- Name: TABLE holding_changes; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.holding_changes IS 'by work';

-- Name: hook_deliveries; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.hook_deliveries (
    source text NOT NULL,
    id text NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    CONSTRAINT hook_deliveries_id_check CHECK (((length(id) >= 1) AND (length(id) <= 256)))
);

-- Name: TABLE hook_deliveries; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.hook_deliveries IS 'local';

-- Name: hook_secrets; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.hook_secrets (
    source text NOT NULL,
    number integer NOT NULL,
    signer text NOT NULL,
    secret bytea NOT NULL,
    added_at timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT hook_secrets_number_check CHECK ((number > 0)),
    CONSTRAINT hook_secrets_secret_check CHECK (((length(secret) >= 8) AND (length(secret) <= 256))),
    CONSTRAINT hook_secrets_signer_check CHECK ((signer = ANY (ARRAY['standard'::text, 'shopify'::text, 'woocommerce'::text]))),
    CONSTRAINT hook_secrets_source_check CHECK (((length(source) >= 1) AND (length(source) <= 64)))
);

-- Name: TABLE hook_secrets; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.hook_secrets IS 'local';

-- Name: idea_fees; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.idea_fees (
    idea_id uuid NOT NULL,
    member_id uuid NOT NULL,
    rate integer NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    state text NOT NULL,
    step integer NOT NULL,
    source text,
    CONSTRAINT idea_fees_amount_check CHECK ((amount > 0)),
    CONSTRAINT idea_fees_paid CHECK (((state = ANY (ARRAY['held'::text, 'earned'::text, 'refunded'::text])) = (source IS NOT NULL))),
    CONSTRAINT idea_fees_source_check CHECK ((source = ANY (ARRAY['balance'::text, 'outside'::text])))
);

-- Name: TABLE idea_fees; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.idea_fees IS 'by work';

-- Name: idea_followers; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.idea_followers (
    idea_id uuid NOT NULL,
    member_id uuid NOT NULL,
    followed_at timestamp with time zone NOT NULL
);

-- Name: TABLE idea_followers; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.idea_followers IS 'by work';

-- Name: idea_gates; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.idea_gates (
    idea_id uuid NOT NULL,
    number integer NOT NULL,
    chain text NOT NULL,
    step integer NOT NULL,
    votes bigint NOT NULL,
    began_at timestamp with time zone NOT NULL,
    deadline timestamp with time zone NOT NULL,
    warned_at timestamp with time zone,
    outcome text,
    ended_at timestamp with time zone,
    CONSTRAINT idea_gates_end CHECK (((outcome IS NULL) = (ended_at IS NULL))),
    CONSTRAINT idea_gates_number_check CHECK ((number > 0)),
    CONSTRAINT idea_gates_outcome_check CHECK ((outcome = ANY (ARRAY['passed'::text, 'expired'::text, 'overridden'::text, 'closed'::text]))),
    CONSTRAINT idea_gates_votes_check CHECK ((votes > 0))
);

-- Name: TABLE idea_gates; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.idea_gates IS 'by work';

-- Name: idea_history; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.idea_history (
    idea_id uuid NOT NULL,
    number integer NOT NULL,
    old_state text NOT NULL,
    new_state text NOT NULL,
    reason text NOT NULL,
    changed_by uuid,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT idea_history_number_check CHECK ((number > 0)),
    CONSTRAINT idea_history_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000)))
);

-- Name: TABLE idea_history; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.idea_history IS 'by work';

-- Name: idea_images; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.idea_images (
    idea_id uuid NOT NULL,
    id uuid NOT NULL,
    sha256 bytea NOT NULL,
    type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    frames integer NOT NULL,
    byte_count integer NOT NULL,
    description text,
    place integer,
    added_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT idea_images_byte_count_check CHECK ((byte_count >= 1)),
    CONSTRAINT idea_images_deleted CHECK (((place IS NULL) = (deleted_at IS NOT NULL))),
    CONSTRAINT idea_images_description_check CHECK (((char_length(description) >= 1) AND (char_length(description) <= 200))),
    CONSTRAINT idea_images_frames_check CHECK ((frames >= 1)),
    CONSTRAINT idea_images_height_check CHECK (((height >= 1) AND (height <= 65535))),
    CONSTRAINT idea_images_pixels CHECK ((((width)::bigint * height) <= 40000000)),
    CONSTRAINT idea_images_place_check CHECK (((place >= 1) AND (place <= 8))),
    CONSTRAINT idea_images_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT idea_images_type_check CHECK ((type = ANY (ARRAY['png'::text, 'jpeg'::text, 'gif'::text, 'webp'::text]))),
    CONSTRAINT idea_images_width_check CHECK (((width >= 1) AND (width <= 65535)))
);

-- Name: TABLE idea_images; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.idea_images IS 'by work';

-- Name: idea_likings; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.idea_likings (
    idea_id uuid NOT NULL,
    member_id uuid NOT NULL,
    place bigint NOT NULL,
    words text[] NOT NULL,
    note text NOT NULL,
    written_at timestamp with time zone NOT NULL,
    CONSTRAINT idea_likings_note_check CHECK ((char_length(note) <= 280)),
    CONSTRAINT idea_likings_place_check CHECK ((place > 0)),
    CONSTRAINT idea_likings_some CHECK (((note <> ''::text) OR (cardinality(words) > 0))),
    CONSTRAINT idea_likings_words CHECK (((cardinality(words) <= 5) AND (words <@ ARRAY['usefulness'::text, 'originality'::text, 'design'::text, 'price'::text, 'sustainability'::text, 'simplicity'::text, 'quality'::text, 'safety'::text, 'fun'::text, 'timing'::text])))
);

-- Name: TABLE idea_likings; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.idea_likings IS 'by work';

-- Name: idea_merges; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.idea_merges (
    duplicate_id uuid NOT NULL,
    number integer NOT NULL,
    original_id uuid NOT NULL,
    state_before text NOT NULL,
    votes_before bigint NOT NULL,
    hash_before bytea NOT NULL,
    original_hash bytea NOT NULL,
    merged_by uuid NOT NULL,
    merged_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    undone_by uuid,
    undone_at timestamp with time zone,
    CONSTRAINT idea_merges_hash_before_check CHECK ((octet_length(hash_before) = 32)),
    CONSTRAINT idea_merges_number_check CHECK ((number > 0)),
    CONSTRAINT idea_merges_original_hash_check CHECK ((octet_length(original_hash) = 32)),
    CONSTRAINT idea_merges_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000))),
    CONSTRAINT idea_merges_two CHECK ((duplicate_id <> original_id)),
    CONSTRAINT idea_merges_undone CHECK (((undone_by IS NULL) = (undone_at IS NULL)))
);

-- Name: TABLE idea_merges; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.idea_merges IS 'by work';

-- Name: idea_tags; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.idea_tags (
    idea_id uuid NOT NULL,
    tag text NOT NULL,
    author_id uuid NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    state text NOT NULL
);

-- Name: TABLE idea_tags; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.idea_tags IS 'by work';

-- Name: idea_texts; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.idea_texts (
    idea_id uuid NOT NULL,
    author_id uuid NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    title text NOT NULL,
    pitch text NOT NULL,
    words tsvector NOT NULL
);
ALTER TABLE ONLY public.idea_texts ALTER COLUMN words SET STATISTICS 500;

-- Name: TABLE idea_texts; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.idea_texts IS 'by work';

-- Name: idea_transitions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.idea_transitions (
    old_state text NOT NULL,
    new_state text NOT NULL
);

-- Name: TABLE idea_transitions; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.idea_transitions IS 'reference';

-- Name: idea_versions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.idea_versions (
    idea_id uuid NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    pitch text NOT NULL,
    problem text NOT NULL,
    solution text NOT NULL,
    category text NOT NULL,
    replaced_at timestamp with time zone NOT NULL,
    features text,
    similar_products text,
    tags text[],
    links jsonb,
    CONSTRAINT idea_versions_version_check CHECK ((version > 0))
);

-- Name: TABLE idea_versions; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.idea_versions IS 'by work';

-- Name: ideas; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.ideas (
    id uuid NOT NULL,
    author_id uuid NOT NULL,
    title text NOT NULL,
    pitch text NOT NULL,
    problem text NOT NULL,
    solution text NOT NULL,
    category text NOT NULL,
    state text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    changes integer DEFAULT 0 NOT NULL,
    last_change integer GENERATED ALWAYS AS (NULLIF(changes, 0)) STORED,
    ancestor_id uuid,
    features text,
    similar_products text,
    tags text[],
    links jsonb,
    waits_for_curator boolean DEFAULT false NOT NULL,
    brief_id uuid,
    never_open boolean DEFAULT false NOT NULL,
    CONSTRAINT ideas_changes_check CHECK ((changes >= 0)),
    CONSTRAINT ideas_decided CHECK (((state = ANY (ARRAY['accepted'::text, 'declined'::text, 'expired'::text, 'duplicate'::text, 'removed'::text, 'withdrawn'::text])) = (decided_at IS NOT NULL))),
    CONSTRAINT ideas_features_check CHECK (((char_length(features) >= 1) AND (char_length(features) <= 5000))),
    CONSTRAINT ideas_links_check CHECK (public.are_links(links)),
    CONSTRAINT ideas_own_ancestor CHECK ((ancestor_id <> id)),
    CONSTRAINT ideas_short CHECK (((char_length(title) <= 100) AND (char_length(pitch) <= 140) AND (char_length(problem) <= 5000) AND (char_length(solution) <= 5000) AND (char_length(category) <= 40))),
    CONSTRAINT ideas_similar_products_check CHECK (((char_length(similar_products) >= 1) AND (char_length(similar_products) <= 2000))),
    CONSTRAINT ideas_state CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'open'::text, 'qualified'::text, 'in_review'::text, 'in_evaluation'::text, 'accepted'::text, 'declined'::text, 'expired'::text, 'duplicate'::text, 'removed'::text, 'withdrawn'::text]))),
    CONSTRAINT ideas_tags_check CHECK (public.are_tags(tags)),
    CONSTRAINT ideas_version_check CHECK ((version > 0)),
    CONSTRAINT ideas_whole CHECK (((state = ANY (ARRAY['draft'::text, 'withdrawn'::text, 'removed'::text])) OR ((char_length(title) >= 10) AND (pitch <> ''::text) AND (problem <> ''::text) AND (solution <> ''::text) AND (category <> ''::text))))
)
WITH (fillfactor='80');

-- Name: TABLE ideas; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.ideas IS 'by work';

-- Name: identity_merges; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.identity_merges (
    id uuid NOT NULL,
    from_member uuid NOT NULL,
    to_member uuid NOT NULL,
    asked_by uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    from_confirmed_at timestamp with time zone,
    to_confirmed_at timestamp with time zone,
    from_undo_at timestamp with time zone,
    to_undo_at timestamp with time zone,
    ended_at timestamp with time zone,
    ended_by uuid,
    end_reason text,
    CONSTRAINT identity_merges_end_reason_check CHECK (((char_length(end_reason) >= 1) AND (char_length(end_reason) <= 2000))),
    CONSTRAINT identity_merges_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000))),
    CONSTRAINT merge_asked_by_a_side CHECK (((asked_by = from_member) OR (asked_by = to_member))),
    CONSTRAINT merge_ends_with_reason CHECK ((num_nulls(ended_at, ended_by, end_reason) = ANY (ARRAY[0, 3]))),
    CONSTRAINT merge_of_two CHECK ((from_member <> to_member))
);

-- Name: TABLE identity_merges; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.identity_merges IS 'by member';

-- Name: image_bytes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.image_bytes (
    idea_id uuid NOT NULL,
    image_id uuid NOT NULL,
    side integer NOT NULL,
    bytes bytea NOT NULL,
    CONSTRAINT image_bytes_bytes_check CHECK ((octet_length(bytes) >= 1)),
    CONSTRAINT image_bytes_side_check CHECK ((side = ANY (ARRAY[0, 320, 1280])))
);
ALTER TABLE ONLY public.image_bytes ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Name: TABLE image_bytes; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.image_bytes IS 'by work';

-- Name: imported_ideas; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.imported_ideas (
    source text NOT NULL,
    external_id text NOT NULL,
    idea_id uuid NOT NULL,
    sha256 bytea NOT NULL,
    imported_by uuid,
    imported_at timestamp with time zone NOT NULL,
    CONSTRAINT imported_ideas_external_id_check CHECK (((char_length(external_id) >= 1) AND (char_length(external_id) <= 200))),
    CONSTRAINT imported_ideas_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT imported_ideas_source_check CHECK (((char_length(source) >= 1) AND (char_length(source) <= 64)))
);

-- Name: TABLE imported_ideas; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.imported_ideas IS 'local';

-- Name: jury_scores; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.jury_scores (
    product_id uuid NOT NULL,
    project_id uuid NOT NULL,
    member_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    score integer NOT NULL,
    comment text NOT NULL,
    scored_at timestamp with time zone NOT NULL,
    CONSTRAINT jury_scores_comment_check CHECK ((char_length(comment) <= 2000)),
    CONSTRAINT jury_scores_score_check CHECK (((score >= 0) AND (score <= 100)))
);

-- Name: TABLE jury_scores; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.jury_scores IS 'by work';

-- Name: kept_answers; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.kept_answers (
    principal uuid NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status integer,
    location text,
    body bytea,
    asked_at timestamp with time zone NOT NULL,
    CONSTRAINT kept_answers_fingerprint_check CHECK ((octet_length(fingerprint) = 32)),
    CONSTRAINT kept_answers_key_check CHECK (((char_length(key) >= 1) AND (char_length(key) <= 255))),
    CONSTRAINT kept_answers_status_check CHECK (((status >= 200) AND (status <= 299)))
);

-- Name: TABLE kept_answers; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.kept_answers IS 'by member';

-- Name: leaver_rules; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.leaver_rules (
    version integer NOT NULL,
    rule text NOT NULL,
    reason text NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT leaver_rules_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000))),
    CONSTRAINT leaver_rules_rule_check CHECK ((rule = ANY (ARRAY['keep'::text, 'house'::text]))),
    CONSTRAINT leaver_rules_version_check CHECK ((version > 0))
);

-- Name: TABLE leaver_rules; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.leaver_rules IS 'reference';

-- Name: leavers; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.leavers (
    member_id uuid NOT NULL,
    left_at timestamp with time zone NOT NULL
);

-- Name: TABLE leavers; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.leavers IS 'by member';

-- Name: lifetime_marker; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.lifetime_marker (
    only_one boolean DEFAULT true NOT NULL,
    horizon bigint NOT NULL,
    cut_off timestamp with time zone NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    CONSTRAINT lifetime_marker_only_one_check CHECK (only_one)
);

-- Name: TABLE lifetime_marker; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.lifetime_marker IS 'local';

-- Name: mails; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.mails (
    id uuid NOT NULL,
    member_id uuid NOT NULL,
    cadence text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    worker uuid,
    leased_until timestamp with time zone,
    last_error text,
    ended_at timestamp with time zone,
    CONSTRAINT mails_cadence_check CHECK ((cadence = ANY (ARRAY['at_once'::text, 'daily'::text, 'weekly'::text]))),
    CONSTRAINT mails_end CHECK (((state = 'waiting'::text) = (ended_at IS NULL))),
    CONSTRAINT mails_lease CHECK (((worker IS NULL) = (leased_until IS NULL))),
    CONSTRAINT mails_reason CHECK (((state <> 'failed'::text) OR (last_error IS NOT NULL))),
    CONSTRAINT mails_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'failed'::text, 'dropped'::text]))),
    CONSTRAINT mails_tries_check CHECK ((tries >= 0))
);

-- Name: TABLE mails; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.mails IS 'local';

-- Name: mark_keys; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.mark_keys (
    day date NOT NULL,
    key bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT mark_keys_key_check CHECK ((octet_length(key) = 16))
);

-- Name: TABLE mark_keys; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.mark_keys IS 'local';

-- Name: member_notices; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.member_notices (
    id uuid NOT NULL,
    kind text NOT NULL,
    subject uuid,
    detail text,
    actor_id uuid,
    recipients uuid[],
    posted_at timestamp with time zone NOT NULL,
    CONSTRAINT member_notices_detail_check CHECK (((char_length(detail) >= 1) AND (char_length(detail) <= 500))),
    CONSTRAINT member_notices_recipients_check CHECK (((cardinality(recipients) >= 1) AND (cardinality(recipients) <= 1000)))
);

-- Name: TABLE member_notices; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.member_notices IS 'local';

-- Name: member_zones; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.member_zones (
    member_id uuid NOT NULL,
    time_zone text NOT NULL,
    CONSTRAINT member_zones_time_zone_check CHECK (((char_length(time_zone) >= 1) AND (char_length(time_zone) <= 64)))
);

-- Name: TABLE member_zones; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.member_zones IS 'by member';

-- Name: members; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.members (
    id uuid NOT NULL,
    handle text NOT NULL,
    display_name text NOT NULL,
    email text,
    password_hash text,
    role text NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    CONSTRAINT display_name_length CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 60))),
    CONSTRAINT email_form CHECK (((email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text) AND (char_length(email) <= 254))),
    CONSTRAINT handle_form CHECK ((handle ~ '^[a-z0-9_]{3,30}$'::text)),
    CONSTRAINT members_role_check CHECK ((role = ANY (ARRAY['member'::text, 'curator'::text, 'finance'::text, 'admin'::text]))),
    CONSTRAINT password_is_argon2id CHECK ((password_hash ~~ '$argon2id$%'::text))
);

-- Name: TABLE members; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.members IS 'reference';

-- Name: merged_followers; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.merged_followers (
    duplicate_id uuid NOT NULL,
    number integer NOT NULL,
    member_id uuid NOT NULL,
    followed_at timestamp with time zone NOT NULL
);

-- Name: TABLE merged_followers; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.merged_followers IS 'by work';

-- Name: merged_votes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.merged_votes (
    duplicate_id uuid NOT NULL,
    number integer NOT NULL,
    member_id uuid NOT NULL,
    cast_at timestamp with time zone NOT NULL,
    moved boolean NOT NULL,
    origin integer,
    session integer,
    held boolean DEFAULT false NOT NULL
);

-- Name: TABLE merged_votes; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.merged_votes IS 'by work';

-- Name: notice_work; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.notice_work (
    notice_id uuid NOT NULL,
    idea_id uuid,
    after uuid NOT NULL,
    due_at timestamp with time zone NOT NULL,
    tries integer DEFAULT 0 NOT NULL
);

-- Name: TABLE notice_work; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.notice_work IS 'local';

-- Name: notices; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.notices (
    idea_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    subject uuid,
    detail text,
    actor_id uuid,
    recipients uuid[],
    posted_at timestamp with time zone NOT NULL,
    CONSTRAINT notices_detail_check CHECK (((char_length(detail) >= 1) AND (char_length(detail) <= 500))),
    CONSTRAINT notices_recipients_check CHECK (((cardinality(recipients) >= 1) AND (cardinality(recipients) <= 1000)))
);

-- Name: TABLE notices; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.notices IS 'by work';

-- Name: notification_kinds; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.notification_kinds (
    kind text NOT NULL,
    in_app boolean NOT NULL,
    email text NOT NULL,
    weight integer NOT NULL,
    CONSTRAINT notification_kinds_email_check CHECK ((email = ANY (ARRAY['off'::text, 'at_once'::text, 'daily'::text, 'weekly'::text]))),
    CONSTRAINT notification_kinds_kind_check CHECK ((kind ~ '^[a-z][a-z_]{0,39}$'::text)),
    CONSTRAINT notification_kinds_weight_check CHECK (((weight >= 0) AND (weight <= 9)))
);

-- Name: TABLE notification_kinds; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.notification_kinds IS 'reference';

-- Name: notification_preferences; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.notification_preferences (
    member_id uuid NOT NULL,
    kind text NOT NULL,
    in_app boolean NOT NULL,
    email text NOT NULL,
    CONSTRAINT notification_preferences_email_check CHECK ((email = ANY (ARRAY['off'::text, 'at_once'::text, 'daily'::text, 'weekly'::text])))
);

-- Name: TABLE notification_preferences; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.notification_preferences IS 'by member';

-- Name: notifications; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.notifications (
    member_id uuid NOT NULL,
    notice_id uuid NOT NULL,
    idea_id uuid,
    kind text NOT NULL,
    subject uuid,
    detail text,
    actor_id uuid,
    posted_at timestamp with time zone NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    in_app boolean NOT NULL,
    email text NOT NULL,
    read_at timestamp with time zone,
    mail_id uuid,
    CONSTRAINT notifications_email_check CHECK ((email = ANY (ARRAY['off'::text, 'at_once'::text, 'daily'::text, 'weekly'::text]))),
    CONSTRAINT notifications_seen CHECK ((in_app OR (email <> 'off'::text)))
);

-- Name: TABLE notifications; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.notifications IS 'by member';

-- Name: payout_batches; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.payout_batches (
    id uuid NOT NULL,
    lines integer NOT NULL,
    made_at timestamp with time zone NOT NULL,
    written_at timestamp with time zone,
    CONSTRAINT payout_batches_lines_check CHECK ((lines > 0))
);

-- Name: TABLE payout_batches; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.payout_batches IS 'local';

-- Name: payout_events; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.payout_events (
    member_id uuid NOT NULL,
    payout_id uuid NOT NULL,
    number integer NOT NULL,
    previous integer GENERATED ALWAYS AS ((number - 1)) STORED,
    rail public.payout_rail NOT NULL,
    from_state public.payout_state,
    to_state public.payout_state NOT NULL,
    actor text NOT NULL,
    note text,
    at timestamp with time zone NOT NULL,
    CONSTRAINT payout_events_begin_requested CHECK ((((number = 1) = (from_state IS NULL)) AND ((number > 1) OR (to_state = 'requested'::public.payout_state)))),
    CONSTRAINT payout_events_number_check CHECK ((number >= 1))
);

-- Name: TABLE payout_events; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.payout_events IS 'by member';

-- Name: payout_feeds; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.payout_feeds (
    provider text NOT NULL,
    "position" bigint NOT NULL,
    CONSTRAINT payout_feeds_position_check CHECK (("position" >= 0))
);

-- Name: TABLE payout_feeds; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.payout_feeds IS 'local';

-- Name: payout_settings; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.payout_settings (
    member_id uuid NOT NULL,
    held_because text,
    resumed_at timestamp with time zone,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT payout_settings_held_because_check CHECK ((held_because <> ''::text))
);

-- Name: TABLE payout_settings; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.payout_settings IS 'by member';

-- Name: payout_transitions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.payout_transitions (
    rail public.payout_rail NOT NULL,
    from_state public.payout_state NOT NULL,
    to_state public.payout_state NOT NULL,
    moves public.transfer_reason
);

-- Name: TABLE payout_transitions; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.payout_transitions IS 'reference';

-- Name: payout_work; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.payout_work (
    payout_id uuid NOT NULL,
    member_id uuid NOT NULL,
    rail public.payout_rail NOT NULL,
    due_at timestamp with time zone NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    worker uuid,
    leased_until timestamp with time zone,
    CONSTRAINT payout_work_leases_are_whole CHECK (((worker IS NULL) = (leased_until IS NULL)))
)
WITH (fillfactor='70');

-- Name: TABLE payout_work; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.payout_work IS 'local';

-- Name: payouts; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.payouts (
    member_id uuid NOT NULL,
    id uuid NOT NULL,
    rail public.payout_rail NOT NULL,
    origin text NOT NULL,
    request_key text,
    currency text NOT NULL,
    amount bigint NOT NULL,
    unit bigint NOT NULL,
    minimum bigint NOT NULL,
    payable_before bigint NOT NULL,
    handle text NOT NULL,
    name text NOT NULL,
    state public.payout_state NOT NULL,
    step integer NOT NULL,
    open boolean GENERATED ALWAYS AS ((state = ANY (ARRAY['requested'::public.payout_state, 'submitting'::public.payout_state, 'submitted'::public.payout_state, 'exported'::public.payout_state]))) STORED NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    first_sent_at timestamp with time zone,
    batch_id uuid,
    provider_id text,
    problem text,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT payouts_are_covered CHECK ((amount <= payable_before)),
    CONSTRAINT payouts_are_positive CHECK ((amount > 0)),
    CONSTRAINT payouts_are_whole_minor_units CHECK (((amount % unit) = 0)),
    CONSTRAINT payouts_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT payouts_exported_have_a_batch CHECK (((state <> 'exported'::public.payout_state) OR (batch_id IS NOT NULL))),
    CONSTRAINT payouts_minimum_check CHECK ((minimum > 0)),
    CONSTRAINT payouts_origin_check CHECK ((origin = ANY (ARRAY['automatic'::text, 'requested'::text]))),
    CONSTRAINT payouts_reach_the_minimum CHECK ((amount >= minimum)),
    CONSTRAINT payouts_request_key_check CHECK (((length(request_key) >= 1) AND (length(request_key) <= 200))),
    CONSTRAINT payouts_sent_are_dated CHECK (((attempts = 0) = (first_sent_at IS NULL))),
    CONSTRAINT payouts_submitting_were_attempted CHECK (((state <> ALL (ARRAY['submitting'::public.payout_state, 'submitted'::public.payout_state])) OR (attempts > 0))),
    CONSTRAINT payouts_unit_check CHECK (((unit >= 1) AND (unit <= 1000000000)))
)
WITH (fillfactor='80');

-- Name: TABLE payouts; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.payouts IS 'by member';

-- Name: period_events; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.period_events (
    period_id uuid NOT NULL,
    number integer NOT NULL,
    previous integer GENERATED ALWAYS AS ((number - 1)) STORED,
    what text NOT NULL,
    old_state text,
    new_state text NOT NULL,
    reason text NOT NULL,
    changed_by uuid,
    changed_at timestamp with time zone NOT NULL,
    preview_id uuid,
    maker uuid,
    needs_other boolean,
    settlement_id uuid,
    CONSTRAINT period_approved_by_another CHECK (((what <> 'approved'::text) OR (NOT needs_other) OR ((changed_by IS NOT NULL) AND (changed_by <> maker)))),
    CONSTRAINT period_events_begin CHECK ((((number = 1) = (old_state IS NULL)) AND ((number = 1) = (what = 'opened'::text)) AND ((number > 1) OR (new_state = 'open'::text)))),
    CONSTRAINT period_events_name_previews CHECK ((((what = ANY (ARRAY['previewed'::text, 'approved'::text])) = (preview_id IS NOT NULL)) AND (num_nulls(preview_id, maker, needs_other) = ANY (ARRAY[0, 3])))),
    CONSTRAINT period_events_name_settlements CHECK (
CASE what
    WHEN 'settled'::text THEN (settlement_id IS NOT NULL)
    WHEN 'approved'::text THEN true
    ELSE (settlement_id IS NULL)
END),
    CONSTRAINT period_events_number_check CHECK ((number > 0)),
    CONSTRAINT period_events_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000)))
);

-- Name: TABLE period_events; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.period_events IS 'local';

-- Name: period_previews; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.period_previews (
    id uuid NOT NULL,
    period_id uuid NOT NULL,
    made_by uuid,
    maker uuid GENERATED ALWAYS AS (COALESCE(made_by, '00000000-0000-0000-0000-000000000000'::uuid)) STORED NOT NULL,
    horizon bigint NOT NULL,
    cut_off timestamp with time zone NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    plan_sha256 bytea NOT NULL,
    changes bigint NOT NULL,
    exceeds text,
    needs_other boolean GENERATED ALWAYS AS ((exceeds IS NOT NULL)) STORED NOT NULL,
    CONSTRAINT period_previews_changes_check CHECK ((changes >= 0)),
    CONSTRAINT period_previews_exceeds_check CHECK ((exceeds <> ''::text)),
    CONSTRAINT period_previews_plan_sha256_check CHECK ((length(plan_sha256) = 32))
);

-- Name: TABLE period_previews; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.period_previews IS 'local';

-- Name: period_transitions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.period_transitions (
    what text NOT NULL,
    old_state text NOT NULL,
    new_state text NOT NULL
);

-- Name: TABLE period_transitions; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.period_transitions IS 'reference';

-- Name: periods; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.periods (
    id uuid NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    through date NOT NULL,
    automatic boolean NOT NULL,
    state text NOT NULL,
    step integer NOT NULL,
    CONSTRAINT periods_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9.-]{0,31}$'::text)),
    CONSTRAINT periods_number_check CHECK ((number > 0))
);

-- Name: TABLE periods; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.periods IS 'local';

-- Name: pool_changes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.pool_changes (
    product_id uuid NOT NULL,
    settlement_id uuid NOT NULL,
    contract_version integer NOT NULL,
    share_version integer NOT NULL,
    currency text NOT NULL,
    cause uuid NOT NULL,
    before bigint NOT NULL,
    after bigint NOT NULL,
    posted boolean DEFAULT false NOT NULL,
    referred_before bigint DEFAULT 0 NOT NULL,
    referred_after bigint DEFAULT 0 NOT NULL,
    referrals integer DEFAULT 0 NOT NULL,
    CONSTRAINT pool_changes_change CHECK (((after <> before) OR (referrals > 0))),
    CONSTRAINT pool_changes_refer CHECK (((referrals > 0) OR (referred_before = referred_after))),
    CONSTRAINT pool_changes_referrals_check CHECK ((referrals >= 0))
);

-- Name: TABLE pool_changes; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.pool_changes IS 'by work';

-- Name: pools; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.pools (
    product_id uuid NOT NULL,
    contract_version integer NOT NULL,
    share_version integer NOT NULL,
    currency text NOT NULL,
    settled bigint NOT NULL,
    referred bigint DEFAULT 0 NOT NULL
);

-- Name: TABLE pools; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.pools IS 'by work';

-- Name: presale_extensions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.presale_extensions (
    product_id uuid NOT NULL,
    presale integer NOT NULL,
    number integer NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    changed_by uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT presale_extensions_are_later CHECK ((ends_at > ended_at)),
    CONSTRAINT presale_extensions_number_check CHECK ((number > 0)),
    CONSTRAINT presale_extensions_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000)))
);

-- Name: TABLE presale_extensions; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.presale_extensions IS 'by work';

-- Name: presale_tiers; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.presale_tiers (
    product_id uuid NOT NULL,
    presale integer NOT NULL,
    "position" integer NOT NULL,
    unit_price bigint NOT NULL,
    units_limit bigint,
    taken bigint DEFAULT 0 NOT NULL,
    CONSTRAINT presale_tiers_are_never_oversold CHECK ((taken <= units_limit)),
    CONSTRAINT presale_tiers_position_check CHECK ((("position" >= 1) AND ("position" <= 20))),
    CONSTRAINT presale_tiers_taken_check CHECK ((taken >= 0)),
    CONSTRAINT presale_tiers_unit_price_check CHECK (((unit_price >= 1) AND (unit_price <= '1000000000000000'::bigint))),
    CONSTRAINT presale_tiers_units_limit_check CHECK (((units_limit >= 1) AND (units_limit <= 1000000000)))
);

-- Name: TABLE presale_tiers; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.presale_tiers IS 'by work';

-- Name: presales; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.presales (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    state text NOT NULL,
    target bigint NOT NULL,
    units bigint DEFAULT 0 NOT NULL,
    channel text NOT NULL,
    currency text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    opened_by uuid NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    reason text,
    ended_at timestamp with time zone,
    ended_by uuid,
    CONSTRAINT presales_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT presales_end_later CHECK ((ends_at > opened_at)),
    CONSTRAINT presales_ended CHECK (((state = 'open'::text) = (ended_at IS NULL))),
    CONSTRAINT presales_fail_with_reason CHECK (((state <> ALL (ARRAY['failed'::text, 'refunding'::text, 'refunded'::text])) OR (reason IS NOT NULL))),
    CONSTRAINT presales_number_check CHECK ((number > 0)),
    CONSTRAINT presales_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000))),
    CONSTRAINT presales_state_check CHECK ((state = ANY (ARRAY['open'::text, 'failed'::text, 'charging'::text, 'charged'::text, 'refunding'::text, 'refunded'::text]))),
    CONSTRAINT presales_target_check CHECK (((target >= 1) AND (target <= 1000000000))),
    CONSTRAINT presales_units_check CHECK ((units >= 0))
);

-- Name: TABLE presales; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.presales IS 'by work';

-- Name: preview_pools; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.preview_pools (
    product_id uuid NOT NULL,
    preview_id uuid NOT NULL,
    contract_version integer NOT NULL,
    share_version integer NOT NULL,
    currency text NOT NULL,
    before bigint NOT NULL,
    after bigint NOT NULL
);

-- Name: TABLE preview_pools; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.preview_pools IS 'by work';

-- Name: price_guesses; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.price_guesses (
    product_id uuid NOT NULL,
    project_id uuid NOT NULL,
    member_id uuid NOT NULL,
    guess bigint NOT NULL,
    guessed_at timestamp with time zone NOT NULL,
    CONSTRAINT price_guesses_guess_check CHECK ((guess > 0))
);

-- Name: TABLE price_guesses; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.price_guesses IS 'by work';

-- Name: product_aliases; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.product_aliases (
    source text NOT NULL,
    sku text NOT NULL,
    product_id uuid NOT NULL,
    added_by uuid,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT product_aliases_sku_check CHECK (((length(sku) >= 1) AND (length(sku) <= 128))),
    CONSTRAINT product_aliases_source_check CHECK (((length(source) >= 1) AND (length(source) <= 64)))
);

-- Name: TABLE product_aliases; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.product_aliases IS 'reference';

-- Name: product_stages; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.product_stages (
    product_id uuid NOT NULL,
    number integer NOT NULL,
    before integer GENERATED ALWAYS AS ((NULLIF(number, 1) - 1)) STORED,
    old_stage text,
    stage text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    due_on date,
    needed_next text,
    reason text,
    explained boolean GENERATED ALWAYS AS ((reason IS NOT NULL)) STORED NOT NULL,
    changed_by uuid,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT product_stages_check CHECK ((changed_at >= entered_at)),
    CONSTRAINT product_stages_first CHECK ((((number = 1) = (old_stage IS NULL)) AND ((number > 1) OR (stage = 'research'::text)))),
    CONSTRAINT product_stages_needed_next_check CHECK (((char_length(needed_next) >= 1) AND (char_length(needed_next) <= 2000))),
    CONSTRAINT product_stages_number_check CHECK ((number > 0)),
    CONSTRAINT product_stages_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000))),
    CONSTRAINT product_stages_stage_check CHECK ((stage = ANY (ARRAY['research'::text, 'design'::text, 'finish'::text, 'naming'::text, 'tagline'::text, 'packaging'::text, 'pricing'::text, 'presale'::text, 'production'::text, 'shipping'::text, 'line_extension'::text, 'shelved'::text, 'rights_returned'::text])))
);

-- Name: TABLE product_stages; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.product_stages IS 'by work';

-- Name: products; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.products (
    id uuid NOT NULL,
    name text NOT NULL,
    inventor_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    stage text DEFAULT 'research'::text NOT NULL,
    stage_number integer DEFAULT 1 NOT NULL
);

-- Name: TABLE products; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.products IS 'by work: distributed by id';

-- Name: project_choosers; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.project_choosers (
    product_id uuid NOT NULL,
    project_id uuid NOT NULL,
    member_id uuid NOT NULL,
    spent integer NOT NULL,
    allowed integer NOT NULL,
    CONSTRAINT choices_within_limit CHECK (((spent >= 0) AND (spent <= allowed))),
    CONSTRAINT project_choosers_allowed_check CHECK (((allowed >= 1) AND (allowed <= 100000)))
)
WITH (fillfactor='80');

-- Name: TABLE project_choosers; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.project_choosers IS 'by work';

-- Name: project_decisions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.project_decisions (
    product_id uuid NOT NULL,
    project_id uuid NOT NULL,
    adopted boolean NOT NULL,
    override_reason text,
    final_price bigint,
    CONSTRAINT project_decisions_final_price_check CHECK ((final_price > 0)),
    CONSTRAINT project_decisions_override_reason_check CHECK (((char_length(override_reason) >= 1) AND (char_length(override_reason) <= 2000)))
);

-- Name: TABLE project_decisions; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.project_decisions IS 'by work';

-- Name: project_entries; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.project_entries (
    product_id uuid NOT NULL,
    project_id uuid NOT NULL,
    id uuid NOT NULL,
    number integer NOT NULL,
    author_id uuid NOT NULL,
    answers text NOT NULL,
    state text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    edited_at timestamp with time zone,
    reason text,
    CONSTRAINT entries_removed_with_reason CHECK (((state <> 'removed'::text) OR (reason IS NOT NULL))),
    CONSTRAINT project_entries_number_check CHECK ((number > 0)),
    CONSTRAINT project_entries_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'entered'::text, 'withdrawn'::text, 'removed'::text])))
);

-- Name: TABLE project_entries; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.project_entries IS 'by work';

-- Name: project_picks; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.project_picks (
    product_id uuid NOT NULL,
    project_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    weight bigint NOT NULL,
    CONSTRAINT project_picks_weight_check CHECK (((weight >= 1) AND (weight <= 1000000)))
);

-- Name: TABLE project_picks; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.project_picks IS 'by work';

-- Name: project_seals; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.project_seals (
    product_id uuid NOT NULL,
    project_id uuid NOT NULL,
    entries bigint NOT NULL,
    choosers bigint NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    CONSTRAINT project_seals_choosers_check CHECK ((choosers >= 0)),
    CONSTRAINT project_seals_entries_check CHECK ((entries >= 0))
);

-- Name: TABLE project_seals; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.project_seals IS 'by work';

-- Name: project_votes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.project_votes (
    product_id uuid NOT NULL,
    project_id uuid NOT NULL,
    member_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    place bigint NOT NULL,
    cast_at timestamp with time zone NOT NULL,
    CONSTRAINT project_votes_place_check CHECK ((place > 0))
);

-- Name: TABLE project_votes; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.project_votes IS 'by work';

-- Name: projects; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.projects (
    product_id uuid NOT NULL,
    id uuid NOT NULL,
    slice text NOT NULL,
    title text NOT NULL,
    brief text NOT NULL,
    form text NOT NULL,
    choosing text NOT NULL,
    rules text NOT NULL,
    state text NOT NULL,
    entries_per_member integer NOT NULL,
    hides_tallies boolean NOT NULL,
    opens_at timestamp with time zone NOT NULL,
    entries_until timestamp with time zone NOT NULL,
    choosing_from timestamp with time zone NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    reason text,
    ended_by uuid,
    ended_at timestamp with time zone,
    CONSTRAINT project_dates CHECK (((opens_at < entries_until) AND (entries_until <= closes_at) AND (opens_at <= choosing_from) AND (choosing_from < closes_at))),
    CONSTRAINT project_ends_with_reason CHECK ((((state = ANY (ARRAY['decided'::text, 'cancelled'::text])) = (ended_at IS NOT NULL)) AND ((ended_at IS NULL) = (reason IS NULL)))),
    CONSTRAINT projects_choosing_check CHECK ((choosing = ANY (ARRAY['votes'::text, 'duels'::text, 'ratings'::text, 'jury'::text, 'survey'::text, 'guesses'::text, 'curator'::text]))),
    CONSTRAINT projects_entries_per_member_check CHECK (((entries_per_member >= 1) AND (entries_per_member <= 1000))),
    CONSTRAINT projects_slice_check CHECK ((slice = ANY (ARRAY['comparison'::text, 'research'::text, 'design'::text, 'finish'::text, 'naming'::text, 'tagline'::text, 'packaging'::text, 'pricing'::text]))),
    CONSTRAINT projects_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'open'::text, 'closed'::text, 'decided'::text, 'cancelled'::text])))
);

-- Name: TABLE projects; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.projects IS 'by work';

-- Name: proof_checkpoints; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.proof_checkpoints (
    size bigint NOT NULL,
    public_key bytea NOT NULL,
    hash bytea NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    note text NOT NULL
);

-- Name: TABLE proof_checkpoints; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.proof_checkpoints IS 'local';

-- Name: proof_entries; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.proof_entries (
    number bigint NOT NULL,
    before bigint GENERATED ALWAYS AS (NULLIF((number - 1), 0)) STORED,
    previous bytea NOT NULL,
    kind text NOT NULL,
    thing uuid NOT NULL,
    step integer NOT NULL,
    content bytea NOT NULL,
    moment timestamp with time zone NOT NULL,
    digest bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT proof_entries_are_hashed CHECK ((hash = sha256(convert_to(format('coinvent chain v1
number %s
previous %s
entry %s
'::text, number, encode(previous, 'hex'::text), encode(digest, 'hex'::text)), 'UTF8'::name)))),
    CONSTRAINT proof_entries_begin CHECK (((number > 1) OR (previous = decode(repeat('00'::text, 32), 'hex'::text)))),
    CONSTRAINT proof_entries_content_check CHECK ((length(content) = 32)),
    CONSTRAINT proof_entries_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT proof_entries_kind_check CHECK ((kind = ANY (ARRAY['settlement'::text, 'lines'::text, 'payout'::text]))),
    CONSTRAINT proof_entries_number_check CHECK ((number > 0)),
    CONSTRAINT proof_entries_previous_check CHECK ((length(previous) = 32)),
    CONSTRAINT proof_entries_step_check CHECK ((step >= 0))
);

-- Name: TABLE proof_entries; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.proof_entries IS 'local';

-- Name: proof_keys; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.proof_keys (
    public_key bytea NOT NULL,
    name text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT proof_keys_name_check CHECK ((name ~ '^[!-*,-~]{1,100}$'::text)),
    CONSTRAINT proof_keys_public_key_check CHECK ((length(public_key) = 32))
);

-- Name: TABLE proof_keys; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.proof_keys IS 'reference';

-- Name: proof_leaves; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.proof_leaves (
    settlement_id uuid NOT NULL,
    block integer NOT NULL,
    first_member uuid NOT NULL,
    leaves bytea NOT NULL,
    root bytea NOT NULL,
    CONSTRAINT proof_leaves_block_check CHECK ((block >= 0)),
    CONSTRAINT proof_leaves_leaves_check CHECK ((((length(leaves) >= 32) AND (length(leaves) <= 8192)) AND ((length(leaves) % 32) = 0))),
    CONSTRAINT proof_leaves_root_check CHECK ((length(root) = 32))
);
ALTER TABLE ONLY public.proof_leaves ALTER COLUMN leaves SET STORAGE EXTERNAL;

-- Name: TABLE proof_leaves; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.proof_leaves IS 'local';

-- Name: proxy_votes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.proxy_votes (
    idea_id uuid NOT NULL,
    id uuid NOT NULL,
    person text NOT NULL,
    email text NOT NULL,
    note text,
    cast_by uuid NOT NULL,
    cast_at timestamp with time zone NOT NULL,
    rescinded_by uuid,
    rescinded_at timestamp with time zone,
    confirmed_by uuid,
    confirmed_at timestamp with time zone,
    CONSTRAINT proxy_votes_confirmed CHECK (((confirmed_by IS NULL) = (confirmed_at IS NULL))),
    CONSTRAINT proxy_votes_email CHECK (((email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text) AND (char_length(email) <= 254))),
    CONSTRAINT proxy_votes_end_once CHECK (((rescinded_at IS NULL) OR (confirmed_at IS NULL))),
    CONSTRAINT proxy_votes_note_check CHECK (((char_length(note) >= 1) AND (char_length(note) <= 500))),
    CONSTRAINT proxy_votes_person_check CHECK (((char_length(person) >= 1) AND (char_length(person) <= 60))),
    CONSTRAINT proxy_votes_rescinded CHECK (((rescinded_by IS NULL) = (rescinded_at IS NULL)))
);

-- Name: TABLE proxy_votes; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.proxy_votes IS 'by work';

-- Name: publication_steps; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.publication_steps (
    period_id uuid NOT NULL,
    version integer NOT NULL,
    step integer NOT NULL,
    statements bigint NOT NULL,
    CONSTRAINT publication_steps_statements_check CHECK ((statements >= 0)),
    CONSTRAINT publication_steps_step_check CHECK ((step >= 0))
);

-- Name: TABLE publication_steps; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.publication_steps IS 'local';

-- Name: publications; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.publications (
    period_id uuid NOT NULL,
    version integer NOT NULL,
    begun_by uuid,
    begun_at timestamp with time zone NOT NULL,
    made bigint NOT NULL,
    done_at timestamp with time zone,
    format smallint NOT NULL,
    steps integer,
    sealed boolean DEFAULT false NOT NULL,
    CONSTRAINT publications_format_check CHECK ((format > 0)),
    CONSTRAINT publications_made_check CHECK ((made >= 0)),
    CONSTRAINT publications_seal_in_order CHECK (((done_at IS NOT NULL) OR (NOT sealed))),
    CONSTRAINT publications_steps_check CHECK ((steps > 0)),
    CONSTRAINT publications_version_check CHECK ((version > 0))
);

-- Name: TABLE publications; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.publications IS 'local';

-- Name: reaction_counts; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.reaction_counts (
    idea_id uuid NOT NULL,
    comment_id uuid NOT NULL,
    kind text NOT NULL,
    count bigint NOT NULL,
    CONSTRAINT reaction_counts_count_check CHECK ((count >= 0))
);

-- Name: TABLE reaction_counts; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.reaction_counts IS 'by work';

-- Name: reactions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.reactions (
    idea_id uuid NOT NULL,
    comment_id uuid NOT NULL,
    member_id uuid NOT NULL,
    kind text NOT NULL,
    reacted_at timestamp with time zone NOT NULL,
    CONSTRAINT reactions_kind_check CHECK ((kind = ANY (ARRAY['thumbs_up'::text, 'heart'::text, 'tada'::text, 'laugh'::text, 'thinking'::text, 'confused'::text])))
);

-- Name: TABLE reactions; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.reactions IS 'by work';

-- Name: recipe_slices; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.recipe_slices (
    product_id uuid NOT NULL,
    version integer NOT NULL,
    "position" integer NOT NULL,
    slice text NOT NULL,
    ppb bigint NOT NULL,
    policy text NOT NULL,
    role text DEFAULT ''::text NOT NULL,
    step bigint,
    tolerance_ppm bigint,
    cap_ppb bigint,
    minimum_ppb bigint,
    CONSTRAINT cap_above_minimum CHECK ((cap_ppb >= minimum_ppb)),
    CONSTRAINT recipe_slices_cap_ppb_check CHECK (((cap_ppb >= 1) AND (cap_ppb <= 1000000000))),
    CONSTRAINT recipe_slices_minimum_ppb_check CHECK (((minimum_ppb >= 1) AND (minimum_ppb <= 1000000000))),
    CONSTRAINT recipe_slices_policy_check CHECK ((policy = ANY (ARRAY['named'::text, 'equal'::text, 'weight'::text, 'selective'::text, 'pro_rata'::text, 'pick_weight'::text, 'early_weighted'::text, 'accuracy'::text, 'lifetime_balanced'::text]))),
    CONSTRAINT recipe_slices_ppb_check CHECK (((ppb >= 1) AND (ppb <= 1000000000))),
    CONSTRAINT recipe_slices_role_check CHECK ((role = ANY (ARRAY[''::text, 'entry'::text, 'vote'::text]))),
    CONSTRAINT recipe_slices_slice_check CHECK ((slice = ANY (ARRAY['inventor'::text, 'idea_votes'::text, 'idea_discussion'::text, 'comparison'::text, 'research'::text, 'design'::text, 'finish'::text, 'naming'::text, 'tagline'::text, 'packaging'::text, 'pricing'::text, 'presale'::text, 'catalyst'::text]))),
    CONSTRAINT recipe_slices_step_check CHECK (((step >= 1) AND (step <= 1000000))),
    CONSTRAINT recipe_slices_tolerance_ppm_check CHECK (((tolerance_ppm >= 1) AND (tolerance_ppm <= 1000000))),
    CONSTRAINT step_of_early_weighted CHECK (((step IS NOT NULL) = (policy = 'early_weighted'::text))),
    CONSTRAINT tolerance_of_accuracy CHECK (((tolerance_ppm IS NOT NULL) = (policy = 'accuracy'::text)))
);

-- Name: TABLE recipe_slices; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.recipe_slices IS 'by work';

-- Name: recipes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.recipes (
    product_id uuid NOT NULL,
    version integer NOT NULL,
    unclaimed text NOT NULL,
    total_ppb bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    starts_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    made_by uuid,
    CONSTRAINT first_recipe_has_no_start CHECK (((version = 1) = (starts_at = '-infinity'::timestamp with time zone))),
    CONSTRAINT recipe_is_whole CHECK ((total_ppb = 1000000000)),
    CONSTRAINT recipes_never_act_backwards CHECK (((version = 1) OR (starts_at >= created_at))),
    CONSTRAINT recipes_unclaimed_check CHECK ((unclaimed = ANY (ARRAY['house'::text, 'spread'::text]))),
    CONSTRAINT recipes_version_check CHECK ((version > 0))
);

-- Name: TABLE recipes; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.recipes IS 'by work';

-- Name: referral_changes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.referral_changes (
    product_id uuid NOT NULL,
    settlement_id uuid NOT NULL,
    contract_version integer NOT NULL,
    share_version integer NOT NULL,
    currency text NOT NULL,
    member_id uuid NOT NULL,
    before bigint NOT NULL,
    after bigint NOT NULL,
    CONSTRAINT referral_changes_change CHECK ((after <> before))
);

-- Name: TABLE referral_changes; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.referral_changes IS 'by work';

-- Name: referral_dues; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.referral_dues (
    product_id uuid NOT NULL,
    contract_version integer NOT NULL,
    share_version integer NOT NULL,
    currency text NOT NULL,
    member_id uuid NOT NULL,
    settled bigint NOT NULL
);

-- Name: TABLE referral_dues; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.referral_dues IS 'by work';

-- Name: referral_sums; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.referral_sums (
    product_id uuid NOT NULL,
    contract_version integer NOT NULL,
    share_version integer NOT NULL,
    currency text NOT NULL,
    member_id uuid NOT NULL,
    part numeric NOT NULL
);

-- Name: TABLE referral_sums; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.referral_sums IS 'by work';

-- Name: referrals; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.referrals (
    product_id uuid NOT NULL,
    code text NOT NULL,
    member_id uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    fixed boolean GENERATED ALWAYS AS (true) STORED NOT NULL,
    CONSTRAINT referrals_code_check CHECK ((code ~ '^[a-z0-9]{10}$'::text))
);

-- Name: TABLE referrals; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.referrals IS 'by work';

-- Name: reports; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.reports (
    case_id uuid NOT NULL,
    reporter_id uuid NOT NULL,
    reason text NOT NULL,
    text text,
    reported_at timestamp with time zone NOT NULL,
    CONSTRAINT reports_reason_check CHECK ((reason = ANY (ARRAY['spam'::text, 'abuse'::text, 'off_topic'::text, 'illegal'::text, 'personal_data'::text, 'duplicate'::text, 'other'::text]))),
    CONSTRAINT reports_text_check CHECK (((char_length(text) >= 1) AND (char_length(text) <= 1000)))
);

-- Name: TABLE reports; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.reports IS 'local';

-- Name: sale_lines; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.sale_lines (
    source text NOT NULL,
    external_id text NOT NULL,
    arrival bigint NOT NULL,
    product_id uuid NOT NULL,
    channel text NOT NULL,
    quantity bigint NOT NULL,
    unit_price bigint NOT NULL,
    discount bigint NOT NULL,
    allowance bigint NOT NULL,
    currency text NOT NULL,
    sold_at timestamp with time zone NOT NULL,
    return_of text,
    gross bigint GENERATED ALWAYS AS ((quantity * unit_price)) STORED NOT NULL,
    net bigint GENERATED ALWAYS AS (((quantity * unit_price) - (
CASE
    WHEN (quantity < 0) THEN '-1'::integer
    ELSE 1
END * (discount + allowance)))) STORED NOT NULL,
    received_at timestamp with time zone NOT NULL,
    referral text,
    territory text,
    format text,
    list_price bigint,
    deductions jsonb,
    report_id uuid,
    edition smallint DEFAULT 0 NOT NULL,
    CONSTRAINT deductions_within_price CHECK (((discount + allowance) <= (abs(quantity) * unit_price))),
    CONSTRAINT named_deductions_within_price CHECK (((deductions IS NULL) OR public.deductions_fit(deductions, (((abs(quantity) * unit_price) - discount) - allowance)))),
    CONSTRAINT returns_point_at_sales CHECK (((quantity < 0) = (return_of IS NOT NULL))),
    CONSTRAINT sale_lines_allowance_check CHECK ((allowance >= 0)),
    CONSTRAINT sale_lines_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT sale_lines_deductions_check CHECK ((jsonb_typeof(deductions) = 'object'::text)),
    CONSTRAINT sale_lines_discount_check CHECK ((discount >= 0)),
    CONSTRAINT sale_lines_edition_check CHECK ((edition >= 0)),
    CONSTRAINT sale_lines_external_id_check CHECK (((length(external_id) >= 1) AND (length(external_id) <= 128))),
    CONSTRAINT sale_lines_format_check CHECK ((format ~ '^[a-z][a-z0-9_]{0,31}$'::text)),
    CONSTRAINT sale_lines_list_price_check CHECK ((list_price >= 0)),
    CONSTRAINT sale_lines_quantity_check CHECK ((quantity <> 0)),
    CONSTRAINT sale_lines_referral_check CHECK (((char_length(referral) >= 1) AND (char_length(referral) <= 64))),
    CONSTRAINT sale_lines_source_check CHECK (((length(source) >= 1) AND (length(source) <= 64))),
    CONSTRAINT sale_lines_territory_check CHECK ((territory ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT sale_lines_unit_price_check CHECK ((unit_price >= 0))
);

-- Name: TABLE sale_lines; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.sale_lines IS 'by sale: distributed by external_id; sums over a product fan out';

-- Name: sale_lines_arrival_seq; Type: SEQUENCE; Schema: public; Owner: -

ALTER TABLE public.sale_lines ALTER COLUMN arrival ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.sale_lines_arrival_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: sale_mappings; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.sale_mappings (
    source text NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    mapping jsonb NOT NULL,
    added_by uuid,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT sale_mappings_mapping_check CHECK ((jsonb_typeof(mapping) = 'object'::text)),
    CONSTRAINT sale_mappings_name_check CHECK ((name ~ '^[a-z][a-z0-9_-]{0,31}$'::text)),
    CONSTRAINT sale_mappings_source_check CHECK (((length(source) >= 1) AND (length(source) <= 64))),
    CONSTRAINT sale_mappings_version_check CHECK ((version > 0))
);

-- Name: TABLE sale_mappings; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.sale_mappings IS 'reference';

-- Name: sale_report_parts; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.sale_report_parts (
    report_id uuid NOT NULL,
    run uuid NOT NULL,
    part integer NOT NULL,
    recorded bigint NOT NULL,
    repeated bigint NOT NULL,
    conflicts bigint NOT NULL,
    suspended bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    arrivals int8range DEFAULT '(,)'::int8range NOT NULL
);

-- Name: TABLE sale_report_parts; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.sale_report_parts IS 'by sale';

-- Name: sale_reports; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.sale_reports (
    id uuid NOT NULL,
    source text NOT NULL,
    name text NOT NULL,
    sha256 bytea NOT NULL,
    mapping text,
    mapping_version integer,
    lines bigint NOT NULL,
    units bigint NOT NULL,
    gross jsonb NOT NULL,
    passed_over jsonb NOT NULL,
    received_at timestamp with time zone NOT NULL,
    fixed boolean GENERATED ALWAYS AS (true) STORED NOT NULL,
    CONSTRAINT mappings_have_versions CHECK (((mapping IS NULL) = (mapping_version IS NULL))),
    CONSTRAINT sale_reports_gross_check CHECK ((jsonb_typeof(gross) = 'object'::text)),
    CONSTRAINT sale_reports_lines_check CHECK ((lines >= 0)),
    CONSTRAINT sale_reports_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT sale_reports_passed_over_check CHECK ((jsonb_typeof(passed_over) = 'object'::text)),
    CONSTRAINT sale_reports_sha256_check CHECK ((length(sha256) = 32)),
    CONSTRAINT sale_reports_source_check CHECK (((length(source) >= 1) AND (length(source) <= 64)))
);

-- Name: TABLE sale_reports; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.sale_reports IS 'by sale';

-- Name: sale_withdrawals; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.sale_withdrawals (
    report_id uuid NOT NULL,
    arrival bigint DEFAULT nextval('public.sale_lines_arrival_seq'::regclass) NOT NULL,
    reason text NOT NULL,
    withdrawn_by uuid,
    withdrawn_at timestamp with time zone NOT NULL,
    arrivals int8multirange DEFAULT '{(,)}'::int8multirange NOT NULL,
    CONSTRAINT sale_withdrawals_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 2000)))
);

-- Name: TABLE sale_withdrawals; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.sale_withdrawals IS 'by sale';

-- Name: schema_migrations; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.schema_migrations (
    number integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT schema_migrations_number_check CHECK ((number > 0))
);

-- Name: TABLE schema_migrations; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.schema_migrations IS 'local: the steps of the schema that were applied';

-- Name: sealed_tallies; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.sealed_tallies (
    product_id uuid NOT NULL,
    project_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    rank integer NOT NULL,
    score bigint NOT NULL,
    count bigint NOT NULL,
    CONSTRAINT sealed_tallies_count_check CHECK ((count >= 0)),
    CONSTRAINT sealed_tallies_rank_check CHECK ((rank > 0))
);

-- Name: TABLE sealed_tallies; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.sealed_tallies IS 'by work';

-- Name: sealed_votes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.sealed_votes (
    idea_id uuid NOT NULL,
    number integer NOT NULL,
    member_id uuid NOT NULL,
    cast_at timestamp with time zone NOT NULL
);

-- Name: TABLE sealed_votes; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.sealed_votes IS 'by work';

-- Name: settlement_lines; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.settlement_lines (
    product_id uuid NOT NULL,
    settlement_id uuid NOT NULL,
    contract_version integer NOT NULL,
    share_version integer NOT NULL,
    currency text NOT NULL,
    channel text NOT NULL,
    territory text NOT NULL,
    format text NOT NULL,
    rate_ppm bigint NOT NULL,
    units bigint NOT NULL,
    base numeric NOT NULL,
    earned numeric NOT NULL
);

-- Name: TABLE settlement_lines; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.settlement_lines IS 'by work';

-- Name: settlement_sales; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.settlement_sales (
    product_id uuid NOT NULL,
    settlement_id uuid NOT NULL,
    currency text NOT NULL,
    channel text NOT NULL,
    territory text NOT NULL,
    format text NOT NULL,
    units bigint NOT NULL,
    gross numeric NOT NULL,
    deducted numeric NOT NULL,
    price_low bigint NOT NULL,
    price_high bigint NOT NULL,
    returned bigint,
    late boolean NOT NULL
);

-- Name: TABLE settlement_sales; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.settlement_sales IS 'by work';

-- Name: settlement_terms; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.settlement_terms (
    product_id uuid NOT NULL,
    settlement_id uuid NOT NULL,
    contract_version integer NOT NULL,
    share_version integer NOT NULL,
    currency text NOT NULL,
    earned bigint NOT NULL,
    reserved bigint NOT NULL,
    recouped bigint NOT NULL,
    advanced bigint NOT NULL,
    guaranteed bigint NOT NULL,
    released bigint
);

-- Name: TABLE settlement_terms; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.settlement_terms IS 'by work';

-- Name: settlements; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.settlements (
    id uuid NOT NULL,
    state text NOT NULL,
    horizon bigint NOT NULL,
    cut_off timestamp with time zone NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    steps integer DEFAULT 1 NOT NULL,
    period_id uuid,
    statement_version integer,
    CONSTRAINT done_has_a_moment CHECK (((state = 'done'::text) = (done_at IS NOT NULL))),
    CONSTRAINT settlements_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'done'::text]))),
    CONSTRAINT settlements_statement_version_check CHECK ((statement_version > 0)),
    CONSTRAINT settlements_steps_check CHECK ((steps > 0))
);

-- Name: TABLE settlements; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.settlements IS 'local';

-- Name: share_offer_ends; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.share_offer_ends (
    product_id uuid NOT NULL,
    offer_id uuid NOT NULL,
    outcome text NOT NULL,
    ended_by uuid NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    CONSTRAINT share_offer_ends_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'declined'::text, 'withdrawn'::text])))
);

-- Name: TABLE share_offer_ends; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.share_offer_ends IS 'by work';

-- Name: share_offers; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.share_offers (
    product_id uuid NOT NULL,
    id uuid NOT NULL,
    from_member uuid NOT NULL,
    to_member uuid NOT NULL,
    ppm bigint NOT NULL,
    message text NOT NULL,
    offered_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT offer_expires_later CHECK ((expires_at > offered_at)),
    CONSTRAINT offer_to_another CHECK ((from_member <> to_member)),
    CONSTRAINT share_offers_message_check CHECK ((char_length(message) <= 500)),
    CONSTRAINT share_offers_ppm_check CHECK (((ppm >= 1) AND (ppm <= 1000000)))
);

-- Name: TABLE share_offers; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.share_offers IS 'by work';

-- Name: share_totals; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.share_totals (
    product_id uuid NOT NULL,
    version integer NOT NULL,
    member_id uuid NOT NULL,
    ppb bigint NOT NULL,
    CONSTRAINT share_totals_ppb_check CHECK (((ppb >= 1) AND (ppb <= 1000000000)))
);

-- Name: TABLE share_totals; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.share_totals IS 'by work';

-- Name: share_versions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.share_versions (
    product_id uuid NOT NULL,
    version integer NOT NULL,
    state text NOT NULL,
    recipe_version integer NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    horizon bigint NOT NULL,
    sha256 bytea NOT NULL,
    total_ppb bigint NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    proposed_by uuid,
    dispute_until timestamp with time zone NOT NULL,
    locked_at timestamp with time zone,
    locked_by uuid,
    CONSTRAINT locked_after_dispute CHECK ((((state = 'locked'::text) = (locked_at IS NOT NULL)) AND (locked_at >= dispute_until))),
    CONSTRAINT share_versions_sha256_check CHECK ((length(sha256) = 32)),
    CONSTRAINT share_versions_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'locked'::text, 'superseded'::text]))),
    CONSTRAINT share_versions_version_check CHECK ((version > 0)),
    CONSTRAINT shares_are_whole CHECK ((total_ppb = 1000000000))
);

-- Name: TABLE share_versions; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.share_versions IS 'by work';

-- Name: shares; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.shares (
    product_id uuid NOT NULL,
    version integer NOT NULL,
    slice text NOT NULL,
    member_id uuid NOT NULL,
    ppb bigint NOT NULL,
    reason text NOT NULL,
    role text DEFAULT ''::text NOT NULL,
    CONSTRAINT shares_ppb_check CHECK (((ppb >= 1) AND (ppb <= 1000000000)))
);

-- Name: TABLE shares; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.shares IS 'by work';

-- Name: signing_keys; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.signing_keys (
    purpose text NOT NULL,
    key bytea NOT NULL,
    CONSTRAINT signing_keys_key_check CHECK ((octet_length(key) = 32))
);

-- Name: TABLE signing_keys; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.signing_keys IS 'reference';

-- Name: stage_transitions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.stage_transitions (
    old_stage text NOT NULL,
    new_stage text NOT NULL,
    explained boolean NOT NULL
);

-- Name: TABLE stage_transitions; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.stage_transitions IS 'reference';

-- Name: statement_balances; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.statement_balances (
    member_id uuid NOT NULL,
    period_id uuid NOT NULL,
    version integer NOT NULL,
    currency text NOT NULL,
    opening bigint NOT NULL,
    credited bigint NOT NULL,
    moved bigint NOT NULL,
    closing bigint NOT NULL,
    in_flight bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT statement_balances_in_flight_check CHECK ((in_flight >= 0)),
    CONSTRAINT statements_add_up CHECK ((closing = ((opening + credited) + moved)))
);

-- Name: TABLE statement_balances; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.statement_balances IS 'by member';

-- Name: statement_movements; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.statement_movements (
    member_id uuid NOT NULL,
    cause uuid NOT NULL,
    reason public.transfer_reason NOT NULL,
    currency text NOT NULL,
    from_owner uuid NOT NULL,
    to_owner uuid NOT NULL,
    period_id uuid NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL,
    amount bigint NOT NULL,
    posted_at timestamp with time zone NOT NULL,
    CONSTRAINT statement_movements_amount_check CHECK ((amount <> 0)),
    CONSTRAINT statement_movements_kind_check CHECK ((kind = ANY (ARRAY['paid'::text, 'bounced'::text, 'fee'::text, 'fee_refund'::text, 'tax'::text, 'given'::text, 'adjustment'::text])))
);

-- Name: TABLE statement_movements; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.statement_movements IS 'by member';

-- Name: statement_products; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.statement_products (
    product_id uuid NOT NULL,
    period_id uuid NOT NULL,
    version integer NOT NULL,
    name text NOT NULL
);

-- Name: TABLE statement_products; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.statement_products IS 'by work';

-- Name: statement_seals; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.statement_seals (
    member_id uuid NOT NULL,
    period_id uuid NOT NULL,
    version integer NOT NULL,
    sha256 bytea NOT NULL,
    CONSTRAINT statement_seals_sha256_check CHECK ((length(sha256) = 32))
);

-- Name: TABLE statement_seals; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.statement_seals IS 'by member';

-- Name: suspense_lines; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.suspense_lines (
    source text NOT NULL,
    external_id text NOT NULL,
    reason text NOT NULL,
    line jsonb NOT NULL,
    received_at timestamp with time zone NOT NULL,
    report_id uuid,
    repairs integer DEFAULT 0 NOT NULL,
    rejected_at timestamp with time zone,
    rejection text,
    CONSTRAINT rejections_have_reasons CHECK (((rejected_at IS NULL) = (rejection IS NULL))),
    CONSTRAINT suspense_lines_repairs_check CHECK ((repairs >= 0))
);

-- Name: TABLE suspense_lines; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.suspense_lines IS 'by sale: distributed by external_id';

-- Name: suspense_repairs; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.suspense_repairs (
    source text NOT NULL,
    external_id text NOT NULL,
    number integer NOT NULL,
    action text NOT NULL,
    before jsonb NOT NULL,
    after jsonb,
    reason text NOT NULL,
    repaired_by uuid,
    repaired_at timestamp with time zone NOT NULL,
    CONSTRAINT repairs_have_a_result CHECK (((action = 'repair'::text) = (after IS NOT NULL))),
    CONSTRAINT suspense_repairs_action_check CHECK ((action = ANY (ARRAY['repair'::text, 'reject'::text]))),
    CONSTRAINT suspense_repairs_number_check CHECK ((number > 0)),
    CONSTRAINT suspense_repairs_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 2000)))
);

-- Name: TABLE suspense_repairs; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.suspense_repairs IS 'by sale';

-- Name: tag_counts; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.tag_counts (
    tag text NOT NULL,
    ideas bigint NOT NULL,
    CONSTRAINT tag_counts_ideas_check CHECK ((ideas >= 0))
)
WITH (fillfactor='70');

-- Name: TABLE tag_counts; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.tag_counts IS 'local';

-- Name: tallies; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.tallies (
    idea_id uuid NOT NULL,
    author_id uuid NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    votes bigint DEFAULT 0 NOT NULL,
    trending bigint GENERATED ALWAYS AS (((EXTRACT(epoch FROM (opened_at AT TIME ZONE 'UTC'::text)))::bigint + (trunc(((45000)::double precision * log(((1)::double precision + (votes)::double precision)))))::bigint)) STORED NOT NULL,
    held integer DEFAULT 0 NOT NULL,
    CONSTRAINT tallies_held_check CHECK ((held >= 0)),
    CONSTRAINT tallies_votes_check CHECK ((votes >= 0))
)
WITH (fillfactor='70');

-- Name: TABLE tallies; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.tallies IS 'by work';

-- Name: tally_seals; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.tally_seals (
    idea_id uuid NOT NULL,
    number integer NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    electorate bigint NOT NULL,
    votes bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT tally_seals_check CHECK ((electorate >= votes)),
    CONSTRAINT tally_seals_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT tally_seals_votes_check CHECK ((votes >= 0))
);

-- Name: TABLE tally_seals; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.tally_seals IS 'by work';

-- Name: term_acceptances; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.term_acceptances (
    idea_id uuid NOT NULL,
    member_id uuid NOT NULL,
    version integer NOT NULL,
    sha256 bytea NOT NULL,
    accepted_at timestamp with time zone NOT NULL,
    take_back_until timestamp with time zone NOT NULL,
    CONSTRAINT term_acceptances_check CHECK ((take_back_until >= accepted_at))
);

-- Name: TABLE term_acceptances; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.term_acceptances IS 'by work';

-- Name: term_withdrawals; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.term_withdrawals (
    idea_id uuid NOT NULL,
    take_back_until timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone NOT NULL,
    taken_back boolean NOT NULL,
    CONSTRAINT term_withdrawals_in_time CHECK ((taken_back = (withdrawn_at < take_back_until)))
);

-- Name: TABLE term_withdrawals; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.term_withdrawals IS 'by work';

-- Name: terms; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.terms (
    version integer NOT NULL,
    text text NOT NULL,
    sha256 bytea NOT NULL,
    take_back_days integer NOT NULL,
    effective_from timestamp with time zone NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT terms_hash CHECK ((sha256 = sha256(convert_to(text, 'UTF8'::name)))),
    CONSTRAINT terms_take_back_days_check CHECK (((take_back_days >= 0) AND (take_back_days <= 365))),
    CONSTRAINT terms_text_check CHECK (((char_length(text) >= 1) AND (char_length(text) <= 100000))),
    CONSTRAINT terms_version_check CHECK ((version > 0))
);

-- Name: TABLE terms; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.terms IS 'reference';

-- Name: tokens; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.tokens (
    id uuid NOT NULL,
    member_id uuid NOT NULL,
    kind text NOT NULL,
    secret_hash bytea NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone,
    CONSTRAINT tokens_expire_later CHECK ((expires_at > created_at)),
    CONSTRAINT tokens_kind_check CHECK ((kind = ANY (ARRAY['session'::text, 'token'::text]))),
    CONSTRAINT tokens_scopes_check CHECK ((cardinality(scopes) > 0)),
    CONSTRAINT tokens_secret_hash_check CHECK ((octet_length(secret_hash) = 32))
);

-- Name: TABLE tokens; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.tokens IS 'reference';

-- Name: transfers; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.transfers (
    home uuid NOT NULL,
    cause uuid NOT NULL,
    reason public.transfer_reason NOT NULL,
    from_kind public.account_kind NOT NULL,
    from_owner uuid NOT NULL,
    to_kind public.account_kind NOT NULL,
    to_owner uuid NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    corrects uuid,
    posted_at timestamp with time zone NOT NULL,
    CONSTRAINT corrections_point CHECK (((reason = 'correct'::public.transfer_reason) = (corrects IS NOT NULL))),
    CONSTRAINT transfers_amount_check CHECK ((amount > 0)),
    CONSTRAINT transfers_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT transfers_move CHECK (((from_kind <> to_kind) OR (from_owner <> to_owner)))
);

-- Name: TABLE transfers; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.transfers IS 'by home: product-side rows live with the work, member-side rows with the member';

-- Name: vote_accounts; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.vote_accounts (
    member_id uuid NOT NULL,
    kind text NOT NULL,
    began_at timestamp with time zone NOT NULL,
    spent integer NOT NULL,
    allowed integer NOT NULL,
    CONSTRAINT vote_accounts_kept CHECK (((spent >= 0) AND (spent <= allowed))),
    CONSTRAINT vote_accounts_kind_check CHECK ((kind = ANY (ARRAY['day'::text, 'week'::text, 'month'::text, 'outstanding'::text])))
)
WITH (fillfactor='80');

-- Name: TABLE vote_accounts; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.vote_accounts IS 'by member';

-- Name: vote_charges; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.vote_charges (
    member_id uuid NOT NULL,
    idea_id uuid NOT NULL,
    kind text NOT NULL,
    began_at timestamp with time zone NOT NULL
);

-- Name: TABLE vote_charges; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.vote_charges IS 'by member';

-- Name: vote_days; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.vote_days (
    day date NOT NULL,
    idea_id uuid NOT NULL,
    origin integer NOT NULL,
    votes integer NOT NULL,
    young integer NOT NULL,
    CONSTRAINT vote_days_check CHECK (((young >= 0) AND (young <= votes))),
    CONSTRAINT vote_days_votes_check CHECK ((votes > 0))
);

-- Name: TABLE vote_days; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.vote_days IS 'local';

-- Name: vote_group_members; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.vote_group_members (
    name text NOT NULL,
    member_id uuid NOT NULL,
    added_at timestamp with time zone NOT NULL,
    added_by uuid,
    removed_at timestamp with time zone,
    removed_by uuid,
    CONSTRAINT vote_group_members_order CHECK ((removed_at >= added_at))
);

-- Name: TABLE vote_group_members; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.vote_group_members IS 'reference';

-- Name: vote_group_weights; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.vote_group_weights (
    name text NOT NULL,
    number integer NOT NULL,
    weight integer NOT NULL,
    reason text NOT NULL,
    made_by uuid,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT vote_group_weights_number_check CHECK ((number > 0)),
    CONSTRAINT vote_group_weights_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000))),
    CONSTRAINT vote_group_weights_weight_check CHECK (((weight >= 0) AND (weight <= 100000)))
);

-- Name: TABLE vote_group_weights; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.vote_group_weights IS 'reference';

-- Name: vote_groups; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.vote_groups (
    name text NOT NULL,
    CONSTRAINT vote_groups_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9-]{0,39}$'::text))
);

-- Name: TABLE vote_groups; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.vote_groups IS 'reference';

-- Name: vote_hold_events; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.vote_hold_events (
    signal_id uuid NOT NULL,
    number integer NOT NULL,
    idea_id uuid NOT NULL,
    member_id uuid NOT NULL,
    cast_at timestamp with time zone NOT NULL
);

-- Name: TABLE vote_hold_events; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.vote_hold_events IS 'local';

-- Name: vote_pairs; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.vote_pairs (
    a uuid NOT NULL,
    b uuid NOT NULL,
    ideas uuid[] NOT NULL,
    last_at timestamp with time zone NOT NULL,
    CONSTRAINT vote_pairs_order CHECK ((a < b))
);

-- Name: TABLE vote_pairs; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.vote_pairs IS 'local';

-- Name: vote_policies; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.vote_policies (
    number integer NOT NULL,
    budget text NOT NULL,
    votes integer,
    period text,
    hold_score integer,
    reason text NOT NULL,
    made_by uuid,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT vote_policies_budget_check CHECK ((budget = ANY (ARRAY['none'::text, 'per_period'::text, 'outstanding'::text]))),
    CONSTRAINT vote_policies_hold_score_check CHECK (((hold_score >= 1) AND (hold_score <= 1000))),
    CONSTRAINT vote_policies_period CHECK (((budget = 'per_period'::text) = (period IS NOT NULL))),
    CONSTRAINT vote_policies_period_check CHECK ((period = ANY (ARRAY['day'::text, 'week'::text, 'month'::text]))),
    CONSTRAINT vote_policies_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000))),
    CONSTRAINT vote_policies_votes CHECK (((budget <> 'none'::text) = (votes IS NOT NULL))),
    CONSTRAINT vote_policies_votes_check CHECK (((votes >= 1) AND (votes <= 100000)))
);

-- Name: TABLE vote_policies; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.vote_policies IS 'reference';

-- Name: vote_policies_number_seq; Type: SEQUENCE; Schema: public; Owner: -

ALTER TABLE public.vote_policies ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.vote_policies_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: vote_signal_decisions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.vote_signal_decisions (
    signal_id uuid NOT NULL,
    number integer NOT NULL,
    decision text NOT NULL,
    reason text NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone NOT NULL,
    votes integer NOT NULL,
    CONSTRAINT vote_signal_decisions_by CHECK (((decided_by IS NOT NULL) OR (decision = 'hold'::text))),
    CONSTRAINT vote_signal_decisions_decision_check CHECK ((decision = ANY (ARRAY['hold'::text, 'release'::text, 'uphold'::text, 'dismiss'::text]))),
    CONSTRAINT vote_signal_decisions_number_check CHECK ((number > 0)),
    CONSTRAINT vote_signal_decisions_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 2000))),
    CONSTRAINT vote_signal_decisions_votes_check CHECK ((votes >= 0))
);

-- Name: TABLE vote_signal_decisions; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.vote_signal_decisions IS 'local';

-- Name: vote_signal_votes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.vote_signal_votes (
    signal_id uuid NOT NULL,
    idea_id uuid NOT NULL,
    member_id uuid NOT NULL
);

-- Name: TABLE vote_signal_votes; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.vote_signal_votes IS 'local';

-- Name: vote_signals; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.vote_signals (
    id uuid NOT NULL,
    about text NOT NULL,
    kind text NOT NULL,
    method text NOT NULL,
    score integer NOT NULL,
    evidence jsonb NOT NULL,
    state text NOT NULL,
    pending boolean NOT NULL,
    found_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT vote_signals_kind_check CHECK ((kind = ANY (ARRAY['burst'::text, 'origin'::text, 'young'::text, 'lockstep'::text, 'reciprocal'::text]))),
    CONSTRAINT vote_signals_score_check CHECK (((score >= 0) AND (score <= 1000))),
    CONSTRAINT vote_signals_state_check CHECK ((state = ANY (ARRAY['open'::text, 'held'::text, 'released'::text, 'upheld'::text, 'dismissed'::text])))
);

-- Name: TABLE vote_signals; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.vote_signals IS 'local';

-- Name: vote_watch; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.vote_watch (
    once boolean DEFAULT true NOT NULL,
    through timestamp with time zone NOT NULL,
    CONSTRAINT vote_watch_once_check CHECK (once)
);

-- Name: TABLE vote_watch; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.vote_watch IS 'local';

-- Name: votes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.votes (
    idea_id uuid NOT NULL,
    member_id uuid NOT NULL,
    cast_at timestamp with time zone NOT NULL,
    origin integer,
    session integer
);

-- Name: TABLE votes; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.votes IS 'by work';

-- Name: waiting_sales; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.waiting_sales (
    product_id uuid NOT NULL,
    currency text NOT NULL,
    lines bigint NOT NULL,
    gross numeric NOT NULL
);

-- Name: TABLE waiting_sales; Type: COMMENT; Schema: public; Owner: -

COMMENT ON TABLE public.waiting_sales IS 'by work';

-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (number);

-- Name: balance_assertions balance_assertions_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.balance_assertions
    ADD CONSTRAINT balance_assertions_once UNIQUE (kind, currency, day, reference);

-- Name: balance_assertions balance_assertions_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.balance_assertions
    ADD CONSTRAINT balance_assertions_pkey PRIMARY KEY (number);

-- Name: balances balances_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.balances
    ADD CONSTRAINT balances_pkey PRIMARY KEY (owner, kind, currency);

-- Name: bank_days bank_days_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.bank_days
    ADD CONSTRAINT bank_days_pkey PRIMARY KEY (number);

-- Name: bans bans_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.bans
    ADD CONSTRAINT bans_once PRIMARY KEY (member_id, number);

-- Name: book_days book_days_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.book_days
    ADD CONSTRAINT book_days_once PRIMARY KEY (kind, currency, day);

-- Name: book_deposits book_deposits_id; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.book_deposits
    ADD CONSTRAINT book_deposits_id PRIMARY KEY (id);

-- Name: book_deposits book_deposits_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.book_deposits
    ADD CONSTRAINT book_deposits_once UNIQUE (currency, reference);

-- Name: book_sums book_sums_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.book_sums
    ADD CONSTRAINT book_sums_once PRIMARY KEY (through);

-- Name: brief_extensions brief_extensions_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.brief_extensions
    ADD CONSTRAINT brief_extensions_once PRIMARY KEY (brief_id, number);

-- Name: briefs briefs_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.briefs
    ADD CONSTRAINT briefs_pkey PRIMARY KEY (id);

-- Name: cases cases_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_pkey PRIMARY KEY (id);

-- Name: comment_mentions comment_mentions_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.comment_mentions
    ADD CONSTRAINT comment_mentions_once PRIMARY KEY (idea_id, comment_id, member_id);

-- Name: comment_versions comment_versions_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.comment_versions
    ADD CONSTRAINT comment_versions_once PRIMARY KEY (idea_id, comment_id, version);

-- Name: comments comments_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_once PRIMARY KEY (idea_id, id);

-- Name: commitment_events commitment_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.commitment_events
    ADD CONSTRAINT commitment_events_pkey PRIMARY KEY (product_id, commitment_id, number);

-- Name: commitment_events commitment_events_product_id_commitment_id_number_to_state_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.commitment_events
    ADD CONSTRAINT commitment_events_product_id_commitment_id_number_to_state_key UNIQUE (product_id, commitment_id, number, to_state);

-- Name: commitment_transitions commitment_transitions_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.commitment_transitions
    ADD CONSTRAINT commitment_transitions_pkey PRIMARY KEY (from_state, to_state);

-- Name: commitment_work commitment_work_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.commitment_work
    ADD CONSTRAINT commitment_work_pkey PRIMARY KEY (commitment_id);

-- Name: commitments commitments_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.commitments
    ADD CONSTRAINT commitments_pkey PRIMARY KEY (product_id, id);

-- Name: contract_rates contract_rates_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.contract_rates
    ADD CONSTRAINT contract_rates_pkey PRIMARY KEY (product_id, version, channel);

-- Name: contracts contracts_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.contracts
    ADD CONSTRAINT contracts_pkey PRIMARY KEY (product_id, version);

-- Name: contracts contracts_product_id_starts_at_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.contracts
    ADD CONSTRAINT contracts_product_id_starts_at_key UNIQUE (product_id, starts_at);

-- Name: conversations conversations_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_pkey PRIMARY KEY (idea_id, thread_id);

-- Name: counted_rules counted_rules_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.counted_rules
    ADD CONSTRAINT counted_rules_pkey PRIMARY KEY (product_id);

-- Name: deaths deaths_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.deaths
    ADD CONSTRAINT deaths_pkey PRIMARY KEY (member_id, id);

-- Name: decisions decisions_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT decisions_once PRIMARY KEY (idea_id);

-- Name: default_recipes default_recipes_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.default_recipes
    ADD CONSTRAINT default_recipes_pkey PRIMARY KEY (version);

-- Name: default_recipes default_recipes_starts_at_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.default_recipes
    ADD CONSTRAINT default_recipes_starts_at_key UNIQUE (starts_at);

-- Name: deliveries deliveries_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (settlement_id, step, currency);

-- Name: digest_work digest_work_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.digest_work
    ADD CONSTRAINT digest_work_once PRIMARY KEY (member_id, cadence);

-- Name: display_choices display_choices_number; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.display_choices
    ADD CONSTRAINT display_choices_number UNIQUE (number);

-- Name: display_choices display_choices_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.display_choices
    ADD CONSTRAINT display_choices_pkey PRIMARY KEY (member_id);

-- Name: dispute_ends dispute_ends_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.dispute_ends
    ADD CONSTRAINT dispute_ends_once PRIMARY KEY (product_id, dispute_id);

-- Name: disputes disputes_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT disputes_pkey PRIMARY KEY (product_id, id);

-- Name: duel_offers duel_offers_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.duel_offers
    ADD CONSTRAINT duel_offers_pkey PRIMARY KEY (product_id, project_id, member_id);

-- Name: duel_standings duel_standings_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.duel_standings
    ADD CONSTRAINT duel_standings_pkey PRIMARY KEY (product_id, entry_id);

-- Name: duels duels_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.duels
    ADD CONSTRAINT duels_pkey PRIMARY KEY (product_id, project_id, member_id, low_id, high_id);

-- Name: earned_sums earned_sums_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.earned_sums
    ADD CONSTRAINT earned_sums_pkey PRIMARY KEY (product_id, contract_version, share_version, currency, channel, territory, format, rate_ppm, month);

-- Name: project_entries entries_of_project; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.project_entries
    ADD CONSTRAINT entries_of_project UNIQUE (product_id, project_id, id);

-- Name: entry_file_bytes entry_file_bytes_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.entry_file_bytes
    ADD CONSTRAINT entry_file_bytes_once PRIMARY KEY (product_id, file_id, side);

-- Name: entry_files entry_files_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.entry_files
    ADD CONSTRAINT entry_files_once PRIMARY KEY (product_id, id);

-- Name: entry_makers entry_makers_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.entry_makers
    ADD CONSTRAINT entry_makers_pkey PRIMARY KEY (product_id, entry_id, member_id);

-- Name: project_entries entry_numbers; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.project_entries
    ADD CONSTRAINT entry_numbers UNIQUE (product_id, project_id, number);

-- Name: entry_ratings entry_ratings_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.entry_ratings
    ADD CONSTRAINT entry_ratings_pkey PRIMARY KEY (product_id, project_id, member_id, entry_id);

-- Name: entry_tallies entry_tallies_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.entry_tallies
    ADD CONSTRAINT entry_tallies_pkey PRIMARY KEY (product_id, entry_id);

-- Name: entry_texts entry_texts_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.entry_texts
    ADD CONSTRAINT entry_texts_once PRIMARY KEY (product_id, project_id, field, folded);

-- Name: erasures erasures_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (member_id);

-- Name: evaluation_criteria evaluation_criteria_names; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.evaluation_criteria
    ADD CONSTRAINT evaluation_criteria_names UNIQUE (evaluation_id, name);

-- Name: evaluation_criteria evaluation_criteria_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.evaluation_criteria
    ADD CONSTRAINT evaluation_criteria_once PRIMARY KEY (evaluation_id, number);

-- Name: evaluation_criteria evaluation_criteria_scale; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.evaluation_criteria
    ADD CONSTRAINT evaluation_criteria_scale UNIQUE (evaluation_id, number, scale);

-- Name: evaluation_entries evaluation_entries_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.evaluation_entries
    ADD CONSTRAINT evaluation_entries_once PRIMARY KEY (evaluation_id, idea_id);

-- Name: evaluation_ratings evaluation_ratings_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.evaluation_ratings
    ADD CONSTRAINT evaluation_ratings_once PRIMARY KEY (evaluation_id, idea_id, member_id, criterion);

-- Name: evaluation_tallies evaluation_tallies_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.evaluation_tallies
    ADD CONSTRAINT evaluation_tallies_once PRIMARY KEY (evaluation_id, idea_id, criterion);

-- Name: evaluations evaluations_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_pkey PRIMARY KEY (id);

-- Name: fee_events fee_events_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.fee_events
    ADD CONSTRAINT fee_events_once PRIMARY KEY (idea_id, number);

-- Name: fee_events fee_events_state; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.fee_events
    ADD CONSTRAINT fee_events_state UNIQUE (idea_id, number, new_state);

-- Name: fee_rates fee_rates_as_due; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.fee_rates
    ADD CONSTRAINT fee_rates_as_due UNIQUE (number, amount, currency);

-- Name: fee_rates fee_rates_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.fee_rates
    ADD CONSTRAINT fee_rates_pkey PRIMARY KEY (number);

-- Name: fee_receipts fee_receipts_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.fee_receipts
    ADD CONSTRAINT fee_receipts_once PRIMARY KEY (source, external_id);

-- Name: fee_receipts fee_receipts_one; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.fee_receipts
    ADD CONSTRAINT fee_receipts_one UNIQUE (idea_id);

-- Name: fee_transitions fee_transitions_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.fee_transitions
    ADD CONSTRAINT fee_transitions_once PRIMARY KEY (old_state, new_state);

-- Name: gate_chains gate_chains_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.gate_chains
    ADD CONSTRAINT gate_chains_pkey PRIMARY KEY (name);

-- Name: gate_choices gate_choices_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.gate_choices
    ADD CONSTRAINT gate_choices_pkey PRIMARY KEY (number);

-- Name: gate_steps gate_steps_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.gate_steps
    ADD CONSTRAINT gate_steps_once PRIMARY KEY (chain, step);

-- Name: held_votes held_votes_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.held_votes
    ADD CONSTRAINT held_votes_once PRIMARY KEY (idea_id, member_id);

-- Name: helpful_marks helpful_marks_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.helpful_marks
    ADD CONSTRAINT helpful_marks_once PRIMARY KEY (idea_id, comment_id, member_id);

-- Name: holding_changes holding_changes_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.holding_changes
    ADD CONSTRAINT holding_changes_once UNIQUE (product_id, cause, kind);

-- Name: holding_changes holding_changes_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.holding_changes
    ADD CONSTRAINT holding_changes_pkey PRIMARY KEY (product_id, arrival);

-- Name: hook_deliveries hook_deliveries_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.hook_deliveries
    ADD CONSTRAINT hook_deliveries_pkey PRIMARY KEY (source, id);

-- Name: hook_secrets hook_secrets_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.hook_secrets
    ADD CONSTRAINT hook_secrets_pkey PRIMARY KEY (source, number);

-- Name: idea_fees idea_fees_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_fees
    ADD CONSTRAINT idea_fees_once PRIMARY KEY (idea_id);

-- Name: idea_followers idea_followers_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_followers
    ADD CONSTRAINT idea_followers_once PRIMARY KEY (idea_id, member_id);

-- Name: idea_gates idea_gates_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_gates
    ADD CONSTRAINT idea_gates_once PRIMARY KEY (idea_id, number);

-- Name: idea_history idea_history_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_history
    ADD CONSTRAINT idea_history_once PRIMARY KEY (idea_id, number);

-- Name: idea_history idea_history_state; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_history
    ADD CONSTRAINT idea_history_state UNIQUE (idea_id, number, new_state);

-- Name: idea_images idea_images_id; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_images
    ADD CONSTRAINT idea_images_id PRIMARY KEY (idea_id, id);

-- Name: idea_images idea_images_places; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_images
    ADD CONSTRAINT idea_images_places UNIQUE (idea_id, place) DEFERRABLE;

-- Name: idea_likings idea_likings_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_likings
    ADD CONSTRAINT idea_likings_once PRIMARY KEY (idea_id, member_id);

-- Name: idea_likings idea_likings_place; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_likings
    ADD CONSTRAINT idea_likings_place UNIQUE (idea_id, place);

-- Name: idea_merges idea_merges_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_merges
    ADD CONSTRAINT idea_merges_once PRIMARY KEY (duplicate_id, number);

-- Name: idea_tags idea_tags_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_tags
    ADD CONSTRAINT idea_tags_once PRIMARY KEY (idea_id, tag);

-- Name: idea_texts idea_texts_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_texts
    ADD CONSTRAINT idea_texts_pkey PRIMARY KEY (idea_id);

-- Name: idea_transitions idea_transitions_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_transitions
    ADD CONSTRAINT idea_transitions_once PRIMARY KEY (old_state, new_state);

-- Name: idea_versions idea_versions_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_versions
    ADD CONSTRAINT idea_versions_once PRIMARY KEY (idea_id, version);

-- Name: ideas ideas_as_tallied; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.ideas
    ADD CONSTRAINT ideas_as_tallied UNIQUE (id, author_id, opened_at, state);

-- Name: ideas ideas_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.ideas
    ADD CONSTRAINT ideas_pkey PRIMARY KEY (id);

-- Name: identity_merges identity_merges_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.identity_merges
    ADD CONSTRAINT identity_merges_pkey PRIMARY KEY (id);

-- Name: image_bytes image_bytes_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.image_bytes
    ADD CONSTRAINT image_bytes_once PRIMARY KEY (idea_id, image_id, side);

-- Name: imported_ideas imported_ideas_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.imported_ideas
    ADD CONSTRAINT imported_ideas_once PRIMARY KEY (source, external_id);

-- Name: influence_events influence_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.influence_events
    ADD CONSTRAINT influence_events_pkey PRIMARY KEY (product_id, id);

-- Name: jury_scores jury_scores_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.jury_scores
    ADD CONSTRAINT jury_scores_pkey PRIMARY KEY (product_id, project_id, member_id, entry_id);

-- Name: kept_answers kept_answers_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.kept_answers
    ADD CONSTRAINT kept_answers_once PRIMARY KEY (principal, key);

-- Name: leaver_rules leaver_rules_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.leaver_rules
    ADD CONSTRAINT leaver_rules_pkey PRIMARY KEY (version);

-- Name: leavers leavers_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.leavers
    ADD CONSTRAINT leavers_pkey PRIMARY KEY (member_id);

-- Name: lifetime_marker lifetime_marker_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.lifetime_marker
    ADD CONSTRAINT lifetime_marker_pkey PRIMARY KEY (only_one);

-- Name: mails mails_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.mails
    ADD CONSTRAINT mails_pkey PRIMARY KEY (id);

-- Name: mark_keys mark_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.mark_keys
    ADD CONSTRAINT mark_keys_pkey PRIMARY KEY (day);

-- Name: member_notices member_notices_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.member_notices
    ADD CONSTRAINT member_notices_pkey PRIMARY KEY (id);

-- Name: member_zones member_zones_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.member_zones
    ADD CONSTRAINT member_zones_pkey PRIMARY KEY (member_id);

-- Name: members members_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_pkey PRIMARY KEY (id);

-- Name: merged_followers merged_followers_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.merged_followers
    ADD CONSTRAINT merged_followers_once PRIMARY KEY (duplicate_id, number, member_id);

-- Name: merged_votes merged_votes_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.merged_votes
    ADD CONSTRAINT merged_votes_once PRIMARY KEY (duplicate_id, number, member_id);

-- Name: notice_work notice_work_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.notice_work
    ADD CONSTRAINT notice_work_pkey PRIMARY KEY (notice_id);

-- Name: notices notices_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.notices
    ADD CONSTRAINT notices_once PRIMARY KEY (idea_id, id);

-- Name: notification_kinds notification_kinds_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.notification_kinds
    ADD CONSTRAINT notification_kinds_pkey PRIMARY KEY (kind);

-- Name: notification_preferences notification_preferences_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.notification_preferences
    ADD CONSTRAINT notification_preferences_once PRIMARY KEY (member_id, kind);

-- Name: notifications notifications_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_once PRIMARY KEY (member_id, notice_id);

-- Name: sealed_tallies one_at_each_rank; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sealed_tallies
    ADD CONSTRAINT one_at_each_rank UNIQUE (product_id, project_id, rank);

-- Name: payout_batches payout_batches_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.payout_batches
    ADD CONSTRAINT payout_batches_pkey PRIMARY KEY (id);

-- Name: payout_events payout_events_member_id_payout_id_number_to_state_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.payout_events
    ADD CONSTRAINT payout_events_member_id_payout_id_number_to_state_key UNIQUE (member_id, payout_id, number, to_state);

-- Name: payout_events payout_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.payout_events
    ADD CONSTRAINT payout_events_pkey PRIMARY KEY (member_id, payout_id, number);

-- Name: payout_feeds payout_feeds_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.payout_feeds
    ADD CONSTRAINT payout_feeds_pkey PRIMARY KEY (provider);

-- Name: payout_settings payout_settings_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.payout_settings
    ADD CONSTRAINT payout_settings_pkey PRIMARY KEY (member_id);

-- Name: payout_transitions payout_transitions_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.payout_transitions
    ADD CONSTRAINT payout_transitions_pkey PRIMARY KEY (rail, from_state, to_state);

-- Name: payout_work payout_work_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.payout_work
    ADD CONSTRAINT payout_work_pkey PRIMARY KEY (payout_id);

-- Name: payouts payouts_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.payouts
    ADD CONSTRAINT payouts_pkey PRIMARY KEY (member_id, id);

-- Name: payouts payouts_request_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.payouts
    ADD CONSTRAINT payouts_request_once UNIQUE (member_id, request_key);

-- Name: period_events period_events_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.period_events
    ADD CONSTRAINT period_events_once PRIMARY KEY (period_id, number);

-- Name: period_events period_events_state; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.period_events
    ADD CONSTRAINT period_events_state UNIQUE (period_id, number, new_state);

-- Name: period_previews period_previews_of_period; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.period_previews
    ADD CONSTRAINT period_previews_of_period UNIQUE (id, period_id, maker, needs_other);

-- Name: period_previews period_previews_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.period_previews
    ADD CONSTRAINT period_previews_pkey PRIMARY KEY (id);

-- Name: period_transitions period_transitions_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.period_transitions
    ADD CONSTRAINT period_transitions_once PRIMARY KEY (what, old_state, new_state);

-- Name: periods periods_name; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.periods
    ADD CONSTRAINT periods_name UNIQUE (name);

-- Name: periods periods_number; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.periods
    ADD CONSTRAINT periods_number UNIQUE (number);

-- Name: periods periods_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.periods
    ADD CONSTRAINT periods_pkey PRIMARY KEY (id);

-- Name: pool_changes pool_changes_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.pool_changes
    ADD CONSTRAINT pool_changes_pkey PRIMARY KEY (product_id, settlement_id, contract_version, share_version, currency);

-- Name: pools pools_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.pools
    ADD CONSTRAINT pools_pkey PRIMARY KEY (product_id, contract_version, share_version, currency);

-- Name: presale_extensions presale_extensions_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.presale_extensions
    ADD CONSTRAINT presale_extensions_pkey PRIMARY KEY (product_id, presale, number);

-- Name: presale_tiers presale_tiers_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.presale_tiers
    ADD CONSTRAINT presale_tiers_pkey PRIMARY KEY (product_id, presale, "position");

-- Name: presales presales_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.presales
    ADD CONSTRAINT presales_pkey PRIMARY KEY (product_id, number);

-- Name: preview_pools preview_pools_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.preview_pools
    ADD CONSTRAINT preview_pools_pkey PRIMARY KEY (preview_id, product_id, contract_version, share_version, currency);

-- Name: price_guesses price_guesses_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.price_guesses
    ADD CONSTRAINT price_guesses_pkey PRIMARY KEY (product_id, project_id, member_id);

-- Name: product_aliases product_aliases_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.product_aliases
    ADD CONSTRAINT product_aliases_pkey PRIMARY KEY (source, sku);

-- Name: product_stages product_stages_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.product_stages
    ADD CONSTRAINT product_stages_once PRIMARY KEY (product_id, number);

-- Name: product_stages product_stages_stage; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.product_stages
    ADD CONSTRAINT product_stages_stage UNIQUE (product_id, number, stage);

-- Name: products products_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (id);

-- Name: project_choosers project_choosers_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.project_choosers
    ADD CONSTRAINT project_choosers_pkey PRIMARY KEY (product_id, project_id, member_id);

-- Name: project_decisions project_decisions_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.project_decisions
    ADD CONSTRAINT project_decisions_pkey PRIMARY KEY (product_id, project_id);

-- Name: project_entries project_entries_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.project_entries
    ADD CONSTRAINT project_entries_pkey PRIMARY KEY (product_id, id);

-- Name: project_picks project_picks_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.project_picks
    ADD CONSTRAINT project_picks_pkey PRIMARY KEY (product_id, project_id, entry_id);

-- Name: project_seals project_seals_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.project_seals
    ADD CONSTRAINT project_seals_pkey PRIMARY KEY (product_id, project_id);

-- Name: project_votes project_votes_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.project_votes
    ADD CONSTRAINT project_votes_pkey PRIMARY KEY (product_id, project_id, member_id, entry_id);

-- Name: projects projects_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_pkey PRIMARY KEY (product_id, id);

-- Name: proof_checkpoints proof_checkpoints_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.proof_checkpoints
    ADD CONSTRAINT proof_checkpoints_once PRIMARY KEY (size, public_key);

-- Name: proof_entries proof_entries_hash; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.proof_entries
    ADD CONSTRAINT proof_entries_hash UNIQUE (number, hash);

-- Name: proof_entries proof_entries_number; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.proof_entries
    ADD CONSTRAINT proof_entries_number PRIMARY KEY (number);

-- Name: proof_entries proof_entries_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.proof_entries
    ADD CONSTRAINT proof_entries_once UNIQUE (kind, thing, step);

-- Name: proof_keys proof_keys_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.proof_keys
    ADD CONSTRAINT proof_keys_once PRIMARY KEY (public_key);

-- Name: proof_leaves proof_leaves_block; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.proof_leaves
    ADD CONSTRAINT proof_leaves_block PRIMARY KEY (settlement_id, block);

-- Name: proof_leaves proof_leaves_in_order; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.proof_leaves
    ADD CONSTRAINT proof_leaves_in_order UNIQUE (settlement_id, first_member);

-- Name: proxy_votes proxy_votes_id; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.proxy_votes
    ADD CONSTRAINT proxy_votes_id PRIMARY KEY (idea_id, id);

-- Name: publication_steps publication_steps_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.publication_steps
    ADD CONSTRAINT publication_steps_pkey PRIMARY KEY (period_id, version, step);

-- Name: publications publications_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.publications
    ADD CONSTRAINT publications_pkey PRIMARY KEY (period_id, version);

-- Name: reaction_counts reaction_counts_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.reaction_counts
    ADD CONSTRAINT reaction_counts_once PRIMARY KEY (idea_id, comment_id, kind);

-- Name: reactions reactions_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.reactions
    ADD CONSTRAINT reactions_once PRIMARY KEY (idea_id, comment_id, member_id, kind);

-- Name: recipe_slices recipe_slices_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.recipe_slices
    ADD CONSTRAINT recipe_slices_pkey PRIMARY KEY (product_id, version, slice, role);

-- Name: recipes recipe_starts_differ; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.recipes
    ADD CONSTRAINT recipe_starts_differ UNIQUE (product_id, starts_at);

-- Name: recipes recipes_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.recipes
    ADD CONSTRAINT recipes_pkey PRIMARY KEY (product_id, version);

-- Name: referral_changes referral_changes_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.referral_changes
    ADD CONSTRAINT referral_changes_pkey PRIMARY KEY (product_id, settlement_id, contract_version, share_version, currency, member_id);

-- Name: referral_dues referral_dues_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.referral_dues
    ADD CONSTRAINT referral_dues_pkey PRIMARY KEY (product_id, contract_version, share_version, currency, member_id);

-- Name: referral_sums referral_sums_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.referral_sums
    ADD CONSTRAINT referral_sums_pkey PRIMARY KEY (product_id, contract_version, share_version, currency, member_id);

-- Name: referrals referrals_of_members; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.referrals
    ADD CONSTRAINT referrals_of_members UNIQUE (product_id, code, member_id);

-- Name: referrals referrals_one_each; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.referrals
    ADD CONSTRAINT referrals_one_each UNIQUE (product_id, member_id);

-- Name: referrals referrals_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.referrals
    ADD CONSTRAINT referrals_pkey PRIMARY KEY (product_id, code);

-- Name: reports reports_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_once PRIMARY KEY (case_id, reporter_id);

-- Name: influence_events revoked_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.influence_events
    ADD CONSTRAINT revoked_once UNIQUE (product_id, revokes);

-- Name: sale_lines sale_lines_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sale_lines
    ADD CONSTRAINT sale_lines_pkey PRIMARY KEY (source, external_id, edition);

-- Name: sale_mappings sale_mappings_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sale_mappings
    ADD CONSTRAINT sale_mappings_pkey PRIMARY KEY (source, name, version);

-- Name: sale_report_parts sale_report_parts_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sale_report_parts
    ADD CONSTRAINT sale_report_parts_pkey PRIMARY KEY (report_id, run, part);

-- Name: sale_reports sale_reports_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sale_reports
    ADD CONSTRAINT sale_reports_pkey PRIMARY KEY (id);

-- Name: sale_withdrawals sale_withdrawals_arrival_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sale_withdrawals
    ADD CONSTRAINT sale_withdrawals_arrival_key UNIQUE (arrival);

-- Name: sale_withdrawals sale_withdrawals_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sale_withdrawals
    ADD CONSTRAINT sale_withdrawals_pkey PRIMARY KEY (report_id);

-- Name: schema_migrations schema_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (number);

-- Name: sealed_tallies sealed_tallies_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sealed_tallies
    ADD CONSTRAINT sealed_tallies_pkey PRIMARY KEY (product_id, project_id, entry_id);

-- Name: sealed_votes sealed_votes_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sealed_votes
    ADD CONSTRAINT sealed_votes_once PRIMARY KEY (idea_id, number, member_id);

-- Name: settlement_lines settlement_lines_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.settlement_lines
    ADD CONSTRAINT settlement_lines_pkey PRIMARY KEY (product_id, settlement_id, contract_version, share_version, currency, channel, territory, format, rate_ppm);

-- Name: settlement_sales settlement_sales_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.settlement_sales
    ADD CONSTRAINT settlement_sales_pkey PRIMARY KEY (settlement_id, product_id, currency, channel, territory, format, late);

-- Name: settlement_terms settlement_terms_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.settlement_terms
    ADD CONSTRAINT settlement_terms_pkey PRIMARY KEY (product_id, settlement_id, contract_version, share_version, currency);

-- Name: settlements settlements_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.settlements
    ADD CONSTRAINT settlements_pkey PRIMARY KEY (id);

-- Name: share_offer_ends share_offer_ends_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.share_offer_ends
    ADD CONSTRAINT share_offer_ends_once PRIMARY KEY (product_id, offer_id);

-- Name: share_offers share_offers_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.share_offers
    ADD CONSTRAINT share_offers_pkey PRIMARY KEY (product_id, id);

-- Name: share_totals share_totals_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.share_totals
    ADD CONSTRAINT share_totals_pkey PRIMARY KEY (product_id, version, member_id);

-- Name: share_versions share_versions_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.share_versions
    ADD CONSTRAINT share_versions_pkey PRIMARY KEY (product_id, version);

-- Name: shares shares_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_pkey PRIMARY KEY (product_id, version, slice, role, member_id);

-- Name: signing_keys signing_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (purpose);

-- Name: stage_transitions stage_transitions_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.stage_transitions
    ADD CONSTRAINT stage_transitions_once PRIMARY KEY (old_stage, new_stage, explained);

-- Name: statement_balances statement_balances_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.statement_balances
    ADD CONSTRAINT statement_balances_pkey PRIMARY KEY (period_id, version, member_id, currency);

-- Name: statement_movements statement_movements_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.statement_movements
    ADD CONSTRAINT statement_movements_once PRIMARY KEY (member_id, cause, reason, currency, from_owner, to_owner);

-- Name: statement_products statement_products_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.statement_products
    ADD CONSTRAINT statement_products_pkey PRIMARY KEY (product_id, period_id, version);

-- Name: statement_seals statement_seals_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.statement_seals
    ADD CONSTRAINT statement_seals_pkey PRIMARY KEY (period_id, version, member_id);

-- Name: suspense_lines suspense_lines_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.suspense_lines
    ADD CONSTRAINT suspense_lines_pkey PRIMARY KEY (source, external_id);

-- Name: suspense_repairs suspense_repairs_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.suspense_repairs
    ADD CONSTRAINT suspense_repairs_pkey PRIMARY KEY (source, external_id, number);

-- Name: tag_counts tag_counts_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.tag_counts
    ADD CONSTRAINT tag_counts_pkey PRIMARY KEY (tag);

-- Name: tallies tallies_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.tallies
    ADD CONSTRAINT tallies_pkey PRIMARY KEY (idea_id);

-- Name: tally_seals tally_seals_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.tally_seals
    ADD CONSTRAINT tally_seals_once PRIMARY KEY (idea_id, number);

-- Name: term_acceptances term_acceptances_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.term_acceptances
    ADD CONSTRAINT term_acceptances_once PRIMARY KEY (idea_id);

-- Name: term_acceptances term_acceptances_until; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.term_acceptances
    ADD CONSTRAINT term_acceptances_until UNIQUE (idea_id, take_back_until);

-- Name: term_withdrawals term_withdrawals_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.term_withdrawals
    ADD CONSTRAINT term_withdrawals_once PRIMARY KEY (idea_id);

-- Name: terms terms_as_accepted; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.terms
    ADD CONSTRAINT terms_as_accepted UNIQUE (version, sha256);

-- Name: terms terms_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.terms
    ADD CONSTRAINT terms_pkey PRIMARY KEY (version);

-- Name: tokens tokens_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (id);

-- Name: transfers transfers_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.transfers
    ADD CONSTRAINT transfers_once PRIMARY KEY (home, cause, reason, currency, from_owner, to_owner);

-- Name: vote_accounts vote_accounts_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_accounts
    ADD CONSTRAINT vote_accounts_once PRIMARY KEY (member_id, kind, began_at);

-- Name: vote_charges vote_charges_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_charges
    ADD CONSTRAINT vote_charges_once PRIMARY KEY (member_id, idea_id);

-- Name: vote_days vote_days_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_days
    ADD CONSTRAINT vote_days_once PRIMARY KEY (day, idea_id, origin);

-- Name: vote_group_members vote_group_members_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_group_members
    ADD CONSTRAINT vote_group_members_once PRIMARY KEY (name, member_id, added_at);

-- Name: vote_group_weights vote_group_weights_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_group_weights
    ADD CONSTRAINT vote_group_weights_once PRIMARY KEY (name, number);

-- Name: vote_groups vote_groups_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_groups
    ADD CONSTRAINT vote_groups_pkey PRIMARY KEY (name);

-- Name: vote_hold_events vote_hold_events_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_hold_events
    ADD CONSTRAINT vote_hold_events_once PRIMARY KEY (signal_id, number, idea_id, member_id);

-- Name: vote_pairs vote_pairs_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_pairs
    ADD CONSTRAINT vote_pairs_once PRIMARY KEY (a, b);

-- Name: vote_policies vote_policies_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_policies
    ADD CONSTRAINT vote_policies_pkey PRIMARY KEY (number);

-- Name: vote_signal_decisions vote_signal_decisions_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_signal_decisions
    ADD CONSTRAINT vote_signal_decisions_once PRIMARY KEY (signal_id, number);

-- Name: vote_signal_votes vote_signal_votes_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_signal_votes
    ADD CONSTRAINT vote_signal_votes_once PRIMARY KEY (signal_id, idea_id, member_id);

-- Name: vote_signals vote_signals_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_signals
    ADD CONSTRAINT vote_signals_once UNIQUE (about);

-- Name: vote_signals vote_signals_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_signals
    ADD CONSTRAINT vote_signals_pkey PRIMARY KEY (id);

-- Name: vote_watch vote_watch_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_watch
    ADD CONSTRAINT vote_watch_pkey PRIMARY KEY (once);

-- Name: votes votes_once; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.votes
    ADD CONSTRAINT votes_once PRIMARY KEY (idea_id, member_id);

-- Name: waiting_sales waiting_sales_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.waiting_sales
    ADD CONSTRAINT waiting_sales_pkey PRIMARY KEY (product_id, currency);

-- Name: audit_of_action; Type: INDEX; Schema: public; Owner: -

CREATE INDEX audit_of_action ON public.audit USING btree (action, number);

-- Name: audit_of_actor; Type: INDEX; Schema: public; Owner: -

CREATE INDEX audit_of_actor ON public.audit USING btree (actor_id, number);

-- Name: audit_of_thing; Type: INDEX; Schema: public; Owner: -

CREATE INDEX audit_of_thing ON public.audit USING btree (thing, number);

-- Name: bank_days_by_cause; Type: INDEX; Schema: public; Owner: -

CREATE INDEX bank_days_by_cause ON public.bank_days USING btree (cause, reason, currency, number);

-- Name: briefs_by_time; Type: INDEX; Schema: public; Owner: -

CREATE INDEX briefs_by_time ON public.briefs USING btree (opens_at DESC, id DESC);

-- Name: briefs_untold; Type: INDEX; Schema: public; Owner: -

CREATE INDEX briefs_untold ON public.briefs USING btree (opens_at) WHERE (NOT closing_told);

-- Name: cases_most_reported; Type: INDEX; Schema: public; Owner: -

CREATE INDEX cases_most_reported ON public.cases USING btree (reports, id) WHERE (resolved_at IS NULL);

-- Name: cases_oldest; Type: INDEX; Schema: public; Owner: -

CREATE INDEX cases_oldest ON public.cases USING btree (opened_at, id) WHERE (resolved_at IS NULL);

-- Name: cases_open; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX cases_open ON public.cases USING btree (kind, thing) WHERE (resolved_at IS NULL);

-- Name: comment_mentions_of_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX comment_mentions_of_member ON public.comment_mentions USING btree (member_id, comment_id);

-- Name: comments_by_id; Type: INDEX; Schema: public; Owner: -

CREATE INDEX comments_by_id ON public.comments USING btree (id);

-- Name: comments_helpful; Type: INDEX; Schema: public; Owner: -

CREATE INDEX comments_helpful ON public.comments USING btree (idea_id, thread_id, helpful, reactions, id) WHERE (depth = 1);

-- Name: comments_of_author; Type: INDEX; Schema: public; Owner: -

CREATE INDEX comments_of_author ON public.comments USING btree (author_id, created_at);

-- Name: comments_official; Type: INDEX; Schema: public; Owner: -

CREATE INDEX comments_official ON public.comments USING btree (idea_id, thread_id, id) WHERE official;

-- Name: comments_roots; Type: INDEX; Schema: public; Owner: -

CREATE INDEX comments_roots ON public.comments USING btree (idea_id, thread_id, id) WHERE (depth = 1);

-- Name: comments_threads; Type: INDEX; Schema: public; Owner: -

CREATE INDEX comments_threads ON public.comments USING btree (idea_id, root_id, path);

-- Name: commitment_work_due; Type: INDEX; Schema: public; Owner: -

CREATE INDEX commitment_work_due ON public.commitment_work USING btree (due_at);

-- Name: commitment_work_held; Type: INDEX; Schema: public; Owner: -

CREATE INDEX commitment_work_held ON public.commitment_work USING btree (worker) WHERE (worker IS NOT NULL);

-- Name: commitments_by_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX commitments_by_member ON public.commitments USING btree (member_id, id);

-- Name: commitments_declined; Type: INDEX; Schema: public; Owner: -

CREATE INDEX commitments_declined ON public.commitments USING btree (method_until) WHERE (state = 'declined'::text);

-- Name: commitments_of_presale; Type: INDEX; Schema: public; Owner: -

CREATE INDEX commitments_of_presale ON public.commitments USING btree (product_id, presale, id);

-- Name: commitments_unsettled; Type: INDEX; Schema: public; Owner: -

CREATE INDEX commitments_unsettled ON public.commitments USING btree (product_id, presale) WHERE (state = ANY (ARRAY['committed'::text, 'charging'::text, 'declined'::text, 'refund_due'::text, 'refunding'::text]));

-- Name: deaths_by_heir; Type: INDEX; Schema: public; Owner: -

CREATE INDEX deaths_by_heir ON public.deaths USING btree (heir_id);

-- Name: deaths_one; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX deaths_one ON public.deaths USING btree (member_id) WHERE ((outcome IS NULL) OR (outcome = 'accepted'::text));

-- Name: digest_work_due; Type: INDEX; Schema: public; Owner: -

CREATE INDEX digest_work_due ON public.digest_work USING btree (due_at);

-- Name: display_choices_ranked; Type: INDEX; Schema: public; Owner: -

CREATE INDEX display_choices_ranked ON public.display_choices USING btree (member_id) WHERE (holdings OR earnings);

-- Name: disputes_by_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX disputes_by_member ON public.disputes USING btree (member_id);

-- Name: disputes_by_version; Type: INDEX; Schema: public; Owner: -

CREATE INDEX disputes_by_version ON public.disputes USING btree (product_id, version);

-- Name: duel_offers_by_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX duel_offers_by_member ON public.duel_offers USING btree (member_id);

-- Name: duel_standings_least; Type: INDEX; Schema: public; Owner: -

CREATE INDEX duel_standings_least ON public.duel_standings USING btree (product_id, project_id, duels, entry_id) INCLUDE (rating) WHERE takes_part;

-- Name: duel_standings_rating; Type: INDEX; Schema: public; Owner: -

CREATE INDEX duel_standings_rating ON public.duel_standings USING btree (product_id, project_id, rating, entry_id) INCLUDE (duels) WHERE takes_part;

-- Name: duels_by_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX duels_by_member ON public.duels USING btree (member_id);

-- Name: duels_won; Type: INDEX; Schema: public; Owner: -

CREATE INDEX duels_won ON public.duels USING btree (product_id, winner_id);

-- Name: entry_files_held; Type: INDEX; Schema: public; Owner: -

CREATE INDEX entry_files_held ON public.entry_files USING btree (product_id, project_id, uploader_id) WHERE (entry_id IS NULL);

-- Name: entry_files_of; Type: INDEX; Schema: public; Owner: -

CREATE INDEX entry_files_of ON public.entry_files USING btree (product_id, entry_id) WHERE (entry_id IS NOT NULL);

-- Name: entry_files_unused; Type: INDEX; Schema: public; Owner: -

CREATE INDEX entry_files_unused ON public.entry_files USING btree (unused_since) WHERE (entry_id IS NULL);

-- Name: entry_makers_by_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX entry_makers_by_member ON public.entry_makers USING btree (member_id);

-- Name: entry_makers_of_product; Type: INDEX; Schema: public; Owner: -

CREATE INDEX entry_makers_of_product ON public.entry_makers USING btree (product_id, member_id, entry_id);

-- Name: entry_makers_waiting; Type: INDEX; Schema: public; Owner: -

CREATE INDEX entry_makers_waiting ON public.entry_makers USING btree (member_id) WHERE ((accepted_at IS NULL) AND (declined_at IS NULL));

-- Name: entry_ratings_by_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX entry_ratings_by_member ON public.entry_ratings USING btree (member_id);

-- Name: entry_ratings_of_entry; Type: INDEX; Schema: public; Owner: -

CREATE INDEX entry_ratings_of_entry ON public.entry_ratings USING btree (product_id, entry_id);

-- Name: entry_texts_by_entry; Type: INDEX; Schema: public; Owner: -

CREATE INDEX entry_texts_by_entry ON public.entry_texts USING btree (product_id, entry_id);

-- Name: erasures_due; Type: INDEX; Schema: public; Owner: -

CREATE INDEX erasures_due ON public.erasures USING btree (due_at) WHERE (erased_at IS NULL);

-- Name: erasures_giving; Type: INDEX; Schema: public; Owner: -

CREATE INDEX erasures_giving ON public.erasures USING btree (member_id) WHERE (gives AND (erased_at IS NOT NULL));

-- Name: evaluation_entries_of_idea; Type: INDEX; Schema: public; Owner: -

CREATE INDEX evaluation_entries_of_idea ON public.evaluation_entries USING btree (idea_id);

-- Name: evaluation_entries_one; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX evaluation_entries_one ON public.evaluation_entries USING btree (idea_id) WHERE live;

-- Name: evaluation_ratings_of_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX evaluation_ratings_of_member ON public.evaluation_ratings USING btree (member_id, evaluation_id);

-- Name: fee_rates_by_time; Type: INDEX; Schema: public; Owner: -

CREATE INDEX fee_rates_by_time ON public.fee_rates USING btree (effective_from DESC, number DESC);

-- Name: held_votes_of_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX held_votes_of_member ON public.held_votes USING btree (member_id, cast_at);

-- Name: held_votes_of_signal; Type: INDEX; Schema: public; Owner: -

CREATE INDEX held_votes_of_signal ON public.held_votes USING btree (signal_id);

-- Name: holding_changes_from; Type: INDEX; Schema: public; Owner: -

CREATE INDEX holding_changes_from ON public.holding_changes USING btree (from_member);

-- Name: holding_changes_to; Type: INDEX; Schema: public; Owner: -

CREATE INDEX holding_changes_to ON public.holding_changes USING btree (to_member);

-- Name: hook_deliveries_by_time; Type: INDEX; Schema: public; Owner: -

CREATE INDEX hook_deliveries_by_time ON public.hook_deliveries USING btree (taken_at);

-- Name: idea_followers_of_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX idea_followers_of_member ON public.idea_followers USING btree (member_id, followed_at DESC, idea_id DESC);

-- Name: idea_gates_deadline; Type: INDEX; Schema: public; Owner: -

CREATE INDEX idea_gates_deadline ON public.idea_gates USING btree (deadline) WHERE (outcome IS NULL);

-- Name: idea_gates_one; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX idea_gates_one ON public.idea_gates USING btree (idea_id) WHERE (outcome IS NULL);

-- Name: idea_gates_unwarned; Type: INDEX; Schema: public; Owner: -

CREATE INDEX idea_gates_unwarned ON public.idea_gates USING btree (deadline) WHERE ((outcome IS NULL) AND (warned_at IS NULL));

-- Name: idea_gates_votes; Type: INDEX; Schema: public; Owner: -

CREATE INDEX idea_gates_votes ON public.idea_gates USING btree (votes) WHERE (outcome IS NULL);

-- Name: idea_images_by_id; Type: INDEX; Schema: public; Owner: -

CREATE INDEX idea_images_by_id ON public.idea_images USING btree (id);

-- Name: idea_images_once; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX idea_images_once ON public.idea_images USING btree (idea_id, sha256) WHERE (deleted_at IS NULL);

-- Name: idea_merges_into; Type: INDEX; Schema: public; Owner: -

CREATE INDEX idea_merges_into ON public.idea_merges USING btree (original_id) WHERE (undone_at IS NULL);

-- Name: idea_merges_one; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX idea_merges_one ON public.idea_merges USING btree (duplicate_id) WHERE (undone_at IS NULL);

-- Name: idea_tags_new; Type: INDEX; Schema: public; Owner: -

CREATE INDEX idea_tags_new ON public.idea_tags USING btree (tag, state, opened_at DESC, idea_id DESC);

-- Name: idea_texts_new; Type: INDEX; Schema: public; Owner: -

CREATE INDEX idea_texts_new ON public.idea_texts USING btree (state, opened_at DESC, idea_id DESC);

-- Name: idea_texts_title; Type: INDEX; Schema: public; Owner: -

CREATE INDEX idea_texts_title ON public.idea_texts USING gin (title public.gin_trgm_ops) WITH (fastupdate=off);

-- Name: idea_texts_words; Type: INDEX; Schema: public; Owner: -

CREATE INDEX idea_texts_words ON public.idea_texts USING gin (words) WITH (fastupdate=off);

-- Name: ideas_new; Type: INDEX; Schema: public; Owner: -

CREATE INDEX ideas_new ON public.ideas USING btree (state, opened_at DESC, id DESC);

-- Name: ideas_of_ancestor; Type: INDEX; Schema: public; Owner: -

CREATE INDEX ideas_of_ancestor ON public.ideas USING btree (ancestor_id) WHERE (ancestor_id IS NOT NULL);

-- Name: ideas_of_author; Type: INDEX; Schema: public; Owner: -

CREATE INDEX ideas_of_author ON public.ideas USING btree (author_id);

-- Name: ideas_of_brief; Type: INDEX; Schema: public; Owner: -

CREATE INDEX ideas_of_brief ON public.ideas USING btree (brief_id, created_at DESC, id DESC) WHERE (brief_id IS NOT NULL);

-- Name: ideas_of_category; Type: INDEX; Schema: public; Owner: -

CREATE INDEX ideas_of_category ON public.ideas USING btree (category, state, opened_at DESC, id DESC);

-- Name: ideas_waiting; Type: INDEX; Schema: public; Owner: -

CREATE INDEX ideas_waiting ON public.ideas USING btree (brief_id) WHERE ((state = 'submitted'::text) AND (brief_id IS NOT NULL));

-- Name: identity_merges_one; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX identity_merges_one ON public.identity_merges USING btree (from_member) WHERE (ended_at IS NULL);

-- Name: identity_merges_to; Type: INDEX; Schema: public; Owner: -

CREATE INDEX identity_merges_to ON public.identity_merges USING btree (to_member);

-- Name: identity_merges_undo; Type: INDEX; Schema: public; Owner: -

CREATE INDEX identity_merges_undo ON public.identity_merges USING btree (asked_at, id) WHERE ((ended_at IS NULL) AND ((from_undo_at IS NOT NULL) OR (to_undo_at IS NOT NULL)));

-- Name: influence_events_by_arrival; Type: INDEX; Schema: public; Owner: -

CREATE INDEX influence_events_by_arrival ON public.influence_events USING btree (product_id, arrival);

-- Name: influence_events_by_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX influence_events_by_member ON public.influence_events USING btree (member_id);

-- Name: jury_scores_by_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX jury_scores_by_member ON public.jury_scores USING btree (member_id);

-- Name: jury_scores_of_entry; Type: INDEX; Schema: public; Owner: -

CREATE INDEX jury_scores_of_entry ON public.jury_scores USING btree (product_id, entry_id);

-- Name: kept_answers_age; Type: INDEX; Schema: public; Owner: -

CREATE INDEX kept_answers_age ON public.kept_answers USING btree (asked_at);

-- Name: locked_starts_differ; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX locked_starts_differ ON public.share_versions USING btree (product_id, starts_at) WHERE (state = 'locked'::text);

-- Name: mails_due; Type: INDEX; Schema: public; Owner: -

CREATE INDEX mails_due ON public.mails USING btree (due_at) WHERE (state = 'waiting'::text);

-- Name: mails_ended; Type: INDEX; Schema: public; Owner: -

CREATE INDEX mails_ended ON public.mails USING btree (state, ended_at);

-- Name: members_email; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX members_email ON public.members USING btree (lower(email));

-- Name: members_handle; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX members_handle ON public.members USING btree (handle);

-- Name: notice_work_due; Type: INDEX; Schema: public; Owner: -

CREATE INDEX notice_work_due ON public.notice_work USING btree (due_at, notice_id);

-- Name: notices_about; Type: INDEX; Schema: public; Owner: -

CREATE INDEX notices_about ON public.notices USING btree (idea_id, subject) WHERE (recipients IS NOT NULL);

-- Name: notification_preferences_asked; Type: INDEX; Schema: public; Owner: -

CREATE INDEX notification_preferences_asked ON public.notification_preferences USING btree (kind, member_id) WHERE (in_app OR (email <> 'off'::text));

-- Name: notifications_about; Type: INDEX; Schema: public; Owner: -

CREATE INDEX notifications_about ON public.notifications USING btree (member_id, subject, kind) WHERE ((subject IS NOT NULL) AND (read_at IS NULL));

-- Name: notifications_inbox; Type: INDEX; Schema: public; Owner: -

CREATE INDEX notifications_inbox ON public.notifications USING btree (member_id, arrived_at DESC, notice_id DESC) WHERE in_app;

-- Name: notifications_of_mail; Type: INDEX; Schema: public; Owner: -

CREATE INDEX notifications_of_mail ON public.notifications USING btree (member_id, mail_id) WHERE (mail_id IS NOT NULL);

-- Name: notifications_unmailed; Type: INDEX; Schema: public; Owner: -

CREATE INDEX notifications_unmailed ON public.notifications USING btree (member_id, email) WHERE ((email = ANY (ARRAY['daily'::text, 'weekly'::text])) AND (mail_id IS NULL));

-- Name: notifications_unread; Type: INDEX; Schema: public; Owner: -

CREATE INDEX notifications_unread ON public.notifications USING btree (member_id, arrived_at DESC, notice_id DESC) WHERE (in_app AND (read_at IS NULL));

-- Name: one_presale_at_a_time; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX one_presale_at_a_time ON public.presales USING btree (product_id) WHERE (state = ANY (ARRAY['open'::text, 'charging'::text]));

-- Name: one_proposal_at_a_time; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX one_proposal_at_a_time ON public.share_versions USING btree (product_id) WHERE (state = 'proposed'::text);

-- Name: one_publication_at_a_time; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX one_publication_at_a_time ON public.publications USING btree ((true)) WHERE (done_at IS NULL);

-- Name: one_settlement_at_a_time; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX one_settlement_at_a_time ON public.settlements USING btree ((true)) WHERE (state = 'planned'::text);

-- Name: one_tier_without_a_limit; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX one_tier_without_a_limit ON public.presale_tiers USING btree (product_id, presale) WHERE (units_limit IS NULL);

-- Name: payout_work_due; Type: INDEX; Schema: public; Owner: -

CREATE INDEX payout_work_due ON public.payout_work USING btree (rail, due_at);

-- Name: payout_work_held; Type: INDEX; Schema: public; Owner: -

CREATE INDEX payout_work_held ON public.payout_work USING btree (worker) WHERE (worker IS NOT NULL);

-- Name: payouts_automatic_once; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX payouts_automatic_once ON public.payouts USING btree (member_id, currency) WHERE ((origin = 'automatic'::text) AND open);

-- Name: payouts_by_batch; Type: INDEX; Schema: public; Owner: -

CREATE INDEX payouts_by_batch ON public.payouts USING btree (batch_id, id) WHERE (batch_id IS NOT NULL);

-- Name: payouts_by_time; Type: INDEX; Schema: public; Owner: -

CREATE INDEX payouts_by_time ON public.payouts USING btree (id);

-- Name: payouts_open; Type: INDEX; Schema: public; Owner: -

CREATE INDEX payouts_open ON public.payouts USING btree (id) WHERE open;

-- Name: period_events_settle_once; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX period_events_settle_once ON public.period_events USING btree (settlement_id) WHERE (settlement_id IS NOT NULL);

-- Name: period_previews_by_period; Type: INDEX; Schema: public; Owner: -

CREATE INDEX period_previews_by_period ON public.period_previews USING btree (period_id);

-- Name: pool_changes_by_settlement; Type: INDEX; Schema: public; Owner: -

CREATE INDEX pool_changes_by_settlement ON public.pool_changes USING btree (settlement_id);

-- Name: pool_changes_to_post; Type: INDEX; Schema: public; Owner: -

CREATE INDEX pool_changes_to_post ON public.pool_changes USING btree (settlement_id, product_id) WHERE (NOT posted);

-- Name: presales_due; Type: INDEX; Schema: public; Owner: -

CREATE INDEX presales_due ON public.presales USING btree (ends_at) WHERE (state = 'open'::text);

-- Name: price_guesses_by_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX price_guesses_by_member ON public.price_guesses USING btree (member_id);

-- Name: products_by_age; Type: INDEX; Schema: public; Owner: -

CREATE INDEX products_by_age ON public.products USING btree (created_at, id);

-- Name: products_by_stage; Type: INDEX; Schema: public; Owner: -

CREATE INDEX products_by_stage ON public.products USING btree (stage, created_at, id);

-- Name: products_newest; Type: INDEX; Schema: public; Owner: -

CREATE INDEX products_newest ON public.products USING btree (created_at DESC, id DESC);

-- Name: project_choosers_by_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX project_choosers_by_member ON public.project_choosers USING btree (member_id);

-- Name: project_entries_by_author; Type: INDEX; Schema: public; Owner: -

CREATE INDEX project_entries_by_author ON public.project_entries USING btree (product_id, project_id, author_id);

-- Name: project_votes_by_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX project_votes_by_member ON public.project_votes USING btree (member_id);

-- Name: project_votes_of_entry; Type: INDEX; Schema: public; Owner: -

CREATE INDEX project_votes_of_entry ON public.project_votes USING btree (product_id, entry_id);

-- Name: projects_by_opening; Type: INDEX; Schema: public; Owner: -

CREATE INDEX projects_by_opening ON public.projects USING btree (product_id, opens_at, id);

-- Name: projects_by_state; Type: INDEX; Schema: public; Owner: -

CREATE INDEX projects_by_state ON public.projects USING btree (state, opens_at, id);

-- Name: projects_due; Type: INDEX; Schema: public; Owner: -

CREATE INDEX projects_due ON public.projects USING btree (closes_at) WHERE (state = 'open'::text);

-- Name: proxy_votes_of_person; Type: INDEX; Schema: public; Owner: -

CREATE INDEX proxy_votes_of_person ON public.proxy_votes USING btree (lower(email)) WHERE ((rescinded_at IS NULL) AND (confirmed_at IS NULL));

-- Name: proxy_votes_once; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX proxy_votes_once ON public.proxy_votes USING btree (idea_id, lower(email)) WHERE (rescinded_at IS NULL);

-- Name: publications_unsealed; Type: INDEX; Schema: public; Owner: -

CREATE INDEX publications_unsealed ON public.publications USING btree (period_id, version) WHERE (NOT sealed);

-- Name: reactions_of_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX reactions_of_member ON public.reactions USING btree (member_id, reacted_at);

-- Name: referral_changes_by_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX referral_changes_by_member ON public.referral_changes USING btree (member_id);

-- Name: referral_changes_by_settlement; Type: INDEX; Schema: public; Owner: -

CREATE INDEX referral_changes_by_settlement ON public.referral_changes USING btree (settlement_id);

-- Name: referral_dues_by_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX referral_dues_by_member ON public.referral_dues USING btree (member_id);

-- Name: referral_sums_by_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX referral_sums_by_member ON public.referral_sums USING btree (member_id);

-- Name: referrals_by_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX referrals_by_member ON public.referrals USING btree (member_id);

-- Name: reports_of_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX reports_of_member ON public.reports USING btree (reporter_id, reported_at);

-- Name: sale_lines_by_product; Type: INDEX; Schema: public; Owner: -

CREATE INDEX sale_lines_by_product ON public.sale_lines USING btree (product_id);

-- Name: sale_lines_new; Type: INDEX; Schema: public; Owner: -

CREATE INDEX sale_lines_new ON public.sale_lines USING brin (arrival, sold_at) WITH (autosummarize='on');

-- Name: sale_lines_referred; Type: INDEX; Schema: public; Owner: -

CREATE INDEX sale_lines_referred ON public.sale_lines USING btree (product_id) WHERE (referral IS NOT NULL);

-- Name: sale_lines_returned; Type: INDEX; Schema: public; Owner: -

CREATE INDEX sale_lines_returned ON public.sale_lines USING btree (source, return_of) WHERE (return_of IS NOT NULL);

-- Name: sale_lines_returns; Type: INDEX; Schema: public; Owner: -

CREATE INDEX sale_lines_returns ON public.sale_lines USING btree (source, external_id) WHERE (return_of IS NOT NULL);

-- Name: sale_reports_by_time; Type: INDEX; Schema: public; Owner: -

CREATE INDEX sale_reports_by_time ON public.sale_reports USING btree (received_at DESC, id DESC);

-- Name: settlement_lines_by_settlement; Type: INDEX; Schema: public; Owner: -

CREATE INDEX settlement_lines_by_settlement ON public.settlement_lines USING btree (settlement_id);

-- Name: settlement_terms_by_settlement; Type: INDEX; Schema: public; Owner: -

CREATE INDEX settlement_terms_by_settlement ON public.settlement_terms USING btree (settlement_id);

-- Name: settlements_by_period; Type: INDEX; Schema: public; Owner: -

CREATE INDEX settlements_by_period ON public.settlements USING btree (period_id);

-- Name: settlements_in_order; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX settlements_in_order ON public.settlements USING btree (planned_at);

-- Name: share_offers_from; Type: INDEX; Schema: public; Owner: -

CREATE INDEX share_offers_from ON public.share_offers USING btree (from_member, offered_at);

-- Name: share_offers_to; Type: INDEX; Schema: public; Owner: -

CREATE INDEX share_offers_to ON public.share_offers USING btree (to_member, offered_at);

-- Name: share_totals_by_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX share_totals_by_member ON public.share_totals USING btree (member_id);

-- Name: statement_movements_by_statement; Type: INDEX; Schema: public; Owner: -

CREATE INDEX statement_movements_by_statement ON public.statement_movements USING btree (member_id, period_id, version);

-- Name: suspense_lines_by_report; Type: INDEX; Schema: public; Owner: -

CREATE INDEX suspense_lines_by_report ON public.suspense_lines USING btree (report_id) WHERE (report_id IS NOT NULL);

-- Name: suspense_lines_rejected; Type: INDEX; Schema: public; Owner: -

CREATE INDEX suspense_lines_rejected ON public.suspense_lines USING btree (source) WHERE (rejected_at IS NOT NULL);

-- Name: tag_counts_most; Type: INDEX; Schema: public; Owner: -

CREATE INDEX tag_counts_most ON public.tag_counts USING btree (ideas DESC, tag) WHERE (ideas > 0);

-- Name: tallies_top; Type: INDEX; Schema: public; Owner: -

CREATE INDEX tallies_top ON public.tallies USING btree (state, votes DESC, idea_id DESC);

-- Name: tallies_trending; Type: INDEX; Schema: public; Owner: -

CREATE INDEX tallies_trending ON public.tallies USING btree (state, trending DESC, idea_id DESC);

-- Name: tokens_narrowed; Type: INDEX; Schema: public; Owner: -

CREATE INDEX tokens_narrowed ON public.tokens USING btree (member_id) WHERE ('votes_banned'::text = ANY (scopes));

-- Name: tokens_of_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX tokens_of_member ON public.tokens USING btree (member_id);

-- Name: transfers_beside_credits; Type: INDEX; Schema: public; Owner: -

CREATE INDEX transfers_beside_credits ON public.transfers USING btree (posted_at) WHERE (reason <> ALL (ARRAY['pool'::public.transfer_reason, 'credit'::public.transfer_reason, 'deliver'::public.transfer_reason, 'refer'::public.transfer_reason]));

-- Name: transfers_by_time; Type: INDEX; Schema: public; Owner: -

CREATE INDEX transfers_by_time ON public.transfers USING brin (posted_at) WITH (autosummarize='on');

-- Name: vote_charges_outstanding; Type: INDEX; Schema: public; Owner: -

CREATE INDEX vote_charges_outstanding ON public.vote_charges USING btree (idea_id) WHERE (kind = 'outstanding'::text);

-- Name: vote_group_members_one; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX vote_group_members_one ON public.vote_group_members USING btree (name, member_id) WHERE (removed_at IS NULL);

-- Name: vote_pairs_age; Type: INDEX; Schema: public; Owner: -

CREATE INDEX vote_pairs_age ON public.vote_pairs USING btree (last_at);

-- Name: vote_signal_votes_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX vote_signal_votes_member ON public.vote_signal_votes USING btree (member_id);

-- Name: vote_signal_votes_of; Type: INDEX; Schema: public; Owner: -

CREATE INDEX vote_signal_votes_of ON public.vote_signal_votes USING btree (idea_id, member_id);

-- Name: vote_signals_by_state; Type: INDEX; Schema: public; Owner: -

CREATE INDEX vote_signals_by_state ON public.vote_signals USING btree (state, id);

-- Name: vote_signals_pending; Type: INDEX; Schema: public; Owner: -

CREATE INDEX vote_signals_pending ON public.vote_signals USING btree (id) WHERE pending;

-- Name: votes_moment; Type: INDEX; Schema: public; Owner: -

CREATE INDEX votes_moment ON public.votes USING brin (cast_at) WITH (pages_per_range='32', autosummarize='on');

-- Name: votes_of_member; Type: INDEX; Schema: public; Owner: -

CREATE INDEX votes_of_member ON public.votes USING btree (member_id, cast_at);

-- Name: audit audit_stays; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER audit_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: balance_assertions balance_assertions_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER balance_assertions_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.balance_assertions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: bank_days bank_days_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER bank_days_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.bank_days FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: bans bans_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER bans_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.bans FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: book_deposits book_deposits_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER book_deposits_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.book_deposits FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: brief_extensions brief_extensions_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER brief_extensions_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.brief_extensions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: briefs briefs_guarded; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER briefs_guarded BEFORE UPDATE ON public.briefs FOR EACH ROW EXECUTE FUNCTION public.guard_briefs();

-- Name: briefs briefs_last; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER briefs_last BEFORE DELETE OR TRUNCATE ON public.briefs FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_deletion();

-- Name: comment_versions comment_versions_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER comment_versions_stay BEFORE UPDATE OR TRUNCATE ON public.comment_versions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: dispute_ends dispute_ends_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER dispute_ends_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.dispute_ends FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: disputes disputes_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER disputes_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.disputes FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: duels duels_not_of_own; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER duels_not_of_own BEFORE INSERT ON public.duels FOR EACH ROW EXECUTE FUNCTION public.refuse_own_choice();

-- Name: project_entries entries_stand_in_duels; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER entries_stand_in_duels AFTER INSERT OR UPDATE OF state ON public.project_entries FOR EACH ROW EXECUTE FUNCTION public.stand_in_duels();

-- Name: entry_files entry_files_guarded; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER entry_files_guarded BEFORE DELETE OR UPDATE ON public.entry_files FOR EACH ROW EXECUTE FUNCTION public.guard_entry_files();

-- Name: entry_makers entry_makers_guarded; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER entry_makers_guarded BEFORE DELETE OR UPDATE ON public.entry_makers FOR EACH ROW EXECUTE FUNCTION public.guard_makers();

-- Name: entry_makers entry_makers_whole; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER entry_makers_whole AFTER INSERT ON public.entry_makers REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.guard_split();

-- Name: evaluation_ratings evaluation_ratings_live; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER evaluation_ratings_live BEFORE INSERT OR DELETE OR UPDATE ON public.evaluation_ratings FOR EACH ROW EXECUTE FUNCTION public.guard_ratings();

-- Name: evaluations evaluations_guarded; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER evaluations_guarded BEFORE UPDATE ON public.evaluations FOR EACH ROW EXECUTE FUNCTION public.guard_evaluations();

-- Name: evaluations evaluations_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER evaluations_stay BEFORE DELETE OR TRUNCATE ON public.evaluations FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_deletion();

-- Name: fee_events fee_events_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER fee_events_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.fee_events FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: fee_rates fee_rates_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER fee_rates_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.fee_rates FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: fee_receipts fee_receipts_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER fee_receipts_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.fee_receipts FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: gate_chains gate_chains_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER gate_chains_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.gate_chains FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: gate_choices gate_choices_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER gate_choices_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.gate_choices FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: gate_steps gate_steps_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER gate_steps_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.gate_steps FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: held_votes held_votes_do_not_count; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER held_votes_do_not_count AFTER INSERT ON public.held_votes REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.check_held_votes();

-- Name: idea_history idea_history_stays; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER idea_history_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.idea_history FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: idea_images idea_images_guarded; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER idea_images_guarded BEFORE INSERT OR DELETE OR UPDATE ON public.idea_images FOR EACH ROW EXECUTE FUNCTION public.guard_idea_images();

-- Name: idea_merges idea_merges_no_chain; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER idea_merges_no_chain AFTER INSERT OR UPDATE ON public.idea_merges FOR EACH ROW EXECUTE FUNCTION public.refuse_chains();

-- Name: idea_versions idea_versions_each_guarded; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER idea_versions_each_guarded BEFORE DELETE ON public.idea_versions FOR EACH ROW EXECUTE FUNCTION public.guard_versions();

-- Name: idea_versions idea_versions_guarded; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER idea_versions_guarded BEFORE DELETE ON public.idea_versions FOR EACH STATEMENT EXECUTE FUNCTION public.guard_versions();

-- Name: idea_versions idea_versions_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER idea_versions_stay BEFORE UPDATE OR TRUNCATE ON public.idea_versions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: ideas ideas_follow_tags; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER ideas_follow_tags AFTER UPDATE ON public.ideas REFERENCING OLD TABLE AS former NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.follow_tags();

-- Name: ideas ideas_follow_texts; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER ideas_follow_texts AFTER UPDATE ON public.ideas REFERENCING OLD TABLE AS former NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.follow_texts();

-- Name: ideas ideas_guarded; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER ideas_guarded BEFORE UPDATE ON public.ideas FOR EACH ROW EXECUTE FUNCTION public.guard_ideas();

-- Name: ideas ideas_never_open; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER ideas_never_open BEFORE UPDATE ON public.ideas FOR EACH ROW WHEN (((old.state = ANY (ARRAY['draft'::text, 'submitted'::text])) AND (new.state = ANY (ARRAY['withdrawn'::text, 'declined'::text])))) EXECUTE FUNCTION public.mark_never_open();

-- Name: ideas ideas_open_tags; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER ideas_open_tags AFTER INSERT ON public.ideas REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.open_tags();

-- Name: ideas ideas_open_tallies; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER ideas_open_tallies AFTER INSERT ON public.ideas REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.open_tallies();

-- Name: ideas ideas_open_texts; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER ideas_open_texts AFTER INSERT ON public.ideas REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.open_texts();

-- Name: ideas ideas_opening_guarded; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER ideas_opening_guarded BEFORE UPDATE ON public.ideas FOR EACH ROW WHEN (((new.state = 'open'::text) AND (old.state = ANY (ARRAY['draft'::text, 'submitted'::text])))) EXECUTE FUNCTION public.guard_opening();

-- Name: ideas ideas_opening_with_brief; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER ideas_opening_with_brief BEFORE INSERT ON public.ideas FOR EACH ROW WHEN (((new.state = 'open'::text) AND (new.brief_id IS NOT NULL))) EXECUTE FUNCTION public.guard_opening();

-- Name: ideas ideas_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER ideas_stay BEFORE DELETE OR TRUNCATE ON public.ideas FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_deletion();

-- Name: image_bytes image_bytes_guarded; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER image_bytes_guarded BEFORE DELETE OR UPDATE ON public.image_bytes FOR EACH ROW EXECUTE FUNCTION public.guard_image_bytes();

-- Name: imported_ideas imported_ideas_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER imported_ideas_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.imported_ideas FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: share_versions locked_without_dispute; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER locked_without_dispute BEFORE UPDATE ON public.share_versions FOR EACH ROW WHEN (((new.state = 'locked'::text) AND (old.state <> 'locked'::text))) EXECUTE FUNCTION public.refuse_disputed_lock();

-- Name: member_notices member_notices_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER member_notices_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.member_notices FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: members members_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER members_stay BEFORE DELETE OR TRUNCATE ON public.members FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_deletion();

-- Name: notices notices_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER notices_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.notices FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: period_events period_events_in_order; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER period_events_in_order BEFORE INSERT ON public.period_events FOR EACH ROW EXECUTE FUNCTION public.guard_period_order();

-- Name: period_events period_events_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER period_events_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.period_events FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: product_stages product_stages_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER product_stages_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.product_stages FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: project_decisions project_decisions_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER project_decisions_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.project_decisions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: project_entries project_entries_guarded; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER project_entries_guarded BEFORE UPDATE ON public.project_entries FOR EACH ROW EXECUTE FUNCTION public.guard_entries();

-- Name: project_entries project_entries_limited; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER project_entries_limited AFTER INSERT ON public.project_entries REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.guard_entry_limit();

-- Name: project_picks project_picks_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER project_picks_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.project_picks FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: project_seals project_seals_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER project_seals_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.project_seals FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: projects projects_decided; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER projects_decided BEFORE DELETE OR UPDATE ON public.projects FOR EACH ROW WHEN ((old.state = 'decided'::text)) EXECUTE FUNCTION public.guard_decided_projects();

-- Name: projects projects_guarded; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER projects_guarded BEFORE UPDATE ON public.projects FOR EACH ROW EXECUTE FUNCTION public.guard_projects();

-- Name: proof_checkpoints proof_checkpoints_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER proof_checkpoints_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.proof_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: proof_entries proof_entries_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER proof_entries_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.proof_entries FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: proof_keys proof_keys_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER proof_keys_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.proof_keys FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: proof_leaves proof_leaves_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER proof_leaves_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.proof_leaves FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: proxy_votes proxy_votes_guarded; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER proxy_votes_guarded BEFORE DELETE OR UPDATE ON public.proxy_votes FOR EACH ROW EXECUTE FUNCTION public.guard_proxy_votes();

-- Name: publication_steps publication_steps_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER publication_steps_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.publication_steps FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: entry_ratings ratings_not_of_own; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER ratings_not_of_own BEFORE INSERT ON public.entry_ratings FOR EACH ROW EXECUTE FUNCTION public.refuse_own_choice();

-- Name: reports reports_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER reports_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.reports FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: jury_scores scores_not_of_own; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER scores_not_of_own BEFORE INSERT ON public.jury_scores FOR EACH ROW EXECUTE FUNCTION public.refuse_own_choice();

-- Name: sealed_tallies sealed_tallies_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER sealed_tallies_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.sealed_tallies FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: sealed_votes sealed_votes_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER sealed_votes_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.sealed_votes FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: settlement_sales settlement_sales_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER settlement_sales_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.settlement_sales FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: share_offer_ends share_offer_ends_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER share_offer_ends_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.share_offer_ends FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: share_offers share_offers_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER share_offers_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.share_offers FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: statement_balances statement_balances_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER statement_balances_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.statement_balances FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: statement_movements statement_movements_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER statement_movements_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.statement_movements FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: statement_products statement_products_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER statement_products_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.statement_products FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: statement_seals statement_seals_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER statement_seals_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.statement_seals FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: tally_seals tally_seals_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER tally_seals_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.tally_seals FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: term_acceptances term_acceptances_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER term_acceptances_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.term_acceptances FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: term_withdrawals term_withdrawals_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER term_withdrawals_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.term_withdrawals FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: terms terms_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER terms_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.terms FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: vote_group_weights vote_group_weights_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER vote_group_weights_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.vote_group_weights FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: vote_hold_events vote_hold_events_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER vote_hold_events_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.vote_hold_events FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: vote_policies vote_policies_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER vote_policies_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.vote_policies FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: vote_signal_decisions vote_signal_decisions_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER vote_signal_decisions_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.vote_signal_decisions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: vote_signal_votes vote_signal_votes_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER vote_signal_votes_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.vote_signal_votes FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Name: votes votes_have_both; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER votes_have_both AFTER INSERT ON public.votes REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.check_votes();

-- Name: project_votes votes_not_for_own; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER votes_not_for_own BEFORE INSERT ON public.project_votes FOR EACH ROW EXECUTE FUNCTION public.refuse_own_choice();

-- Name: votes votes_stay; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER votes_stay BEFORE UPDATE OF idea_id, member_id, cast_at ON public.votes FOR EACH STATEMENT EXECUTE FUNCTION public.keep_votes_place();

-- Name: audit audit_actor_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.members(id);

-- Name: balance_assertions balance_assertions_made_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.balance_assertions
    ADD CONSTRAINT balance_assertions_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.members(id);

-- Name: bank_days bank_days_made_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.bank_days
    ADD CONSTRAINT bank_days_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.members(id);

-- Name: bans bans_made_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.bans
    ADD CONSTRAINT bans_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.members(id);

-- Name: bans bans_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.bans
    ADD CONSTRAINT bans_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: book_deposits book_deposits_made_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.book_deposits
    ADD CONSTRAINT book_deposits_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.members(id);

-- Name: brief_extensions brief_extensions_brief_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.brief_extensions
    ADD CONSTRAINT brief_extensions_brief_id_fkey FOREIGN KEY (brief_id) REFERENCES public.briefs(id);

-- Name: brief_extensions brief_extensions_changed_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.brief_extensions
    ADD CONSTRAINT brief_extensions_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES public.members(id);

-- Name: briefs briefs_made_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.briefs
    ADD CONSTRAINT briefs_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.members(id);

-- Name: cases cases_claimed_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_claimed_by_fkey FOREIGN KEY (claimed_by) REFERENCES public.members(id);

-- Name: cases cases_idea_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_idea_id_fkey FOREIGN KEY (idea_id) REFERENCES public.ideas(id);

-- Name: cases cases_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: cases cases_resolved_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_resolved_by_fkey FOREIGN KEY (resolved_by) REFERENCES public.members(id);

-- Name: comment_mentions comment_mentions_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.comment_mentions
    ADD CONSTRAINT comment_mentions_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: comment_mentions comment_mentions_of_comment; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.comment_mentions
    ADD CONSTRAINT comment_mentions_of_comment FOREIGN KEY (idea_id, comment_id) REFERENCES public.comments(idea_id, id);

-- Name: comment_versions comment_versions_of_comment; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.comment_versions
    ADD CONSTRAINT comment_versions_of_comment FOREIGN KEY (idea_id, comment_id) REFERENCES public.comments(idea_id, id);

-- Name: comments comments_author_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.members(id);

-- Name: comments comments_idea_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_idea_id_fkey FOREIGN KEY (idea_id) REFERENCES public.ideas(id);

-- Name: comments comments_of_project; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_of_project FOREIGN KEY (idea_id, project_id) REFERENCES public.projects(product_id, id);

-- Name: commitment_events commitment_events_are_allowed; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.commitment_events
    ADD CONSTRAINT commitment_events_are_allowed FOREIGN KEY (from_state, to_state) REFERENCES public.commitment_transitions(from_state, to_state);

-- Name: commitment_events commitment_events_follow; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.commitment_events
    ADD CONSTRAINT commitment_events_follow FOREIGN KEY (product_id, commitment_id, previous, from_state) REFERENCES public.commitment_events(product_id, commitment_id, number, to_state);

-- Name: commitment_events commitment_events_have_a_commitment; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.commitment_events
    ADD CONSTRAINT commitment_events_have_a_commitment FOREIGN KEY (product_id, commitment_id) REFERENCES public.commitments(product_id, id);

-- Name: commitments commitments_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.commitments
    ADD CONSTRAINT commitments_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: commitments commitments_product_id_presale_tier_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.commitments
    ADD CONSTRAINT commitments_product_id_presale_tier_fkey FOREIGN KEY (product_id, presale, tier) REFERENCES public.presale_tiers(product_id, presale, "position");

-- Name: commitments commitments_product_id_referral_referrer_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.commitments
    ADD CONSTRAINT commitments_product_id_referral_referrer_id_fkey FOREIGN KEY (product_id, referral, referrer_id) REFERENCES public.referrals(product_id, code, member_id);

-- Name: commitments commitments_stand_where_history_led; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.commitments
    ADD CONSTRAINT commitments_stand_where_history_led FOREIGN KEY (product_id, id, step, state) REFERENCES public.commitment_events(product_id, commitment_id, number, to_state) DEFERRABLE INITIALLY DEFERRED;

-- Name: contract_rates contract_rates_product_id_version_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.contract_rates
    ADD CONSTRAINT contract_rates_product_id_version_fkey FOREIGN KEY (product_id, version) REFERENCES public.contracts(product_id, version);

-- Name: contracts contracts_made_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.contracts
    ADD CONSTRAINT contracts_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.members(id);

-- Name: contracts contracts_product_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.contracts
    ADD CONSTRAINT contracts_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id);

-- Name: conversations conversations_idea_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_idea_id_fkey FOREIGN KEY (idea_id) REFERENCES public.ideas(id);

-- Name: conversations conversations_locked_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_locked_by_fkey FOREIGN KEY (locked_by) REFERENCES public.members(id);

-- Name: deaths deaths_ended_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.deaths
    ADD CONSTRAINT deaths_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES public.members(id);

-- Name: deaths deaths_heir_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.deaths
    ADD CONSTRAINT deaths_heir_id_fkey FOREIGN KEY (heir_id) REFERENCES public.members(id);

-- Name: deaths deaths_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.deaths
    ADD CONSTRAINT deaths_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: deaths deaths_recorded_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.deaths
    ADD CONSTRAINT deaths_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES public.members(id);

-- Name: decisions decisions_decided_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT decisions_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.members(id);

-- Name: decisions decisions_idea_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT decisions_idea_id_fkey FOREIGN KEY (idea_id) REFERENCES public.ideas(id);

-- Name: deliveries deliveries_settlement_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_settlement_id_fkey FOREIGN KEY (settlement_id) REFERENCES public.settlements(id);

-- Name: display_choices display_choices_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.display_choices
    ADD CONSTRAINT display_choices_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: dispute_ends dispute_ends_ended_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.dispute_ends
    ADD CONSTRAINT dispute_ends_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES public.members(id);

-- Name: dispute_ends dispute_ends_product_id_dispute_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.dispute_ends
    ADD CONSTRAINT dispute_ends_product_id_dispute_id_fkey FOREIGN KEY (product_id, dispute_id) REFERENCES public.disputes(product_id, id);

-- Name: disputes disputes_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT disputes_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: disputes disputes_product_id_version_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT disputes_product_id_version_fkey FOREIGN KEY (product_id, version) REFERENCES public.share_versions(product_id, version);

-- Name: duels duels_product_id_high_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.duels
    ADD CONSTRAINT duels_product_id_high_id_fkey FOREIGN KEY (product_id, high_id) REFERENCES public.project_entries(product_id, id);

-- Name: duels duels_product_id_low_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.duels
    ADD CONSTRAINT duels_product_id_low_id_fkey FOREIGN KEY (product_id, low_id) REFERENCES public.project_entries(product_id, id);

-- Name: entry_file_bytes entry_file_bytes_of_file; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.entry_file_bytes
    ADD CONSTRAINT entry_file_bytes_of_file FOREIGN KEY (product_id, file_id) REFERENCES public.entry_files(product_id, id) ON DELETE CASCADE;

-- Name: entry_files entry_files_of_entry; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.entry_files
    ADD CONSTRAINT entry_files_of_entry FOREIGN KEY (product_id, project_id, entry_id) REFERENCES public.project_entries(product_id, project_id, id);

-- Name: entry_files entry_files_of_project; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.entry_files
    ADD CONSTRAINT entry_files_of_project FOREIGN KEY (product_id, project_id) REFERENCES public.projects(product_id, id);

-- Name: entry_files entry_files_uploader_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.entry_files
    ADD CONSTRAINT entry_files_uploader_id_fkey FOREIGN KEY (uploader_id) REFERENCES public.members(id);

-- Name: entry_makers entry_makers_product_id_entry_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.entry_makers
    ADD CONSTRAINT entry_makers_product_id_entry_id_fkey FOREIGN KEY (product_id, entry_id) REFERENCES public.project_entries(product_id, id);

-- Name: entry_ratings entry_ratings_product_id_entry_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.entry_ratings
    ADD CONSTRAINT entry_ratings_product_id_entry_id_fkey FOREIGN KEY (product_id, entry_id) REFERENCES public.project_entries(product_id, id);

-- Name: entry_texts entry_texts_of_entry; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.entry_texts
    ADD CONSTRAINT entry_texts_of_entry FOREIGN KEY (product_id, project_id, entry_id) REFERENCES public.project_entries(product_id, project_id, id);

-- Name: erasures erasures_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: evaluation_criteria evaluation_criteria_evaluation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.evaluation_criteria
    ADD CONSTRAINT evaluation_criteria_evaluation_id_fkey FOREIGN KEY (evaluation_id) REFERENCES public.evaluations(id);

-- Name: evaluation_entries evaluation_entries_decided_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.evaluation_entries
    ADD CONSTRAINT evaluation_entries_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.members(id);

-- Name: evaluation_entries evaluation_entries_evaluation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.evaluation_entries
    ADD CONSTRAINT evaluation_entries_evaluation_id_fkey FOREIGN KEY (evaluation_id) REFERENCES public.evaluations(id);

-- Name: evaluation_entries evaluation_entries_idea_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.evaluation_entries
    ADD CONSTRAINT evaluation_entries_idea_id_fkey FOREIGN KEY (idea_id) REFERENCES public.ideas(id);

-- Name: evaluation_ratings evaluation_ratings_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.evaluation_ratings
    ADD CONSTRAINT evaluation_ratings_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: evaluation_ratings evaluation_ratings_of_criterion; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.evaluation_ratings
    ADD CONSTRAINT evaluation_ratings_of_criterion FOREIGN KEY (evaluation_id, criterion, scale) REFERENCES public.evaluation_criteria(evaluation_id, number, scale);

-- Name: evaluation_ratings evaluation_ratings_of_entry; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.evaluation_ratings
    ADD CONSTRAINT evaluation_ratings_of_entry FOREIGN KEY (evaluation_id, idea_id) REFERENCES public.evaluation_entries(evaluation_id, idea_id);

-- Name: evaluation_tallies evaluation_tallies_of_criterion; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.evaluation_tallies
    ADD CONSTRAINT evaluation_tallies_of_criterion FOREIGN KEY (evaluation_id, criterion, scale) REFERENCES public.evaluation_criteria(evaluation_id, number, scale);

-- Name: evaluation_tallies evaluation_tallies_of_entry; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.evaluation_tallies
    ADD CONSTRAINT evaluation_tallies_of_entry FOREIGN KEY (evaluation_id, idea_id) REFERENCES public.evaluation_entries(evaluation_id, idea_id);

-- Name: evaluations evaluations_made_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.members(id);

-- Name: fee_events fee_events_allowed; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.fee_events
    ADD CONSTRAINT fee_events_allowed FOREIGN KEY (old_state, new_state) REFERENCES public.fee_transitions(old_state, new_state);

-- Name: fee_events fee_events_changed_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.fee_events
    ADD CONSTRAINT fee_events_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES public.members(id);

-- Name: fee_events fee_events_follow; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.fee_events
    ADD CONSTRAINT fee_events_follow FOREIGN KEY (idea_id, previous, old_state) REFERENCES public.fee_events(idea_id, number, new_state);

-- Name: fee_events fee_events_of_fee; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.fee_events
    ADD CONSTRAINT fee_events_of_fee FOREIGN KEY (idea_id) REFERENCES public.idea_fees(idea_id);

-- Name: fee_rates fee_rates_set_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.fee_rates
    ADD CONSTRAINT fee_rates_set_by_fkey FOREIGN KEY (set_by) REFERENCES public.members(id);

-- Name: fee_receipts fee_receipts_idea_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.fee_receipts
    ADD CONSTRAINT fee_receipts_idea_id_fkey FOREIGN KEY (idea_id) REFERENCES public.idea_fees(idea_id);

-- Name: fee_receipts fee_receipts_recorded_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.fee_receipts
    ADD CONSTRAINT fee_receipts_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES public.members(id);

-- Name: gate_choices gate_choices_chain_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.gate_choices
    ADD CONSTRAINT gate_choices_chain_fkey FOREIGN KEY (chain) REFERENCES public.gate_chains(name);

-- Name: gate_choices gate_choices_chosen_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.gate_choices
    ADD CONSTRAINT gate_choices_chosen_by_fkey FOREIGN KEY (chosen_by) REFERENCES public.members(id);

-- Name: gate_steps gate_steps_chain_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.gate_steps
    ADD CONSTRAINT gate_steps_chain_fkey FOREIGN KEY (chain) REFERENCES public.gate_chains(name);

-- Name: held_votes held_votes_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.held_votes
    ADD CONSTRAINT held_votes_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: helpful_marks helpful_marks_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.helpful_marks
    ADD CONSTRAINT helpful_marks_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: helpful_marks helpful_marks_of_comment; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.helpful_marks
    ADD CONSTRAINT helpful_marks_of_comment FOREIGN KEY (idea_id, comment_id) REFERENCES public.comments(idea_id, id);

-- Name: holding_changes holding_changes_from_member_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.holding_changes
    ADD CONSTRAINT holding_changes_from_member_fkey FOREIGN KEY (from_member) REFERENCES public.members(id);

-- Name: holding_changes holding_changes_product_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.holding_changes
    ADD CONSTRAINT holding_changes_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id);

-- Name: idea_fees idea_fees_idea_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_fees
    ADD CONSTRAINT idea_fees_idea_id_fkey FOREIGN KEY (idea_id) REFERENCES public.ideas(id);

-- Name: idea_fees idea_fees_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_fees
    ADD CONSTRAINT idea_fees_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: idea_fees idea_fees_of_rate; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_fees
    ADD CONSTRAINT idea_fees_of_rate FOREIGN KEY (rate, amount, currency) REFERENCES public.fee_rates(number, amount, currency);

-- Name: idea_fees idea_fees_stand; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_fees
    ADD CONSTRAINT idea_fees_stand FOREIGN KEY (idea_id, step, state) REFERENCES public.fee_events(idea_id, number, new_state) DEFERRABLE INITIALLY DEFERRED;

-- Name: idea_followers idea_followers_idea_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_followers
    ADD CONSTRAINT idea_followers_idea_id_fkey FOREIGN KEY (idea_id) REFERENCES public.ideas(id);

-- Name: idea_followers idea_followers_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_followers
    ADD CONSTRAINT idea_followers_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: idea_gates idea_gates_idea_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_gates
    ADD CONSTRAINT idea_gates_idea_id_fkey FOREIGN KEY (idea_id) REFERENCES public.ideas(id);

-- Name: idea_gates idea_gates_of_chain; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_gates
    ADD CONSTRAINT idea_gates_of_chain FOREIGN KEY (chain, step) REFERENCES public.gate_steps(chain, step);

-- Name: idea_history idea_history_allowed; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_history
    ADD CONSTRAINT idea_history_allowed FOREIGN KEY (old_state, new_state) REFERENCES public.idea_transitions(old_state, new_state);

-- Name: idea_history idea_history_changed_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_history
    ADD CONSTRAINT idea_history_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES public.members(id);

-- Name: idea_history idea_history_idea_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_history
    ADD CONSTRAINT idea_history_idea_id_fkey FOREIGN KEY (idea_id) REFERENCES public.ideas(id);

-- Name: idea_images idea_images_idea_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_images
    ADD CONSTRAINT idea_images_idea_id_fkey FOREIGN KEY (idea_id) REFERENCES public.ideas(id);

-- Name: idea_likings idea_likings_idea_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_likings
    ADD CONSTRAINT idea_likings_idea_id_fkey FOREIGN KEY (idea_id) REFERENCES public.ideas(id);

-- Name: idea_likings idea_likings_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_likings
    ADD CONSTRAINT idea_likings_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: idea_merges idea_merges_duplicate_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_merges
    ADD CONSTRAINT idea_merges_duplicate_id_fkey FOREIGN KEY (duplicate_id) REFERENCES public.ideas(id);

-- Name: idea_merges idea_merges_merged_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_merges
    ADD CONSTRAINT idea_merges_merged_by_fkey FOREIGN KEY (merged_by) REFERENCES public.members(id);

-- Name: idea_merges idea_merges_original_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_merges
    ADD CONSTRAINT idea_merges_original_id_fkey FOREIGN KEY (original_id) REFERENCES public.ideas(id);

-- Name: idea_merges idea_merges_undone_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_merges
    ADD CONSTRAINT idea_merges_undone_by_fkey FOREIGN KEY (undone_by) REFERENCES public.members(id);

-- Name: idea_tags idea_tags_follow_ideas; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_tags
    ADD CONSTRAINT idea_tags_follow_ideas FOREIGN KEY (idea_id, author_id, opened_at, state) REFERENCES public.ideas(id, author_id, opened_at, state) ON UPDATE CASCADE;

-- Name: idea_texts idea_texts_follow_ideas; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_texts
    ADD CONSTRAINT idea_texts_follow_ideas FOREIGN KEY (idea_id, author_id, opened_at, state) REFERENCES public.ideas(id, author_id, opened_at, state) ON UPDATE CASCADE;

-- Name: idea_versions idea_versions_idea_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idea_versions
    ADD CONSTRAINT idea_versions_idea_id_fkey FOREIGN KEY (idea_id) REFERENCES public.ideas(id);

-- Name: ideas ideas_ancestor_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.ideas
    ADD CONSTRAINT ideas_ancestor_id_fkey FOREIGN KEY (ancestor_id) REFERENCES public.ideas(id);

-- Name: ideas ideas_as_history; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.ideas
    ADD CONSTRAINT ideas_as_history FOREIGN KEY (id, last_change, state) REFERENCES public.idea_history(idea_id, number, new_state) DEFERRABLE INITIALLY DEFERRED;

-- Name: ideas ideas_author_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.ideas
    ADD CONSTRAINT ideas_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.members(id);

-- Name: ideas ideas_brief_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.ideas
    ADD CONSTRAINT ideas_brief_id_fkey FOREIGN KEY (brief_id) REFERENCES public.briefs(id);

-- Name: identity_merges identity_merges_asked_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.identity_merges
    ADD CONSTRAINT identity_merges_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.members(id);

-- Name: identity_merges identity_merges_ended_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.identity_merges
    ADD CONSTRAINT identity_merges_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES public.members(id);

-- Name: identity_merges identity_merges_from_member_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.identity_merges
    ADD CONSTRAINT identity_merges_from_member_fkey FOREIGN KEY (from_member) REFERENCES public.members(id);

-- Name: identity_merges identity_merges_to_member_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.identity_merges
    ADD CONSTRAINT identity_merges_to_member_fkey FOREIGN KEY (to_member) REFERENCES public.members(id);

-- Name: image_bytes image_bytes_of_image; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.image_bytes
    ADD CONSTRAINT image_bytes_of_image FOREIGN KEY (idea_id, image_id) REFERENCES public.idea_images(idea_id, id);

-- Name: influence_events influence_events_product_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.influence_events
    ADD CONSTRAINT influence_events_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id);

-- Name: jury_scores jury_scores_product_id_entry_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.jury_scores
    ADD CONSTRAINT jury_scores_product_id_entry_id_fkey FOREIGN KEY (product_id, entry_id) REFERENCES public.project_entries(product_id, id);

-- Name: leaver_rules leaver_rules_made_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.leaver_rules
    ADD CONSTRAINT leaver_rules_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.members(id);

-- Name: leavers leavers_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.leavers
    ADD CONSTRAINT leavers_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: member_notices member_notices_actor_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.member_notices
    ADD CONSTRAINT member_notices_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.members(id);

-- Name: member_notices member_notices_kind_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.member_notices
    ADD CONSTRAINT member_notices_kind_fkey FOREIGN KEY (kind) REFERENCES public.notification_kinds(kind);

-- Name: member_zones member_zones_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.member_zones
    ADD CONSTRAINT member_zones_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: merged_followers merged_followers_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.merged_followers
    ADD CONSTRAINT merged_followers_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: merged_followers merged_followers_of_merge; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.merged_followers
    ADD CONSTRAINT merged_followers_of_merge FOREIGN KEY (duplicate_id, number) REFERENCES public.idea_merges(duplicate_id, number);

-- Name: merged_votes merged_votes_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.merged_votes
    ADD CONSTRAINT merged_votes_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: merged_votes merged_votes_of_merge; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.merged_votes
    ADD CONSTRAINT merged_votes_of_merge FOREIGN KEY (duplicate_id, number) REFERENCES public.idea_merges(duplicate_id, number);

-- Name: notices notices_actor_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.notices
    ADD CONSTRAINT notices_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.members(id);

-- Name: notices notices_idea_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.notices
    ADD CONSTRAINT notices_idea_id_fkey FOREIGN KEY (idea_id) REFERENCES public.ideas(id);

-- Name: notices notices_kind_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.notices
    ADD CONSTRAINT notices_kind_fkey FOREIGN KEY (kind) REFERENCES public.notification_kinds(kind);

-- Name: notification_preferences notification_preferences_kind_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.notification_preferences
    ADD CONSTRAINT notification_preferences_kind_fkey FOREIGN KEY (kind) REFERENCES public.notification_kinds(kind);

-- Name: notification_preferences notification_preferences_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.notification_preferences
    ADD CONSTRAINT notification_preferences_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: notifications notifications_kind_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_kind_fkey FOREIGN KEY (kind) REFERENCES public.notification_kinds(kind);

-- Name: notifications notifications_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: payout_events payout_events_are_allowed; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.payout_events
    ADD CONSTRAINT payout_events_are_allowed FOREIGN KEY (rail, from_state, to_state) REFERENCES public.payout_transitions(rail, from_state, to_state);

-- Name: payout_events payout_events_follow; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.payout_events
    ADD CONSTRAINT payout_events_follow FOREIGN KEY (member_id, payout_id, previous, from_state) REFERENCES public.payout_events(member_id, payout_id, number, to_state);

-- Name: payout_events payout_events_have_a_payout; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.payout_events
    ADD CONSTRAINT payout_events_have_a_payout FOREIGN KEY (member_id, payout_id) REFERENCES public.payouts(member_id, id);

-- Name: payout_settings payout_settings_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.payout_settings
    ADD CONSTRAINT payout_settings_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: payouts payouts_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.payouts
    ADD CONSTRAINT payouts_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: payouts payouts_stand_where_history_led; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.payouts
    ADD CONSTRAINT payouts_stand_where_history_led FOREIGN KEY (member_id, id, step, state) REFERENCES public.payout_events(member_id, payout_id, number, to_state) DEFERRABLE INITIALLY DEFERRED;

-- Name: period_events period_events_allowed; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.period_events
    ADD CONSTRAINT period_events_allowed FOREIGN KEY (what, old_state, new_state) REFERENCES public.period_transitions(what, old_state, new_state);

-- Name: period_events period_events_changed_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.period_events
    ADD CONSTRAINT period_events_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES public.members(id);

-- Name: period_events period_events_follow; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.period_events
    ADD CONSTRAINT period_events_follow FOREIGN KEY (period_id, previous, old_state) REFERENCES public.period_events(period_id, number, new_state);

-- Name: period_events period_events_of_preview; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.period_events
    ADD CONSTRAINT period_events_of_preview FOREIGN KEY (preview_id, period_id, maker, needs_other) REFERENCES public.period_previews(id, period_id, maker, needs_other);

-- Name: period_events period_events_period_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.period_events
    ADD CONSTRAINT period_events_period_id_fkey FOREIGN KEY (period_id) REFERENCES public.periods(id);

-- Name: period_events period_events_settlement_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.period_events
    ADD CONSTRAINT period_events_settlement_id_fkey FOREIGN KEY (settlement_id) REFERENCES public.settlements(id);

-- Name: period_previews period_previews_made_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.period_previews
    ADD CONSTRAINT period_previews_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.members(id);

-- Name: period_previews period_previews_period_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.period_previews
    ADD CONSTRAINT period_previews_period_id_fkey FOREIGN KEY (period_id) REFERENCES public.periods(id);

-- Name: periods periods_stand; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.periods
    ADD CONSTRAINT periods_stand FOREIGN KEY (id, step, state) REFERENCES public.period_events(period_id, number, new_state) DEFERRABLE INITIALLY DEFERRED;

-- Name: presale_extensions presale_extensions_product_id_presale_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.presale_extensions
    ADD CONSTRAINT presale_extensions_product_id_presale_fkey FOREIGN KEY (product_id, presale) REFERENCES public.presales(product_id, number);

-- Name: presale_tiers presale_tiers_product_id_presale_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.presale_tiers
    ADD CONSTRAINT presale_tiers_product_id_presale_fkey FOREIGN KEY (product_id, presale) REFERENCES public.presales(product_id, number);

-- Name: presales presales_product_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.presales
    ADD CONSTRAINT presales_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id);

-- Name: preview_pools preview_pools_preview_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.preview_pools
    ADD CONSTRAINT preview_pools_preview_id_fkey FOREIGN KEY (preview_id) REFERENCES public.period_previews(id);

-- Name: product_aliases product_aliases_added_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.product_aliases
    ADD CONSTRAINT product_aliases_added_by_fkey FOREIGN KEY (added_by) REFERENCES public.members(id);

-- Name: product_aliases product_aliases_product_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.product_aliases
    ADD CONSTRAINT product_aliases_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id);

-- Name: product_stages product_stages_allowed; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.product_stages
    ADD CONSTRAINT product_stages_allowed FOREIGN KEY (old_stage, stage, explained) REFERENCES public.stage_transitions(old_stage, new_stage, explained);

-- Name: product_stages product_stages_changed_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.product_stages
    ADD CONSTRAINT product_stages_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES public.members(id);

-- Name: product_stages product_stages_follow; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.product_stages
    ADD CONSTRAINT product_stages_follow FOREIGN KEY (product_id, before, old_stage) REFERENCES public.product_stages(product_id, number, stage);

-- Name: product_stages product_stages_product_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.product_stages
    ADD CONSTRAINT product_stages_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id);

-- Name: products products_as_stages; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_as_stages FOREIGN KEY (id, stage_number, stage) REFERENCES public.product_stages(product_id, number, stage) DEFERRABLE INITIALLY DEFERRED;

-- Name: project_decisions project_decisions_product_id_project_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.project_decisions
    ADD CONSTRAINT project_decisions_product_id_project_id_fkey FOREIGN KEY (product_id, project_id) REFERENCES public.projects(product_id, id);

-- Name: project_entries project_entries_product_id_project_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.project_entries
    ADD CONSTRAINT project_entries_product_id_project_id_fkey FOREIGN KEY (product_id, project_id) REFERENCES public.projects(product_id, id);

-- Name: project_picks project_picks_product_id_entry_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.project_picks
    ADD CONSTRAINT project_picks_product_id_entry_id_fkey FOREIGN KEY (product_id, entry_id) REFERENCES public.project_entries(product_id, id);

-- Name: project_seals project_seals_product_id_project_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.project_seals
    ADD CONSTRAINT project_seals_product_id_project_id_fkey FOREIGN KEY (product_id, project_id) REFERENCES public.projects(product_id, id);

-- Name: project_votes project_votes_product_id_entry_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.project_votes
    ADD CONSTRAINT project_votes_product_id_entry_id_fkey FOREIGN KEY (product_id, entry_id) REFERENCES public.project_entries(product_id, id);

-- Name: projects projects_product_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id);

-- Name: proof_checkpoints proof_checkpoints_of_chain; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.proof_checkpoints
    ADD CONSTRAINT proof_checkpoints_of_chain FOREIGN KEY (size, hash) REFERENCES public.proof_entries(number, hash);

-- Name: proof_checkpoints proof_checkpoints_public_key_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.proof_checkpoints
    ADD CONSTRAINT proof_checkpoints_public_key_fkey FOREIGN KEY (public_key) REFERENCES public.proof_keys(public_key);

-- Name: proof_entries proof_entries_follow; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.proof_entries
    ADD CONSTRAINT proof_entries_follow FOREIGN KEY (before, previous) REFERENCES public.proof_entries(number, hash);

-- Name: proof_leaves proof_leaves_settlement_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.proof_leaves
    ADD CONSTRAINT proof_leaves_settlement_id_fkey FOREIGN KEY (settlement_id) REFERENCES public.settlements(id);

-- Name: proxy_votes proxy_votes_cast_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.proxy_votes
    ADD CONSTRAINT proxy_votes_cast_by_fkey FOREIGN KEY (cast_by) REFERENCES public.members(id);

-- Name: proxy_votes proxy_votes_confirmed_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.proxy_votes
    ADD CONSTRAINT proxy_votes_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES public.members(id);

-- Name: proxy_votes proxy_votes_idea_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.proxy_votes
    ADD CONSTRAINT proxy_votes_idea_id_fkey FOREIGN KEY (idea_id) REFERENCES public.ideas(id);

-- Name: proxy_votes proxy_votes_rescinded_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.proxy_votes
    ADD CONSTRAINT proxy_votes_rescinded_by_fkey FOREIGN KEY (rescinded_by) REFERENCES public.members(id);

-- Name: publication_steps publication_steps_period_id_version_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.publication_steps
    ADD CONSTRAINT publication_steps_period_id_version_fkey FOREIGN KEY (period_id, version) REFERENCES public.publications(period_id, version);

-- Name: publications publications_begun_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.publications
    ADD CONSTRAINT publications_begun_by_fkey FOREIGN KEY (begun_by) REFERENCES public.members(id);

-- Name: publications publications_period_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.publications
    ADD CONSTRAINT publications_period_id_fkey FOREIGN KEY (period_id) REFERENCES public.periods(id);

-- Name: reaction_counts reaction_counts_of_comment; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.reaction_counts
    ADD CONSTRAINT reaction_counts_of_comment FOREIGN KEY (idea_id, comment_id) REFERENCES public.comments(idea_id, id);

-- Name: reactions reactions_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.reactions
    ADD CONSTRAINT reactions_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: reactions reactions_of_comment; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.reactions
    ADD CONSTRAINT reactions_of_comment FOREIGN KEY (idea_id, comment_id) REFERENCES public.comments(idea_id, id);

-- Name: recipe_slices recipe_slices_product_id_version_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.recipe_slices
    ADD CONSTRAINT recipe_slices_product_id_version_fkey FOREIGN KEY (product_id, version) REFERENCES public.recipes(product_id, version);

-- Name: recipes recipes_product_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.recipes
    ADD CONSTRAINT recipes_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id);

-- Name: referral_changes referral_changes_product_id_settlement_id_contract_version_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.referral_changes
    ADD CONSTRAINT referral_changes_product_id_settlement_id_contract_version_fkey FOREIGN KEY (product_id, settlement_id, contract_version, share_version, currency) REFERENCES public.pool_changes(product_id, settlement_id, contract_version, share_version, currency);

-- Name: referrals referrals_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.referrals
    ADD CONSTRAINT referrals_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: referrals referrals_product_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.referrals
    ADD CONSTRAINT referrals_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id);

-- Name: reports reports_case_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_case_id_fkey FOREIGN KEY (case_id) REFERENCES public.cases(id);

-- Name: reports reports_reporter_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_reporter_id_fkey FOREIGN KEY (reporter_id) REFERENCES public.members(id);

-- Name: sale_mappings sale_mappings_added_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sale_mappings
    ADD CONSTRAINT sale_mappings_added_by_fkey FOREIGN KEY (added_by) REFERENCES public.members(id);

-- Name: sale_report_parts sale_report_parts_report_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sale_report_parts
    ADD CONSTRAINT sale_report_parts_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.sale_reports(id);

-- Name: sale_withdrawals sale_withdrawals_report_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sale_withdrawals
    ADD CONSTRAINT sale_withdrawals_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.sale_reports(id);

-- Name: sale_withdrawals sale_withdrawals_withdrawn_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sale_withdrawals
    ADD CONSTRAINT sale_withdrawals_withdrawn_by_fkey FOREIGN KEY (withdrawn_by) REFERENCES public.members(id);

-- Name: sealed_tallies sealed_tallies_product_id_entry_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sealed_tallies
    ADD CONSTRAINT sealed_tallies_product_id_entry_id_fkey FOREIGN KEY (product_id, entry_id) REFERENCES public.project_entries(product_id, id);

-- Name: sealed_votes sealed_votes_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sealed_votes
    ADD CONSTRAINT sealed_votes_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: sealed_votes sealed_votes_of_seal; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sealed_votes
    ADD CONSTRAINT sealed_votes_of_seal FOREIGN KEY (idea_id, number) REFERENCES public.tally_seals(idea_id, number) DEFERRABLE INITIALLY DEFERRED;

-- Name: settlement_sales settlement_sales_settlement_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.settlement_sales
    ADD CONSTRAINT settlement_sales_settlement_id_fkey FOREIGN KEY (settlement_id) REFERENCES public.settlements(id);

-- Name: settlements settlements_period_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.settlements
    ADD CONSTRAINT settlements_period_id_fkey FOREIGN KEY (period_id) REFERENCES public.periods(id);

-- Name: share_offer_ends share_offer_ends_ended_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.share_offer_ends
    ADD CONSTRAINT share_offer_ends_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES public.members(id);

-- Name: share_offer_ends share_offer_ends_product_id_offer_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.share_offer_ends
    ADD CONSTRAINT share_offer_ends_product_id_offer_id_fkey FOREIGN KEY (product_id, offer_id) REFERENCES public.share_offers(product_id, id);

-- Name: share_offers share_offers_from_member_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.share_offers
    ADD CONSTRAINT share_offers_from_member_fkey FOREIGN KEY (from_member) REFERENCES public.members(id);

-- Name: share_offers share_offers_product_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.share_offers
    ADD CONSTRAINT share_offers_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id);

-- Name: share_offers share_offers_to_member_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.share_offers
    ADD CONSTRAINT share_offers_to_member_fkey FOREIGN KEY (to_member) REFERENCES public.members(id);

-- Name: share_totals share_totals_product_id_version_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.share_totals
    ADD CONSTRAINT share_totals_product_id_version_fkey FOREIGN KEY (product_id, version) REFERENCES public.share_versions(product_id, version);

-- Name: share_versions share_versions_product_id_recipe_version_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.share_versions
    ADD CONSTRAINT share_versions_product_id_recipe_version_fkey FOREIGN KEY (product_id, recipe_version) REFERENCES public.recipes(product_id, version);

-- Name: shares shares_product_id_version_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_product_id_version_fkey FOREIGN KEY (product_id, version) REFERENCES public.share_versions(product_id, version);

-- Name: statement_products statement_products_period_id_version_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.statement_products
    ADD CONSTRAINT statement_products_period_id_version_fkey FOREIGN KEY (period_id, version) REFERENCES public.publications(period_id, version);

-- Name: suspense_repairs suspense_repairs_repaired_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.suspense_repairs
    ADD CONSTRAINT suspense_repairs_repaired_by_fkey FOREIGN KEY (repaired_by) REFERENCES public.members(id);

-- Name: tallies tallies_follow_ideas; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.tallies
    ADD CONSTRAINT tallies_follow_ideas FOREIGN KEY (idea_id, author_id, opened_at, state) REFERENCES public.ideas(id, author_id, opened_at, state) ON UPDATE CASCADE;

-- Name: tally_seals tally_seals_of_gate; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.tally_seals
    ADD CONSTRAINT tally_seals_of_gate FOREIGN KEY (idea_id, number) REFERENCES public.idea_gates(idea_id, number);

-- Name: term_acceptances term_acceptances_idea_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.term_acceptances
    ADD CONSTRAINT term_acceptances_idea_id_fkey FOREIGN KEY (idea_id) REFERENCES public.ideas(id);

-- Name: term_acceptances term_acceptances_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.term_acceptances
    ADD CONSTRAINT term_acceptances_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: term_acceptances term_acceptances_of_text; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.term_acceptances
    ADD CONSTRAINT term_acceptances_of_text FOREIGN KEY (version, sha256) REFERENCES public.terms(version, sha256);

-- Name: term_withdrawals term_withdrawals_of_acceptance; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.term_withdrawals
    ADD CONSTRAINT term_withdrawals_of_acceptance FOREIGN KEY (idea_id, take_back_until) REFERENCES public.term_acceptances(idea_id, take_back_until);

-- Name: terms terms_made_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.terms
    ADD CONSTRAINT terms_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.members(id);

-- Name: tokens tokens_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: vote_group_members vote_group_members_added_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_group_members
    ADD CONSTRAINT vote_group_members_added_by_fkey FOREIGN KEY (added_by) REFERENCES public.members(id);

-- Name: vote_group_members vote_group_members_member_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_group_members
    ADD CONSTRAINT vote_group_members_member_id_fkey FOREIGN KEY (member_id) REFERENCES public.members(id);

-- Name: vote_group_members vote_group_members_name_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_group_members
    ADD CONSTRAINT vote_group_members_name_fkey FOREIGN KEY (name) REFERENCES public.vote_groups(name);

-- Name: vote_group_members vote_group_members_removed_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_group_members
    ADD CONSTRAINT vote_group_members_removed_by_fkey FOREIGN KEY (removed_by) REFERENCES public.members(id);

-- Name: vote_group_weights vote_group_weights_made_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_group_weights
    ADD CONSTRAINT vote_group_weights_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.members(id);

-- Name: vote_group_weights vote_group_weights_name_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_group_weights
    ADD CONSTRAINT vote_group_weights_name_fkey FOREIGN KEY (name) REFERENCES public.vote_groups(name);

-- Name: vote_hold_events vote_hold_events_of; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_hold_events
    ADD CONSTRAINT vote_hold_events_of FOREIGN KEY (signal_id, number) REFERENCES public.vote_signal_decisions(signal_id, number) DEFERRABLE INITIALLY DEFERRED;

-- Name: vote_policies vote_policies_made_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_policies
    ADD CONSTRAINT vote_policies_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.members(id);

-- Name: vote_signal_decisions vote_signal_decisions_decided_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_signal_decisions
    ADD CONSTRAINT vote_signal_decisions_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.members(id);

-- Name: vote_signal_decisions vote_signal_decisions_signal_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_signal_decisions
    ADD CONSTRAINT vote_signal_decisions_signal_id_fkey FOREIGN KEY (signal_id) REFERENCES public.vote_signals(id);

-- Name: vote_signal_votes vote_signal_votes_signal_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vote_signal_votes
    ADD CONSTRAINT vote_signal_votes_signal_id_fkey FOREIGN KEY (signal_id) REFERENCES public.vote_signals(id);

-- Name: TABLE commitment_events; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.commitment_events FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.commitment_events TO CURRENT_USER;

-- Name: COLUMN commitment_events.previous; Type: ACL; Schema: public; Owner: -

GRANT UPDATE(previous) ON TABLE public.commitment_events TO CURRENT_USER;

-- Name: TABLE contract_rates; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.contract_rates FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.contract_rates TO CURRENT_USER;

-- Name: TABLE contracts; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.contracts FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.contracts TO CURRENT_USER;

-- Name: COLUMN contracts.first; Type: ACL; Schema: public; Owner: -

GRANT UPDATE(first) ON TABLE public.contracts TO CURRENT_USER;

-- Name: TABLE decisions; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.decisions FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.decisions TO CURRENT_USER;

-- Name: TABLE default_recipes; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.default_recipes FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.default_recipes TO CURRENT_USER;

-- Name: TABLE deliveries; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.deliveries FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.deliveries TO CURRENT_USER;

-- Name: TABLE influence_events; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.influence_events FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.influence_events TO CURRENT_USER;

-- Name: TABLE holding_changes; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.holding_changes FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.holding_changes TO CURRENT_USER;

-- Name: TABLE leaver_rules; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.leaver_rules FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.leaver_rules TO CURRENT_USER;

-- Name: TABLE payout_events; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.payout_events FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.payout_events TO CURRENT_USER;

-- Name: COLUMN payout_events.previous; Type: ACL; Schema: public; Owner: -

GRANT UPDATE(previous) ON TABLE public.payout_events TO CURRENT_USER;

-- Name: TABLE period_previews; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.period_previews FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.period_previews TO CURRENT_USER;

-- Name: COLUMN period_previews.maker; Type: ACL; Schema: public; Owner: -

GRANT UPDATE(maker) ON TABLE public.period_previews TO CURRENT_USER;

-- Name: TABLE presale_extensions; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.presale_extensions FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.presale_extensions TO CURRENT_USER;

-- Name: TABLE presale_tiers; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.presale_tiers FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.presale_tiers TO CURRENT_USER;

-- Name: COLUMN presale_tiers.taken; Type: ACL; Schema: public; Owner: -

GRANT UPDATE(taken) ON TABLE public.presale_tiers TO CURRENT_USER;

-- Name: TABLE presales; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.presales FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.presales TO CURRENT_USER;

-- Name: COLUMN presales.state; Type: ACL; Schema: public; Owner: -

GRANT UPDATE(state) ON TABLE public.presales TO CURRENT_USER;

-- Name: COLUMN presales.units; Type: ACL; Schema: public; Owner: -

GRANT UPDATE(units) ON TABLE public.presales TO CURRENT_USER;

-- Name: COLUMN presales.ends_at; Type: ACL; Schema: public; Owner: -

GRANT UPDATE(ends_at) ON TABLE public.presales TO CURRENT_USER;

-- Name: COLUMN presales.reason; Type: ACL; Schema: public; Owner: -

GRANT UPDATE(reason) ON TABLE public.presales TO CURRENT_USER;

-- Name: COLUMN presales.ended_at; Type: ACL; Schema: public; Owner: -

GRANT UPDATE(ended_at) ON TABLE public.presales TO CURRENT_USER;

-- Name: COLUMN presales.ended_by; Type: ACL; Schema: public; Owner: -

GRANT UPDATE(ended_by) ON TABLE public.presales TO CURRENT_USER;

-- Name: TABLE preview_pools; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.preview_pools FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.preview_pools TO CURRENT_USER;

-- Name: TABLE product_aliases; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.product_aliases FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,DELETE,TRIGGER ON TABLE public.product_aliases TO CURRENT_USER;

-- Name: TABLE project_decisions; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.project_decisions FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.project_decisions TO CURRENT_USER;

-- Name: TABLE project_picks; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.project_picks FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.project_picks TO CURRENT_USER;

-- Name: TABLE project_seals; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.project_seals FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.project_seals TO CURRENT_USER;

-- Name: TABLE recipe_slices; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.recipe_slices FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.recipe_slices TO CURRENT_USER;

-- Name: TABLE recipes; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.recipes FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.recipes TO CURRENT_USER;

-- Name: COLUMN recipes.total_ppb; Type: ACL; Schema: public; Owner: -

GRANT UPDATE(total_ppb) ON TABLE public.recipes TO CURRENT_USER;

-- Name: TABLE referral_changes; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.referral_changes FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.referral_changes TO CURRENT_USER;

-- Name: TABLE referrals; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.referrals FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.referrals TO CURRENT_USER;

-- Name: COLUMN referrals.fixed; Type: ACL; Schema: public; Owner: -

GRANT UPDATE(fixed) ON TABLE public.referrals TO CURRENT_USER;

-- Name: TABLE sale_lines; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.sale_lines FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.sale_lines TO CURRENT_USER;

-- Name: TABLE sale_mappings; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.sale_mappings FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.sale_mappings TO CURRENT_USER;

-- Name: TABLE sale_report_parts; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.sale_report_parts FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.sale_report_parts TO CURRENT_USER;

-- Name: TABLE sale_reports; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.sale_reports FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.sale_reports TO CURRENT_USER;

-- Name: COLUMN sale_reports.fixed; Type: ACL; Schema: public; Owner: -

GRANT UPDATE(fixed) ON TABLE public.sale_reports TO CURRENT_USER;

-- Name: TABLE sale_withdrawals; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.sale_withdrawals FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.sale_withdrawals TO CURRENT_USER;

-- Name: TABLE sealed_tallies; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.sealed_tallies FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.sealed_tallies TO CURRENT_USER;

-- Name: TABLE share_totals; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.share_totals FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.share_totals TO CURRENT_USER;

-- Name: TABLE shares; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.shares FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.shares TO CURRENT_USER;

-- Name: TABLE suspense_repairs; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.suspense_repairs FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.suspense_repairs TO CURRENT_USER;

-- Name: TABLE transfers; Type: ACL; Schema: public; Owner: -

REVOKE ALL ON TABLE public.transfers FROM CURRENT_USER;
GRANT SELECT,INSERT,REFERENCES,TRIGGER ON TABLE public.transfers TO CURRENT_USER;

