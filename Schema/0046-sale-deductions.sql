-- What is deducted by name from a sale line, kept within its price.

-- Names and whole nanos from 0 on, together at most `most`.
CREATE FUNCTION deductions_fit(deductions jsonb, most bigint) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
  SELECT coalesce(bool_and(key ~ '^[a-z][a-z0-9_-]{0,31}$' AND key NOT IN ('discount', 'allowance')
                           AND value ~ '^[0-9]{1,19}$'), true)
    AND coalesce(sum(CASE WHEN value ~ '^[0-9]{1,19}$' THEN value::numeric END), 0) <= most
  FROM jsonb_each_text(deductions)
$$;

ALTER TABLE sale_lines
  ADD CONSTRAINT named_deductions_within_price CHECK (
    deductions IS NULL
    OR deductions_fit(deductions, abs(quantity) * unit_price - discount - allowance));
