import { copy, set, type Violation } from './violation.ts'

export const notificationsViolations: readonly Violation[] = [
  ['a template name twice', 'uq_templates_name', copy('templates', 'template_id')],
  [
    'a template for pigeons',
    'chk_templates_type',
    set('templates', `type = 'pigeon'`, `name = 'codigo_sms'`),
  ],
  [
    'an e-mail without subject',
    'chk_templates_subject',
    set('templates', 'subject_template = null', `type = 'email'`),
  ],
  ['variables as an object', 'chk_templates_variables', set('templates', `variables = '{}'`)],
  [
    'an e-mail from a template for text messages',
    'fk_queue_template',
    set('queue', `template_id = (select template_id from templates where type = 'sms')`, `type = 'email'`),
  ],
  ['a channel nobody knows', 'chk_queue_type', set('queue', `type = 'fax', template_id = null`)],
  [
    'reading as a delivery status (ACC-D21)',
    'chk_queue_status',
    set('queue', `status = 'read', sent_at = null, read_at = null`),
  ],
  ['sent at no time', 'chk_queue_sent', set('queue', 'sent_at = null, read_at = null', `status = 'sent'`)],
  [
    'read before it was sent',
    'chk_queue_read',
    set('queue', `read_at = sent_at - interval '1 s'`, `status = 'sent'`),
  ],
  ['failed for no reason', 'chk_queue_failed', set('queue', 'error_message = null', `status = 'failed'`)],
  ['priority 6 (ACC-D21)', 'chk_queue_priority', set('queue', 'priority = 6')],
  ['more retries than allowed (ACC-D21)', 'chk_queue_retries', set('queue', 'retry_count = max_retries + 1')],
  [
    'quiet hours without end',
    'chk_user_settings_quiet_hours',
    set('user_settings', `quiet_hours_start = '22:00', quiet_hours_end = null`),
  ],
  ['an address of two people', 'uq_contacts_email', copy('contacts', 'user_id')],
  ['an address in capitals', 'chk_contacts_email', set('contacts', 'email = upper(email)')],
]
