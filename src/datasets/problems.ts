import { defineProblem, Problem } from '#src/problem/problem.ts'

/** The `cause` of a not-found where the thing is there, but not for this caller. Never said to them. */
export const hidden = new Error('It is there, but not for this caller.')

/** Whether a not-found hides something: for dialects in which that is another answer. */
export const isHidden = (error: unknown): boolean => error instanceof Problem && error.details.cause === hidden

// — What is there, and who may

export const collectionNotFound = defineProblem(
  'collection-not-found',
  'not_found',
  'There is no such collection',
  '`GET /v1/collections` lists those that you may see.',
)
export const datasetNotFound = defineProblem(
  'dataset-not-found',
  'not_found',
  'There is no such dataset',
  '`GET /v1/datasets` lists those that you may see. Write a persistent id percent-encoded.',
)
export const fileNotFound = defineProblem(
  'dataset-file-not-found',
  'not_found',
  'There is no such file in a dataset',
  '`GET /v1/datasets/{dataset}/versions/{version}/files` lists the files of a version.',
)
export const versionNotFound = defineProblem(
  'dataset-version-not-found',
  'not_found',
  'The dataset has no such version',
  '`GET /v1/datasets/{dataset}/versions` lists those that you may see. Versions are called `draft`, `latest`, `latest-published` or by their number, `1.0`.',
)
export const versionNameInvalid = defineProblem(
  'dataset-version-name-invalid',
  'invalid',
  'This is not the name of a version',
  'Ask for `draft`, `latest`, `latest-published` or a number such as `1.0`.',
)
export const rightMissing = defineProblem(
  'repository-right-missing',
  'forbidden',
  'You lack a right in the repository',
  '`missing_right` names it. Ask who manages the collection or dataset for a role that has it.',
)
export const adminsOnly = defineProblem(
  'repository-admins-only',
  'forbidden',
  'Only administrators of the installation may do this',
  'Ask an administrator.',
)

// — Collections

export const aliasTaken = defineProblem(
  'collection-alias-taken',
  'conflict',
  'There is a collection with this alias already',
  'Choose another alias.',
)
export const collectionInvalid = defineProblem(
  'collection-invalid',
  'unprocessable',
  'The collection cannot be kept like this',
  '`errors` names what is wrong.',
)
export const collectionNotEmpty = defineProblem(
  'collection-not-empty',
  'conflict',
  'The collection is not empty',
  'Move or delete what is in it first; `GET /v1/collections/{collection}/contents` lists it.',
)
export const collectionIsRoot = defineProblem(
  'collection-is-root',
  'conflict',
  'The root collection stays where and what it is',
  'Choose a collection below it.',
)
export const collectionPublished = defineProblem(
  'collection-already-published',
  'conflict',
  'The collection has been published already',
  'Nothing is left to do.',
)
export const parentUnpublished = defineProblem(
  'collection-parent-unpublished',
  'conflict',
  'The collection that it lies in has not been published',
  'Publish `parent` first.',
)
export const moveImpossible = defineProblem(
  'repository-move-impossible',
  'conflict',
  'It cannot be moved there',
  'A collection cannot go into itself or below, and what is published only into what is published.',
)

// — Metadata and terms

export const metadataInvalid = defineProblem(
  'dataset-metadata-invalid',
  'unprocessable',
  'The metadata cannot be kept like this',
  '`errors` names every field that is wrong and why; `GET /v1/metadata-blocks` says what fields there are.',
)
export const licenseUnknown = defineProblem(
  'license-unknown',
  'unprocessable',
  'There is no such license',
  '`GET /v1/licenses` lists them; name one by its name or address.',
)
export const licenseInvalid = defineProblem(
  'license-invalid',
  'unprocessable',
  'The license cannot be kept like this',
  'Names and addresses are unique, and the default license is an active one.',
)
export const licenseNotFound = defineProblem(
  'license-not-found',
  'not_found',
  'There is no such license',
  '`GET /v1/licenses` lists them.',
)
export const termsInvalid = defineProblem(
  'dataset-terms-invalid',
  'unprocessable',
  'The terms cannot be kept like this',
  'Give a license or terms of use of your own, not both.',
)
export const blockNotFound = defineProblem(
  'metadata-block-not-found',
  'not_found',
  'There is no such metadata block',
  '`GET /v1/metadata-blocks` lists them.',
)

// — Versions

export const datasetLocked = defineProblem(
  'dataset-locked',
  'conflict',
  'The dataset is locked',
  '`locks` says for what. While it is in review its reviewers may change it; or return it to its author.',
)
export const datasetChanged = defineProblem(
  'dataset-changed-meanwhile',
  'precondition_failed',
  'Somebody has changed the dataset since you read it',
  'Read it again, and repeat the change on what it is now.',
)
export const nothingToPublish = defineProblem(
  'dataset-already-published',
  'conflict',
  'The latest version has been published already',
  'Change something first: that makes a new draft.',
)
export const firstVersionMinor = defineProblem(
  'dataset-first-version-major',
  'conflict',
  'The first version is a major one',
  'Publish it as `major`: it becomes 1.0.',
)
export const minorRefused = defineProblem(
  'dataset-minor-refused',
  'conflict',
  'Its files have changed, so that this is a major version',
  'Publish it as `major`.',
)
export const datasetCollectionUnpublished = defineProblem(
  'dataset-collection-unpublished',
  'conflict',
  'The collection that the dataset lies in has not been published',
  'Publish `collection` first.',
)
export const termsMissing = defineProblem(
  'dataset-terms-missing',
  'conflict',
  'A dataset is published under a license or terms of use of its own',
  'Choose a license, or write terms of use.',
)
export const accessTermsMissing = defineProblem(
  'dataset-access-terms-missing',
  'conflict',
  'A dataset with restricted files says how access is had',
  'Let people request access, or write terms of access.',
)
export const updateCurrentRefused = defineProblem(
  'dataset-update-current-refused',
  'forbidden',
  'The current version is changed by administrators only, and while it is published',
  'Publish a minor version instead.',
)
export const draftNotFound = defineProblem(
  'dataset-without-draft',
  'conflict',
  'The dataset has no draft',
  'A change to its metadata or files makes one.',
)
export const datasetPublished = defineProblem(
  'dataset-published',
  'conflict',
  'What has been published is not deleted',
  'Deaccession its versions; only administrators destroy a published dataset. `versions` counts those published.',
)
export const deaccessionRefused = defineProblem(
  'dataset-deaccession-refused',
  'conflict',
  'Only a published version can be deaccessioned',
  'Name a version by its number, or `latest-published`. A draft is deleted instead.',
)
export const inReview = defineProblem(
  'dataset-in-review',
  'conflict',
  'The dataset is in review already',
  'Wait for those who publish in its collection.',
)
export const notInReview = defineProblem(
  'dataset-not-in-review',
  'conflict',
  'The dataset is not in review',
  'Only what has been submitted is returned.',
)
export const lockHeld = defineProblem(
  'dataset-lock-held',
  'conflict',
  'The dataset has a lock of this type already',
  'Take that one off first.',
)

// — Preview links

export const previewWithoutDraft = defineProblem(
  'preview-link-without-draft',
  'conflict',
  'Only a draft has a preview link',
  'Change something first: that makes a draft.',
)
export const previewExists = defineProblem(
  'preview-link-exists',
  'conflict',
  'The dataset has a preview link already',
  'Read that one; or delete it, and make another.',
)
export const previewNotFound = defineProblem(
  'preview-link-not-found',
  'not_found',
  'There is no such preview link',
  'Those who edit the dataset can make one while it has a draft.',
)

// — Roles

export const roleNotFound = defineProblem(
  'repository-role-not-found',
  'not_found',
  'There is no such role here',
  '`GET /v1/collections/{collection}/roles` lists those that can be given in a collection.',
)
export const roleUnknown = defineProblem(
  'repository-role-unknown',
  'unprocessable',
  'No role of this name can be given here',
  '`GET /v1/collections/{collection}/roles` lists those that can be given in a collection.',
)
export const roleTaken = defineProblem(
  'repository-role-taken',
  'conflict',
  'There is a role with this alias already',
  'Choose another alias.',
)
export const roleBuiltIn = defineProblem(
  'repository-role-built-in',
  'conflict',
  'Roles that come with the product stay',
  'Make a role of your own instead.',
)
export const assigneeUnknown = defineProblem(
  'assignee-unknown',
  'unprocessable',
  'There is nobody of this name',
  'Give a user name, `:signed-in` or `:everybody`.',
)
export const roleGranted = defineProblem(
  'role-already-granted',
  'conflict',
  'They have this role here already',
  'Nothing is left to do.',
)
export const assignmentNotFound = defineProblem(
  'role-assignment-not-found',
  'not_found',
  'There is no such assignment here',
  '`GET …/assignments` lists them.',
)
