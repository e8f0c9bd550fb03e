-- What is sold and to whom: categories, products, customers.

-- migrate:up

CREATE TABLE categories (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  name            varchar(100) NOT NULL,
  description     text,
  parent_id       uuid,
  is_active       boolean NOT NULL DEFAULT true,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  deleted_at      timestamptz,
  CONSTRAINT fk_categories_organization
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX idx_categories_organization_id ON categories (organization_id, id);
CREATE INDEX idx_categories_parent_id ON categories (organization_id, parent_id);
ALTER TABLE categories ADD CONSTRAINT fk_categories_parent FOREIGN KEY (organization_id, parent_id)
  REFERENCES categories (organization_id, id) ON DELETE SET NULL (parent_id);

-- A tree: no category stands below itself. Moves of one organization queue up on its row, because two that
-- are each fine (A below B, B below A) make a circle together.
CREATE FUNCTION guard_category() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM FROM organizations o WHERE o.id = NEW.organization_id FOR NO KEY UPDATE;
  PERFORM FROM (
    WITH RECURSIVE above AS (
      SELECT NEW.parent_id AS id
      UNION
      SELECT c.parent_id FROM above JOIN categories c ON c.organization_id = NEW.organization_id AND c.id = above.id
    )
    SELECT FROM above WHERE above.id = NEW.id
  ) circle;
  IF FOUND THEN
    RAISE 'category % cannot stand below itself', NEW.name
      USING ERRCODE = 'check_violation', CONSTRAINT = 'categories_no_cycle', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END
$$;

-- stock_quantity is the sum of the product's movements: no statement sets it (guard_product).
--
-- Each unit sold updates a row here. PostgreSQL can do that within the page, without touching an index, as long
-- as no index mentions a column whose value changed, in its key or in its condition. Hence is_low_stock, which
-- changes seldom, in place of the stock itself (ORB-D05, ORB-D06), and room left in each page.
-- NaN passes `>= 0` (PostgreSQL sorts it above every number), hence the second condition on prices.
CREATE TABLE products (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  category_id     uuid,
  sku             varchar(100) NOT NULL,
  name            varchar(255) NOT NULL,
  description     text,
  image_url       varchar(500),
  cost_price      numeric(12, 2) NOT NULL,
  sale_price      numeric(12, 2) NOT NULL,
  stock_quantity  integer NOT NULL DEFAULT 0,
  stock_min       integer NOT NULL DEFAULT 0,
  stock_max       integer,
  unit            varchar(50) NOT NULL DEFAULT 'unit',
  barcode         varchar(100),
  is_active       boolean NOT NULL DEFAULT true,
  is_low_stock    boolean NOT NULL GENERATED ALWAYS AS (stock_quantity <= stock_min) STORED,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  deleted_at      timestamptz,
  CONSTRAINT fk_products_organization FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
  CONSTRAINT fk_products_category FOREIGN KEY (organization_id, category_id)
    REFERENCES categories (organization_id, id) ON DELETE SET NULL (category_id),
  CONSTRAINT chk_products_cost_price CHECK (cost_price >= 0 AND cost_price <> 'NaN'),
  CONSTRAINT chk_products_sale_price CHECK (sale_price >= 0 AND sale_price <> 'NaN'),
  CONSTRAINT chk_products_stock_quantity CHECK (stock_quantity >= 0),
  CONSTRAINT chk_products_stock_limits CHECK (stock_min >= 0 AND stock_max >= stock_min)
) WITH (fillfactor = 85);
CREATE UNIQUE INDEX idx_products_organization_sku ON products (organization_id, sku) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX idx_products_organization_id ON products (organization_id, id);
CREATE INDEX idx_products_category_id ON products (organization_id, category_id);
CREATE UNIQUE INDEX idx_products_barcode ON products (organization_id, barcode)
  WHERE barcode IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX idx_products_low_stock ON products (organization_id)
  WHERE is_low_stock AND is_active AND deleted_at IS NULL;

-- Nobody can make a trigger but the owner, so a change of stock from within one is a movement's; any other is
-- somebody's own statement. What moved in the last thirty days is not retired.
CREATE FUNCTION guard_product() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.stock_quantity <> 0
     OR TG_OP = 'UPDATE' AND NEW.stock_quantity <> OLD.stock_quantity AND pg_trigger_depth() = 1 THEN
    RAISE 'the stock of product % changes by movements alone', NEW.sku
      USING ERRCODE = 'check_violation', CONSTRAINT = 'products_stock_by_movement', TABLE = TG_TABLE_NAME,
            HINT = 'Insert into inventory_movements: initial, purchase or adjustment.';
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.deleted_at IS NOT NULL AND OLD.deleted_at IS NULL THEN
    PERFORM FROM inventory_movements m
      WHERE m.organization_id = NEW.organization_id AND m.product_id = NEW.id
        AND m.created_at > now() - interval '30 days';
    IF FOUND THEN
      RAISE 'product % moved in the last 30 days', NEW.sku
        USING ERRCODE = 'check_violation', CONSTRAINT = 'products_recent_activity', TABLE = TG_TABLE_NAME,
              HINT = 'Set is_active to false.';
    END IF;
  END IF;
  RETURN NEW;
END
$$;

-- total_purchases, purchases_count and last_purchase_at follow the sales (003).
-- A person has names, a company a legal name (ORB-D19).
CREATE TABLE customers (
  id                        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id           uuid NOT NULL,
  kind                      varchar(50) NOT NULL DEFAULT 'person',
  document_type             varchar(50) NOT NULL,
  document_number           varchar(50) NOT NULL, -- masked where the organization encrypts
  document_number_encrypted bytea,
  document_fingerprint      text NOT NULL,        -- what makes the number unique: itself, or its HMAC
  first_name                varchar(100),
  last_name                 varchar(100),
  legal_name                varchar(255),
  email                     varchar(255),
  phone                     varchar(50),
  address                   text,
  city                      varchar(100),
  country                   varchar(100),
  notes                     text,
  total_purchases           numeric(12, 2) NOT NULL DEFAULT 0,
  purchases_count           integer NOT NULL DEFAULT 0,
  last_purchase_at          timestamptz,
  is_active                 boolean NOT NULL DEFAULT true,
  created_at                timestamptz NOT NULL DEFAULT now(),
  updated_at                timestamptz NOT NULL DEFAULT now(),
  deleted_at                timestamptz,
  CONSTRAINT fk_customers_organization
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
  CONSTRAINT chk_customers_kind CHECK (kind IN ('person', 'company')),
  CONSTRAINT chk_customers_name CHECK (
    CASE kind WHEN 'company' THEN legal_name IS NOT NULL ELSE first_name IS NOT NULL AND last_name IS NOT NULL END
  ),
  CONSTRAINT chk_customers_document_type
    CHECK (document_type IN ('DNI', 'RUC', 'CE', 'CC', 'NIT', 'Passport', 'other')),
  CONSTRAINT chk_customers_document_number CHECK (document_number ~ '\S'),
  CONSTRAINT chk_customers_total_purchases CHECK (total_purchases >= 0 AND total_purchases <> 'NaN'),
  CONSTRAINT chk_customers_purchases_count CHECK (purchases_count >= 0)
) WITH (fillfactor = 85);
CREATE UNIQUE INDEX idx_customers_organization_document
  ON customers (organization_id, document_type, document_fingerprint) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX idx_customers_organization_id ON customers (organization_id, id);
CREATE INDEX idx_customers_email ON customers (organization_id, email);
CREATE INDEX idx_customers_phone ON customers (organization_id, phone);
CREATE INDEX idx_customers_recent_active ON customers (organization_id, last_purchase_at DESC)
  WHERE is_active AND deleted_at IS NULL;

CREATE FUNCTION guard_customer() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'INSERT' AND (NEW.total_purchases, NEW.purchases_count) IS DISTINCT FROM (0, 0)
     OR TG_OP = 'INSERT' AND NEW.last_purchase_at IS NOT NULL
     OR TG_OP = 'UPDATE' AND pg_trigger_depth() = 1
        AND (NEW.total_purchases, NEW.purchases_count, NEW.last_purchase_at)
            IS DISTINCT FROM (OLD.total_purchases, OLD.purchases_count, OLD.last_purchase_at) THEN
    RAISE 'the purchases of a customer are counted by sales alone'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'customers_statistics_by_sales', TABLE = TG_TABLE_NAME;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.deleted_at IS NOT NULL AND OLD.deleted_at IS NULL
     AND NEW.last_purchase_at > now() - interval '30 days' THEN
    RAISE 'customer % bought in the last 30 days', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'customers_recent_activity', TABLE = TG_TABLE_NAME,
            HINT = 'Set is_active to false.';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER guard_category BEFORE INSERT OR UPDATE OF parent_id ON categories
  FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION guard_category();
CREATE TRIGGER update_categories_updated_at BEFORE UPDATE ON categories
  FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER guard_product BEFORE INSERT OR UPDATE ON products
  FOR EACH ROW EXECUTE FUNCTION guard_product();
CREATE TRIGGER update_products_updated_at BEFORE UPDATE ON products
  FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER guard_customer BEFORE INSERT OR UPDATE ON customers
  FOR EACH ROW EXECUTE FUNCTION guard_customer();
CREATE TRIGGER update_customers_updated_at BEFORE UPDATE ON customers
  FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- migrate:down

DROP TABLE customers, products, categories;
DROP FUNCTION guard_customer(), guard_product(), guard_category();
