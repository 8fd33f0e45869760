-- A slice for those who brought later ideas that were merged into the accepted one.
ALTER TABLE recipe_slices DROP CONSTRAINT recipe_slices_slice_check,
  ADD CONSTRAINT recipe_slices_slice_check CHECK (slice IN (
    'inventor', 'idea_votes', 'idea_discussion', 'comparison', 'research', 'design', 'finish',
    'naming', 'tagline', 'packaging', 'pricing', 'presale', 'catalyst'));
