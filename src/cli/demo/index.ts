export { demoConfigFile, shippedSystems } from './demo-config.ts'
export { demoScreen } from './demo-screen.ts'
export { demoTenants } from './demo-tenants.ts'
export { type DemoSystem, describeSystems } from './describe-systems.ts'
