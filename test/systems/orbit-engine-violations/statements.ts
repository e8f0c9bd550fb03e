import { idOf, staged } from '../orbit-engine-stage.ts'

/** What is refused, by SQLSTATE and the rule that the error names. */
export type Violation = readonly [rule: string, statement: string, sqlState: string, constraint?: string]

/** What must remain possible, and a condition that holds afterwards. */
export type Permission = readonly [what: string, statement: string, afterwards: string]

export const a = (n: number): string => `'${idOf('a', n)}'`
export const b = (n: number): string => `'${idOf('b', n)}'`
export const own = a(0)
export const foreign = b(0)
export const refused = '23514'

/** An UPDATE of the one row of a table that an id names. */
export const change = (table: string, id: string, set: string): string =>
  `update ${table} set ${set} where id = ${id}`
export const sale = (columns: string, values: string): string =>
  `insert into sales (organization_id, user_id, subtotal, total, payment_method${columns}) values (${own}, ${a(staged.seller)}, 0, 0, 'cash'${values})`
export const item = (of: number, values: string): string =>
  `insert into sale_items (sale_id, product_id, quantity, unit_price, subtotal) values (${a(of)}, ${values})`
export const movement = (values: string): string =>
  `insert into inventory_movements (organization_id, user_id, product_id, movement_type, quantity, reason) values (${own}, ${a(staged.admin)}, ${values})`
export const cancel = (by: number, also = ''): string =>
  `status = 'cancelled', cancelled_by = ${a(by)}, cancellation_reason = 'Devolución'${also}`
export const product = (columns: string, values: string): string =>
  `insert into products (organization_id, sku, name, cost_price, sale_price${columns}) values (${own}, 'N', 'N', 1, 2${values})`
export const customer = (values: string): string =>
  `insert into customers (organization_id, document_type, document_number, kind, first_name, last_name, legal_name) values (${own}, ${values})`
export const prediction = (values: string): string =>
  `insert into predictions (organization_id, product_id, prediction_date, model_version, horizon_days, predicted_quantity, confidence_score) values (${own}, ${values})`
