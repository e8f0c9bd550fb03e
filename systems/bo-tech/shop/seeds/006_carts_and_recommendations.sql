-- Open carts of every third customer, and what is bought together.

-- One line in five was put there before the prices rose: the checkout will have something to tell.
INSERT INTO cartcache (customer_id, product_id, quantity, seen_price, updated_at)
SELECT DISTINCT ON (c.id, p.id)
       c.id, p.id, 1 + roll.dice / 7 % 12,
       round(price_in_force(c.id, p.id, date '2025-10-31') * CASE WHEN roll.dice % 5 = 0 THEN 0.97 ELSE 1 END, 2),
       timestamptz '2025-10-31 12:00-06' - make_interval(mins => roll.dice % 4000)
  FROM (SELECT id, code, row_number() OVER (ORDER BY id) AS n FROM customers WHERE is_active) c
 CROSS JOIN generate_series(1, 4) AS k
 CROSS JOIN LATERAL (SELECT ('x' || left(md5(c.code || ':cart:' || k), 7))::bit(28)::integer AS dice) roll
 CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM products WHERE is_active) active
  JOIN products p ON p.id = active.ids[1 + roll.dice / 11 % cardinality(active.ids)]
 WHERE c.n % 3 = 1
   AND (k = 1 OR roll.dice % 3 > 0)
   AND NOT EXISTS (SELECT FROM cartcache present WHERE present.customer_id = c.id)
 ORDER BY c.id, p.id, k;

-- Lift of a pair: how much more often the two share an order than chance would have it. Score is
-- lift / (1 + lift): 0.5 is chance, and it stays under 1. A pair must have met twice; five per product.
WITH bought AS (
  SELECT DISTINCT i.order_id, i.product_id FROM orderitems i JOIN orders o ON o.id = i.order_id WHERE o.status <> 'cancelled'
),
sold AS (
  SELECT product_id, count(*) AS orders FROM bought GROUP BY product_id
),
pairs AS (
  SELECT a.product_id, b.product_id AS other_id, count(*) AS together
    FROM bought a JOIN bought b ON b.order_id = a.order_id AND b.product_id <> a.product_id
   GROUP BY 1, 2
  HAVING count(*) >= 2
),
lifted AS (
  SELECT p.product_id, p.other_id, p.together,
         p.together * (SELECT count(DISTINCT order_id) FROM bought) / (a.orders * b.orders)::numeric AS lift
    FROM pairs p JOIN sold a ON a.product_id = p.product_id JOIN sold b ON b.product_id = p.other_id
),
ranked AS (
  SELECT product_id, other_id, round(lift / (1 + lift), 4) AS score,
         row_number() OVER (PARTITION BY product_id ORDER BY lift DESC, together DESC, other_id) AS place
    FROM lifted
)
INSERT INTO product_recommendations (product_id, recommended_product_id, score)
SELECT r.product_id, r.other_id, r.score
  FROM ranked r
 WHERE r.place <= 5
   AND NOT EXISTS (SELECT FROM product_recommendations present WHERE present.product_id = r.product_id)
 ORDER BY r.product_id, r.place;
