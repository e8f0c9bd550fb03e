-- Weekly forecasts of each product, those of October with what was sold in the end; the audit log of October; the
-- partitions that both need, and the daily sums.

INSERT INTO predictions (id, organization_id, product_id, prediction_date, horizon_days, predicted_quantity, confidence_score,
                         model_version, actual_quantity, created_at)
SELECT md5('orbit:prediction:' || p.id || ':' || week.day)::uuid, o.id, p.id, week.day, 7,
       round(sold.expected * (0.8 + dice % 41 / 100.0) + dice % 7 / 10.0, 2), 55 + dice % 4000 / 100.0, 'estacional-1.2',
       CASE WHEN week.day <= date '2025-10-31' THEN sold.quantity END,
       (week.day - 7)::timestamp AT TIME ZONE 'UTC' + interval '7 hours'
  FROM organizations o
  JOIN products p ON p.organization_id = o.id AND p.id = md5('orbit:' || o.domain || ':product:' || p.sku)::uuid
 CROSS JOIN (VALUES (date '2025-10-17'), (date '2025-10-24'), (date '2025-10-31'), (date '2025-11-07')) AS week (day)
 CROSS JOIN LATERAL (SELECT ('x' || left(md5('prediction:' || p.id || week.day), 7))::bit(28)::integer AS dice) rolled
 CROSS JOIN LATERAL (
   SELECT coalesce(sum(i.quantity) FILTER (WHERE (s.sale_date AT TIME ZONE o.timezone)::date > week.day - 7
                                             AND (s.sale_date AT TIME ZONE o.timezone)::date <= week.day), 0)::integer AS quantity,
          coalesce(sum(i.quantity), 0) / 13.0 AS expected
     FROM sale_items i JOIN sales s ON s.id = i.sale_id
    WHERE i.organization_id = o.id AND i.product_id = p.id AND s.status = 'completed' AND s.sale_date < '2025-11-01'
 ) sold
 WHERE o.domain IN ('demo', 'eltornillo', 'cafealtura')
   AND NOT EXISTS (SELECT FROM predictions present WHERE present.id = md5('orbit:prediction:' || p.id || ':' || week.day)::uuid)
 ORDER BY o.domain, p.sku COLLATE "C", week.day;

-- Every month from the first entry to three after today.
SELECT ensure_audit_partitions(date '2025-08-01', 5);
SELECT ensure_audit_partitions();

WITH entries AS (
  SELECT 'login:' || u.id || ':' || n AS key, u.organization_id, u.id AS user_id, 'login' AS action, 'user' AS entity_type, u.id AS entity_id,
         NULL::jsonb AS old_values, NULL::jsonb AS new_values,
         timestamptz '2025-10-01 07:35-05' + make_interval(days => 3 * n, mins => get_byte(sha256((u.id || ':' || n)::bytea), 0)) AS at
    FROM users u CROSS JOIN generate_series(0, 9) AS n
   WHERE u.created_at < '2025-07-01'
  UNION ALL
  SELECT 'cancel:' || s.id, s.organization_id, s.cancelled_by, 'cancel', 'sale', s.id, jsonb_build_object('status', 'completed'),
         jsonb_build_object('status', 'cancelled', 'reason', s.cancellation_reason), s.cancelled_at
    FROM sales s
    JOIN organizations o ON o.id = s.organization_id
   WHERE o.domain IN ('demo', 'eltornillo', 'cafealtura') AND s.status = 'cancelled' AND s.cancelled_at < '2025-11-01'
  UNION ALL
  SELECT 'price:' || p.id, p.organization_id, md5('orbit:' || o.domain || ':user:1')::uuid, 'update', 'product', p.id,
         jsonb_build_object('sale_price', round(p.sale_price * 0.95, CASE o.currency WHEN 'COP' THEN 0 ELSE 1 END)),
         jsonb_build_object('sale_price', p.sale_price),
         timestamptz '2025-09-15 08:10-05' + make_interval(mins => get_byte(sha256(p.sku::bytea), 0))
    FROM products p
    JOIN organizations o ON o.id = p.organization_id AND p.id = md5('orbit:' || o.domain || ':product:' || p.sku)::uuid
   WHERE get_byte(sha256(p.sku::bytea), 1) % 3 = 0
  UNION ALL
  -- Accounts that nobody has: no organization's.
  SELECT 'unknown:' || n, NULL, NULL, 'login_failed', 'user', NULL, NULL, jsonb_build_object('email', address),
         timestamptz '2025-10-19 03:12-05' + make_interval(mins => n::integer)
    FROM unnest(ARRAY['admin@demo.example', 'root@eltornillo.example', 'test@cafealtura.example', 'administrador@demo.example'])
         WITH ORDINALITY AS tried (address, n)
)
INSERT INTO audit_logs (id, organization_id, user_id, action, entity_type, entity_id, old_values, new_values, ip_address, user_agent, created_at)
SELECT md5('orbit:audit:' || e.key)::uuid, e.organization_id, e.user_id, e.action, e.entity_type, e.entity_id, e.old_values, e.new_values,
       CASE WHEN e.organization_id IS NULL THEN '45.155.204.27' ELSE '190.233.0.' || 10 + get_byte(sha256(e.user_id::text::bytea), 0) % 240 END,
       CASE WHEN e.organization_id IS NULL THEN 'python-requests/2.32' ELSE 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/143.0' END, e.at
  FROM entries e
 WHERE NOT EXISTS (SELECT FROM audit_logs present WHERE present.id = md5('orbit:audit:' || e.key)::uuid AND present.created_at = e.at)
 ORDER BY e.at, e.key COLLATE "C";

SELECT refresh_sales_summary();
