import { staged } from '../orbit-engine-stage.ts'
import { a, cancel, change, customer, movement, own, type Permission, prediction } from './statements.ts'

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
