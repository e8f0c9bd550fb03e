-- Three small companies on 31 October 2025: a grocery in Lima (the document's Empresa Demo), a hardware store in
-- Arequipa and a coffee shop in Bogotá, each with four people. All ids are digests of names, so that the files
-- need not ask each other. The hashes are bcrypt of no password.

INSERT INTO organizations (id, name, domain, description, timezone, currency, created_at, updated_at)
SELECT o.id, o.name, o.domain, o.description, o.timezone, o.currency, o.since, o.since
  FROM (VALUES
    (uuid 'd3000000-0000-4000-8000-000000000001', 'Empresa Demo', 'demo',
     'Bodega de barrio en Jesús María, Lima: abarrotes, bebidas y limpieza', 'America/Lima', 'PEN', timestamptz '2025-06-16 09:00-05'),
    (md5('orbit:eltornillo')::uuid, 'Ferretería El Tornillo S.R.L.', 'eltornillo',
     'Ferretería y materiales eléctricos en Cerro Colorado, Arequipa', 'America/Lima', 'PEN', timestamptz '2025-06-18 10:30-05'),
    (md5('orbit:cafealtura')::uuid, 'Café Altura S.A.S.', 'cafealtura',
     'Tienda de café de especialidad en Chapinero, Bogotá', 'America/Bogota', 'COP', timestamptz '2025-06-23 08:15-05')
  ) AS o (id, name, domain, description, timezone, currency, since)
 WHERE NOT EXISTS (SELECT FROM organizations present WHERE present.id = o.id);

INSERT INTO users (id, organization_id, role_id, email, password_hash, first_name, last_name, phone, is_verified,
                   last_login_at, created_at, updated_at)
SELECT md5('orbit:' || o.domain || ':user:' || u.n)::uuid, o.id, r.id,
       lower(translate(u.first_name || '.' || split_part(u.last_name, ' ', 1), 'áéíóúñÁÉÍÓÚÑ', 'aeiounAEIOUN')) || '@' || o.domain || '.example',
       '$2b$12$' || left(translate(encode(sha256(('orbit:' || o.domain || u.n)::bytea), 'base64'), '+=', './'), 22)
         || left(translate(encode(sha256(('hash:' || o.domain || u.n)::bytea), 'base64'), '+=', './'), 31),
       u.first_name, u.last_name, u.phone, u.n < 4,
       timestamptz '2025-10-31 07:40-05' + make_interval(mins => 9 * u.n),
       o.created_at + make_interval(hours => u.n), o.created_at + make_interval(hours => u.n)
  FROM (VALUES
    ('demo', 1, 'admin', 'Carmen', 'Huamán Salas', '987 412 036'), ('demo', 2, 'seller', 'Luis', 'Paredes Ríos', '956 203 781'),
    ('demo', 3, 'seller', 'Milagros', 'Tello Vega', '941 667 208'), ('demo', 4, 'viewer', 'Óscar', 'Bravo Luna', '999 105 472'),
    ('eltornillo', 1, 'admin', 'Hernán', 'Choque Apaza', '959 318 224'), ('eltornillo', 2, 'seller', 'Yolanda', 'Ccama Flores', '958 770 413'),
    ('eltornillo', 3, 'seller', 'Percy', 'Zegarra Málaga', '944 092 655'), ('eltornillo', 4, 'viewer', 'Rocío', 'Núñez Valdivia', '973 561 890'),
    ('cafealtura', 1, 'admin', 'Juliana', 'Restrepo Mejía', '311 482 9067'), ('cafealtura', 2, 'seller', 'Andrés', 'Cárdenas Rojas', '320 715 3384'),
    ('cafealtura', 3, 'seller', 'Paula', 'Ospina Gil', '315 906 2241'), ('cafealtura', 4, 'viewer', 'Camilo', 'Suárez Peña', '301 338 7719')
  ) AS u (domain, n, role, first_name, last_name, phone)
  JOIN organizations o ON o.domain = u.domain
  JOIN roles r ON r.name = u.role AND r.organization_id IS NULL
 WHERE NOT EXISTS (SELECT FROM users present WHERE present.id = md5('orbit:' || o.domain || ':user:' || u.n)::uuid)
 ORDER BY u.domain, u.n;

-- One device each that is signed in, and the viewer's address still to be confirmed.
INSERT INTO auth_sessions (id, organization_id, user_id, family_id, token_hash, ip_address, user_agent, created_at, expires_at)
SELECT md5('orbit:session:' || u.id)::uuid, u.organization_id, u.id, md5('orbit:family:' || u.id)::uuid,
       sha256(('orbit:token:' || u.id)::bytea), inet '190.233.0.10' + get_byte(sha256(u.id::text::bytea), 0),
       (ARRAY['Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/143.0', 'Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile'])
         [1 + get_byte(sha256(u.id::text::bytea), 1) % 2],
       u.last_login_at, u.last_login_at + interval '7 days'
  FROM users u JOIN organizations o ON o.id = u.organization_id
 WHERE o.domain IN ('demo', 'eltornillo', 'cafealtura') AND u.last_login_at < '2025-11-01'
   AND NOT EXISTS (SELECT FROM auth_sessions present WHERE present.id = md5('orbit:session:' || u.id)::uuid)
 ORDER BY u.email;

INSERT INTO auth_tokens (id, organization_id, user_id, purpose, token_hash, created_at, expires_at)
SELECT md5('orbit:verify:' || u.id)::uuid, u.organization_id, u.id, 'email_verification',
       sha256(('orbit:verify:' || u.id)::bytea), u.created_at, u.created_at + interval '2 days'
  FROM users u JOIN organizations o ON o.id = u.organization_id
 WHERE o.domain IN ('demo', 'eltornillo', 'cafealtura') AND NOT u.is_verified
   AND NOT EXISTS (SELECT FROM auth_tokens present WHERE present.user_id = u.id AND present.purpose = 'email_verification')
 ORDER BY u.email;
