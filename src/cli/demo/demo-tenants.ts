/** The customers that the demo makes, by system. Each has a catalogue of its own in the seeds. */
export const demoTenants: Readonly<Record<string, readonly string[]>> = {
  'bo-tech': ['farmacruz', 'distribuidora_mx', 'farmacon'],
}
