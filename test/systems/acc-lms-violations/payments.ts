import { copy, set, type Violation } from './violation.ts'

export const paymentsViolations: readonly Violation[] = [
  ['a discount code twice', 'uq_discount_codes_code', copy('discount_codes', 'code_id')],
  [
    'a discount code in lower case',
    'chk_discount_codes_code',
    set('discount_codes', `code = 'promo'`, `code = 'DOCENTES50'`),
  ],
  [
    'a discount of an unknown kind',
    'chk_discount_codes_type',
    set('discount_codes', `discount_type = 'gift'`),
  ],
  [
    'a discount of 101 % (ACC-D12)',
    'chk_discount_codes_value',
    set('discount_codes', 'discount_value = 101', `discount_type = 'percentage'`),
  ],
  ['a negative minimum', 'chk_discount_codes_minimum', set('discount_codes', 'minimum_order_cents = -1')],
  [
    'a code used more often than it may (ACC-D12)',
    'chk_discount_codes_uses',
    set('discount_codes', 'current_uses = max_uses + 1', 'max_uses is not null'),
  ],
  [
    'a code nobody may use',
    'chk_discount_codes_max_uses',
    set('discount_codes', 'max_uses = 0, current_uses = 0'),
  ],
  [
    'a code that ends before it begins',
    'chk_discount_codes_validity',
    set('discount_codes', 'valid_until = valid_from'),
  ],
  [
    'an order number twice',
    'uq_orders_order_number',
    copy('orders', 'order_id', { payment_intent_id: `null` }, `status = 'paid'`),
  ],
  [
    'a second open order for a course (ACC-D13)',
    'uq_orders_open',
    copy(
      'orders',
      'order_id',
      { payment_intent_id: `null`, order_number: `'X'` },
      `status in ('pending', 'processing')`,
    ),
  ],
  [
    'one payment for two orders',
    'uq_orders_payment_intent',
    copy('orders', 'order_id', { order_number: `'X'` }, `status = 'paid'`),
  ],
  ['a discount code that does not exist', 'fk_orders_discount_code', set('orders', `discount_code = 'NADA'`)],
  ['an order status nobody knows', 'chk_orders_status', set('orders', `status = 'lost'`)],
  [
    'a discount above the price',
    'chk_orders_amounts',
    set(
      'orders',
      'discount_cents = subtotal_cents + 1, total_cents = tax_cents - 1',
      'discount_code is not null',
    ),
  ],
  ['a total that does not add up', 'chk_orders_total', set('orders', 'total_cents = total_cents + 1')],
  [
    'a discount without a code',
    'chk_orders_discount',
    set('orders', 'discount_cents = 1, total_cents = total_cents - 1', 'discount_code is null'),
  ],
  ['an order in dollars by their sign', 'chk_orders_currency', set('orders', `currency = 'US$'`)],
  ['paid at no time', 'chk_orders_paid', set('orders', 'paid_at = null', `status = 'paid'`)],
  ['metadata as a list', 'chk_orders_metadata', set('orders', `metadata = '[]'`)],
  [
    'a transaction of no order',
    'fk_transactions_order',
    copy('transactions', 'transaction_id', { order_id: `gen_random_uuid()`, provider_transaction_id: `'x'` }),
  ],
  ['a webhook twice (ACC-D11)', 'uq_transactions_provider', copy('transactions', 'transaction_id')],
  [
    'a transaction of an unknown kind',
    'chk_transactions_type',
    set('transactions', `transaction_type = 'gift'`),
  ],
  ['a transaction status nobody knows', 'chk_transactions_status', set('transactions', `status = 'lost'`)],
  ['a transaction of nothing', 'chk_transactions_amount', set('transactions', 'amount_cents = 0')],
  [
    'a transaction in an unknown currency',
    'chk_transactions_currency',
    set('transactions', `currency = 'pesos'`),
  ],
  [
    'a code used twice by one person (ACC-D12)',
    'uq_discount_redemptions_user',
    `insert into discount_redemptions (code_id, order_id, user_id, discount_cents) select r.code_id, o.order_id, o.user_id, 1 from discount_redemptions r join orders o using (user_id) where not exists (select from discount_redemptions d where d.order_id = o.order_id) limit 1`,
  ],
  [
    'two codes on one order (ACC-D12)',
    'uq_discount_redemptions_order',
    `insert into discount_redemptions (code_id, order_id, user_id, discount_cents) select c.code_id, r.order_id, r.user_id, 1 from discount_redemptions r join discount_codes c on c.code = 'DOCENTES50' limit 1`,
  ],
  [
    'a redemption of no code',
    'fk_discount_redemptions_code',
    set('discount_redemptions', 'code_id = gen_random_uuid()'),
  ],
  [
    'a redemption on the order of another',
    'fk_discount_redemptions_order',
    set('discount_redemptions', 'user_id = gen_random_uuid()'),
  ],
  [
    'a redemption of nothing',
    'chk_discount_redemptions_discount',
    set('discount_redemptions', 'discount_cents = 0'),
  ],
  [
    'released before it was redeemed',
    'chk_discount_redemptions_released',
    set('discount_redemptions', `released_at = redeemed_at - interval '1 s'`),
  ],
  [
    'a second copy of an enrolment',
    'uq_enrollment_refs_user_course',
    copy('enrollment_refs', 'enrollment_id'),
  ],
  ['a copy in an unknown status', 'chk_enrollment_refs_status', set('enrollment_refs', `status = 'x'`)],
  ['two reviews by one person (ACC-D11)', 'uq_reviews_course_user', copy('reviews', 'review_id')],
  [
    'a review without enrolment (ACC-D14)',
    'fk_reviews_enrollment',
    `insert into reviews (course_id, user_id, enrollment_id, rating) select course_id, gen_random_uuid(), enrollment_id, 5 from enrollment_refs limit 1`,
  ],
  ['six stars', 'chk_reviews_rating', set('reviews', 'rating = 6')],
  ['negative votes', 'chk_reviews_helpful_votes', set('reviews', 'helpful_votes = -1')],
  [
    'a second vote by one person (ACC-D14)',
    'pk_review_votes',
    `insert into review_votes (review_id, user_id) select review_id, user_id from review_votes limit 1`,
  ],
  [
    'a vote for no review',
    'fk_review_votes_review',
    `insert into review_votes values (gen_random_uuid(), gen_random_uuid())`,
  ],
]
