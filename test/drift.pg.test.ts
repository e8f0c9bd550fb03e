import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { readShapes } from '../src/control/catalog/index.ts'
import { platformDrift, type TargetDrift } from '../src/control/drift/index.ts'
import { migratePlatform, rollbackPlatform } from '../src/control/operations/index.ts'
import { createTenants } from '../src/control/tenants/index.ts'
import { ident, sql } from '../src/postgres/index.ts'
import { atlas, atlasFiles, fair, fairFiles, handmade } from './drift-fixture.ts'
import { campus, campusFiles } from './fixtures/campus.ts'
import { type ServerKind, serverKinds } from './harness/servers.ts'
import { type ProvisionFixture, startProvisionFixture, type TestPlatform } from './provision-fixture.ts'

const found = ({ drifted, differences }: TargetDrift): unknown =>
  drifted === null ? 'unknown' : differences.map(({ change, object }) => `${change} ${object}`)

/** The majors that print the catalog differently, whatever kinds the run is about. */
const kinds: readonly ServerKind[] = [...serverKinds(), { major: 15, admin: 'operator' }]

for (const kind of kinds) {
  describe(`drift on ${kind.major} as ${kind.admin}`, () => {
    let fixture: ProvisionFixture
    let platform: TestPlatform

    before(async () => {
      fixture = await startProvisionFixture(kind)
      await fixture.write({ ...atlasFiles, ...campusFiles })
      platform = fixture.describe({ systems: [atlas, campus] })
      const { failed } = await platform.apply()
      assert.deepEqual(failed, [])
      await createTenants(platform.context, { system: 'atlas', slugs: ['one', 'two'] })
    })
    after(() => fixture[Symbol.asyncDispose]())

    const drift = (selection = {}) => platformDrift(platform.context, selection)
    const ofAtlas = () => drift({ systems: ['atlas'] })
    /** What is left in the scratch database. */
    const leftBehind = async () => {
      const scratch = await fixture.open('panal_scratch')
      return await scratch.query(sql`select nspname from pg_namespace
        where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')`)
    }

    test('what apply made has not drifted, shared services with references included', async () => {
      const all = await drift()
      assert.deepEqual(
        all.map(({ target, drifted, unknown, differences }) => ({ target, drifted, unknown, differences })),
        [
          'atlas/shop/one',
          'atlas/shop/two',
          'campus/people',
          'campus/courses',
          'campus/stats',
          'campus/archive',
        ].map((target) => ({ target, drifted: false, unknown: undefined, differences: [] })),
      )
      assert.equal(all[0]!.fingerprint, all[1]!.fingerprint, 'two tenants of one version')
      assert.match(all[0]!.fingerprint ?? '', new RegExp(`^1-pg${kind.major}-[0-9a-f]{64}$`))
      assert.deepEqual(await leftBehind(), [])
    })

    test('a second look finds the shapes in the registry and makes no database', async () => {
      const control = await fixture.open('panal')
      const newest = sql`select max(oid::bigint) as oid, (select count(*) from panal.shapes) as shapes from pg_database`
      const before = await control.query(newest)
      assert.equal(before[0]?.shapes, 5, 'one of atlas, four of campus')
      await drift()
      assert.deepEqual(await control.query(newest), before)
    })

    test('a change by hand of every kind is named, and only that', async () => {
      const slugs = handmade.map((_, index) => `hand${index}`)
      await createTenants(platform.context, { system: 'atlas', slugs })
      const inside = await fixture.open('atlas')
      for (const [index, { sql: change }] of handmade.entries()) {
        const text = change
          .replaceAll('{schema}', `atlas_hand${index}`)
          .replaceAll('{login}', `atlas_user_hand${index}`)
        await inside.script(`SET search_path = atlas_hand${index}; ${text}; RESET search_path`)
      }
      const drifts = new Map((await ofAtlas()).map((each) => [each.target, each]))
      assert.deepEqual(
        handmade.map(({ sql: change }, index) => [change, found(drifts.get(`atlas/shop/hand${index}`)!)]),
        handmade.map(({ sql: change, names }, index) => [
          change,
          names.map((name) => name.replace('{schema}', `atlas_hand${index}`)),
        ]),
      )
      assert.equal(drifts.get('atlas/shop/one')?.drifted, false, 'a neighbour')
      const [before, after] = [drifts.get('atlas/shop/one'), drifts.get('atlas/shop/hand0')]
      assert.notEqual(before?.fingerprint, after?.fingerprint)
    })

    test('what is no drift: rows, comments, rights, partitions, statistics', async () => {
      const inside = await fixture.open('atlas')
      await inside.script(`SET search_path = atlas_two;
        INSERT INTO people (name) VALUES ('Ana'); SELECT nextval('tickets');
        COMMENT ON TABLE people IS 'ours'; GRANT SELECT ON people TO PUBLIC;
        CREATE TABLE visits_2027 PARTITION OF visits FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
        CREATE INDEX ON visits_2027 (who);
        ANALYZE people; RESET search_path`)
      const [two] = await drift({ systems: ['atlas'], tenant: 'two' })
      assert.deepEqual(two?.differences, [])
      assert.equal(two?.drifted, false)
    })

    test('every target is held against its own version, and a rollback ends at the shape of that version', async () => {
      await rollbackPlatform(platform.context, {
        selection: { systems: ['atlas'], tenant: 'two' },
        back: { to: '001' },
      })
      const [back] = await drift({ systems: ['atlas'], tenant: 'two' })
      assert.equal(back?.drifted, false)
      const [one] = await drift({ systems: ['atlas'], tenant: 'one' })
      assert.equal(one?.drifted, false)
      assert.notEqual(back?.fingerprint, one?.fingerprint)
      await migratePlatform(platform.context, { selection: { systems: ['atlas'], tenant: 'two' } })
      const [again] = await drift({ systems: ['atlas'], tenant: 'two' })
      assert.equal(again?.fingerprint, one?.fingerprint)
    })

    test('the name of the schema counts where it is an identifier, and nowhere else', async () => {
      const inside = await fixture.open('atlas')
      await inside.script(`CREATE ROLE naming_owner; CREATE ROLE naming_a; CREATE ROLE naming_b`)
      const make = (schema: string) => `
        CREATE SCHEMA ${schema} AUTHORIZATION naming_owner; SET search_path = ${schema};
        CREATE TABLE naming_a (id integer PRIMARY KEY, naming_a text DEFAULT 'naming_a.id');
        CREATE VIEW own AS SELECT naming_a.id, naming_a.naming_a FROM naming_a WHERE naming_a <> '${'naming_a'}.x';
        CREATE FUNCTION says() RETURNS text LANGUAGE sql AS $$ SELECT 'naming_a.naming_b' $$;
        CREATE FUNCTION pinned() RETURNS int LANGUAGE sql SET search_path FROM CURRENT AS $$ SELECT 1 $$;
        CREATE FUNCTION bound() RETURNS bigint LANGUAGE sql RETURN (SELECT count(*) FROM naming_a);
        CREATE POLICY mine ON naming_a TO ${schema} USING (current_user = 'naming_a');
        RESET search_path`
      await inside.script(make('naming_a'))
      await inside.script(make('naming_b'))
      const named = (schema: string) => ({ schema, owner: 'naming_owner', login: schema })
      const [a, b] = await readShapes([inside], [named('naming_a'), named('naming_b')])
      assert.ok(typeof a === 'object' && typeof b === 'object')
      assert.deepEqual(a?.facts, b?.facts)
      assert.equal(a?.fingerprint, b?.fingerprint)

      await inside.script('DROP FUNCTION naming_b.pinned; ALTER SCHEMA naming_b RENAME TO naming_c')
      await inside.script('ALTER ROLE naming_b RENAME TO naming_c; DROP FUNCTION naming_a.pinned')
      const [before, renamed] = await readShapes([inside], [named('naming_a'), named('naming_c')])
      assert.ok(typeof before === 'object' && before !== null)
      assert.deepEqual(renamed, before)
      await inside.script('DROP SCHEMA naming_a, naming_c CASCADE')
      await inside.query(sql`DROP ROLE ${ident('naming_owner')}`)
    })

    test('a schema that is gone is drift', async () => {
      const inside = await fixture.open('atlas')
      await inside.script('DROP SCHEMA atlas_hand1 CASCADE')
      const [gone] = await drift({ systems: ['atlas'], tenant: 'hand1' })
      assert.deepEqual(found(gone!), ['missing schema atlas_hand1'])
    })

    test('policies that the model makes, and schemas of one tenant that refer to each other', async () => {
      await fixture.write(fairFiles)
      const other = fixture.describe({ systems: [atlas, campus, fair] })
      assert.deepEqual((await other.apply({ selection: { systems: ['fair'] } })).failed, [])
      await createTenants(other.context, { system: 'fair', slugs: ['east', 'west'] })
      const ofFair = async () =>
        (await platformDrift(other.context, { systems: ['fair'] })).map(
          ({ target, drifted, differences }) => [
            target,
            drifted,
            differences.map(({ change, object }) => `${change} ${object}`),
          ],
        )
      const targets = ['desk', 'stock/east', 'stock/west', 'sales/east', 'sales/west']
      assert.deepEqual(
        await ofFair(),
        targets.map((target) => [`fair/${target}`, false, []]),
      )
      const inside = await fixture.open('fair')
      await inside.script(`ALTER TABLE desk.notes DISABLE ROW LEVEL SECURITY;
        ALTER TABLE sales_west.lines DROP CONSTRAINT lines_item_fkey,
          ADD CONSTRAINT lines_item_fkey FOREIGN KEY (item) REFERENCES stock_east.items`)
      assert.deepEqual(
        (await ofFair()).filter(([, drifted]) => drifted !== false),
        [
          ['fair/desk', true, ['changed table notes']],
          ['fair/sales/west', true, ['changed constraint lines.lines_item_fkey']],
        ],
      )
    })
  })
}
