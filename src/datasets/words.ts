/** Closed lists of words; pure, as contracts are made of them. */

/** What roles of the repository are made of. */
export const repositoryPermissions = [
  'AddDataverse',
  'AddDataset',
  'ViewUnpublishedDataverse',
  'ViewUnpublishedDataset',
  'DownloadFile',
  'EditDataverse',
  'EditDataset',
  'ManageDataversePermissions',
  'ManageDatasetPermissions',
  'ManageFilePermissions',
  'PublishDataverse',
  'PublishDataset',
  'LinkDataverse',
  'LinkDataset',
  'DeleteDataverse',
  'DeleteDatasetDraft',
] as const
export type RepositoryPermission = (typeof repositoryPermissions)[number]

export const versionStates = ['draft', 'released', 'deaccessioned'] as const
export type VersionState = (typeof versionStates)[number]

export const lockTypes = ['ingest', 'workflow', 'in_review', 'publishing', 'editing', 'validation_failed'] as const
export type LockType = (typeof lockTypes)[number]

export const collectionTypes = [
  'RESEARCHERS',
  'RESEARCH_PROJECTS',
  'JOURNALS',
  'ORGANIZATIONS_INSTITUTIONS',
  'TEACHING_COURSES',
  'LABORATORY',
  'RESEARCH_GROUP',
  'DEPARTMENT',
  'UNCATEGORIZED',
] as const
export type CollectionType = (typeof collectionTypes)[number]
