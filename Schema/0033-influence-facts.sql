-- A slice may be cut by role, and policies may have figures of their own. An event keeps every fact
-- that a policy may ask for, so that the same events can be divided by another recipe.

ALTER TABLE recipes
  ADD COLUMN starts_at timestamptz NOT NULL DEFAULT '-infinity',
  ADD COLUMN reason text NOT NULL DEFAULT '',
  ADD COLUMN made_by uuid,
  ADD CONSTRAINT first_recipe_has_no_start CHECK ((version = 1) = (starts_at = '-infinity')),
  ADD CONSTRAINT recipes_never_act_backwards CHECK (version = 1 OR starts_at >= created_at),
  ADD CONSTRAINT recipe_starts_differ UNIQUE (product_id, starts_at);

ALTER TABLE recipe_slices
  -- Empty: whatever role no other row of the slice names.
  ADD COLUMN role text NOT NULL DEFAULT '' CHECK (role IN ('', 'entry', 'vote')),
  -- early_weighted: how many votes for an entry count in full before the next ones count half.
  ADD COLUMN step bigint CHECK (step BETWEEN 1 AND 1000000),
  -- accuracy: how far from the price, in ppm of it, a guess still earns.
  ADD COLUMN tolerance_ppm bigint CHECK (tolerance_ppm BETWEEN 1 AND 1000000),
  -- The most and the least that one member holds of this part.
  ADD COLUMN cap_ppb bigint CHECK (cap_ppb BETWEEN 1 AND 1000000000),
  ADD COLUMN minimum_ppb bigint CHECK (minimum_ppb BETWEEN 1 AND 1000000000),
  DROP CONSTRAINT recipe_slices_policy_check,
  ADD CONSTRAINT recipe_slices_policy_check CHECK (policy IN (
    'named', 'equal', 'weight', 'selective', 'pro_rata', 'pick_weight', 'early_weighted',
    'accuracy', 'lifetime_balanced')),
  ADD CONSTRAINT step_of_early_weighted CHECK ((step IS NOT NULL) = (policy = 'early_weighted')),
  ADD CONSTRAINT tolerance_of_accuracy CHECK ((tolerance_ppm IS NOT NULL) = (policy = 'accuracy')),
  ADD CONSTRAINT cap_above_minimum CHECK (cap_ppb >= minimum_ppb),
  DROP CONSTRAINT recipe_slices_pkey,
  ADD PRIMARY KEY (product_id, version, slice, role);

ALTER TABLE influence_events
  ADD COLUMN role text NOT NULL DEFAULT '' CHECK (role IN ('', 'entry', 'vote')),
  -- How many choices the member spread; events from before this column hold it in weight.
  ADD COLUMN spread bigint CHECK (spread BETWEEN 1 AND 1000000000000),
  -- Which of the votes for the entry this was, in the order of casting; 1 is the first.
  ADD COLUMN place bigint CHECK (place BETWEEN 1 AND 1000000000000),
  -- A guess and what it turned out to be, in nanos.
  ADD COLUMN value bigint CHECK (value >= 0),
  ADD COLUMN target bigint CHECK (target > 0),
  ADD CONSTRAINT value_with_target CHECK ((value IS NULL) = (target IS NULL));
CREATE INDEX influence_events_by_arrival ON influence_events (product_id, arrival);

ALTER TABLE shares
  ADD COLUMN role text NOT NULL DEFAULT '',
  DROP CONSTRAINT shares_pkey,
  ADD PRIMARY KEY (product_id, version, slice, role, member_id);
