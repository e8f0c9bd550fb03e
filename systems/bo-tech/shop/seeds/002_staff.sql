-- The distributor's own people: two administrators, three in marketing, six sellers per unit of scale, and
-- four sales groups. The hashes are Argon2id of the throwaway passwords that the README lists.

WITH setting AS (
  SELECT coalesce(nullif(current_setting('panal.tenant', true), ''), 'demo') AS tenant,
         greatest(coalesce(nullif(current_setting('panal.scale', true), '')::integer, 1), 1) AS scale
),
names AS (
  SELECT ARRAY['Ana', 'Luis', 'María', 'Jorge', 'Guadalupe', 'Carlos', 'Verónica', 'Miguel', 'Patricia', 'Raúl',
               'Leticia', 'Fernando', 'Claudia', 'Héctor', 'Rosa', 'Alejandro', 'Gabriela', 'Ricardo', 'Silvia', 'Óscar',
               'Adriana', 'Eduardo', 'Norma', 'Sergio', 'Beatriz', 'Arturo', 'Lorena', 'Javier', 'Maribel', 'Iván',
               'Daniela', 'Ramón'] AS first,
         ARRAY['Hernández', 'García', 'Martínez', 'López', 'González', 'Pérez', 'Rodríguez', 'Sánchez', 'Ramírez', 'Cruz',
               'Flores', 'Gómez', 'Morales', 'Vázquez', 'Reyes', 'Jiménez', 'Torres', 'Díaz', 'Gutiérrez', 'Ruiz',
               'Mendoza', 'Aguilar', 'Ortiz', 'Castillo', 'Moreno', 'Romero', 'Álvarez', 'Chávez', 'Rivera', 'Juárez',
               'Domínguez'] AS last
),
-- 32 first and 31 last names: i gives a new pair each time up to 992 people, from there the address counts on.
people AS (
  SELECT i, tenant,
         first[1 + (i + start) % 32] || '.' || last[1 + (7 * (i + start) + (i + start) / 32) % 31]
           || CASE WHEN i > 992 THEN (i / 992)::text ELSE '' END AS name,
         CASE WHEN i <= 2 THEN 'admin' WHEN i <= 5 THEN 'marketing' ELSE 'seller' END AS role
    FROM setting
   CROSS JOIN names
   CROSS JOIN LATERAL (SELECT ('x' || left(md5(tenant), 3))::bit(12)::integer % 900 AS start) shifted
   CROSS JOIN generate_series(1, 5 + 6 * scale) AS i
)
INSERT INTO users (email, password_hash, role, is_active, created_at)
SELECT n.email,
       (ARRAY['$argon2id$v=19$m=19456,t=2,p=1$PRnYu7vQWrOuL8tabKg/9Q$VKEl3SziwoOsvD/CiPBLzHJkr96IaKR+2xjqJ2kfgs4',
              '$argon2id$v=19$m=19456,t=2,p=1$hlWQs9iv+iaj3wV2cgEfYA$WcIfbfjyX6wv/K98efGJYP6P0xqRUfFCYyWo/eV5c0E',
              '$argon2id$v=19$m=19456,t=2,p=1$Ql4yGvdJGIrDe3ig+I9atg$8vP5DfhjZtMN3pI8L4WJAfiybYKRvnslqELkQkIRyo4'])
         [CASE n.role WHEN 'admin' THEN 1 WHEN 'marketing' THEN 2 ELSE 3 END],
       n.role, n.i % 11 <> 0, timestamptz '2025-01-06 09:00-06' + make_interval(mins => 17 * n.i)
  FROM (SELECT p.i, p.role,
               lower(translate(p.name, 'ÁÉÍÓÚáéíóúñ', 'AEIOUaeioun')) || '@' || replace(p.tenant, '_', '-') || '.example' AS email
          FROM people p) n
 WHERE NOT EXISTS (SELECT FROM users present WHERE present.email = n.email)
 ORDER BY n.i;

INSERT INTO salesgroups (name, created_at)
SELECT g.name, timestamptz '2025-01-07 09:00-06'
  FROM (VALUES
    ('farmacruz', 1, 'Farmacias independientes'), ('farmacruz', 2, 'Cadenas regionales'),
    ('farmacruz', 3, 'Clínicas y consultorios'),  ('farmacruz', 4, 'Gobierno y licitaciones'),
    ('distribuidora_mx', 1, 'Ruta Norte'),        ('distribuidora_mx', 2, 'Ruta Centro'),
    ('distribuidora_mx', 3, 'Ruta Bajío'),        ('distribuidora_mx', 4, 'Mayoristas y centrales de abasto'),
    ('farmacon', 1, 'Hospitales públicos'),       ('farmacon', 2, 'Hospitales privados'),
    ('farmacon', 3, 'Laboratorios'),              ('farmacon', 4, 'Clínicas y unidades de diálisis'),
    ('', 1, 'Zona Norte'), ('', 2, 'Zona Centro'), ('', 3, 'Zona Occidente'), ('', 4, 'Cuentas clave')
  ) AS g (tenant, position, name)
 WHERE g.tenant = (SELECT CASE WHEN tenant IN ('farmacruz', 'distribuidora_mx', 'farmacon') THEN tenant ELSE '' END
                     FROM (SELECT coalesce(nullif(current_setting('panal.tenant', true), ''), 'demo') AS tenant) setting)
   AND NOT EXISTS (SELECT FROM salesgroups present WHERE present.name = g.name)
 ORDER BY g.position;

-- Sellers take the groups in turn, every fifth covers a second one; marketing looks after the groups in turn.
INSERT INTO groupsellers (salesgroup_id, user_id)
SELECT g.id, s.id
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM users WHERE role = 'seller') s
  JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS groups FROM salesgroups) g
    ON g.n = 1 + s.n % g.groups OR (s.n % 5 = 0 AND g.n = 1 + (s.n + 1) % g.groups)
 WHERE NOT EXISTS (SELECT FROM groupsellers present WHERE present.user_id = s.id)
 ORDER BY s.id, g.id;

INSERT INTO groupmarketingmanagers (salesgroup_id, user_id)
SELECT g.id, m.id
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM salesgroups) g
  JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS managers FROM users WHERE role = 'marketing') m
    ON m.n = 1 + g.n % m.managers
 WHERE NOT EXISTS (SELECT FROM groupmarketingmanagers present WHERE present.salesgroup_id = g.id)
 ORDER BY g.id;
