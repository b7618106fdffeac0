import type { Role } from './assignments.ts'

/** What each permission of the repository lets one do, in the order in which a form shows them. */
export const permissionWords: Readonly<Record<Role['permissions'][number], string>> = {
  ViewUnpublishedDataset: 'see unpublished datasets',
  ViewUnpublishedDataverse: 'see unpublished collections',
  DownloadFile: 'download restricted files',
  AddDataset: 'add datasets',
  AddDataverse: 'add collections',
  EditDataset: 'edit datasets',
  DeleteDatasetDraft: 'delete drafts',
  PublishDataset: 'publish datasets',
  EditDataverse: 'edit collections',
  PublishDataverse: 'publish collections',
  DeleteDataverse: 'delete collections',
  ManageDatasetPermissions: 'give roles on datasets',
  ManageFilePermissions: 'give roles on files, and answer requests for them',
  ManageDataversePermissions: 'give roles on collections',
  LinkDataset: 'link datasets',
  LinkDataverse: 'link collections',
}
