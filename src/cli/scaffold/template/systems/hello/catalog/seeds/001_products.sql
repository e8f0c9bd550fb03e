INSERT INTO products (sku, name, price_cents)
VALUES
  ('TEA-OOLONG-100', 'Oolong tea, 100 g', 890),
  ('TEA-SENCHA-100', 'Sencha, 100 g', 1190),
  ('POT-CLAY-350', 'Clay teapot, 350 ml', 3400)
ON CONFLICT (sku) DO NOTHING;
