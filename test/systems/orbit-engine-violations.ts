import { idOf, staged } from './orbit-engine-stage.ts'

export type Violation = readonly [rule: string, statement: string, sqlState: string, constraint?: string]

const a = (n: number): string => `'${idOf('a', n)}'`
const b = (n: number): string => `'${idOf('b', n)}'`
const own = a(0)
const foreign = b(0)
const refused = '23514'

/** An UPDATE of the one row of a table that an id names. */
const change = (table: string, id: string, set: string): string =>
  `update ${table} set ${set} where id = ${id}`
const sale = (columns: string, values: string): string =>
  `insert into sales (organization_id, user_id, subtotal, total, payment_method${columns}) values (${own}, ${a(staged.seller)}, 0, 0, 'cash'${values})`
const item = (of: number, values: string): string =>
  `insert into sale_items (sale_id, product_id, quantity, unit_price, subtotal) values (${a(of)}, ${values})`
const movement = (values: string): string =>
  `insert into inventory_movements (organization_id, user_id, product_id, movement_type, quantity, reason) values (${own}, ${a(staged.admin)}, ${values})`
const cancel = (by: number, also = ''): string =>
  `status = 'cancelled', cancelled_by = ${a(by)}, cancellation_reason = 'Devolución'${also}`
const product = (columns: string, values: string): string =>
  `insert into products (organization_id, sku, name, cost_price, sale_price${columns}) values (${own}, 'N', 'N', 1, 2${values})`
const customer = (values: string): string =>
  `insert into customers (organization_id, document_type, document_number, kind, first_name, last_name, legal_name) values (${own}, ${values})`
const prediction = (values: string): string =>
  `insert into predictions (organization_id, product_id, prediction_date, model_version, horizon_days, predicted_quantity, confidence_score) values (${own}, ${values})`

/** What PostgreSQL refuses to the application's login in organization a, by SQLSTATE and the rule that the error names. */
export const violations: readonly Violation[] = [
  // Organizations and people
  [
    'ORB-04: a domain with a space',
    change('organizations', own, `domain = 'a b'`),
    refused,
    'chk_organizations_domain',
  ],
  [
    'ORB-04: a domain twice',
    change('organizations', own, `domain = 'bodega-b'`),
    '23505',
    'idx_organizations_domain',
  ],
  ['ORB-D15: an unknown time zone', change('organizations', own, `timezone = 'America/Limón'`), '22023'],
  [
    'ORB-D14: a currency of four letters',
    change('organizations', own, `currency = 'pen'`),
    refused,
    'chk_organizations_currency',
  ],
  [
    'ORB-10: a negative cancellation window',
    change('organizations', own, 'cancellation_days = -1'),
    refused,
    'chk_organizations_cancellation_days',
  ],
  [
    'ORB-19: a key check by hand',
    change('organizations', own, `document_key_check = 'x'`),
    refused,
    'organizations_document_key_once',
  ],
  [
    'ORB-D21: a permission that does not exist',
    `insert into roles (organization_id, name, permissions) values (${own}, 'x', '["products.*"]')`,
    refused,
    'chk_roles_permissions',
  ],
  [
    'ORB-D21: permissions that are no list',
    `insert into roles (organization_id, name, permissions) values (${own}, 'x', '"*"')`,
    refused,
    'chk_roles_permissions',
  ],
  [
    'ORB-05: a role twice',
    `insert into roles (organization_id, name) values (${own}, 'caja')`,
    '23505',
    'uq_roles_organization_name',
  ],
  [
    'ORB-D01: a user with a role of another organization',
    // The next one is organization b's, which a cannot see.
    `update users set role_id = (select id from roles where name = 'caja') + 1 where id = ${a(staged.seller)}`,
    '23503',
    'fk_users_role',
  ],
  [
    'ORB-06: an address twice in one organization',
    change('users', a(staged.seller), `email = 'ana@a.example'`),
    '23505',
    'idx_users_organization_email',
  ],
  [
    'ORB-06: an address in capitals',
    change('users', a(staged.seller), `email = 'Ana@A.example'`),
    refused,
    'chk_users_email',
  ],
  [
    'ORB-06: failures below zero',
    change('users', a(staged.seller), 'failed_login_attempts = -1'),
    refused,
    'chk_users_failed_login_attempts',
  ],
  [
    'ORB-D27: a token of an unknown purpose',
    `update auth_tokens set purpose = 'gift'`,
    refused,
    'chk_auth_tokens_purpose',
  ],
  [
    'ORB-D27: a reset that is good for a day',
    `update auth_tokens set expires_at = created_at + interval '1 day'`,
    refused,
    'chk_auth_tokens_expiry',
  ],
  [
    'ORB-D27: two open resets of one person',
    `insert into auth_tokens (organization_id, user_id, purpose, token_hash, expires_at) values (${own}, ${a(staged.admin)}, 'password_reset', 'y', now() + interval '1 hour')`,
    '23505',
    'idx_auth_tokens_open',
  ],
  [
    'ORB-D27: one reset token twice',
    `insert into auth_tokens (organization_id, user_id, purpose, token_hash, expires_at) select organization_id, user_id, 'email_verification', token_hash, expires_at from auth_tokens`,
    '23505',
    'uq_auth_tokens_token',
  ],
  [
    'ORB-D27: one refresh token twice',
    `insert into auth_sessions (organization_id, user_id, family_id, token_hash, expires_at) select organization_id, user_id, family_id, token_hash, expires_at from auth_sessions`,
    '23505',
    'uq_auth_sessions_token',
  ],
  [
    'ORB-D27: two children of one refresh token',
    `insert into auth_sessions (organization_id, user_id, family_id, parent_id, token_hash, expires_at) select organization_id, user_id, family_id, id, n::text::bytea, expires_at from auth_sessions, generate_series(1, 2) n`,
    '23505',
    'uq_auth_sessions_parent',
  ],
  [
    'ORB-D27: a session that ends before it begins',
    `update auth_sessions set expires_at = created_at`,
    refused,
    'chk_auth_sessions_expiry',
  ],
  [
    'ORB-D27: a session that is its own parent',
    'update auth_sessions set parent_id = id',
    refused,
    'chk_auth_sessions_parent',
  ],

  // Catalogue
  [
    'ORB-07: a category below itself',
    change('categories', a(staged.category), `parent_id = ${a(staged.category)}`),
    refused,
    'categories_no_cycle',
  ],
  [
    'ORB-07: a circle of categories',
    change('categories', a(staged.category), `parent_id = ${a(staged.subcategory)}`),
    refused,
    'categories_no_cycle',
  ],
  [
    'ORB-D01: a category below one of another organization',
    change('categories', a(staged.category), `parent_id = ${b(staged.category)}`),
    '23503',
    'fk_categories_parent',
  ],
  [
    'ORB-D01: a product in a category of another organization',
    change('products', a(staged.rice), `category_id = ${b(staged.category)}`),
    '23503',
    'fk_products_category',
  ],
  [
    'ORB-07: a negative price',
    change('products', a(staged.rice), 'sale_price = -0.01'),
    refused,
    'chk_products_sale_price',
  ],
  [
    'ORB-07: a price that is no number',
    change('products', a(staged.rice), `sale_price = 'NaN'`),
    refused,
    'chk_products_sale_price',
  ],
  [
    'ORB-07: a negative cost',
    change('products', a(staged.rice), 'cost_price = -1'),
    refused,
    'chk_products_cost_price',
  ],
  [
    'ORB-07: a maximum below the minimum',
    change('products', a(staged.rice), 'stock_max = 1'),
    refused,
    'chk_products_stock_limits',
  ],
  [
    'ORB-07: a sku twice',
    product(', barcode', `, 'x'), (${own}, 'N', 'M', 1, 2, 'y'`),
    '23505',
    'idx_products_organization_sku',
  ],
  ['ORB-D20: a barcode twice', product(', barcode', `, '7750001'`), '23505', 'idx_products_barcode'],
  [
    'ORB-D07: stock set by hand',
    change('products', a(staged.rice), 'stock_quantity = 99'),
    refused,
    'products_stock_by_movement',
  ],
  [
    'ORB-D07: a product that begins with stock',
    product(', stock_quantity', ', 5'),
    refused,
    'products_stock_by_movement',
  ],
  [
    'ORB-07: retiring what moved this month',
    change('products', a(staged.rice), 'deleted_at = now()'),
    refused,
    'products_recent_activity',
  ],
  ['ORB-07: deleting a product', `delete from products where id = ${a(staged.scale)}`, '42501'],
  [
    'ORB-D19: a document twice',
    customer(`'DNI', '45871236', 'person', 'R', 'M', null`),
    '23505',
    'idx_customers_organization_document',
  ],
  [
    'ORB-D19: a company without a name',
    customer(`'RUC', '1', 'company', 'R', 'M', null`),
    refused,
    'chk_customers_name',
  ],
  [
    'ORB-D19: a person without a surname',
    customer(`'DNI', '1', 'person', 'R', null, 'L'`),
    refused,
    'chk_customers_name',
  ],
  [
    'ORB-D19: a customer of a third kind',
    customer(`'DNI', '1', 'ghost', 'R', 'M', null`),
    refused,
    'chk_customers_kind',
  ],
  [
    'ORB-09: a document of an unknown type',
    customer(`'carné', '1', 'person', 'R', 'M', null`),
    refused,
    'chk_customers_document_type',
  ],
  [
    'ORB-09: a blank document',
    customer(`'DNI', '  ', 'person', 'R', 'M', null`),
    refused,
    'chk_customers_document_number',
  ],
  [
    'ORB-D10: statistics set by hand',
    change('customers', a(staged.customer), 'total_purchases = 1000'),
    refused,
    'customers_statistics_by_sales',
  ],
  [
    'ORB-D10: a customer who begins with purchases',
    `insert into customers (organization_id, document_type, document_number, first_name, last_name, purchases_count) values (${own}, 'DNI', '1', 'R', 'M', 1)`,
    refused,
    'customers_statistics_by_sales',
  ],
  [
    'ORB-09: retiring who bought this month',
    change('customers', a(staged.customer), 'deleted_at = now()'),
    refused,
    'customers_recent_activity',
  ],

  // Stock
  [
    'ORB-D23: a movement of an unknown type',
    movement(`${a(staged.rice)}, 'gift', 1, null`),
    refused,
    'chk_inventory_movements_type',
  ],
  [
    'ORB-D23: a purchase that takes away',
    movement(`${a(staged.rice)}, 'purchase', -1, null`),
    refused,
    'chk_inventory_movements_quantity',
  ],
  [
    'ORB-D23: an adjustment without a reason',
    movement(`${a(staged.rice)}, 'adjustment', -1, null`),
    refused,
    'chk_inventory_movements_reason',
  ],
  [
    'ORB-D23: an adjustment for another reason than the listed ones',
    movement(`${a(staged.rice)}, 'adjustment', -1, 'porque sí'`),
    refused,
    'chk_inventory_movements_reason',
  ],
  [
    'ORB-D23: a reference without its type',
    `insert into inventory_movements (organization_id, user_id, product_id, movement_type, quantity, reference_id) values (${own}, ${a(1)}, ${a(staged.rice)}, 'purchase', 1, ${a(1)})`,
    refused,
    'chk_inventory_movements_reference',
  ],
  [
    'ORB-D23: a second beginning',
    movement(`${a(staged.rice)}, 'initial', 5, null`),
    '23505',
    'idx_inventory_movements_initial',
  ],
  [
    'ORB-D09: more waste than there is',
    movement(`${a(staged.rice)}, 'adjustment', -11, 'merma'`),
    refused,
    'chk_products_stock_quantity',
  ],
  [
    'ORB-D07: a sale without a sale',
    movement(`${a(staged.rice)}, 'sale', -1, null`),
    refused,
    'inventory_movements_by_sale',
  ],
  [
    'ORB-D08: a movement of a product of another organization',
    movement(`${b(staged.rice)}, 'purchase', 1, null`),
    '23503',
    'fk_inventory_movements_product',
  ],
  [
    'ORB-D01: a movement by a user of another organization',
    `insert into inventory_movements (organization_id, user_id, product_id, movement_type, quantity) values (${own}, ${b(1)}, ${a(staged.rice)}, 'purchase', 1)`,
    '23503',
    'fk_inventory_movements_user',
  ],
  ['ORB-D12: changing a movement', 'update inventory_movements set quantity = 1', '42501'],
  ['ORB-D12: deleting a movement', 'delete from inventory_movements', '42501'],

  // Sales
  [
    'ORB-D07: a sale that begins completed',
    sale(', status', `, 'completed'`),
    refused,
    'sales_status_transition',
  ],
  [
    'ORB-D23: an unknown status',
    change('sales', a(staged.pending), `status = 'lost'`),
    refused,
    'sales_status_transition',
  ],
  [
    'ORB-D07: back to pending',
    change('sales', a(staged.completed), `status = 'pending'`),
    refused,
    'sales_status_transition',
  ],
  [
    'ORB-D07: out of cancelled',
    change(
      'sales',
      a(staged.cancelled),
      `status = 'completed', cancelled_at = null, cancelled_by = null, cancellation_reason = null`,
    ),
    refused,
    'sales_final',
  ],
  [
    'ORB-D07: completing a sale without items',
    change('sales', a(staged.empty), `status = 'completed'`),
    refused,
    'sales_complete_items',
  ],
  [
    'ORB-10: an unknown way to pay',
    change('sales', a(staged.pending), `payment_method = 'gold'`),
    refused,
    'chk_sales_payment_method',
  ],
  [
    'ORB-D14: a total that does not add up',
    change('sales', a(staged.pending), 'total = 36.99'),
    refused,
    'chk_sales_total',
  ],
  [
    'ORB-D14: a discount above the subtotal',
    change('sales', a(staged.pending), 'discount = 38, total = -1'),
    refused,
    'chk_sales_discount',
  ],
  [
    'ORB-D14: a negative tax',
    change('sales', a(staged.pending), 'tax = -1, total = 36'),
    refused,
    'chk_sales_tax',
  ],
  [
    'ORB-D14: a negative subtotal',
    change('sales', a(staged.pending), `subtotal = -1, discount = -1, total = 0`),
    refused,
  ],
  [
    'ORB-D14: a currency that is none',
    change('sales', a(staged.pending), `currency = 'p'`),
    refused,
    'chk_sales_currency',
  ],
  [
    'ORB-D14: a subtotal that its items do not make',
    change('sales', a(staged.pending), 'subtotal = 40, total = 40'),
    refused,
    'sales_subtotal_of_items',
  ],
  [
    'ORB-D14: an item more than the subtotal says',
    item(staged.pending, `${a(staged.oil)}, 1, null, null`),
    refused,
    'sales_subtotal_of_items',
  ],
  [
    'ORB-D14: an item less than the subtotal says',
    `delete from sale_items where sale_id = ${a(staged.pending)}`,
    refused,
    'sales_subtotal_of_items',
  ],
  [
    'ORB-D13: a number that was chosen',
    sale(', invoice_number', `, 'B001-00000099'`),
    refused,
    'sales_invoice_by_counter',
  ],
  [
    'ORB-D13: a number that is changed',
    change('sales', a(staged.pending), `invoice_number = 'B001-00000099'`),
    refused,
    'sales_final',
  ],
  [
    'ORB-D13: a counter set by hand',
    'update invoice_counters set next = 1',
    refused,
    'invoice_counters_by_sales',
  ],
  [
    'ORB-D13: a series in lower case',
    sale(', invoice_series', `, 'b-1'`),
    refused,
    'chk_invoice_counters_series',
  ],
  ['ORB-D13: deleting a sale', `delete from sales where id = ${a(staged.pending)}`, '42501'],
  [
    'ORB-D07: a completed sale that changes its total',
    change('sales', a(staged.completed), 'tax = 1, total = 30'),
    refused,
    'sales_final',
  ],
  [
    'ORB-D07: a completed sale that changes its customer',
    change('sales', a(staged.completed), `customer_id = ${a(staged.company)}`),
    refused,
    'sales_final',
  ],
  [
    'ORB-D07: a cancellation that is rewritten',
    change('sales', a(staged.cancelled), `cancellation_reason = 'Otra cosa'`),
    refused,
    'sales_final',
  ],
  [
    'ORB-10: a cancellation without a reason',
    change('sales', a(staged.pending), `status = 'cancelled', cancelled_by = ${a(staged.seller)}`),
    refused,
    'chk_sales_cancellation',
  ],
  [
    'ORB-10: a cancellation by nobody',
    change('sales', a(staged.pending), `status = 'cancelled', cancellation_reason = 'x'`),
    refused,
    'chk_sales_cancellation',
  ],
  [
    'ORB-10: a cancellation before the sale',
    change(
      'sales',
      a(staged.pending),
      cancel(staged.seller, `, cancelled_at = sale_date - interval '1 minute'`),
    ),
    refused,
    'chk_sales_cancellation',
  ],
  [
    'ORB-D21: a seller who cancels a completed sale',
    change('sales', a(staged.completed), cancel(staged.seller)),
    refused,
    'sales_cancel_permission',
  ],
  [
    'ORB-10: cancelling on another day',
    `insert into sales (id, organization_id, user_id, sale_date, subtotal, total, payment_method) values (${a(90)}, ${own}, ${a(2)}, now() - interval '2 days', 18.5, 18.5, 'cash');
     insert into sale_items (sale_id, product_id, quantity) values (${a(90)}, ${a(staged.rice)}, 1);
     update sales set status = 'completed' where id = ${a(90)};
     ${change('sales', a(90), cancel(staged.admin))}`,
    refused,
    'sales_cancel_window',
  ],
  [
    'ORB-D01: a sale to a customer of another organization',
    sale(', customer_id', `, ${b(staged.customer)}`),
    '23503',
    'fk_sales_customer',
  ],
  [
    'ORB-D01: a sale by a user of another organization',
    change('sales', a(staged.pending), `user_id = ${b(staged.seller)}`),
    '23503',
    'fk_sales_user',
  ],
  [
    'ORB-D01: a cancellation by a user of another organization',
    change(
      'sales',
      a(staged.pending),
      `status = 'cancelled', cancelled_by = ${b(1)}, cancellation_reason = 'x'`,
    ),
    '23503',
    'fk_sales_cancelled_by',
  ],

  // Items
  [
    'ORB-10: a quantity of zero',
    item(staged.empty, `${a(staged.oil)}, 0, null, null`),
    refused,
    'chk_sale_items_quantity',
  ],
  [
    'ORB-10: a negative unit price',
    item(staged.empty, `${a(staged.oil)}, 1, -1, null`),
    refused,
    'chk_sale_items_unit_price',
  ],
  [
    'ORB-10: a unit price that is no number',
    item(staged.empty, `${a(staged.oil)}, 1, 'NaN', null`),
    refused,
    'chk_sale_items_unit_price',
  ],
  [
    'ORB-D14: a subtotal that is not quantity by price',
    item(staged.empty, `${a(staged.oil)}, 2, 5, 9`),
    refused,
    'chk_sale_items_subtotal',
  ],
  [
    'ORB-D08: an item of a product of another organization',
    item(staged.empty, `${b(staged.oil)}, 1, null, null`),
    '23503',
    'fk_sale_items_product',
  ],
  [
    'ORB-D01: an item of a sale of another organization',
    `insert into sale_items (organization_id, sale_id, product_id, quantity) values (${own}, ${b(staged.pending)}, ${a(staged.oil)}, 1)`,
    '23503',
    'fk_sale_items_sale',
  ],
  [
    'ORB-10: an item of a product that is not sold any more',
    `update products set is_active = false where id = ${a(staged.oil)}; ${item(staged.empty, `${a(staged.oil)}, 1, null, null`)}`,
    '23503',
    'fk_sale_items_product',
  ],
  [
    'ORB-D07: an item added to a completed sale',
    item(staged.completed, `${a(staged.oil)}, 1, null, null`),
    refused,
    'sale_items_sale_pending',
  ],
  [
    'ORB-D07: an item of a completed sale changed',
    `update sale_items set quantity = 9 where sale_id = ${a(staged.completed)}`,
    refused,
    'sale_items_sale_pending',
  ],
  [
    'ORB-D07: an item of a completed sale taken away',
    `delete from sale_items where sale_id = ${a(staged.completed)}`,
    refused,
    'sale_items_sale_pending',
  ],
  [
    'ORB-D07: an item moved to another sale',
    `update sale_items set sale_id = ${a(staged.empty)} where sale_id = ${a(staged.pending)}`,
    refused,
    'sale_items_sale_fixed',
  ],

  // Predictions
  [
    'ORB-11: more confidence than there is',
    prediction(`${a(staged.oil)}, '2025-11-01', 'v1', 7, 1, 100.01`),
    refused,
    'chk_predictions_confidence',
  ],
  [
    'ORB-11: a negative forecast',
    prediction(`${a(staged.oil)}, '2025-11-01', 'v1', 7, -1, 50`),
    refused,
    'chk_predictions_quantity',
  ],
  [
    'ORB-D22: a horizon that no model has',
    prediction(`${a(staged.oil)}, '2025-11-01', 'v1', 8, 1, 50`),
    refused,
    'chk_predictions_horizon',
  ],
  [
    'ORB-D22: a forecast twice',
    prediction(`${a(staged.rice)}, '2025-11-01', 'v1', 7, 1, 50`),
    '23505',
    'idx_predictions_organization_product_date',
  ],
  [
    'ORB-D22: fewer than none sold',
    'update predictions set actual_quantity = -1',
    refused,
    'chk_predictions_actual',
  ],
  ['ORB-D22: an error by hand', 'update predictions set prediction_error = 0', '428C9'],

  // Audit
  [
    'ORB-D25: a person without an organization',
    `insert into audit_logs (user_id, action, entity_type) values (${a(1)}, 'login', 'user')`,
    refused,
    'chk_audit_logs_user',
  ],
  [
    'ORB-D01: an entry of a user of another organization',
    `insert into audit_logs (organization_id, user_id, action, entity_type) values (${own}, ${b(1)}, 'login', 'user')`,
    '23503',
    'fk_audit_logs_user',
  ],
  ['ORB-D12: changing an entry', `update audit_logs set action = 'none'`, '42501'],
  ['ORB-D12: deleting an entry', 'delete from audit_logs', '42501'],

  // Other organizations
  ...(['sales', 'users', 'categories', 'customers', 'products'] as const).map(
    (table): Violation => [
      `ORB-D02: ${table} moved to another organization`,
      `update ${table} set organization_id = ${foreign}`,
      table === 'sales' ? refused : '42501',
    ],
  ),
  [
    'ORB-D02: a category for another organization',
    `insert into categories (organization_id, name) values (${foreign}, 'x')`,
    '42501',
  ],
  [
    'ORB-D02: an entry in the name of another organization',
    `insert into audit_logs (organization_id, action, entity_type) values (${foreign}, 'x', 'x')`,
    '42501',
  ],
  [
    'ORB-D02: another organization registered',
    `insert into organizations (name, domain) values ('x', 'x')`,
    '42501',
  ],
  [
    'ORB-D01: a role of the system made by an organization',
    `insert into roles (name, permissions) values ('god', '["*"]')`,
    '42501',
  ],
  ['ORB-D02: deleting an organization', 'delete from organizations', '42501'],
]

export type Permission = readonly [what: string, statement: string, afterwards: string]

/** What must remain possible, and a condition that holds afterwards. */
export const permitted: readonly Permission[] = [
  [
    'ORB-06: an address of somebody retired',
    `update users set deleted_at = now() where id = ${a(staged.seller)};
     insert into users (organization_id, role_id, email, password_hash, first_name, last_name) select ${own}, id, 'luis@x.example', 'h', 'L', 'R' from roles where name = 'caja'`,
    `(select count(*) = 2 from users where email = 'luis@x.example')`,
  ],
  [
    'ORB-D19: one number in two kinds of document',
    customer(`'CE', '45871236', 'person', 'R', 'M', null`),
    `(select count(*) = 2 from customers where document_number = '45871236')`,
  ],
  [
    'ORB-07: deleting a category leaves its products and subcategories',
    `delete from categories where id = ${a(staged.category)}`,
    `(select category_id is null and organization_id = ${own} from products where id = ${a(staged.oil)})
     and (select parent_id is null from categories where id = ${a(staged.subcategory)})`,
  ],
  [
    'ORB-D10: cancelling by an administrator on the day of the sale',
    change('sales', a(staged.completed), cancel(staged.admin)),
    `(select purchases_count = 0 and total_purchases = 0 and last_purchase_at is null from customers where id = ${a(staged.customer)})
     and (select array_agg(stock_quantity order by sku) = array[12, 11, 1] from products)`,
  ],
  [
    'ORB-10: cancelling later where the organization allows it',
    `update organizations set cancellation_days = 3;
     insert into sales (id, organization_id, user_id, sale_date, subtotal, total, payment_method) values (${a(90)}, ${own}, ${a(2)}, now() - interval '2 days', 18.5, 18.5, 'cash');
     insert into sale_items (sale_id, product_id, quantity) values (${a(90)}, ${a(staged.rice)}, 1);
     update sales set status = 'completed' where id = ${a(90)};
     ${change('sales', a(90), cancel(staged.admin))}`,
    `(select status = 'cancelled' from sales where id = ${a(90)})`,
  ],
  [
    'ORB-D22: a forecast of another model',
    prediction(`${a(staged.rice)}, '2025-11-01', 'v2', 7, 3, 50`),
    '(select count(*) = 2 from predictions)',
  ],
  [
    'ORB-D22: the error of a forecast',
    'update predictions set actual_quantity = 6',
    '(select prediction_error = 1.5 from predictions)',
  ],
  [
    'ORB-06: five failures lock an account for a quarter of an hour',
    `update users set failed_login_attempts = failed_login_attempts + 1 where id = ${a(2)};`.repeat(5),
    `(select locked_until = now() + interval '15 minutes' from users where id = ${a(2)})`,
  ],
  [
    'ORB-06: four failures do not',
    `update users set failed_login_attempts = failed_login_attempts + 1 where id = ${a(2)};`.repeat(4),
    `(select locked_until is null from users where id = ${a(2)})`,
  ],
  [
    'ORB-D23: an adjustment with a reason',
    movement(`${a(staged.rice)}, 'adjustment', -2, 'merma: bolsa rota'`),
    `(select stock_quantity = 8 from products where id = ${a(staged.rice)})`,
  ],
  [
    'ORB-08: two entries of one product in one statement',
    movement(
      `${a(staged.rice)}, 'purchase', 5, null), (${own}, ${a(1)}, ${a(staged.rice)}, 'adjustment', -1, 'otro'`,
    ),
    `(select stock_quantity = 14 from products where id = ${a(staged.rice)})
     and exists (select from inventory_movements where previous_stock = 15 and new_stock = 14)`,
  ],
]
