-- 20 customers for each organization and unit of scale: four of five are people, the fifth is a company.

WITH setting AS (
  SELECT greatest(coalesce(nullif(current_setting('panal.scale', true), '')::integer, 1), 1) AS scale
),
words AS (
  SELECT ARRAY['Rosa', 'José', 'María', 'Víctor', 'Elena', 'Jorge', 'Lucía', 'Manuel', 'Nelly', 'Diego', 'Patricia', 'Raúl',
               'Gladys', 'Fernando', 'Sonia', 'Édgar', 'Mónica', 'Hugo', 'Teresa', 'Iván', 'Claudia', 'Marco', 'Silvia'] AS first_names,
         ARRAY['Quispe', 'Flores', 'Rodríguez', 'Mamani', 'García', 'Torres', 'Vargas', 'Castillo', 'Rojas', 'Mendoza', 'Gutiérrez',
               'Ramos', 'Díaz', 'Chávez', 'Salazar', 'Cruz', 'Espinoza', 'Medina', 'Aguilar', 'León', 'Córdova', 'Peralta',
               'Campos', 'Ortiz', 'Delgado', 'Palomino', 'Cárdenas', 'Ibáñez', 'Reyes'] AS last_names,
         ARRAY['Inversiones', 'Comercial', 'Servicios Generales', 'Restaurante', 'Constructora', 'Corporación', 'Distribuidora'] AS trades,
         ARRAY['San Martín', 'El Sol', 'Los Andes', 'Santa Rosa', 'La Esperanza', 'Miraflores', 'El Cóndor', 'Pacífico', 'Bolívar',
               'La Molina', 'San José'] AS proper_names
),
people AS (
  SELECT o.id AS organization_id, o.domain, o.currency = 'COP' AS colombian, i,
         ('x' || left(md5(o.domain || ':customer:' || i), 7))::bit(28)::integer AS dice,
         -- 23, 29 and 28 have no factor in common: the names of two people agree only after 18,676.
         first_names[1 + (i + length(o.domain)) % 23] AS first_name,
         last_names[1 + (3 * i + length(o.domain)) % 29] || ' ' || last_names[1 + (i / 3 + 5 * i) % 28] AS last_name,
         trades[1 + i % 7] || ' ' || proper_names[1 + i % 11] || CASE WHEN i > 77 THEN ' ' || 1 + i / 77 ELSE '' END AS company_name
    FROM setting
   CROSS JOIN words
   CROSS JOIN generate_series(1, 20 * scale) AS i
    JOIN organizations o ON o.domain IN ('demo', 'eltornillo', 'cafealtura')
)
INSERT INTO customers (id, organization_id, kind, document_type, document_number, first_name, last_name, legal_name,
                       email, phone, address, city, country, is_active, created_at, updated_at)
SELECT derived.id, p.organization_id, CASE WHEN company THEN 'company' ELSE 'person' END,
       CASE WHEN company THEN CASE WHEN colombian THEN 'NIT' ELSE 'RUC' END
            WHEN p.i % 19 = 7 THEN 'CE' WHEN colombian THEN 'CC' ELSE 'DNI' END,
       -- 7919 has no factor in common with a power of ten, so no two of an organization are alike.
       CASE WHEN company AND colombian THEN '900' || lpad((p.i::bigint * 7919 % 1000000)::text, 6, '0') || '-' || p.dice % 10
            WHEN company THEN '20' || lpad((500000000 + p.i::bigint * 7919 % 100000000)::text, 9, '0')
            WHEN p.i % 19 = 7 THEN lpad((p.i::bigint * 7919 % 1000000000)::text, 9, '0')
            WHEN colombian THEN '10' || lpad((p.i::bigint * 79190 % 100000000 + p.dice % 10)::text, 8, '0')
            ELSE lpad((40000000 + p.i::bigint * 791900 % 10000000 + p.dice % 100)::text, 8, '0') END,
       CASE WHEN NOT company THEN p.first_name END, CASE WHEN NOT company THEN p.last_name END,
       CASE WHEN company THEN p.company_name || CASE WHEN colombian THEN ' S.A.S.' ELSE ' S.A.C.' END END,
       CASE WHEN p.dice % 4 <> 0 THEN mailbox || '.' || p.i || '@correo.example' END,
       CASE WHEN p.dice % 9 <> 0 THEN CASE WHEN colombian THEN '3' || 10 + p.dice % 12 ELSE '9' || 10 + p.dice % 90 END
         || ' ' || lpad((p.dice / 11 % 1000)::text, 3, '0') || ' ' || lpad((p.dice / 7919 % CASE WHEN colombian THEN 10000 ELSE 1000 END)::text, CASE WHEN colombian THEN 4 ELSE 3 END, '0') END,
       CASE WHEN colombian THEN 'Carrera ' || 5 + p.dice % 60 || ' # ' || 40 + p.dice / 3 % 60 || '-' || 10 + p.dice / 5 % 80
            ELSE (ARRAY['Av. Los Próceres', 'Jr. Ayacucho', 'Calle Bolognesi', 'Av. Ejército', 'Psje. Las Flores', 'Jr. Huiracocha'])[1 + p.dice % 6]
                 || ' ' || 100 + p.dice / 3 % 1700 END,
       CASE p.domain WHEN 'demo' THEN (ARRAY['Jesús María', 'Lince', 'Pueblo Libre', 'Breña'])[1 + p.dice % 4]
                     WHEN 'eltornillo' THEN (ARRAY['Cerro Colorado', 'Yanahuara', 'Cayma', 'Arequipa'])[1 + p.dice % 4]
                     ELSE 'Bogotá' END,
       CASE WHEN colombian THEN 'Colombia' ELSE 'Perú' END, p.dice % 23 <> 0, since, since
  FROM people p
 CROSS JOIN LATERAL (SELECT p.i % 5 = 0 AS company, md5('orbit:' || p.domain || ':customer:' || p.i)::uuid AS id,
                            timestamptz '2025-07-02 09:00-05' + make_interval(hours => p.dice % 600, mins => p.dice % 60) AS since) derived
 CROSS JOIN LATERAL (SELECT CASE WHEN company THEN 'compras'
                                 ELSE lower(translate(p.first_name || '.' || split_part(p.last_name, ' ', 1), 'áéíóúñÁÉÍÓÚÑ', 'aeiounAEIOUN')) END AS mailbox) named
 WHERE NOT EXISTS (SELECT FROM customers present WHERE present.id = derived.id)
 ORDER BY p.domain, p.i;
