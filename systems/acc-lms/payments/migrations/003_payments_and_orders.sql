-- Orders, what the payment providers did with them, and discounts. Money is in integer cents.

-- migrate:up

CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

CREATE TABLE discount_codes (
  code_id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  code                text NOT NULL,
  discount_type       text NOT NULL,
  discount_value      integer NOT NULL,
  minimum_order_cents integer NOT NULL DEFAULT 0,
  max_uses            integer,
  current_uses        integer NOT NULL DEFAULT 0,
  valid_from          timestamptz NOT NULL,
  valid_until         timestamptz,
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_discount_codes_code UNIQUE (code),
  CONSTRAINT chk_discount_codes_code CHECK (code ~ '^[A-Z0-9]{3,32}$'),
  CONSTRAINT chk_discount_codes_type CHECK (discount_type IN ('percentage', 'fixed_amount')),
  CONSTRAINT chk_discount_codes_value
    CHECK (discount_value > 0 AND (discount_type <> 'percentage' OR discount_value <= 100)),
  CONSTRAINT chk_discount_codes_minimum CHECK (minimum_order_cents >= 0),
  -- The last line of defence behind UPDATE … WHERE current_uses < max_uses (ACC-D12).
  CONSTRAINT chk_discount_codes_uses CHECK (current_uses >= 0 AND current_uses <= max_uses),
  CONSTRAINT chk_discount_codes_max_uses CHECK (max_uses > 0),
  CONSTRAINT chk_discount_codes_validity CHECK (valid_until > valid_from)
);

COMMENT ON COLUMN discount_codes.discount_value IS 'Per cent, or cents for fixed_amount.';
COMMENT ON COLUMN discount_codes.max_uses IS 'Null: no limit.';

CREATE TABLE orders (
  order_id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id           uuid NOT NULL,
  course_id         uuid NOT NULL,
  order_number      text NOT NULL,
  status            text NOT NULL DEFAULT 'pending',
  subtotal_cents    integer NOT NULL,
  tax_cents         integer NOT NULL DEFAULT 0,
  discount_cents    integer NOT NULL DEFAULT 0,
  total_cents       integer NOT NULL,
  currency          text NOT NULL DEFAULT 'USD',
  payment_provider  text,
  payment_intent_id text,
  discount_code     text,
  metadata          jsonb NOT NULL DEFAULT '{}',
  paid_at           timestamptz,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_orders_order_number UNIQUE (order_number),
  CONSTRAINT uq_orders_user UNIQUE (order_id, user_id),
  CONSTRAINT fk_orders_discount_code FOREIGN KEY (discount_code) REFERENCES discount_codes (code) ON UPDATE CASCADE,
  CONSTRAINT chk_orders_status
    CHECK (status IN ('pending', 'processing', 'paid', 'failed', 'cancelled', 'refunded')),
  CONSTRAINT chk_orders_amounts
    CHECK (subtotal_cents >= 0 AND tax_cents >= 0 AND discount_cents BETWEEN 0 AND subtotal_cents),
  CONSTRAINT chk_orders_total CHECK (total_cents = subtotal_cents - discount_cents + tax_cents),
  CONSTRAINT chk_orders_discount CHECK (discount_cents = 0 OR discount_code IS NOT NULL),
  CONSTRAINT chk_orders_currency CHECK (currency ~ '^[A-Z]{3}$'),
  CONSTRAINT chk_orders_paid CHECK (status NOT IN ('paid', 'refunded') OR paid_at IS NOT NULL),
  CONSTRAINT chk_orders_metadata CHECK (jsonb_typeof(metadata) = 'object')
);

-- One open order per person and course (ACC-D13): a double click does not charge twice.
CREATE UNIQUE INDEX uq_orders_open ON orders (user_id, course_id) WHERE status IN ('pending', 'processing');
CREATE UNIQUE INDEX uq_orders_payment_intent ON orders (payment_provider, payment_intent_id)
  WHERE payment_intent_id IS NOT NULL;
CREATE INDEX idx_orders_user ON orders (user_id, created_at DESC);
CREATE INDEX idx_orders_course ON orders (course_id);
CREATE INDEX idx_orders_discount_code ON orders (discount_code) WHERE discount_code IS NOT NULL;

COMMENT ON TABLE orders IS 'One course per order. user_id: auth.users, course_id: courses.courses (ACC-04).';
COMMENT ON COLUMN orders.tax_cents IS 'On subtotal less discount.';

CREATE TABLE transactions (
  transaction_id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  order_id                uuid NOT NULL,
  provider                text NOT NULL,
  provider_transaction_id text NOT NULL,
  transaction_type        text NOT NULL,
  amount_cents            integer NOT NULL,
  currency                text NOT NULL DEFAULT 'USD',
  status                  text NOT NULL DEFAULT 'pending',
  provider_fee_cents      integer NOT NULL DEFAULT 0,
  created_at              timestamptz NOT NULL DEFAULT now(),
  updated_at              timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_transactions_order FOREIGN KEY (order_id) REFERENCES orders (order_id),
  -- Webhooks arrive more than once: the provider's reference makes them idempotent (ACC-D11).
  CONSTRAINT uq_transactions_provider UNIQUE (provider, provider_transaction_id),
  CONSTRAINT chk_transactions_type CHECK (transaction_type IN ('payment', 'refund', 'chargeback')),
  CONSTRAINT chk_transactions_status CHECK (status IN ('pending', 'succeeded', 'failed')),
  CONSTRAINT chk_transactions_amount CHECK (amount_cents > 0 AND provider_fee_cents >= 0),
  CONSTRAINT chk_transactions_currency CHECK (currency ~ '^[A-Z]{3}$')
);

CREATE INDEX idx_transactions_order ON transactions (order_id);

-- What was refunded is derived, never stored: partial refunds are several rows (ACC-D13).
CREATE VIEW order_balances WITH (security_invoker = true) AS
SELECT
  o.order_id,
  o.total_cents,
  coalesce(sum(t.amount_cents) FILTER (WHERE t.transaction_type = 'payment'), 0) AS paid_cents,
  coalesce(sum(t.amount_cents) FILTER (WHERE t.transaction_type = 'refund'), 0) AS refunded_cents,
  coalesce(sum(t.amount_cents) FILTER (WHERE t.transaction_type = 'chargeback'), 0) AS charged_back_cents
FROM orders o
LEFT JOIN transactions t ON t.order_id = o.order_id AND t.status = 'succeeded'
GROUP BY o.order_id;

COMMENT ON VIEW order_balances IS 'Succeeded transactions of each order, by kind.';

CREATE TABLE discount_redemptions (
  redemption_id  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  code_id        uuid NOT NULL,
  order_id       uuid NOT NULL,
  user_id        uuid NOT NULL,
  discount_cents integer NOT NULL,
  redeemed_at    timestamptz NOT NULL DEFAULT now(),
  released_at    timestamptz,
  CONSTRAINT fk_discount_redemptions_code FOREIGN KEY (code_id) REFERENCES discount_codes (code_id),
  CONSTRAINT fk_discount_redemptions_order FOREIGN KEY (order_id, user_id) REFERENCES orders (order_id, user_id),
  CONSTRAINT uq_discount_redemptions_order UNIQUE (order_id),
  CONSTRAINT chk_discount_redemptions_discount CHECK (discount_cents > 0),
  CONSTRAINT chk_discount_redemptions_released CHECK (released_at >= redeemed_at)
);

-- A person uses a code once; a failed payment releases it (ACC-D12).
CREATE UNIQUE INDEX uq_discount_redemptions_user ON discount_redemptions (code_id, user_id)
  WHERE released_at IS NULL;
CREATE INDEX idx_discount_redemptions_code ON discount_redemptions (code_id);

COMMENT ON TABLE discount_redemptions IS
  'Support table (ACC-D12): discount_codes.current_uses counts its rows that are not released.';

CREATE TRIGGER trg_orders_updated_at BEFORE UPDATE ON orders
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_transactions_updated_at BEFORE UPDATE ON transactions
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_discount_codes_updated_at BEFORE UPDATE ON discount_codes
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- migrate:down

DROP TABLE discount_redemptions;
DROP VIEW order_balances;
DROP TABLE transactions;
DROP TABLE orders;
DROP TABLE discount_codes;
DROP FUNCTION set_updated_at();
