import { set, type Violation } from './violation.ts'

export const aiViolations: readonly Violation[] = [
  ['a conversation status nobody knows', 'chk_conversations_status', set('conversations', `status = 'lost'`)],
  [
    'a message in no conversation',
    'fk_messages_conversation',
    set('messages', 'conversation_id = gen_random_uuid()'),
  ],
  ['a message by nobody known', 'chk_messages_role', set('messages', `role = 'tool'`)],
  ['negative tokens', 'chk_messages_tokens_used', set('messages', 'tokens_used = -1')],
  ['message metadata as a list', 'chk_messages_metadata', set('messages', `metadata = '[]'`)],
  [
    'a chunk twice for one model (ACC-D20)',
    'uq_content_embeddings_chunk',
    `insert into content_embeddings (content_type, content_id, chunk_no, text_content, content_hash, model, embedding) select content_type, content_id, chunk_no, text_content, content_hash, model, embedding from content_embeddings limit 1`,
  ],
  [
    'an embedding of an unknown kind',
    'chk_content_embeddings_type',
    set('content_embeddings', `content_type = 'song'`),
  ],
  ['a negative chunk', 'chk_content_embeddings_chunk_no', set('content_embeddings', 'chunk_no = -1')],
  [
    'a hash that is none (ACC-D20)',
    'chk_content_embeddings_hash',
    set('content_embeddings', `content_hash = 'x'`),
  ],
  ['other dimensions (ACC-D20)', 'chk_content_embeddings_dims', set('content_embeddings', 'dims = 768')],
  [
    'embedding metadata as a list',
    'chk_content_embeddings_metadata',
    set('content_embeddings', `metadata = '[]'`),
  ],
  [
    'an embedding of zeros',
    'chk_content_embeddings_embedding',
    set('content_embeddings', 'embedding = array_fill(0::real, array[1536])'),
  ],
]
