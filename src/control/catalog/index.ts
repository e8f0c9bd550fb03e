/** Reads pg_catalog into typed facts; changes nothing, and knows nothing of what is wanted. */
export { type AclItem, type Privilege, PUBLIC, parseAcl } from './acl.ts'
export type {
  ClusterFacts,
  DatabaseFacts,
  MembershipFacts,
  OperatorFacts,
  RoleFacts,
  RoleSettingFacts,
} from './cluster-facts.ts'
export { FINGERPRINT_ALGORITHM, type SchemaShape, type ShapeFact } from './fingerprint.ts'
export { granteesOf } from './grantees.ts'
export { CONTROL_MARKER, markerOf, systemOfMarker } from './marker.ts'
export { type RoleSelection, readClusterFacts } from './read-cluster-facts.ts'
export { readExtensions } from './read-extensions.ts'
export { readRoles } from './read-roles.ts'
export { readRowFacts } from './read-row-facts.ts'
export { readSchemasFacts, type SchemaSelection } from './read-schemas-facts.ts'
export { readShapes, type ShapeTarget } from './read-shapes.ts'
export { replaceQualifier } from './replace-qualifier.ts'
export type { PolicyFacts, RowSchemaFacts, RowTableFacts, ViewFacts } from './row-facts.ts'
export type {
  ColumnGrantFacts,
  DefaultAclFacts,
  ExtensionFacts,
  RelationGroup,
  RelationKind,
  RoutineGroup,
  RoutineName,
  SchemaFacts,
  SchemasFacts,
  TypeFacts,
} from './schema-facts.ts'
