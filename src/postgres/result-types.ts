import pg from 'pg'

/** How the server's types arrive in JavaScript, by OID of pg_type; the driver's own rule holds for the rest. */
const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [20, parseInt8],
  [1016, (text) => parseTextArray(text).map((item) => (item === null ? null : parseInt8(item)))], // int8[]
  // A date has no time zone: as a JavaScript Date it would shift a day wherever the clock is not UTC.
  [1082, String], // date
  [1114, String], // timestamp
  [1182, parseTextArray], // date[]
  [1115, parseTextArray], // timestamp[]
  [1186, String], // interval
  [1187, parseTextArray], // interval[]
  [1231, parseTextArray], // numeric[]: as floating point it would lose digits
  // The catalogs' own types, which the driver would leave as '{a,b}'.
  [1002, parseTextArray], // "char"[]
  [1003, parseTextArray], // name[]
  [1034, parseTextArray], // aclitem[]
])

/**
 * The driver's conversions, with ours before them: int8 and int8[] are numbers where they are safe
 * integers and bigint beyond (no digit is ever lost, and a result is never refused); numeric, date,
 * timestamp and interval stay text; timestamptz is a Date; json is parsed; bytea is a Buffer.
 */
export const resultTypes = new pg.TypeOverrides()
for (const [oid, parse] of parsers) resultTypes.setTypeParser(oid, 'text', parse)

function parseInt8(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

function parseTextArray(text: string): (string | null)[] {
  const textArrayOid: number = 1009
  return pg.types.getTypeParser(textArrayOid, 'text')(text) as (string | null)[]
}
