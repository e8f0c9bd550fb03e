-- Four lists: the general one (the default), two that customers are assigned to, and a campaign that is over.

INSERT INTO pricelists (name, is_active, is_default, valid_from, valid_until, created_at)
SELECT l.name, l.is_active, l.is_default AND NOT EXISTS (SELECT FROM pricelists present WHERE present.is_default),
       l.valid_from, l.valid_until, l.created_at
  FROM (VALUES
    (1, 'Lista general de contado',  true,  true,  date '2025-01-01', NULL::date,        timestamptz '2025-01-02 08:00-06'),
    (2, 'Mayoreo',                   true,  false, NULL,              NULL,              timestamptz '2025-01-02 08:05-06'),
    (3, 'Distribuidor preferente',   true,  false, date '2025-01-01', date '2099-12-31', timestamptz '2025-01-02 08:10-06'),
    (4, 'Campaña Buen Fin 2024',     false, false, date '2024-11-15', date '2024-11-18', timestamptz '2024-11-01 08:00-06')
  ) AS l (position, name, is_active, is_default, valid_from, valid_until, created_at)
 WHERE NOT EXISTS (SELECT FROM pricelists present WHERE present.name = l.name)
 ORDER BY l.position;

-- The preferred list holds three products of five and the campaign one of five: what a list leaves out is
-- sold at the default price.
INSERT INTO pricelistitems (pricelist_id, product_id, price)
SELECT l.id, p.id, round(p.price * discount.factor, 2)
  FROM pricelists l
  JOIN (VALUES ('Lista general de contado', 0.98, 5), ('Mayoreo', 0.94, 5),
               ('Distribuidor preferente', 0.89, 3), ('Campaña Buen Fin 2024', 0.80, 1)) AS discount (name, factor, of_five)
    USING (name)
  JOIN (SELECT id, price, row_number() OVER (ORDER BY id) AS n FROM products) p ON p.n % 5 < discount.of_five
 WHERE NOT EXISTS (SELECT FROM pricelistitems present WHERE present.pricelist_id = l.id AND present.product_id = p.id)
 ORDER BY l.id, p.id;
