-- One running product of :members contributors and :events events over every policy: a hundred
-- events each, in all parts alike.
CREATE TEMP TABLE part (place integer, slice text, role text, ppb bigint, policy text,
                        step bigint, tolerance bigint, cap bigint);
INSERT INTO part VALUES
  (1, 'inventor', '', 400000000, 'named', NULL, NULL, NULL),
  (2, 'idea_votes', '', 100000000, 'selective', NULL, NULL, NULL),
  (3, 'idea_discussion', '', 50000000, 'equal', NULL, NULL, NULL),
  (4, 'design', 'entry', 100000000, 'pick_weight', NULL, NULL, 20000),
  (5, 'design', 'vote', 50000000, 'selective', NULL, NULL, NULL),
  (6, 'naming', 'vote', 50000000, 'early_weighted', 100, NULL, NULL),
  (7, 'pricing', '', 50000000, 'accuracy', NULL, 250000, NULL),
  (8, 'presale', '', 150000000, 'pro_rata', NULL, NULL, NULL),
  (9, 'comparison', '', 50000000, 'lifetime_balanced', NULL, NULL, NULL);
-- A product and its first stage point at each other until the end of the transaction.
BEGIN;
INSERT INTO products (id, name, inventor_id, created_at)
SELECT id, 'A product of many', author_id, created_at FROM ideas ORDER BY id LIMIT 1;
INSERT INTO product_stages (product_id, number, stage, entered_at, changed_at)
SELECT id, 1, 'research', created_at, created_at FROM products;
COMMIT;
INSERT INTO recipes (product_id, version, unclaimed, total_ppb, created_at)
SELECT id, 1, 'house', 1000000000, created_at FROM products;
INSERT INTO recipe_slices
  (product_id, version, position, slice, role, ppb, policy, step, tolerance_ppm, cap_ppb)
SELECT id, 1, place, slice, role, ppb, policy, step, tolerance, cap FROM products, part;
INSERT INTO influence_events (product_id, id, member_id, slice, weight, evidence, occurred_at)
SELECT id, gen_random_uuid(), inventor_id, 'inventor', 1, 'the idea', created_at FROM products;
-- The n-th event is of the n-th member, counted round; parts change from round to round.
INSERT INTO influence_events
  (product_id, id, member_id, slice, role, weight, spread, place, value, target, evidence,
   occurred_at)
SELECT product.id, gen_random_uuid(), m.id, p.slice, p.role, 1 + n % 9,
  CASE p.policy WHEN 'selective' THEN 1 + n * 31 % 60 END,
  CASE p.policy WHEN 'early_weighted' THEN 1 + n * 17 % 5000 END,
  CASE p.policy WHEN 'accuracy' THEN (20 + n * 13 % 10) * 1000000000 END,
  CASE p.policy WHEN 'accuracy' THEN 24000000000 END,
  'generated', product.created_at + n * interval '1 second'
FROM products AS product, generate_series(1::bigint, :events - 1) AS n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS number FROM members) AS m
  ON m.number = n % :members
JOIN part AS p ON p.place = 2 + (n / :members + n) % 8;
