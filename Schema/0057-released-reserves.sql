-- What a reserve holds of new sales and what it gives back are two things that people ask about.
ALTER TABLE settlement_terms
  -- How much more has been given back; reserved is what is held beyond it. NULL: it was settled
  -- before this was kept.
  ADD COLUMN released bigint;
