import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  type Connection,
  completedStatements,
  excerpt,
  locateServerError,
  openConnection,
} from '../src/postgres/index.ts'
import { startTestServer, type TestServer } from './harness/servers.ts'

interface Case {
  readonly name: string
  /** `▲` stands right before the place that must be found; it is not sent. */
  readonly source: string
}

const createFails = `CREATE FUNCTION fails(a int4) RETURNS int LANGUAGE plpgsql AS $f$
BEGIN
  ▲RAISE EXCEPTION 'no';
END $f$;`
const withoutMark = (text: string) => text.replace('▲', '')

const cases: readonly Case[] = [
  { name: 'a syntax error on line 7', source: `SELECT 1;\n${'\n'.repeat(5)}  CREATE ▲TABEL x ();\n` },
  { name: 'behind an emoji and letters of two bytes', source: "SELECT 1;\n\tSELECT '😀👩‍💻', 'ñ' FRM ▲x;" },
  { name: 'with carriage returns', source: 'SELECT 1;\r\nSELECT 2;\r\n  SELECT ▲nothing;\r\n' },
  { name: 'an unknown table', source: 'SELECT 1;\nSELECT *\nFROM ▲nowhere;' },
  { name: 'at the end of the text', source: 'SELECT 1;\nSELECT (1▲' },
  {
    name: 'a syntax error in a DO body',
    source: 'SELECT 1;\nDO $x$\nBEGIN\n  -- ñ 😀\n  PERFORM 1;\n  ▲SELCT 2;\nEND $x$;',
  },
  { name: 'a missing word of PL/pgSQL', source: 'DO $x$\nBEGIN\n  IF true THN\n  END IF▲;\nEND $x$;' },
  {
    name: 'an unknown table in a DO body',
    source: 'SELECT 1;\nDO $$\nBEGIN\n  PERFORM 1;\n  INSERT INTO ▲nowhere VALUES (1);\nEND $$;',
  },
  {
    name: 'behind SELECT INTO',
    source: 'DO $$\nDECLARE n int;\nBEGIN\n  SELECT count(*) INTO n FROM ▲nowhere;\nEND $$;',
  },
  { name: 'behind PERFORM', source: 'DO $$\nBEGIN\n  PERFORM * FROM ▲nowhere;\nEND $$;' },
  {
    name: 'in an assignment',
    source: 'DO $$\nDECLARE n int;\nBEGIN\n  /* 😀 */ n := 1 + ▲nothing;\nEND $$;',
  },
  {
    name: 'the same statement twice, the second one fails',
    source:
      'DO $$\nBEGIN\n  IF false THEN\n    PERFORM * FROM nowhere;\n  END IF;\n  PERFORM * FROM ▲nowhere;\nEND $$;',
  },
  { name: 'built for EXECUTE', source: "DO $$\nBEGIN\n  ▲EXECUTE 'SELECT * FROM ' || 'nowhere';\nEND $$;" },
  {
    name: 'a runtime error in a DO body',
    source: 'SELECT 1;\nDO $$\nDECLARE n int;\nBEGIN\n  ▲n := 1 / 0;\nEND $$;',
  },
  {
    name: 'RAISE in a quoted DO body',
    source: "DO 'BEGIN\n  PERFORM ''x'';\n  ▲RAISE EXCEPTION ''no'';\nEND';",
  },
  {
    name: 'the second of two blocks, only it is long enough',
    source: "DO $$ BEGIN PERFORM 1; END $$;\nDO $$\nBEGIN\n  ▲RAISE EXCEPTION 'no';\nEND $$;",
  },
  { name: 'in a function of the text that is called', source: `${createFails}\nSELECT fails(1);` },
  {
    name: 'in a function of the text that a block calls',
    source: `${createFails}\nDO $$\nBEGIN\n  PERFORM fails(1);\nEND $$;`,
  },
  {
    name: 'in a function that stood before, called from a block',
    source: 'SELECT 1;\nDO $$\nBEGIN\n  PERFORM 1;\n  ▲PERFORM standing(1);\nEND $$;',
  },
  {
    name: 'in a trigger of the text',
    source:
      "CREATE TEMP TABLE t (a int);\nCREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  ▲RAISE EXCEPTION 'no';\nEND $$;\nCREATE TRIGGER t BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();\nINSERT INTO t VALUES (1);",
  },
  {
    name: 'a function that does not compile',
    source:
      "CREATE FUNCTION bad() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  ▲RAISE EXCEPTON 'no';\nEND $$;",
  },
  {
    name: 'in the body of an SQL function',
    source: 'CREATE FUNCTION bad() RETURNS int LANGUAGE sql AS $$\n  SELECT ▲nothing\n$$;',
  },
]

for (const major of [18, 15] as const) {
  describe(`places of the errors of PostgreSQL ${major}`, () => {
    let server: TestServer
    let connection: Connection
    /** Runs the text behind a prefix, as migrations do, and gives the error. */
    const prefix = "SET LOCAL search_path = public; SELECT 'ñ 😀';\n"
    const failureOf = async (text: string): Promise<unknown> => {
      const failure = await connection
        .transaction((inside) => inside.script(prefix + text))
        .then(
          () => undefined,
          (error: unknown) => error,
        )
      assert.ok(failure, 'the text must fail')
      return failure
    }
    const prefixCodePoints = Array.from(prefix).length

    before(async () => {
      server = await startTestServer({ major, admin: 'superuser' })
      connection = await openConnection(server.url)
      await connection.script(withoutMark(createFails).replace('fails', 'standing'))
    })
    after(async () => {
      await connection?.close()
      await server?.[Symbol.asyncDispose]()
    })

    for (const { name, source } of cases) {
      test(name, async () => {
        const lines = source.slice(0, source.indexOf('▲')).split('\n')
        const expected = { line: lines.length, column: Array.from(lines.at(-1) ?? '').length + 1 }
        const text = withoutMark(source)
        const found = locateServerError(await failureOf(text), text, { prefixCodePoints })
        assert.deepEqual(found, expected)
        assert.match(excerpt(text, expected, 'message')[expected.line === 1 ? 1 : 2] ?? '', /▲ message$/)
      })
    }

    test('nothing says where: no place, but the statement when the caller knows it', async () => {
      const text = 'SELECT 1;\nSELECT 2;\n-- then\nSELECT 1/0;\nSELECT 3'
      const failure = await failureOf(text)
      assert.equal(locateServerError(failure, text, { prefixCodePoints }), undefined)
      // Two statements of the prefix and two of the text went before.
      assert.equal(completedStatements(failure), 4)
      const statementStart = text.indexOf('\n-- then')
      assert.deepEqual(locateServerError(failure, text, { prefixCodePoints, statementStart }), {
        line: 4,
        column: 1,
      })
    })

    test('a function that stood before and fails by itself has no place here', async () => {
      assert.equal(locateServerError(await failureOf('SELECT standing(1)'), 'SELECT standing(1)'), undefined)
    })

    test('an error of the prefix is no error of the text', async () => {
      const failure = await connection.script('SELECT nothing;\nSELECT 1').catch((error: unknown) => error)
      assert.equal(locateServerError(failure, 'SELECT 1', { prefixCodePoints: 16 }), undefined)
    })
  })
}
