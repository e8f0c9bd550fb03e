import assert from 'node:assert/strict'
import { test } from 'node:test'
import { routineBodies } from './routine-bodies.ts'

const found = (text: string) =>
  routineBodies(text).map(({ name, start, end }) => [name, text.slice(start, end)])

test('DO blocks, functions and procedures are found with their bodies', () => {
  const text = `
    do $$one$$;
    DO LANGUAGE 'plpgsql' 'it''s two';
    CREATE OR REPLACE FUNCTION app."Up""per" (a text DEFAULT 'x') RETURNS int LANGUAGE plpgsql AS $b$ $$;$$ three $b$;
    create procedure F() language sql as 'four'`
  assert.deepEqual(found(text), [
    ['inline_code_block', 'one'],
    ['inline_code_block', "it''s two"],
    ['Up"per', ' $$;$$ three '],
    ['f', 'four'],
  ])
})

test('comments, strings and identifiers hide what looks like one', () => {
  const text = `-- DO $$a$$;
    /* do /* $$ */ do $$b$$; */ SELECT 'do $$c$$;', "do $$d$$;", E'\\'; do $$e$$;', $1, x$y$z;
    do $$f$$`
  assert.deepEqual(found(text), [['inline_code_block', 'f']])
})

test('unfinished text ends the search quietly', () => {
  assert.deepEqual(found('do $$abc'), [['inline_code_block', 'abc']])
  assert.deepEqual(found("do 'abc"), [])
  assert.deepEqual(found('/* never ends'), [])
})
