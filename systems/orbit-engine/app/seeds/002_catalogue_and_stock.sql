-- Six categories and 24 products for each organization, and what was on the
-- shelves when they began.

INSERT INTO categories (id, organization_id, name, parent_id, created_at, updated_at)
SELECT md5('orbit:' || o.domain || ':category:' || c.name)::uuid, o.id, c.name,
       md5('orbit:' || o.domain || ':category:' || c.parent)::uuid, timestamptz '2025-06-30 09:00-05', timestamptz '2025-06-30 09:00-05'
  FROM (VALUES
    ('demo', 'Abarrotes', NULL),
    ('demo', 'Arroz y menestras', 'Abarrotes'),
    ('demo', 'Aceites y salsas', 'Abarrotes'),
    ('demo', 'Bebidas', NULL),
    ('demo', 'Lácteos', NULL),
    ('demo', 'Limpieza', NULL),
    ('eltornillo', 'Herramientas', NULL),
    ('eltornillo', 'Herramientas manuales', 'Herramientas'),
    ('eltornillo', 'Herramientas eléctricas', 'Herramientas'),
    ('eltornillo', 'Electricidad', NULL),
    ('eltornillo', 'Gasfitería', NULL),
    ('eltornillo', 'Pinturas', NULL),
    ('cafealtura', 'Café', NULL),
    ('cafealtura', 'Café en grano', 'Café'),
    ('cafealtura', 'Café molido', 'Café'),
    ('cafealtura', 'Preparación', NULL),
    ('cafealtura', 'Bebidas', NULL),
    ('cafealtura', 'Panadería', NULL)
  ) AS c (domain, name, parent)
  JOIN organizations o ON o.domain = c.domain
 WHERE NOT EXISTS (SELECT FROM categories present WHERE present.id = md5('orbit:' || o.domain || ':category:' || c.name)::uuid)
 ORDER BY c.parent NULLS FIRST, c.domain, c.name COLLATE "C";

-- Prices in soles, and in Colombian pesos for the coffee shop.
INSERT INTO products (id, organization_id, category_id, sku, name, cost_price, sale_price, stock_min, stock_max, unit,
                      barcode, created_at, updated_at)
SELECT md5('orbit:' || o.domain || ':product:' || p.sku)::uuid, o.id, md5('orbit:' || o.domain || ':category:' || p.category)::uuid,
       p.sku, p.name, p.cost_price, p.sale_price, 9 + dice % 14, 60 + 10 * (dice % 15),
       CASE WHEN p.name ~ '(rollo|bolsa|caja|paquete|lata|botella)' THEN substring(p.name FROM '(rollo|bolsa|caja|paquete|lata|botella)')
            ELSE 'unidad' END,
       CASE o.currency WHEN 'PEN' THEN '775' ELSE '770' END || lpad((dice % 10000000000)::text, 10, '0'),
       timestamptz '2025-06-30 10:00-05', timestamptz '2025-06-30 10:00-05'
  FROM (VALUES
    ('demo', 'Arroz y menestras', 'ARR-COS-5K', 'Arroz Costeño extra, bolsa 5 kg', 18.90, 24.50),
    ('demo', 'Arroz y menestras', 'LEN-500', 'Lenteja bebé, bolsa 500 g', 3.40, 4.90),
    ('demo', 'Arroz y menestras', 'FRI-CAN-500', 'Frijol canario, bolsa 500 g', 5.10, 7.20),
    ('demo', 'Arroz y menestras', 'QUI-500', 'Quinua blanca, bolsa 500 g', 5.80, 8.50),
    ('demo', 'Aceites y salsas', 'ACE-VEG-900', 'Aceite vegetal, botella 900 ml', 6.70, 8.90),
    ('demo', 'Aceites y salsas', 'ACE-OLI-500', 'Aceite de oliva extra virgen, 500 ml', 22.00, 29.90),
    ('demo', 'Aceites y salsas', 'AJI-AMA-400', 'Crema de ají amarillo, 400 g', 6.20, 9.40),
    ('demo', 'Abarrotes', 'AZU-RUB-1K', 'Azúcar rubia, bolsa 1 kg', 3.00, 3.90),
    ('demo', 'Abarrotes', 'FID-SPA-500', 'Spaghetti, bolsa 500 g', 2.20, 3.20),
    ('demo', 'Abarrotes', 'ATU-170', 'Atún en aceite vegetal, lata 170 g', 4.10, 5.80),
    ('demo', 'Abarrotes', 'HAR-PRE-1K', 'Harina preparada, bolsa 1 kg', 4.60, 6.30),
    ('demo', 'Bebidas', 'AGU-625', 'Agua de mesa sin gas, 625 ml', 0.90, 1.80),
    ('demo', 'Bebidas', 'GAS-KOL-2L', 'Gaseosa dorada, botella 2 l', 5.90, 7.90),
    ('demo', 'Bebidas', 'CHI-MOR-1L', 'Chicha morada, caja 1 l', 4.00, 5.90),
    ('demo', 'Bebidas', 'CER-RUB-650', 'Cerveza rubia, botella 650 ml', 5.10, 7.00),
    ('demo', 'Lácteos', 'LEC-EVA-400', 'Leche evaporada, lata 400 g', 3.20, 4.20),
    ('demo', 'Lácteos', 'YOG-FRE-1L', 'Yogur de fresa, botella 1 l', 5.20, 7.10),
    ('demo', 'Lácteos', 'QUE-FRE-KG', 'Queso fresco de Cajamarca, 1 kg', 17.50, 24.00),
    ('demo', 'Lácteos', 'MAN-200', 'Mantequilla con sal, 200 g', 6.80, 9.20),
    ('demo', 'Limpieza', 'DET-900', 'Detergente en polvo, bolsa 900 g', 8.30, 11.50),
    ('demo', 'Limpieza', 'LEJ-1L', 'Lejía tradicional, botella 1 l', 2.30, 3.60),
    ('demo', 'Limpieza', 'JAB-3PK', 'Jabón de tocador, paquete de 3', 6.10, 8.40),
    ('demo', 'Limpieza', 'PAP-6PK', 'Papel higiénico doble hoja, 6 rollos', 7.40, 9.90),
    ('demo', 'Limpieza', 'LAV-750', 'Lavavajilla limón, 750 ml', 5.00, 7.30),
    ('eltornillo', 'Herramientas manuales', 'MAR-16OZ', 'Martillo de uña 16 oz, mango de fibra', 24.00, 36.90),
    ('eltornillo', 'Herramientas manuales', 'DES-JGO6', 'Juego de 6 desarmadores', 21.50, 34.00),
    ('eltornillo', 'Herramientas manuales', 'ALI-8', 'Alicate universal 8"', 18.20, 28.50),
    ('eltornillo', 'Herramientas manuales', 'WIN-5M', 'Wincha de 5 m', 9.40, 15.90),
    ('eltornillo', 'Herramientas manuales', 'LLA-FRA10', 'Llave francesa 10"', 26.00, 39.90),
    ('eltornillo', 'Herramientas manuales', 'SER-20', 'Serrucho 20"', 19.80, 31.00),
    ('eltornillo', 'Herramientas eléctricas', 'TAL-650', 'Taladro percutor 650 W', 142.00, 199.00),
    ('eltornillo', 'Herramientas eléctricas', 'AMO-4P5', 'Amoladora angular 4 1/2", 820 W', 155.00, 219.00),
    ('eltornillo', 'Herramientas eléctricas', 'BRO-JGO13', 'Juego de 13 brocas para metal', 27.00, 42.50),
    ('eltornillo', 'Herramientas', 'CAJ-19', 'Caja de herramientas 19"', 38.00, 57.90),
    ('eltornillo', 'Electricidad', 'CAB-THW14', 'Cable THW 14 AWG, rollo 100 m', 118.00, 159.00),
    ('eltornillo', 'Electricidad', 'FOC-LED9', 'Foco LED 9 W, luz blanca', 3.90, 6.90),
    ('eltornillo', 'Electricidad', 'TOM-DOB', 'Tomacorriente doble con tierra', 7.80, 12.90),
    ('eltornillo', 'Electricidad', 'INT-SIM', 'Interruptor simple empotrable', 5.40, 8.90),
    ('eltornillo', 'Electricidad', 'LLA-TER20', 'Llave termomagnética 2 × 20 A', 24.50, 36.50),
    ('eltornillo', 'Electricidad', 'CIN-AIS', 'Cinta aislante negra, 20 m', 2.60, 4.50),
    ('eltornillo', 'Gasfitería', 'TUB-PVC12', 'Tubo PVC 1/2" presión, 5 m', 9.20, 14.50),
    ('eltornillo', 'Gasfitería', 'COD-PVC12', 'Codo PVC 1/2" × 90°', 0.60, 1.20),
    ('eltornillo', 'Gasfitería', 'CAN-LAV', 'Caño para lavatorio, cromado', 32.00, 49.90),
    ('eltornillo', 'Gasfitería', 'TEF-12', 'Cinta teflón 1/2", 10 m', 0.90, 1.80),
    ('eltornillo', 'Pinturas', 'LAT-BLA-GL', 'Látex blanco mate, galón', 28.50, 42.00),
    ('eltornillo', 'Pinturas', 'ESM-NEG-14', 'Esmalte sintético negro, 1/4 galón', 16.40, 24.90),
    ('eltornillo', 'Pinturas', 'BRO-3', 'Brocha de cerda 3"', 6.20, 10.50),
    ('eltornillo', 'Pinturas', 'ROD-9', 'Rodillo antigota 9" con mango', 9.80, 15.90),
    ('cafealtura', 'Café en grano', 'HUI-GR340', 'Café Huila en grano, 340 g', 21000.00, 34000.00),
    ('cafealtura', 'Café en grano', 'NAR-GR340', 'Café Nariño en grano, 340 g', 23500.00, 38000.00),
    ('cafealtura', 'Café en grano', 'SIE-GR340', 'Café Sierra Nevada orgánico en grano, 340 g', 25000.00, 41000.00),
    ('cafealtura', 'Café en grano', 'GEI-GR250', 'Café Geisha de Cauca en grano, 250 g', 48000.00, 79000.00),
    ('cafealtura', 'Café en grano', 'CAT-GR1K', 'Catación de la casa en grano, 1 kg', 52000.00, 82000.00),
    ('cafealtura', 'Café molido', 'HUI-MO340', 'Café Huila molido medio, 340 g', 21500.00, 34500.00),
    ('cafealtura', 'Café molido', 'TOL-MO340', 'Café Tolima molido fino, 340 g', 20500.00, 33000.00),
    ('cafealtura', 'Café molido', 'DES-MO250', 'Café descafeinado molido, 250 g', 19000.00, 31000.00),
    ('cafealtura', 'Café molido', 'CAP-10', 'Cápsulas compatibles, caja con 10', 14500.00, 23900.00),
    ('cafealtura', 'Preparación', 'CHE-6T', 'Chemex de 6 tazas', 148000.00, 215000.00),
    ('cafealtura', 'Preparación', 'V60-02', 'Gotero V60 de cerámica', 62000.00, 98000.00),
    ('cafealtura', 'Preparación', 'FIL-V60', 'Filtros para V60, paquete de 100', 17500.00, 28000.00),
    ('cafealtura', 'Preparación', 'PRE-600', 'Prensa francesa 600 ml', 56000.00, 89000.00),
    ('cafealtura', 'Preparación', 'MOL-MAN', 'Molino manual de muelas cónicas', 172000.00, 259000.00),
    ('cafealtura', 'Preparación', 'GRE-3T', 'Greca de 3 tazas', 39000.00, 62000.00),
    ('cafealtura', 'Bebidas', 'TIN-8', 'Tinto 8 oz', 900.00, 3500.00),
    ('cafealtura', 'Bebidas', 'CAP-8', 'Capuchino 8 oz', 2300.00, 7500.00),
    ('cafealtura', 'Bebidas', 'LAT-12', 'Latte 12 oz', 2900.00, 8900.00),
    ('cafealtura', 'Bebidas', 'COL-12', 'Cold brew 12 oz', 2600.00, 9500.00),
    ('cafealtura', 'Bebidas', 'CHO-SAN', 'Chocolate santafereño', 3100.00, 8200.00),
    ('cafealtura', 'Panadería', 'ALM-BOC', 'Almojábana con bocadillo', 1700.00, 4800.00),
    ('cafealtura', 'Panadería', 'PAN-YUC', 'Pan de yuca', 1200.00, 3600.00),
    ('cafealtura', 'Panadería', 'TOR-ZAN', 'Torta de zanahoria, porción', 3400.00, 9800.00),
    ('cafealtura', 'Panadería', 'GAL-AVE', 'Galleta de avena y chocolate', 1500.00, 4500.00)
  ) AS p (domain, category, sku, name, cost_price, sale_price)
  JOIN organizations o ON o.domain = p.domain
 CROSS JOIN LATERAL (SELECT ('x' || left(md5(p.domain || p.sku), 12))::bit(48)::bigint AS dice) rolled
 WHERE NOT EXISTS (SELECT FROM products present WHERE present.id = md5('orbit:' || o.domain || ':product:' || p.sku)::uuid)
 ORDER BY p.domain, p.sku COLLATE "C";

INSERT INTO inventory_movements (id, organization_id, product_id, user_id, movement_type, quantity, created_at)
SELECT md5('orbit:' || o.domain || ':initial:' || p.sku)::uuid, o.id, p.id, md5('orbit:' || o.domain || ':user:1')::uuid, 'initial',
       14 + ('x' || left(md5(o.domain || p.sku || ':stock'), 7))::bit(28)::integer % 11, timestamptz '2025-07-01 08:00-05'
  FROM organizations o
  JOIN products p ON p.organization_id = o.id AND p.id = md5('orbit:' || o.domain || ':product:' || p.sku)::uuid
 WHERE o.domain IN ('demo', 'eltornillo', 'cafealtura')
   AND NOT EXISTS (SELECT FROM inventory_movements present
                    WHERE present.id = md5('orbit:' || o.domain || ':initial:' || p.sku)::uuid)
 ORDER BY o.domain, p.sku COLLATE "C";

-- The moment of the story, in place of the moment of the seeding: two runs give the same rows.
UPDATE products SET updated_at = timestamptz '2025-07-01 08:00-05' WHERE updated_at = now();
