import { staged } from '../orbit-engine-stage.ts'
import { a, b, cancel, change, item, own, refused, sale, type Violation } from './statements.ts'

/** Sales and their items. */
export const salesViolations: readonly Violation[] = [
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
]
