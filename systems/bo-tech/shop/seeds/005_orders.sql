-- 60 orders per unit of scale, ever denser towards the end of October 2025, brought through their states the
-- way the application does it, so that stock and totals are what the triggers make them. Most lines of an
-- order come from one category: that is what the recommendations are later found from.

DO $seed$
DECLARE
  tenant   constant text := coalesce(nullif(current_setting('panal.tenant', true), ''), 'demo');
  scale    constant integer := greatest(coalesce(nullif(current_setting('panal.scale', true), '')::integer, 1), 1);
  wanted   constant integer := 60 * scale;
  midnight constant timestamptz := '2025-10-31 00:00-06';
  fresh    integer[];
  placed   record;
BEGIN
  WITH planned AS (
    SELECT n, ('x' || left(md5(tenant || ':order:' || n), 7))::bit(28)::integer AS dice,
           (260 + span) * ((wanted - n + 1)::numeric / wanted) ^ 3 AS days_ago
      FROM generate_series(1, wanted) AS n
     CROSS JOIN (SELECT ('x' || left(md5(tenant), 1))::bit(4)::integer AS span) varied
  ),
  addressed AS (
    -- Between eight in the morning and six in the evening.
    SELECT p.n, p.dice, c.id AS customer_id, c.salesgroup_id,
           midnight - make_interval(secs => 86400 * floor(p.days_ago)::integer)
             + make_interval(hours => 8, secs => floor((1 - p.days_ago % 1) * 34900)::integer + p.dice % 900) AS created_at
      FROM planned p
     CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM customers WHERE is_active) active
      JOIN customers c ON c.id = active.ids[1 + p.dice % cardinality(active.ids)]
  ),
  inserted AS (
    INSERT INTO orders (customer_id, user_id, customer_user_id, notes, idempotency_key, created_at, updated_at)
    SELECT a.customer_id,
           -- Two of three come through a seller of the customer's group, the third from a buyer himself.
           CASE WHEN a.n % 3 > 0 THEN
             (SELECT s.user_id FROM groupsellers s WHERE s.salesgroup_id = a.salesgroup_id
               ORDER BY md5(a.n || ':' || s.user_id) LIMIT 1) END,
           CASE WHEN a.n % 3 = 0 THEN (SELECT min(u.id) FROM customer_users u WHERE u.customer_id = a.customer_id) END,
           (ARRAY['Entregar por la mañana, de 8 a 11 h', 'Facturar con uso de CFDI G03', 'Llamar antes de entregar',
                  'Recibe almacén, puerta 2', 'Pedido urgente'])[a.dice / 7 % 11],
           'seed-' || lpad(a.n::text, 7, '0'), a.created_at, a.created_at
      FROM addressed a
     WHERE NOT EXISTS (SELECT FROM orders present WHERE present.idempotency_key = 'seed-' || lpad(a.n::text, 7, '0'))
     ORDER BY a.created_at
    RETURNING id
  )
  SELECT array_agg(id ORDER BY id) INTO fresh FROM inserted;
  IF fresh IS NULL THEN
    RETURN;
  END IF;

  INSERT INTO orderitems (order_id, product_id, quantity, unit_price)
  SELECT line.order_id, line.product_id,
         CASE WHEN line.price < 60 THEN 6 * (1 + line.dice / 3 % 6)
              WHEN line.price < 250 THEN 2 * (1 + line.dice / 3 % 5)
              WHEN line.price < 5000 THEN 1 + line.dice / 3 % 3
              ELSE 1 END,
         price_in_force(line.customer_id, line.product_id, (line.created_at AT TIME ZONE 'America/Mexico_City')::date)
    FROM (SELECT DISTINCT ON (o.id, p.id)
                 o.id AS order_id, o.customer_id, o.created_at, p.id AS product_id, p.price, roll.dice
            FROM orders o
           CROSS JOIN LATERAL (SELECT ('x' || left(md5(tenant || o.idempotency_key), 7))::bit(28)::integer AS dice) theme
           CROSS JOIN LATERAL generate_series(1, 2 + theme.dice / 5 % 5) AS k
           CROSS JOIN LATERAL (SELECT ('x' || left(md5(tenant || o.idempotency_key || ':' || k), 7))::bit(28)::integer AS dice) roll
            JOIN (SELECT array_agg(q.id ORDER BY q.id) AS products,
                         row_number() OVER (ORDER BY q.category_id) - 1 AS n, count(*) OVER () AS categories
                    FROM products q WHERE q.is_active GROUP BY q.category_id) shelf
              ON shelf.n = CASE WHEN k = 1 OR roll.dice % 10 < 7 THEN theme.dice ELSE roll.dice / 10 END % shelf.categories
            JOIN products p ON p.id = shelf.products[1 + roll.dice / 100 % cardinality(shelf.products)]
           WHERE o.id = ANY (fresh)
           ORDER BY o.id, p.id, k) line
   ORDER BY line.order_id, line.product_id;

  -- The latest tenth waits, the eighth before it is confirmed; of the rest most were shipped, and some
  -- cancelled before or after they were confirmed. What the stock cannot serve waits, as in life.
  FOR placed IN
    SELECT o.id, CASE WHEN n > 0.9 * wanted THEN 'pending'
                      WHEN n > 0.775 * wanted THEN 'confirmed'
                      WHEN n % 9 = 4 THEN 'dropped'
                      WHEN n % 13 = 6 THEN 'returned'
                      ELSE 'shipped' END AS goal
      FROM orders o CROSS JOIN LATERAL (SELECT substr(o.idempotency_key, 6)::integer AS n) numbered
     WHERE o.id = ANY (fresh)
     ORDER BY o.id
  LOOP
    IF placed.goal = 'dropped' THEN
      UPDATE orders SET status = 'cancelled', notes = 'Cancelado por el cliente' WHERE id = placed.id;
    ELSIF placed.goal <> 'pending' THEN
      IF EXISTS (SELECT FROM orderitems i JOIN products p ON p.id = i.product_id
                  WHERE i.order_id = placed.id AND i.quantity > p.stock) THEN
        UPDATE orders SET notes = 'En espera de existencias' WHERE id = placed.id;
      ELSE
        UPDATE orders SET status = 'confirmed' WHERE id = placed.id;
        UPDATE orders SET status = CASE placed.goal WHEN 'shipped' THEN 'shipped' ELSE 'cancelled' END
         WHERE id = placed.id AND placed.goal <> 'confirmed';
      END IF;
    END IF;
  END LOOP;

  -- The moments of the story, in place of the moment of the seeding: two runs give the same rows.
  UPDATE orders
     SET updated_at = created_at + CASE status WHEN 'shipped' THEN interval '44 hours' WHEN 'confirmed' THEN interval '3 hours'
                                               WHEN 'cancelled' THEN interval '20 hours' ELSE interval '5 minutes' END
   WHERE id = ANY (fresh);
  UPDATE products SET updated_at = midnight + interval '18 hours' WHERE updated_at = now();
END $seed$;
