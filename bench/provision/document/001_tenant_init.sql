-- The 14 tables and 4 indexes of the BO Tech document, section 5 ("tenant_init.sql"), statement for
-- statement as the document gives them: no correction, no addition. The provisioning benchmark runs this
-- file on both sides, so that it compares ways of provisioning and not schemas. What Panal ships for the
-- same tables stands in systems/bo-tech/shop/migrations.
CREATE TABLE IF NOT EXISTS categories (
    id          SERIAL PRIMARY KEY,
    name        VARCHAR(255) NOT NULL UNIQUE,
    description TEXT,
    created_at  TIMESTAMPTZ DEFAULT NOW()
);

CREATE TABLE IF NOT EXISTS products (
    id              SERIAL PRIMARY KEY,
    sku             VARCHAR(100) NOT NULL UNIQUE,
    name            VARCHAR(255) NOT NULL,
    description     TEXT,
    price           NUMERIC(10, 2) NOT NULL DEFAULT 0,
    stock           INTEGER NOT NULL DEFAULT 0,
    category_id     INTEGER REFERENCES categories(id) ON DELETE SET NULL,
    is_active       BOOLEAN DEFAULT TRUE,
    created_at      TIMESTAMPTZ DEFAULT NOW(),
    updated_at      TIMESTAMPTZ DEFAULT NOW()
);

CREATE TABLE IF NOT EXISTS users (
    id            SERIAL PRIMARY KEY,
    email         VARCHAR(255) NOT NULL UNIQUE,
    password_hash VARCHAR(255) NOT NULL,
    role          VARCHAR(50) NOT NULL DEFAULT 'seller',  -- admin | marketing | seller
    is_active     BOOLEAN DEFAULT TRUE,
    created_at    TIMESTAMPTZ DEFAULT NOW()
);

CREATE TABLE IF NOT EXISTS salesgroups (
    id         SERIAL PRIMARY KEY,
    name       VARCHAR(255) NOT NULL,
    created_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE TABLE IF NOT EXISTS groupsellers (
    id           SERIAL PRIMARY KEY,
    salesgroup_id INTEGER REFERENCES salesgroups(id) ON DELETE CASCADE,
    user_id       INTEGER REFERENCES users(id) ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS groupmarketingmanagers (
    id           SERIAL PRIMARY KEY,
    salesgroup_id INTEGER REFERENCES salesgroups(id) ON DELETE CASCADE,
    user_id       INTEGER REFERENCES users(id) ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS customers (
    id           SERIAL PRIMARY KEY,
    code         VARCHAR(100) NOT NULL UNIQUE,
    name         VARCHAR(255) NOT NULL,
    is_active    BOOLEAN DEFAULT TRUE,
    salesgroup_id INTEGER REFERENCES salesgroups(id) ON DELETE SET NULL,
    created_at   TIMESTAMPTZ DEFAULT NOW()
);

CREATE TABLE IF NOT EXISTS customerinfo (
    id          SERIAL PRIMARY KEY,
    customer_id INTEGER REFERENCES customers(id) ON DELETE CASCADE,
    email       VARCHAR(255),
    phone       VARCHAR(50),
    address     TEXT
);

CREATE TABLE IF NOT EXISTS pricelists (
    id         SERIAL PRIMARY KEY,
    name       VARCHAR(255) NOT NULL,
    is_active  BOOLEAN DEFAULT TRUE,
    created_at TIMESTAMPTZ DEFAULT NOW()
);

CREATE TABLE IF NOT EXISTS pricelistitems (
    id            SERIAL PRIMARY KEY,
    pricelist_id  INTEGER REFERENCES pricelists(id) ON DELETE CASCADE,
    product_id    INTEGER REFERENCES products(id) ON DELETE CASCADE,
    price         NUMERIC(10, 2) NOT NULL,
    UNIQUE(pricelist_id, product_id)
);

CREATE TABLE IF NOT EXISTS orders (
    id           SERIAL PRIMARY KEY,
    customer_id  INTEGER REFERENCES customers(id) ON DELETE SET NULL,
    user_id      INTEGER REFERENCES users(id) ON DELETE SET NULL,
    status       VARCHAR(50) DEFAULT 'pending',  -- pending | confirmed | shipped | cancelled
    total        NUMERIC(12, 2) DEFAULT 0,
    notes        TEXT,
    created_at   TIMESTAMPTZ DEFAULT NOW(),
    updated_at   TIMESTAMPTZ DEFAULT NOW()
);

CREATE TABLE IF NOT EXISTS orderitems (
    id         SERIAL PRIMARY KEY,
    order_id   INTEGER REFERENCES orders(id) ON DELETE CASCADE,
    product_id INTEGER REFERENCES products(id) ON DELETE SET NULL,
    quantity   INTEGER NOT NULL,
    unit_price NUMERIC(10, 2) NOT NULL
);

CREATE TABLE IF NOT EXISTS cartcache (
    id          SERIAL PRIMARY KEY,
    customer_id INTEGER REFERENCES customers(id) ON DELETE CASCADE,
    product_id  INTEGER REFERENCES products(id) ON DELETE CASCADE,
    quantity    INTEGER NOT NULL DEFAULT 1,
    updated_at  TIMESTAMPTZ DEFAULT NOW(),
    UNIQUE(customer_id, product_id)
);

CREATE TABLE IF NOT EXISTS product_recommendations (
    product_id            INTEGER REFERENCES products(id) ON DELETE CASCADE,
    recommended_product_id INTEGER REFERENCES products(id) ON DELETE CASCADE,
    score                 FLOAT NOT NULL DEFAULT 0,
    PRIMARY KEY (product_id, recommended_product_id)
);

CREATE INDEX IF NOT EXISTS idx_products_category ON products(category_id);
CREATE INDEX IF NOT EXISTS idx_orders_customer   ON orders(customer_id);
CREATE INDEX IF NOT EXISTS idx_orders_status     ON orders(status);
CREATE INDEX IF NOT EXISTS idx_orderitems_order  ON orderitems(order_id);
