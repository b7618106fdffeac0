/** The forms in which the server tells what a dataset is; those meant for people and programs, not the doubles for harvesters. */
export const exportFormats = [
  { name: 'Datacite', label: 'DataCite (XML)' },
  { name: 'datacite_json', label: 'DataCite (JSON)' },
  { name: 'schema.org', label: 'schema.org (JSON-LD)' },
  { name: 'oai_dc', label: 'Dublin Core' },
  { name: 'dcterms', label: 'Dublin Core terms' },
  { name: 'ddi', label: 'DDI Codebook 2.5' },
  { name: 'OAI_ORE', label: 'OAI-ORE (JSON-LD)' },
  { name: 'croissant', label: 'Croissant' },
  { name: 'ro-crate', label: 'RO-Crate 1.1' },
] as const
