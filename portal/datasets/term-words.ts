/** Terms of a dataset's own, in the order in which they are read. */
export const termLabels: Readonly<Record<string, string>> = {
  license: 'Licence',
  terms_of_use: 'Terms of use',
  confidentiality_declaration: 'Confidentiality declaration',
  special_permissions: 'Special permissions',
  restrictions: 'Restrictions',
  citation_requirements: 'Citation requirements',
  depositor_requirements: 'Depositor requirements',
  conditions: 'Conditions',
  disclaimer: 'Disclaimer',
  terms_of_access: 'Terms of access for restricted files',
  data_access_place: 'Data access place',
  original_archive: 'Original archive',
  availability_status: 'Availability status',
  contact_for_access: 'Contact for access',
  size_of_collection: 'Size of collection',
  study_completion: 'Study completion',
}

export const termLabel = (name: string): string => termLabels[name] ?? name.replaceAll('_', ' ')
