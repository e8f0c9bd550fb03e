import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { SystemDefinition } from '../src/model/index.ts'
import { effectiveRights } from './effective-rights.ts'
import { serverKinds } from './harness/servers.ts'
import { type ProvisionFixture, startProvisionFixture } from './provision-fixture.ts'

/** Helpers that a group may call, and that read another service's table as their owner. */
const clinic = (open: boolean): SystemDefinition<string> => ({
  name: 'clinic',
  services: {
    people: { grants: [{ to: 'clinic_rules_owner', on: 'members', privileges: ['select'] }] },
    rules: {
      login: false,
      grants: open ? [{ to: 'callers', on: 'is_member', privileges: ['execute'] }] : [],
    },
  },
  roles: { callers: { members: ['clinic_people_svc'] } },
})

const files = {
  'clinic/people/migrations/001_members.sql': `
    CREATE TABLE members (id int PRIMARY KEY);
    INSERT INTO members VALUES (7);`,
  'clinic/rules/migrations/001_helpers.sql': `-- requires: people@001
    CREATE FUNCTION is_member(person int) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
      SET search_path = '' AS $$ SELECT EXISTS (SELECT FROM people.members WHERE id = person) $$;
    CREATE FUNCTION is_member(person text) RETURNS boolean LANGUAGE sql STABLE
      AS $$ SELECT rules.is_member(person::int) $$;
    CREATE FUNCTION secret() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
    CREATE TABLE is_member (id int);`,
}

for (const kind of serverKinds()) {
  describe(`grants on routines and to owners on ${kind.major} as ${kind.admin}`, () => {
    let fixture: ProvisionFixture
    before(async () => {
      fixture = await startProvisionFixture(kind)
      await fixture.write(files)
      const { failed } = await fixture.describe({ systems: [clinic(true)] }).apply()
      assert.deepEqual(failed, [])
    })
    after(() => fixture?.[Symbol.asyncDispose]())

    test('the group may execute every overload of the routine named, no other, and not its namesake table', async () => {
      const database = await fixture.open('clinic')
      assert.deepEqual(await effectiveRights(database, 'callers', ['people', 'rules']), {
        // One for each overload.
        'rules.is_member()': 'EXECUTE EXECUTE',
        'schema rules': 'USAGE',
      })
      assert.deepEqual(await effectiveRights(database, 'clinic_rules_owner', ['people']), {
        'people.members': 'SELECT',
        'schema people': 'USAGE',
      })
    })

    test('a definer routine reads as its owner what was granted to the owner', async () => {
      const database = await fixture.open('clinic')
      const results = await database.script(`set role clinic_people_svc;
        select rules.is_member(7) as is_member, rules.is_member('8') as is_other; reset role`)
      assert.deepEqual(results.at(1)?.rows, [{ is_member: true, is_other: false }])
    })

    test('a second plan is empty; what leaves the model is revoked, and comes back', async () => {
      const wide = fixture.describe({ systems: [clinic(true)] })
      assert.deepEqual((await wide.plan()).steps, [])
      const narrow = fixture.describe({ systems: [clinic(false)] })
      await narrow.apply()
      assert.deepEqual((await narrow.plan()).steps, [])
      const database = await fixture.open('clinic')
      assert.deepEqual(await effectiveRights(database, 'callers', ['rules']), {})
      await wide.apply()
      assert.deepEqual((await wide.plan()).steps, [])
      assert.equal(
        (await effectiveRights(database, 'callers', ['rules']))['rules.is_member()'],
        'EXECUTE EXECUTE',
      )
    })
  })
}
