-- 24 customers per unit of scale, each with an RFC-like code, contact data, a sales group, one of three
-- price arrangements (by default, Mayoreo, Distribuidor preferente) and one or two buyers who can log in.

WITH setting AS (
  SELECT coalesce(nullif(current_setting('panal.tenant', true), ''), 'demo') AS tenant,
         greatest(coalesce(nullif(current_setting('panal.scale', true), '')::integer, 1), 1) AS scale
),
words AS (
  SELECT CASE tenant
           WHEN 'farmacruz' THEN ARRAY['Farmacia', 'Botica', 'Farmacia y Consultorio', 'Clínica', 'Súper Farmacia', 'Droguería', 'Farmacia Veterinaria', 'Farmacéutica']
           WHEN 'distribuidora_mx' THEN ARRAY['Abarrotes', 'Miscelánea', 'Minisúper', 'Cremería', 'Tienda', 'Fonda', 'Dulcería', 'Autoservicio']
           WHEN 'farmacon' THEN ARRAY['Hospital', 'Clínica', 'Sanatorio', 'Centro Médico', 'Laboratorio', 'Hospital General', 'Unidad de Diálisis', 'Centro Quirúrgico']
           ELSE ARRAY['Papelería', 'Despacho', 'Colegio', 'Hotel', 'Consultoría', 'Constructora', 'Imprenta', 'Notaría'] END AS kind,
         ARRAY['San Judas', 'Guadalupe', 'La Esperanza', 'El Rosario', 'Santa Fe', 'Del Valle', 'San Rafael', 'Las Américas',
               'Benito Juárez', 'La Merced', 'Nueva España', 'San Ángel', 'Los Pinos', 'El Carmen', 'Tepeyac', 'Miraflores',
               'San Miguel', 'La Central', 'Jardines', 'Del Centro', 'Santa Mónica', 'Reforma', 'El Mirador', 'Las Palmas',
               'San Isidro', 'La Paz', 'Universidad', 'Los Arcos', 'Santa Lucía', 'Revolución', 'Vista Hermosa'] AS name
    FROM setting
),
-- 8 kinds and 31 names give 248 different customers; from there they open branches.
numbered AS (
  SELECT i, ('x' || left(md5(tenant || ':customer:' || i), 7))::bit(28)::integer AS dice,
         kind[1 + (i + start) % 8] AS kind,
         name[1 + (i + start) % 31] AS proper,
         CASE WHEN i > 248 THEN ', sucursal ' || 1 + (i - 1) / 248 ELSE '' END AS branch
    FROM setting
   CROSS JOIN words
   CROSS JOIN LATERAL (SELECT ('x' || right(md5(tenant), 3))::bit(12)::integer AS start) shifted
   CROSS JOIN generate_series(1, 24 * scale) AS i
),
-- As an RFC: three letters, a founding date, and three characters that here number the customer (7919 has
-- no factor in common with 36 × 36 × 36, so no two of the first 46,656 are alike).
coded AS (
  SELECT i, dice, kind || ' ' || proper || branch AS name,
         upper(translate(left(kind, 1) || left(regexp_replace(proper, '^(La|El|Los|Las|San|Santa|Del) ', ''), 2), 'áéíóúÁÉÍÓÚ', 'aeiouAEIOU'))
           || to_char(date '1988-01-01' + dice % 12000, 'YYMMDD')
           || substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', 1 + mark / 1296, 1)
           || substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', 1 + mark / 36 % 36, 1)
           || substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', 1 + mark % 36, 1) AS code
    FROM numbered
   CROSS JOIN LATERAL (SELECT ((i::bigint * 7919 + 12345) % 46656)::integer AS mark) marked
)
INSERT INTO customers (code, name, is_active, salesgroup_id, pricelist_id, created_at)
SELECT c.code, c.name, c.dice % 17 <> 0, g.id,
       (SELECT min(l.id) FROM pricelists l WHERE l.name = (ARRAY['Mayoreo', 'Distribuidor preferente'])[c.i % 3]),
       timestamptz '2025-01-08 09:00-06' + make_interval(hours => c.i % 200, mins => c.dice % 60)
  FROM coded c
  LEFT JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS groups FROM salesgroups) g
    ON g.n = 1 + c.dice % g.groups
 WHERE NOT EXISTS (SELECT FROM customers present WHERE present.code = c.code)
 ORDER BY c.i;

WITH seeded AS (
  SELECT c.id, ('x' || left(md5(c.code), 7))::bit(28)::integer AS dice,
         regexp_replace(lower(translate(c.name, 'áéíóúÁÉÍÓÚñ', 'aeiouAEIOUn')), '[^a-z0-9]+', '-', 'g') || '.example' AS domain
    FROM customers c
   WHERE NOT EXISTS (SELECT FROM customerinfo present WHERE present.customer_id = c.id)
)
INSERT INTO customerinfo (customer_id, email, phone, address)
SELECT s.id, 'contacto@' || s.domain,
       -- Ten digits in all, whether the area code has two or three of them.
       city.lada || ' ' || left((1000 + s.dice % 9000)::text, 6 - length(city.lada)) || ' ' || lpad((s.dice / 7 % 10000)::text, 4, '0'),
       (ARRAY['Av. Hidalgo', 'Calle Morelos', 'Blvd. Adolfo López Mateos', 'Calle 5 de Mayo', 'Av. Juárez', 'Calle Allende',
              'Av. Insurgentes', 'Calzada Independencia', 'Calle Matamoros', 'Av. Revolución'])[1 + s.dice / 3 % 10]
         || ' ' || 10 + s.dice / 11 % 1890 || ', Col. '
         || (ARRAY['Centro', 'Las Flores', 'Obrera', 'Del Valle', 'Industrial', 'San José', 'Jardines', 'La Loma'])[1 + s.dice / 5 % 8]
         || ', ' || city.postal + s.dice / 13 % 90 || ' ' || city.name
  FROM seeded s
  JOIN (VALUES (0, 'Guadalajara, Jal.', '33', 44100), (1, 'Monterrey, N.L.', '81', 64000), (2, 'Puebla, Pue.', '222', 72000),
               (3, 'León, Gto.', '477', 37000), (4, 'Mérida, Yuc.', '999', 97000), (5, 'Querétaro, Qro.', '442', 76000),
               (6, 'Toluca, Edo. Méx.', '722', 50000), (7, 'Veracruz, Ver.', '229', 91700), (8, 'Culiacán, Sin.', '667', 80000),
               (9, 'San Luis Potosí, S.L.P.', '444', 78000), (10, 'Morelia, Mich.', '443', 58000), (11, 'Chihuahua, Chih.', '614', 31000)
       ) AS city (n, name, lada, postal) ON city.n = s.dice % 12
 ORDER BY s.id;

INSERT INTO customer_users (customer_id, email, password_hash, is_active, created_at)
SELECT c.id, person.mailbox || substr(i.email, strpos(i.email, '@')),
       '$argon2id$v=19$m=19456,t=2,p=1$rFoFprMdYlxKOn+PbXv5+Q$5viCF5JBgTTaVYdzTafr3/F5S4dxjVNA9tFl9Ogwb2A',
       true, c.created_at + make_interval(hours => 2)
  FROM customers c
  JOIN customerinfo i ON i.customer_id = c.id
  JOIN (VALUES (0, 'compras'), (1, 'gerencia')) AS person (n, mailbox) ON person.n = 0 OR c.id % 2 = 0
 WHERE i.email LIKE 'contacto@%.example'
   AND NOT EXISTS (SELECT FROM customer_users present
                    WHERE present.email = person.mailbox || substr(i.email, strpos(i.email, '@')))
 ORDER BY c.id, person.n;
