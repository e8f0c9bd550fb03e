import type { Connection, ScriptResult } from '../../src/postgres/index.ts'

/** The nth thing of an organization, called by a letter of a to f; 0 is the organization itself. */
export const idOf = (letter: string, n = 0): string =>
  `${letter}0000000-0000-4000-8000-${String(n).padStart(12, '0')}`

/** What {@link stage} makes, by its number. */
export const staged = {
  admin: 1,
  seller: 2,
  category: 11,
  subcategory: 12,
  /** 10 in stock, at 18.50. */
  rice: 21,
  /** 10 in stock, at 5.25. */
  oil: 22,
  /** 1 in stock, at 44.00. */
  scale: 23,
  customer: 31,
  company: 32,
  /** Pending, two of rice: 37.00. */
  pending: 41,
  /** Completed, one of rice and two of oil: 29.00. */
  completed: 42,
  /** Cancelled while pending. */
  cancelled: 43,
  /** Pending, without items. */
  empty: 44,
} as const

/** Statements of one transaction for an organization, as the application sends them. */
export async function inOrganization(
  session: Connection,
  organization: string,
  statements: string,
): Promise<readonly ScriptResult[]> {
  await session.script('begin')
  try {
    await enter(session, organization)
    const results = await session.script(statements)
    await session.script('commit')
    return results
  } catch (error) {
    await session.script('rollback')
    throw error
  }
}

/** Makes the rest of the open transaction an organization's. */
export async function enter(session: Connection, organization: string): Promise<void> {
  await session.script(`select set_config('app.current_organization', '${organization}', true)`)
}

/** The first value that the last of the statements gives. */
export async function valueIn(
  session: Connection,
  organization: string,
  statements: string,
): Promise<unknown> {
  const row = (await inOrganization(session, organization, statements)).at(-1)?.rows[0]
  return row === undefined ? undefined : Object.values(row)[0]
}

/** Registers an organization with its people, goods, customers and sales, as the application's login. */
export async function stage(session: Connection, letter: string): Promise<void> {
  const id = (n: number): string => `'${idOf(letter, n)}'`
  const its = id(0)
  await inOrganization(
    session,
    idOf(letter),
    `
    insert into organizations (id, name, domain) values (${its}, 'Bodega ${letter}', 'bodega-${letter}');
    insert into users (id, organization_id, role_id, email, password_hash, first_name, last_name)
      select ${id(staged.admin)}, ${its}, id, 'ana@${letter}.example', 'h', 'Ana', 'Quispe' from roles where name = 'admin';
    insert into users (id, organization_id, role_id, email, password_hash, first_name, last_name)
      select ${id(staged.seller)}, ${its}, id, 'luis@x.example', 'h', 'Luis', 'Rojas' from roles where name = 'seller';
    insert into categories (id, organization_id, name, parent_id) values
      (${id(staged.category)}, ${its}, 'Abarrotes', null),
      (${id(staged.subcategory)}, ${its}, 'Granos', ${id(staged.category)});
    insert into products (id, organization_id, category_id, sku, name, cost_price, sale_price, stock_min, barcode) values
      (${id(staged.rice)}, ${its}, ${id(staged.subcategory)}, 'ARR-5', 'Arroz 5 kg', 14, 18.50, 2, '7750001'),
      (${id(staged.oil)}, ${its}, ${id(staged.category)}, 'ACE-1', 'Aceite 1 l', 4, 5.25, 2, null),
      (${id(staged.scale)}, ${its}, null, 'BAL-1', 'Balanza', 30, 44, 1, null);
    insert into inventory_movements (organization_id, product_id, user_id, movement_type, quantity) values
      (${its}, ${id(staged.rice)}, ${id(staged.admin)}, 'initial', 11),
      (${its}, ${id(staged.oil)}, ${id(staged.admin)}, 'initial', 12),
      (${its}, ${id(staged.scale)}, ${id(staged.admin)}, 'initial', 1);
    insert into customers (id, organization_id, document_type, document_number, first_name, last_name)
      values (${id(staged.customer)}, ${its}, 'DNI', '45871236', 'Rosa', 'Mamani');
    insert into customers (id, organization_id, kind, document_type, document_number, legal_name)
      values (${id(staged.company)}, ${its}, 'company', 'RUC', '20512345671', 'Inversiones Sol S.A.C.');
    insert into sales (id, organization_id, customer_id, user_id, subtotal, total, payment_method) values
      (${id(staged.pending)}, ${its}, ${id(staged.customer)}, ${id(staged.seller)}, 37, 37, 'cash'),
      (${id(staged.completed)}, ${its}, ${id(staged.customer)}, ${id(staged.seller)}, 29, 29, 'card'),
      (${id(staged.cancelled)}, ${its}, null, ${id(staged.seller)}, 5.25, 5.25, 'cash'),
      (${id(staged.empty)}, ${its}, null, ${id(staged.seller)}, 0, 0, 'cash');
    insert into sale_items (sale_id, product_id, quantity) values
      (${id(staged.pending)}, ${id(staged.rice)}, 2), (${id(staged.completed)}, ${id(staged.rice)}, 1),
      (${id(staged.completed)}, ${id(staged.oil)}, 2), (${id(staged.cancelled)}, ${id(staged.oil)}, 1);
    update sales set status = 'completed' where id = ${id(staged.completed)};
    update sales set status = 'cancelled', cancelled_by = ${id(staged.seller)}, cancellation_reason = 'Se arrepintió'
      where id = ${id(staged.cancelled)};
    insert into predictions (organization_id, product_id, prediction_date, predicted_quantity, confidence_score, model_version)
      values (${its}, ${id(staged.rice)}, '2025-11-01', 4.5, 80, 'v1');
    insert into audit_logs (organization_id, user_id, action, entity_type) values (${its}, ${id(staged.admin)}, 'login', 'user');
    insert into roles (organization_id, name, permissions) values (${its}, 'caja', '["sales.create"]');
    insert into auth_sessions (organization_id, user_id, family_id, token_hash, expires_at)
      values (${its}, ${id(staged.admin)}, ${id(1)}, sha256('${letter}'), now() + interval '7 days');
    insert into auth_tokens (organization_id, user_id, purpose, token_hash, expires_at)
      values (${its}, ${id(staged.admin)}, 'password_reset', sha256('${letter}'), now() + interval '1 hour')`,
  )
}
