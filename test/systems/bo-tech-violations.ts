/** Two of everything that the violations below need, ids from 1. Order 2 is confirmed, 3 cancelled, 4 empty. */
export const stage = `
  insert into categories (name) values ('Analgésicos'), ('Antibióticos');
  insert into products (sku, name, price, stock, category_id) values
    ('ANA-1', 'Paracetamol', 18.50, 100, 1), ('ANA-2', 'Ibuprofeno', 24.90, 5, 1), ('ANT-1', 'Amoxicilina', 42, 50, 2);
  insert into users (email, password_hash, role) values
    ('ana@x.example', 'h', 'admin'), ('sol@x.example', 'h', 'seller'), ('mar@x.example', 'h', 'marketing');
  insert into salesgroups (name) values ('Norte'), ('Sur');
  insert into groupsellers (salesgroup_id, user_id) values (1, 2);
  insert into groupmarketingmanagers (salesgroup_id, user_id) values (1, 3);
  insert into pricelists (name, is_default, valid_from, valid_until) values
    ('General 2025', true, '2025-01-01', '2025-12-31'), ('Mayoreo', false, null, null);
  insert into pricelistitems (pricelist_id, product_id, price) values (1, 1, 18), (2, 1, 17);
  insert into customers (code, name, pricelist_id) values ('C-1', 'San Judas', 2), ('C-2', 'La Paz', null);
  insert into customerinfo (customer_id, email) values (1, 'a@x.example');
  insert into customer_users (customer_id, email, password_hash) values (1, 'compras@x.example', 'h');
  insert into orders (customer_id, idempotency_key, customer_user_id) values (1, 'k-1', 1), (1, 'k-2', null), (2, 'k-1', null), (2, null, null);
  insert into orderitems (order_id, product_id, quantity) values (1, 1, 2), (2, 1, 1), (3, 3, 1);
  update orders set status = 'confirmed' where id = 2;
  update orders set status = 'cancelled' where id = 3;
  insert into cartcache (customer_id, product_id, quantity) values (1, 1, 1);
  insert into product_recommendations values (1, 2, 0.5);
`

/** RESTRICT answers 23001 from PostgreSQL 18 on, and 23503 before. */
export const restrictViolation = '23001'

type Violation = readonly [rule: string, statement: string, sqlState: string, constraint?: string]

/** What is refused, by SQLSTATE and the constraint that the error names. */
export const violations: readonly Violation[] = [
  ['BOT-D15: a negative price', `update products set price = -0.01`, '23514', 'products_price_check'],
  [
    'BOT-D15: a price that is no number',
    `update products set price = 'NaN'`,
    '23514',
    'products_price_check',
  ],
  ['BOT-D15: a negative stock', `update products set stock = -1`, '23514', 'products_stock_check'],
  ['BOT-D15: an unknown role', `update users set role = 'owner' where id = 1`, '23514', 'users_role_check'],
  [
    'BOT-D15: an unknown status',
    `update orders set status = 'lost' where id = 1`,
    '23514',
    'orders_status_transition',
  ],
  ['BOT-D15: no status', `update orders set status = null where id = 1`, '23502'],
  [
    'BOT-D15: a quantity of zero',
    `update orderitems set quantity = 0 where id = 1`,
    '23514',
    'orderitems_quantity_check',
  ],
  [
    'BOT-D15: a negative unit price',
    `update orderitems set unit_price = -1 where id = 1`,
    '23514',
    'orderitems_unit_price_check',
  ],
  [
    'BOT-D15: a unit price that is no number',
    `update orderitems set unit_price = 'NaN' where id = 1`,
    '23514',
    'orderitems_unit_price_check',
  ],
  [
    'BOT-D15: a product that was sold is not deleted',
    `delete from products where id = 3`,
    restrictViolation,
    'orderitems_product_id_fkey',
  ],
  [
    'BOT-D15: a customer with orders is not deleted',
    `delete from customers where id = 2`,
    restrictViolation,
    'orders_customer_id_fkey',
  ],
  [
    'BOT-D15: an item of a product that does not exist',
    `insert into orderitems (order_id, product_id, quantity) values (1, 99, 1)`,
    '23503',
    'orderitems_product_id_fkey',
  ],
  [
    'BOT-D15: an item of an order that does not exist',
    `insert into orderitems (order_id, product_id, quantity) values (99, 1, 1)`,
    '23503',
    'orderitems_order_id_fkey',
  ],
  ['BOT-D15: an item of no order', `insert into orderitems (product_id, quantity) values (1, 1)`, '23502'],
  ['BOT-D15: an order of nobody', `insert into orders (notes) values ('?')`, '23502'],
  [
    'BOT-D15: an order that begins confirmed',
    `insert into orders (customer_id, status) values (1, 'confirmed')`,
    '23514',
    'orders_status_transition',
  ],
  [
    'BOT-D15: from pending straight to shipped',
    `update orders set status = 'shipped' where id = 1`,
    '23514',
    'orders_status_transition',
  ],
  [
    'BOT-D15: back from confirmed to pending',
    `update orders set status = 'pending' where id = 2`,
    '23514',
    'orders_status_transition',
  ],
  [
    'BOT-D15: out of cancelled',
    `update orders set status = 'confirmed' where id = 3`,
    '23514',
    'orders_status_transition',
  ],
  [
    'BOT-D15: confirming an order without items',
    `update orders set status = 'confirmed' where id = 4`,
    '23514',
    'orders_confirm_items',
  ],
  ['BOT-D15: deleting a confirmed order', `delete from orders where id = 2`, '23514', 'orders_delete_unsold'],
  [
    'BOT-D15: adding to a confirmed order',
    `insert into orderitems (order_id, product_id, quantity) values (2, 3, 1)`,
    '23514',
    'orderitems_order_pending',
  ],
  [
    'BOT-D15: changing a confirmed order',
    `update orderitems set quantity = 9 where order_id = 2`,
    '23514',
    'orderitems_order_pending',
  ],
  [
    'BOT-D15: taking from a confirmed order',
    `delete from orderitems where order_id = 2`,
    '23514',
    'orderitems_order_pending',
  ],
  [
    'BOT-D15: changing a cancelled order',
    `update orderitems set quantity = 9 where order_id = 3`,
    '23514',
    'orderitems_order_pending',
  ],
  [
    'BOT-D15: moving an item to another order',
    `update orderitems set order_id = 4 where id = 1`,
    '23514',
    'orderitems_order_fixed',
  ],
  [
    'BOT-D16: the same checkout twice',
    `insert into orders (customer_id, idempotency_key) values (1, 'k-1')`,
    '23505',
    'idx_orders_customer',
  ],
  [
    'BOT-D16: a negative seen price',
    `update cartcache set seen_price = -1`,
    '23514',
    'cartcache_seen_price_check',
  ],
  [
    'BOT-06: a cart with the same product twice',
    `insert into cartcache (customer_id, product_id) values (1, 1)`,
    '23505',
    'cartcache_customer_id_product_id_key',
  ],
  [
    'BOT-06: a cart line of nothing',
    `update cartcache set quantity = 0`,
    '23514',
    'cartcache_quantity_check',
  ],
  ['BOT-06: a cart of nobody', `insert into cartcache (product_id) values (1)`, '23502'],
  [
    'BOT-D13: a list that does not exist',
    `update customers set pricelist_id = 99`,
    '23503',
    'customers_pricelist_id_fkey',
  ],
  [
    'BOT-D13: a list that ends before it begins',
    `insert into pricelists (name, valid_from, valid_until) values ('x', '2025-02-01', '2025-01-01')`,
    '23514',
    'pricelists_validity_check',
  ],
  [
    'BOT-D13: two default lists on one day',
    `insert into pricelists (name, is_default, valid_from) values ('x', true, '2025-12-31')`,
    '23P01',
    'pricelists_one_default',
  ],
  [
    'BOT-D13: a product twice on a list',
    `insert into pricelistitems (pricelist_id, product_id, price) values (1, 1, 9)`,
    '23505',
    'pricelistitems_pricelist_id_product_id_key',
  ],
  [
    'BOT-D13: a negative list price',
    `update pricelistitems set price = -1`,
    '23514',
    'pricelistitems_price_check',
  ],
  ['BOT-D13: a price on no list', `insert into pricelistitems (product_id, price) values (2, 9)`, '23502'],
  [
    'BOT-D14: a buyer of no customer',
    `insert into customer_users (email, password_hash) values ('b@x.example', 'h')`,
    '23502',
  ],
  [
    'BOT-D14: two buyers with one address',
    `insert into customer_users (customer_id, email, password_hash) values (2, 'compras@x.example', 'h')`,
    '23505',
    'customer_users_email_key',
  ],
  [
    'BOT-D14: an order in the name of another customer',
    `insert into orders (customer_id, customer_user_id) values (2, 1)`,
    '23503',
    'orders_customer_user_fkey',
  ],
  [
    'BOT-D17: a seller twice in a group',
    `insert into groupsellers (salesgroup_id, user_id) values (1, 2)`,
    '23505',
    'groupsellers_salesgroup_id_user_id_key',
  ],
  ['BOT-D17: nobody as a seller', `insert into groupsellers (salesgroup_id) values (2)`, '23502'],
  ['BOT-D17: a seller of no group', `insert into groupsellers (user_id) values (2)`, '23502'],
  [
    'BOT-D17: marketing among the sellers',
    `insert into groupsellers (salesgroup_id, user_id) values (2, 3)`,
    '23503',
    'groupsellers_user_id_user_role_fkey',
  ],
  [
    'BOT-D17: a seller who loses the role while in a group',
    `update users set role = 'admin' where id = 2`,
    '23503',
    'groupsellers_user_id_user_role_fkey',
  ],
  [
    'BOT-D17: writing the role of a membership',
    `insert into groupsellers (salesgroup_id, user_id, user_role) values (2, 3, 'marketing')`,
    '428C9',
  ],
  [
    'BOT-D17: a manager twice in a group',
    `insert into groupmarketingmanagers (salesgroup_id, user_id) values (1, 3)`,
    '23505',
    'groupmarketingmanagers_salesgroup_id_user_id_key',
  ],
  [
    'BOT-D17: a seller as marketing manager',
    `insert into groupmarketingmanagers (salesgroup_id, user_id) values (2, 2)`,
    '23503',
    'groupmarketingmanagers_user_id_user_role_fkey',
  ],
  ['BOT-D17: nobody as a manager', `insert into groupmarketingmanagers (salesgroup_id) values (2)`, '23502'],
  [
    'BOT-D17: two groups of one name',
    `insert into salesgroups (name) values ('Norte')`,
    '23505',
    'salesgroups_name_key',
  ],
  [
    'BOT-D17: two contact records of a customer',
    `insert into customerinfo (customer_id) values (1)`,
    '23505',
    'customerinfo_customer_id_key',
  ],
  ['BOT-D17: contact data of nobody', `insert into customerinfo (email) values ('x@x.example')`, '23502'],
  [
    'BOT-D18: a product that recommends itself',
    `insert into product_recommendations values (1, 1, 0.5)`,
    '23514',
    'product_recommendations_not_itself',
  ],
  [
    'BOT-D18: a score above one',
    `update product_recommendations set score = 1.01`,
    '23514',
    'product_recommendations_score_check',
  ],
  [
    'BOT-D18: a score below zero',
    `update product_recommendations set score = -0.5`,
    '23514',
    'product_recommendations_score_check',
  ],
  [
    'BOT-D18: a score that is no number',
    `update product_recommendations set score = 'NaN'`,
    '23514',
    'product_recommendations_score_check',
  ],
]

/** What must stay possible beside it, and what is true afterwards. */
export const permitted: readonly (readonly [rule: string, statement: string, afterwards: string])[] = [
  [
    'BOT-D16: two customers with the same key',
    `insert into orders (customer_id, idempotency_key) values (2, 'k-2')`,
    `(select count(*) = 2 from orders where idempotency_key = 'k-2')`,
  ],
  [
    'BOT-D16: orders without a key',
    `insert into orders (customer_id) values (1), (1)`,
    `(select count(*) = 2 from orders where customer_id = 1 and idempotency_key is null)`,
  ],
  [
    "BOT-D13: next year's default list prepared today",
    `insert into pricelists (name, is_default, valid_from) values ('General 2026', true, '2026-01-01')`,
    `(select count(*) = 2 from pricelists where is_default)`,
  ],
  [
    'BOT-D13: a default list in place of a retired one',
    `update pricelists set is_active = false where id = 1; insert into pricelists (name, is_default) values ('Nueva', true)`,
    `(select count(*) = 1 from pricelists where is_default and is_active)`,
  ],
  [
    'BOT-D13: deleting a list leaves its customers, at the default price',
    `delete from pricelists where id = 2`,
    `(select pricelist_id is null from customers where id = 1) and price_in_force(1, 1, '2025-06-01') = 18`,
  ],
  [
    'BOT-D14: several buyers of one customer',
    `insert into customer_users (customer_id, email, password_hash) values (1, 'otra@x.example', 'h')`,
    `(select count(*) = 2 from customer_users where customer_id = 1)`,
  ],
  [
    'BOT-D14: deleting a buyer, whose orders stay with the customer',
    `delete from customer_users where id = 1`,
    `(select customer_id = 1 and customer_user_id is null from orders where id = 1)`,
  ],
  [
    'BOT-D15: deleting a pending order with its items',
    `delete from orders where id = 1`,
    `not exists (select from orderitems where order_id = 1)`,
  ],
  [
    'BOT-D15: deleting a cancelled order with its items',
    `delete from orders where id = 3`,
    `not exists (select from orderitems where order_id = 3)`,
  ],
  [
    'BOT-D15: deleting a user, whose orders stay',
    `update orders set user_id = 1; delete from users where id = 1`,
    `(select count(*) = 4 from orders where user_id is null)`,
  ],
  [
    'BOT-D17: deleting a group, with its memberships',
    `delete from salesgroups where id = 1`,
    `not exists (select from groupsellers) and not exists (select from groupmarketingmanagers)`,
  ],
  [
    'BOT-D17: a seller without a group becoming an administrator',
    `delete from groupsellers where user_id = 2; update users set role = 'admin' where id = 2`,
    `(select role = 'admin' from users where id = 2)`,
  ],
]

/**
 * Not violated above, of all CHECK, UNIQUE and EXCLUDE constraints: the document's own keys and what a trigger refuses before the CHECK is asked
 * (orders_status_check), and the targets of foreign keys, unique because they hold the primary key.
 */
export const keptElsewhere = [
  'categories_name_key',
  'customer_users_customer_id_id_key',
  'customers_code_key',
  'orders_status_check',
  'products_sku_key',
  'users_email_key',
  'users_id_role_key',
]
