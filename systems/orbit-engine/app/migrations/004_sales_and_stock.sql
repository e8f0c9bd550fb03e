-- Sales, their items, and the movements that every change of stock is made of.
--
-- A sale goes pending → completed → cancelled, or from pending straight to cancelled. Completing takes its
-- items out of the stock, cancelling a completed sale gives them back (ORB-D07). Locks are taken in one order:
-- the sale, its products by id, its customer. So two tills that sell (A, B) and (B, A) queue up instead of
-- deadlocking (ORB-D09); a transaction that completes several sales may still meet another one crosswise.

-- migrate:up

-- Append-only: the history of every stock, each entry with the stock before and after it.
CREATE TABLE inventory_movements (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  product_id      uuid NOT NULL,
  user_id         uuid NOT NULL,
  movement_type   varchar(50) NOT NULL,
  quantity        integer NOT NULL,
  previous_stock  integer NOT NULL,
  new_stock       integer NOT NULL,
  reference_id    uuid,
  reference_type  varchar(50),
  reason          text,
  created_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_inventory_movements_organization
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
  CONSTRAINT fk_inventory_movements_product
    FOREIGN KEY (organization_id, product_id) REFERENCES products (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT fk_inventory_movements_user
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
  CONSTRAINT chk_inventory_movements_type
    CHECK (movement_type IN ('initial', 'purchase', 'sale', 'return', 'adjustment')),
  CONSTRAINT chk_inventory_movements_quantity CHECK (
    CASE movement_type WHEN 'adjustment' THEN quantity <> 0 WHEN 'sale' THEN quantity < 0 ELSE quantity > 0 END
  ),
  CONSTRAINT chk_inventory_movements_stock CHECK (previous_stock >= 0 AND new_stock = previous_stock + quantity),
  CONSTRAINT chk_inventory_movements_reference CHECK (
    (reference_id IS NULL) = (reference_type IS NULL) AND reference_type IN ('sale', 'purchase', 'adjustment')
  ),
  CONSTRAINT chk_inventory_movements_reason CHECK (
    movement_type <> 'adjustment'
    OR coalesce(reason, '') ~ '^(merma|corrección|donación|pérdida|otro)(: .+)?$'
  )
);
-- The movements of a person; its foreign key.
CREATE INDEX idx_inventory_movements_organization_id ON inventory_movements (organization_id, user_id);
CREATE INDEX idx_inventory_movements_product_id ON inventory_movements (organization_id, product_id, created_at DESC);
CREATE INDEX idx_inventory_movements_organization_date ON inventory_movements (organization_id, created_at DESC);
CREATE INDEX idx_inventory_movements_reference ON inventory_movements (organization_id, reference_type, reference_id);
-- The platform's ranges of time, across organizations: entries come in order, so block ranges do.
CREATE INDEX idx_inventory_movements_created_at ON inventory_movements USING brin (created_at);
CREATE UNIQUE INDEX idx_inventory_movements_initial ON inventory_movements (organization_id, product_id)
  WHERE movement_type = 'initial';

-- The next number of each series: a locked row, not a sequence, because a sale that fails must leave no gap (ORB-D13).
CREATE TABLE invoice_counters (
  organization_id uuid NOT NULL,
  series          varchar(10) NOT NULL,
  next            integer NOT NULL DEFAULT 1,
  PRIMARY KEY (organization_id, series),
  CONSTRAINT fk_invoice_counters_organization
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
  CONSTRAINT chk_invoice_counters_series CHECK (series ~ '^[A-Z0-9]+$'),
  CONSTRAINT chk_invoice_counters_next CHECK (next > 0)
) WITH (fillfactor = 50);

CREATE TABLE sales (
  id                  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id     uuid NOT NULL,
  invoice_series      varchar(10) NOT NULL DEFAULT 'B001',
  invoice_number      varchar(50) NOT NULL, -- given by guard_sale()
  customer_id         uuid,
  user_id             uuid NOT NULL,
  sale_date           timestamptz NOT NULL DEFAULT now(),
  currency            char(3) NOT NULL,     -- the organization's, unless named
  subtotal            numeric(12, 2) NOT NULL,
  discount            numeric(12, 2) NOT NULL DEFAULT 0,
  tax                 numeric(12, 2) NOT NULL DEFAULT 0,
  total               numeric(12, 2) NOT NULL,
  payment_method      varchar(50) NOT NULL,
  status              varchar(50) NOT NULL DEFAULT 'pending',
  notes               text,
  cancelled_at        timestamptz,
  cancelled_by        uuid,
  cancellation_reason text,
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_sales_organization FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
  CONSTRAINT fk_sales_customer FOREIGN KEY (organization_id, customer_id)
    REFERENCES customers (organization_id, id) ON DELETE SET NULL (customer_id),
  CONSTRAINT fk_sales_user FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
  CONSTRAINT fk_sales_cancelled_by FOREIGN KEY (organization_id, cancelled_by) REFERENCES users (organization_id, id),
  CONSTRAINT chk_sales_currency CHECK (currency ~ '^[A-Z]{3}$'),
  -- The equation leaves no room for NaN in three of the four without the fourth, and subtotal excludes it.
  CONSTRAINT chk_sales_subtotal CHECK (subtotal >= 0 AND subtotal <> 'NaN'),
  CONSTRAINT chk_sales_discount CHECK (discount >= 0 AND discount <= subtotal),
  CONSTRAINT chk_sales_tax CHECK (tax >= 0 AND tax <> 'NaN'),
  CONSTRAINT chk_sales_total CHECK (total >= 0 AND total = subtotal - discount + tax),
  CONSTRAINT chk_sales_payment_method CHECK (payment_method IN ('cash', 'card', 'transfer', 'other')),
  CONSTRAINT chk_sales_status CHECK (status IN ('completed', 'cancelled', 'pending')),
  CONSTRAINT chk_sales_cancellation CHECK (
    CASE status WHEN 'cancelled' THEN cancelled_at >= sale_date IS TRUE AND cancelled_by IS NOT NULL
                                      AND coalesce(cancellation_reason, '') ~ '\S'
                ELSE num_nonnulls(cancelled_at, cancelled_by, cancellation_reason) = 0 END
  )
);
CREATE UNIQUE INDEX idx_sales_organization_invoice ON sales (organization_id, invoice_number);
CREATE UNIQUE INDEX idx_sales_organization_id ON sales (organization_id, id);
CREATE INDEX idx_sales_organization_date ON sales (organization_id, sale_date DESC);
-- The history of a customer (query 9.4), newest first; its foreign key.
CREATE INDEX idx_sales_customer_id ON sales (organization_id, customer_id, sale_date DESC);
CREATE INDEX idx_sales_user_id ON sales (organization_id, user_id);
CREATE INDEX idx_sales_sale_date ON sales USING brin (sale_date);
-- What is not done: nearly all sales are completed, and those the date finds.
CREATE INDEX idx_sales_status ON sales (organization_id, status) WHERE status <> 'completed';
CREATE INDEX idx_sales_payment_method ON sales (organization_id, payment_method);
-- Who cancelled; its foreign key.
CREATE INDEX idx_sales_cancelled_by ON sales (organization_id, cancelled_by) WHERE cancelled_by IS NOT NULL;

-- Name, sku, price and cost are what they were at the sale: guard_sale_item() fills them in.
CREATE TABLE sale_items (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL,
  sale_id         uuid NOT NULL,
  product_id      uuid NOT NULL,
  product_name    varchar(255) NOT NULL,
  product_sku     varchar(100) NOT NULL,
  quantity        integer NOT NULL,
  unit_price      numeric(12, 2) NOT NULL,
  unit_cost       numeric(12, 2) NOT NULL,
  subtotal        numeric(12, 2) NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  -- Its own way to the organization, so that deleting one takes items before anybody asks for their products (ORB-D11).
  CONSTRAINT fk_sale_items_organization
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
  CONSTRAINT fk_sale_items_sale
    FOREIGN KEY (organization_id, sale_id) REFERENCES sales (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT fk_sale_items_product
    FOREIGN KEY (organization_id, product_id) REFERENCES products (organization_id, id),
  CONSTRAINT chk_sale_items_quantity CHECK (quantity > 0),
  CONSTRAINT chk_sale_items_unit_price CHECK (unit_price >= 0 AND unit_price <> 'NaN'),
  CONSTRAINT chk_sale_items_unit_cost CHECK (unit_cost >= 0 AND unit_cost <> 'NaN'),
  CONSTRAINT chk_sale_items_subtotal CHECK (subtotal = quantity * unit_price)
);
CREATE INDEX idx_sale_items_sale_id ON sale_items (organization_id, sale_id);
CREATE INDEX idx_sale_items_product_id ON sale_items (organization_id, product_id);

-- Fills in the stock before and after, and moves it. Row by row, so that two entries of one product in one
-- statement see each other. A product of somebody else's cannot be seen, and so does not exist (ORB-D08).
CREATE FUNCTION guard_movement() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  product record;
BEGIN
  IF NEW.movement_type IN ('sale', 'return') AND pg_trigger_depth() = 1 THEN
    RAISE 'a movement of type % is made by its sale', NEW.movement_type
      USING ERRCODE = 'check_violation', CONSTRAINT = 'inventory_movements_by_sale', TABLE = TG_TABLE_NAME;
  END IF;
  SELECT p.sku, p.name, p.stock_quantity INTO product
    FROM products p
   WHERE p.organization_id = NEW.organization_id AND p.id = NEW.product_id
     FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE 'product % does not exist', NEW.product_id
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'fk_inventory_movements_product', TABLE = TG_TABLE_NAME;
  END IF;
  NEW.previous_stock := product.stock_quantity;
  NEW.new_stock := product.stock_quantity + NEW.quantity;
  IF NEW.new_stock < 0 THEN
    RAISE 'product % (%) has % in stock, and % are needed', product.sku, product.name, product.stock_quantity, -NEW.quantity
      USING ERRCODE = 'check_violation', CONSTRAINT = 'chk_products_stock_quantity', TABLE = 'products';
  END IF;
  UPDATE products p
     SET stock_quantity = NEW.new_stock
   WHERE p.organization_id = NEW.organization_id AND p.id = NEW.product_id;
  RETURN NEW;
END
$$;

-- For nobody, the owner included. When an organization is deleted its row is gone first, and its history follows.
CREATE FUNCTION keep_movement() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM FROM organizations o WHERE o.id = OLD.organization_id;
    IF NOT FOUND THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE 'movements are neither changed nor deleted'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'inventory_movements_append_only', TABLE = TG_TABLE_NAME,
          HINT = 'Insert a movement that corrects it.';
END
$$;

CREATE FUNCTION guard_invoice_counter() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF pg_trigger_depth() = 1 THEN
    RAISE 'invoice numbers are counted by sales alone'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_counters_by_sales', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN coalesce(NEW, OLD);
END
$$;

CREATE FUNCTION next_invoice_number(organization uuid, wanted_series text) RETURNS text
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  number integer;
BEGIN
  INSERT INTO invoice_counters AS counter (organization_id, series, next)
  VALUES (organization, wanted_series, 2)
  ON CONFLICT (organization_id, series) DO UPDATE SET next = counter.next + 1
  RETURNING counter.next - 1 INTO number;
  RETURN wanted_series || '-' || lpad(number::text, 8, '0');
END
$$;

-- What a completed sale can still be refused: cancelling it takes a person with that permission, and ends with the
-- day of the sale where the organization is, or as many days later as it allows.
CREATE FUNCTION check_sale_cancellation(sale sales) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  organization record;
BEGIN
  PERFORM FROM users u JOIN roles r ON r.id = u.role_id
    WHERE u.organization_id = sale.organization_id AND u.id = sale.cancelled_by
      AND u.is_active AND u.deleted_at IS NULL AND permission_granted(r.permissions, 'sales.cancel');
  IF NOT FOUND THEN
    RAISE 'sale % can be cancelled by somebody who holds sales.cancel', sale.invoice_number
      USING ERRCODE = 'check_violation', CONSTRAINT = 'sales_cancel_permission', TABLE = 'sales';
  END IF;
  SELECT o.timezone, o.cancellation_days INTO organization
    FROM organizations o WHERE o.id = sale.organization_id;
  IF (now() AT TIME ZONE organization.timezone)::date
     > (sale.sale_date AT TIME ZONE organization.timezone)::date + organization.cancellation_days THEN
    RAISE 'sale % can be cancelled for % days after its own', sale.invoice_number, organization.cancellation_days
      USING ERRCODE = 'check_violation', CONSTRAINT = 'sales_cancel_window', TABLE = 'sales';
  END IF;
END
$$;

CREATE FUNCTION guard_sale() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'pending' THEN
      RAISE 'a new sale is pending, not %', NEW.status
        USING ERRCODE = 'check_violation', CONSTRAINT = 'sales_status_transition', TABLE = TG_TABLE_NAME,
              HINT = 'Insert the sale and its items, then update its status.';
    ELSIF NEW.invoice_number IS NOT NULL THEN
      RAISE 'invoice numbers are given, not chosen'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'sales_invoice_by_counter', TABLE = TG_TABLE_NAME,
              HINT = 'Choose an invoice_series.';
    END IF;
    NEW.invoice_number := next_invoice_number(NEW.organization_id, NEW.invoice_series);
    NEW.currency := coalesce(NEW.currency, (SELECT o.currency FROM organizations o WHERE o.id = NEW.organization_id));
    RETURN NEW;
  END IF;

  IF (NEW.organization_id, NEW.invoice_series, NEW.invoice_number)
       IS DISTINCT FROM (OLD.organization_id, OLD.invoice_series, OLD.invoice_number)
     OR OLD.status <> 'pending'
        AND ((NEW.user_id, NEW.sale_date, NEW.currency, NEW.subtotal, NEW.discount, NEW.tax, NEW.total, NEW.payment_method)
               IS DISTINCT FROM
             (OLD.user_id, OLD.sale_date, OLD.currency, OLD.subtotal, OLD.discount, OLD.tax, OLD.total, OLD.payment_method)
             -- A customer who is deleted leaves his sales behind: that comes from the foreign key's trigger.
             OR NEW.customer_id IS DISTINCT FROM OLD.customer_id AND pg_trigger_depth() = 1)
     OR OLD.status = 'cancelled'
        AND (NEW.cancelled_at, NEW.cancelled_by, NEW.cancellation_reason)
              IS DISTINCT FROM (OLD.cancelled_at, OLD.cancelled_by, OLD.cancellation_reason) THEN
    RAISE 'sale % is %: what it says is final', OLD.invoice_number, OLD.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'sales_final', TABLE = TG_TABLE_NAME;
  END IF;

  IF NEW.status IS DISTINCT FROM OLD.status THEN
    IF (OLD.status, NEW.status) NOT IN
       (('pending', 'completed'), ('pending', 'cancelled'), ('completed', 'cancelled')) THEN
      RAISE 'sale % is % and cannot become %', OLD.invoice_number, OLD.status, NEW.status
        USING ERRCODE = 'check_violation', CONSTRAINT = 'sales_status_transition', TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.status = 'cancelled' THEN
      NEW.cancelled_at := coalesce(NEW.cancelled_at, now());
      IF OLD.status = 'completed' THEN
        PERFORM check_sale_cancellation(NEW);
      END IF;
    END IF;
  END IF;
  RETURN NEW;
END
$$;

-- A sale that is gone would leave a hole in the numbers.
CREATE FUNCTION keep_sale() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM FROM organizations o WHERE o.id = OLD.organization_id;
  IF FOUND THEN
    RAISE 'sale % cannot be deleted', OLD.invoice_number
      USING ERRCODE = 'check_violation', CONSTRAINT = 'sales_kept', TABLE = TG_TABLE_NAME, HINT = 'Cancel it.';
  END IF;
  RETURN OLD;
END
$$;

-- Items change only while their sale is pending. The sale is locked first, and at once in the strength that its
-- completion takes: two sessions that both held a weaker lock would deadlock on the stronger one.
CREATE FUNCTION guard_sale_item() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  parent  record;
  product record;
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.organization_id, NEW.sale_id) IS DISTINCT FROM (OLD.organization_id, OLD.sale_id) THEN
    RAISE 'an item cannot move to another sale'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'sale_items_sale_fixed', TABLE = TG_TABLE_NAME;
  END IF;
  SELECT s.organization_id, s.invoice_number, s.status INTO parent
    FROM sales s
   WHERE s.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.sale_id ELSE NEW.sale_id END
     FOR NO KEY UPDATE;
  -- No such sale: it goes with its organization, or the foreign key will say so. An organization that is being
  -- deleted may also take its items first, whatever became of their sales.
  IF parent.status <> 'pending'
     AND (TG_OP <> 'DELETE' OR EXISTS (SELECT FROM organizations o WHERE o.id = OLD.organization_id)) THEN
    RAISE 'sale % is %: its items are final', parent.invoice_number, parent.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'sale_items_sale_pending', TABLE = TG_TABLE_NAME;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;

  NEW.organization_id := coalesce(NEW.organization_id, parent.organization_id);
  SELECT p.name, p.sku, p.sale_price, p.cost_price INTO product
    FROM products p
   WHERE p.organization_id = NEW.organization_id AND p.id = NEW.product_id AND p.is_active AND p.deleted_at IS NULL;
  IF NOT FOUND THEN
    RAISE 'product % does not exist or is not sold', NEW.product_id
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'fk_sale_items_product', TABLE = TG_TABLE_NAME;
  END IF;
  NEW.product_name := product.name;
  NEW.product_sku := product.sku;
  NEW.unit_cost := product.cost_price;
  NEW.unit_price := coalesce(NEW.unit_price, product.sale_price);
  NEW.subtotal := coalesce(NEW.subtotal, NEW.quantity * NEW.unit_price);
  RETURN NEW;
END
$$;

-- At the end of the transaction, when the sale and all its items stand (ORB-D14).
CREATE FUNCTION check_sale_subtotal() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  sale record;
BEGIN
  SELECT s.invoice_number, s.subtotal,
         coalesce((SELECT sum(i.subtotal) FROM sale_items i
                    WHERE i.organization_id = s.organization_id AND i.sale_id = s.id), 0) AS of_items
    INTO sale
    FROM sales s
   WHERE s.id = CASE WHEN TG_TABLE_NAME = 'sales' THEN (to_jsonb(NEW) ->> 'id')::uuid
                     ELSE (to_jsonb(coalesce(NEW, OLD)) ->> 'sale_id')::uuid END;
  IF sale.subtotal <> sale.of_items THEN
    RAISE 'the items of sale % come to %, and its subtotal says %', sale.invoice_number, sale.of_items, sale.subtotal
      USING ERRCODE = 'check_violation', CONSTRAINT = 'sales_subtotal_of_items', TABLE = 'sales';
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION update_stock_on_sale() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  cancelled constant boolean := NEW.status = 'cancelled';
BEGIN
  -- All of them before the first is changed, in the order that everybody takes.
  PERFORM FROM products p
    WHERE p.organization_id = NEW.organization_id
      AND p.id IN (SELECT i.product_id FROM sale_items i
                    WHERE i.organization_id = NEW.organization_id AND i.sale_id = NEW.id)
    ORDER BY p.id
    FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE 'sale % has no items', NEW.invoice_number
      USING ERRCODE = 'check_violation', CONSTRAINT = 'sales_complete_items', TABLE = TG_TABLE_NAME;
  END IF;
  INSERT INTO inventory_movements
    (organization_id, product_id, user_id, movement_type, quantity, reference_id, reference_type, reason, created_at)
  SELECT NEW.organization_id, i.product_id,
         CASE WHEN cancelled THEN NEW.cancelled_by ELSE NEW.user_id END,
         CASE WHEN cancelled THEN 'return' ELSE 'sale' END,
         sum(i.quantity) * CASE WHEN cancelled THEN 1 ELSE -1 END,
         NEW.id, 'sale', NEW.cancellation_reason, NEW.updated_at
    FROM sale_items i
   WHERE i.organization_id = NEW.organization_id AND i.sale_id = NEW.id
   GROUP BY i.product_id
   ORDER BY i.product_id;
  RETURN NULL;
END
$$;

-- Counts a sale when it is completed and takes it back when it is cancelled (ORB-D10). A back-dated sale does not
-- move the last purchase back; a cancelled one leaves the latest of those that remain.
CREATE FUNCTION update_customer_stats() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  -- First the lock, then a statement of its own: it must see what was committed while this one waited.
  PERFORM FROM customers c
    WHERE c.organization_id = NEW.organization_id AND c.id = NEW.customer_id
    FOR NO KEY UPDATE;
  IF NEW.status = 'completed' THEN
    UPDATE customers c
       SET total_purchases = c.total_purchases + NEW.total,
           purchases_count = c.purchases_count + 1,
           last_purchase_at = greatest(c.last_purchase_at, NEW.sale_date)
     WHERE c.organization_id = NEW.organization_id AND c.id = NEW.customer_id;
  ELSE
    UPDATE customers c
       SET total_purchases = c.total_purchases - NEW.total,
           purchases_count = c.purchases_count - 1,
           last_purchase_at = (SELECT max(s.sale_date) FROM sales s
                                WHERE s.organization_id = NEW.organization_id AND s.customer_id = NEW.customer_id
                                  AND s.status = 'completed')
     WHERE c.organization_id = NEW.organization_id AND c.id = NEW.customer_id;
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER guard_movement BEFORE INSERT ON inventory_movements
  FOR EACH ROW EXECUTE FUNCTION guard_movement();
CREATE TRIGGER keep_movement BEFORE UPDATE OR DELETE ON inventory_movements
  FOR EACH ROW EXECUTE FUNCTION keep_movement();
CREATE TRIGGER keep_movements BEFORE TRUNCATE ON inventory_movements
  FOR EACH STATEMENT EXECUTE FUNCTION keep_movement();
CREATE TRIGGER guard_invoice_counter BEFORE INSERT OR UPDATE OR DELETE ON invoice_counters
  FOR EACH ROW EXECUTE FUNCTION guard_invoice_counter();
CREATE TRIGGER guard_sale BEFORE INSERT OR UPDATE ON sales
  FOR EACH ROW EXECUTE FUNCTION guard_sale();
CREATE TRIGGER keep_sale BEFORE DELETE ON sales
  FOR EACH ROW EXECUTE FUNCTION keep_sale();
CREATE TRIGGER update_sales_updated_at BEFORE UPDATE ON sales
  FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER guard_sale_item BEFORE INSERT OR UPDATE OR DELETE ON sale_items
  FOR EACH ROW EXECUTE FUNCTION guard_sale_item();
CREATE CONSTRAINT TRIGGER check_sale_subtotal AFTER INSERT OR UPDATE OF subtotal ON sales
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_sale_subtotal();
CREATE CONSTRAINT TRIGGER check_sale_subtotal AFTER INSERT OR UPDATE OR DELETE ON sale_items
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_sale_subtotal();
-- In the order of their names: first the products are locked, then the customer.
CREATE TRIGGER trigger_1_update_stock_on_sale AFTER UPDATE OF status ON sales FOR EACH ROW
  WHEN (OLD.status = 'pending' AND NEW.status = 'completed' OR OLD.status = 'completed' AND NEW.status = 'cancelled')
  EXECUTE FUNCTION update_stock_on_sale();
CREATE TRIGGER trigger_2_update_customer_stats AFTER UPDATE OF status ON sales FOR EACH ROW
  WHEN (NEW.customer_id IS NOT NULL
        AND (OLD.status = 'pending' AND NEW.status = 'completed' OR OLD.status = 'completed' AND NEW.status = 'cancelled'))
  EXECUTE FUNCTION update_customer_stats();

-- migrate:down

DROP TABLE sale_items;
DROP FUNCTION check_sale_cancellation(sales);
DROP TABLE sales, invoice_counters, inventory_movements;
DROP FUNCTION update_customer_stats(), update_stock_on_sale(), check_sale_subtotal(), guard_sale_item(), keep_sale(),
  guard_sale(), next_invoice_number(uuid, text), guard_invoice_counter(), keep_movement(), guard_movement();
