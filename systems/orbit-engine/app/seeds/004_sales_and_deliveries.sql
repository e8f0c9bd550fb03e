-- Three months of business up to the evening of 31 October 2025: for each organization and unit of scale a delivery
-- of every product and 60 sales, most of them completed, some cancelled, a few still open. They happen one after
-- the other, by the same triggers as in production, so that stocks, statistics and invoice numbers are theirs.

DO $seed$
DECLARE
  scale constant integer := greatest(coalesce(nullif(current_setting('panal.scale', true), '')::integer, 1), 1);
  event record;
  lines jsonb;
  past  integer := 0;
BEGIN
  ANALYZE products, customers;
  -- Cancellations are entered long after their day. The microsecond keeps updated_at from becoming now.
  UPDATE organizations
     SET cancellation_days = cancellation_days + 100000, updated_at = updated_at + interval '1 microsecond'
   WHERE domain IN ('demo', 'eltornillo', 'cafealtura');

  FOR event IN
    WITH shops AS (
      SELECT o.id AS organization_id, o.domain, o.currency,
             md5('orbit:' || o.domain || ':user:1')::uuid AS administrator,
             (SELECT array_agg(p.id ORDER BY p.sku COLLATE "C") FROM products p
               WHERE p.organization_id = o.id AND p.id = md5('orbit:' || o.domain || ':product:' || p.sku)::uuid) AS products
        FROM organizations o
       WHERE o.domain IN ('demo', 'eltornillo', 'cafealtura')
    ),
    deliveries AS (
      SELECT 'delivery' AS kind, s.*, n, d.id, dice, day + make_interval(mins => 30 + 7 * line::integer) AS at, product, NULL::text AS fate
        FROM shops s
       CROSS JOIN generate_series(1, scale) AS n
       CROSS JOIN LATERAL (SELECT timestamptz '2025-08-11 08:00-05' + make_interval(days => n * 23 % 62) AS day) dated
       CROSS JOIN LATERAL unnest(s.products) WITH ORDINALITY AS listed (product, line)
       CROSS JOIN LATERAL (SELECT md5('orbit:delivery:' || product || ':' || n)::uuid AS id,
                                  ('x' || left(md5('delivery:' || product || n), 7))::bit(28)::integer AS dice) d
    ),
    waste AS (
      SELECT 'waste', s.*, 1, d.id, dice, timestamptz '2025-10-20 20:00-05' + make_interval(mins => line::integer), product, NULL
        FROM shops s
       CROSS JOIN LATERAL unnest(s.products) WITH ORDINALITY AS listed (product, line)
       CROSS JOIN LATERAL (SELECT md5('orbit:waste:' || product)::uuid AS id,
                                  ('x' || left(md5('waste:' || product), 7))::bit(28)::integer AS dice) d
       WHERE dice % 6 = 0
    ),
    -- From eight in the morning to eight in the evening, denser towards the end; what is open was begun on the last day.
    sales_planned AS (
      SELECT 'sale', s.*, n, d.id, dice,
             CASE fate WHEN 'open' THEN timestamptz '2025-10-31 15:00-05' + make_interval(mins => dice % 170)
                  ELSE timestamptz '2025-10-31 00:00-05'
                       - make_interval(days => floor(91 * ((dice % 1000) / 1000.0) ^ 2)::integer)
                       + make_interval(mins => 480 + dice / 1000 % CASE WHEN dice % 1000 < 105 THEN 540 ELSE 720 END, secs => dice % 60) END,
             NULL::uuid, fate
        FROM shops s
       CROSS JOIN generate_series(1, 60 * scale) AS n
       CROSS JOIN LATERAL (SELECT md5('orbit:' || s.domain || ':sale:' || n)::uuid AS id,
                                  ('x' || left(md5(s.domain || ':sale:' || n), 7))::bit(28)::integer AS dice,
                                  CASE WHEN n % 29 = 11 THEN 'open' WHEN n % 13 = 5 THEN 'returned' WHEN n % 17 = 3 THEN 'dropped'
                                       ELSE 'kept' END AS fate) d
    ),
    cancellations AS (
      SELECT 'cancellation', p.organization_id, p.domain, p.currency, p.administrator, p.products, p.n, p.id, p.dice,
             p.at + make_interval(mins => CASE p.fate WHEN 'dropped' THEN 6 ELSE 48 END), NULL::uuid, p.fate
        FROM sales_planned AS p (kind, organization_id, domain, currency, administrator, products, n, id, dice, at, product, fate)
       WHERE p.fate IN ('dropped', 'returned')
    )
    SELECT e.* FROM (
      SELECT * FROM deliveries UNION ALL SELECT * FROM waste UNION ALL SELECT * FROM sales_planned UNION ALL SELECT * FROM cancellations
    ) e
     WHERE CASE WHEN e.kind IN ('delivery', 'waste')
                THEN NOT EXISTS (SELECT FROM inventory_movements present WHERE present.id = e.id)
                ELSE NOT EXISTS (SELECT FROM sales present WHERE present.id = e.id) END
     ORDER BY e.at, e.domain, e.kind, e.id
  LOOP
    -- Without statistics every index that begins with the organization looks as good as the right one.
    past := past + 1;
    IF past IN (50, 500, 5000) THEN
      ANALYZE products, customers, sales, sale_items, inventory_movements, invoice_counters;
    END IF;

    IF event.kind IN ('delivery', 'waste') THEN
      INSERT INTO inventory_movements
        (id, organization_id, product_id, user_id, movement_type, quantity, reference_id, reference_type, reason, created_at)
      VALUES (event.id, event.organization_id, event.product, event.administrator,
        CASE event.kind WHEN 'delivery' THEN 'purchase' ELSE 'adjustment' END,
        CASE event.kind WHEN 'delivery' THEN 8 + event.dice % 10 ELSE -1 - event.dice % 2 END,
        CASE event.kind WHEN 'delivery' THEN md5('orbit:' || event.domain || ':order:' || event.n)::uuid END,
        CASE event.kind WHEN 'delivery' THEN 'purchase' END,
        CASE event.kind WHEN 'delivery' THEN 'Guía de remisión 001-' || lpad((event.n * 37 + 412)::text, 6, '0')
             ELSE (ARRAY['merma: empaque dañado', 'merma: rotura', 'corrección: conteo físico', 'otro: muestra para clientes'])[1 + event.dice / 6 % 4] END,
        event.at);

    ELSIF event.kind = 'sale' THEN
      SELECT jsonb_agg(jsonb_build_object('product', p.id, 'price', p.sale_price,
                         'quantity', CASE WHEN p.sale_price > CASE event.currency WHEN 'COP' THEN 50000 ELSE 60 END THEN 1
                                          ELSE 1 + picked.dice / 24 % 3 END) ORDER BY k)
        INTO lines
        FROM (SELECT DISTINCT ON (dice % 24) k, dice
                FROM generate_series(1, 1 + event.dice / 3 % 5) AS k
               CROSS JOIN LATERAL (SELECT ('x' || left(md5(event.id || ':' || k), 7))::bit(28)::integer AS dice) rolled
               ORDER BY dice % 24, k) picked
        JOIN products p ON p.id = event.products[1 + picked.dice % 24];

      INSERT INTO sales (id, organization_id, invoice_series, customer_id, user_id, sale_date, subtotal, discount, tax, total,
                         payment_method, notes, created_at, updated_at)
      SELECT event.id, event.organization_id, CASE c.kind WHEN 'company' THEN 'F001' ELSE 'B001' END, c.id,
             md5('orbit:' || event.domain || ':user:' || 2 + event.dice % 2)::uuid, event.at,
             amount.subtotal, amount.discount, amount.tax, amount.subtotal - amount.discount + amount.tax,
             (ARRAY['cash', 'cash', 'cash', 'card', 'card', 'transfer', 'other'])[1 + event.dice / 5 % 7],
             (ARRAY['Entrega a domicilio', 'Pide factura', 'Recoge por la tarde'])[event.dice / 7 % 12], event.at, event.at
        FROM (SELECT subtotal, discount,
                     round((subtotal - discount) * CASE event.currency WHEN 'COP' THEN 0.19 ELSE 0.18 END,
                           CASE event.currency WHEN 'COP' THEN 0 ELSE 2 END) AS tax
                FROM (SELECT sum((l.line ->> 'price')::numeric * (l.line ->> 'quantity')::integer) AS subtotal
                        FROM jsonb_array_elements(lines) AS l (line)) added
               CROSS JOIN LATERAL (SELECT CASE WHEN event.dice % 9 = 4
                                               THEN round(subtotal * 0.05, CASE event.currency WHEN 'COP' THEN 0 ELSE 2 END)
                                               ELSE 0 END AS discount) reduced) amount
        -- Four of five leave their name; a customer belongs to the cohort of his unit of scale or an earlier one.
        LEFT JOIN customers c ON event.dice % 5 <> 1 AND c.organization_id = event.organization_id
         AND c.id = md5('orbit:' || event.domain || ':customer:' || 1 + event.dice / 11 % (20 * (1 + (event.n - 1) / 60)))::uuid;

      INSERT INTO sale_items (id, organization_id, sale_id, product_id, quantity, unit_price, created_at)
      SELECT md5('orbit:' || event.id || ':item:' || line.n)::uuid, event.organization_id, event.id,
             (line.item ->> 'product')::uuid, (line.item ->> 'quantity')::integer, (line.item ->> 'price')::numeric, event.at
        FROM jsonb_array_elements(lines) WITH ORDINALITY AS line (item, n);

      IF event.fate IN ('kept', 'returned') THEN
        -- What the shelf cannot give stays open, as in life.
        IF EXISTS (SELECT FROM sale_items i JOIN products p ON p.id = i.product_id
                    WHERE i.sale_id = event.id AND i.quantity > p.stock_quantity) THEN
          UPDATE sales SET notes = 'En espera de mercadería', updated_at = event.at + interval '2 minutes' WHERE id = event.id;
        ELSE
          UPDATE sales SET status = 'completed', updated_at = event.at + interval '2 minutes' WHERE id = event.id;
        END IF;
      END IF;

    ELSE
      UPDATE sales
         SET status = 'cancelled', cancelled_at = event.at, updated_at = event.at + interval '2 minutes',
             cancelled_by = CASE status WHEN 'pending' THEN user_id ELSE event.administrator END,
             cancellation_reason = CASE status WHEN 'pending' THEN 'El cliente desistió de la compra'
               ELSE (ARRAY['Producto defectuoso', 'Error en el comprobante', 'Devolución del cliente'])[1 + event.dice % 3] END
       WHERE id = event.id;
    END IF;
  END LOOP;

  UPDATE organizations
     SET cancellation_days = cancellation_days - 100000, updated_at = updated_at - interval '1 microsecond'
   WHERE domain IN ('demo', 'eltornillo', 'cafealtura');
  -- The moments of the story, in place of the moment of the seeding: two runs give the same rows.
  UPDATE products SET updated_at = timestamptz '2025-10-31 21:00-05' WHERE updated_at = now();
  UPDATE customers SET updated_at = timestamptz '2025-10-31 21:00-05' WHERE updated_at = now();
END $seed$;
