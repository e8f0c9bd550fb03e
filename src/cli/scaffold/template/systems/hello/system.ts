import { defineSystem } from 'panal'

export default defineSystem({
  name: 'hello',
  services: {
    // Each service owns one schema, has an owner role and a login; migrations stand in ./<service>/migrations.
    catalog: { schema: 'catalog' },
    // May SELECT in the schema of catalog, and nothing else there.
    orders: { schema: 'orders', reads: ['catalog'] },
  },
})
