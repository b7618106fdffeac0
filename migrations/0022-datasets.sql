-- The repository: collections in a tree, datasets with their versions and files, and who may do what with them.

-- Collections, datasets and files share their numbers: clients address any of them by one. The root is 1.
create sequence repository_ids as bigint start with 2;

create table collections (
  id bigint primary key default nextval('repository_ids'),
  alias text not null check (alias ~ '^[A-Za-z0-9_-]{1,60}$' and alias !~ '^[0-9]+$'),
  parent_id bigint references collections (id),
  -- Ids from the root down to itself, so that what lies below one is found without walking.
  path bigint[] not null,
  name text not null check (char_length(name) between 1 and 300),
  affiliation text,
  description text not null default '',
  type text not null default 'UNCATEGORIZED',
  -- [{ email }]
  contacts jsonb not null default '[]',
  -- Null: as the parent has them.
  metadata_blocks text[],
  facets text[],
  -- [{ field, required, include }]: what this collection asks of its datasets beyond their blocks.
  input_levels jsonb,
  -- What who deposits a dataset here gets on it.
  contributor_role text not null default 'contributor',
  created_by uuid references accounts (id),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  published_at timestamptz(3),
  check ((parent_id is null) = (id = 1))
);

create unique index collections_alias on collections (lower(alias));
create index collections_parent_id on collections (parent_id);
create index collections_path on collections using gin (path);

insert into collections (id, alias, path, name, description, created_at, updated_at, published_at)
  values (1, 'root', '{1}', 'Root', 'The root collection.', now(), now(), now());

create table licenses (
  id integer generated always as identity primary key,
  name text not null unique,
  uri text not null unique,
  description text not null,
  icon_uri text,
  -- Of the SPDX list.
  spdx_id text,
  active boolean not null default true,
  is_default boolean not null default false,
  sort_order integer not null default 0
);

create unique index licenses_default on licenses (is_default) where is_default;

create table datasets (
  id bigint primary key default nextval('repository_ids'),
  collection_id bigint not null references collections (id),
  -- The persistent id in its parts: perma:tessera/J8SJZB, doi:10.5072/FK2/J8SJZB.
  protocol text not null check (protocol in ('perma', 'doi', 'hdl')),
  authority text not null,
  separator text not null default '/',
  identifier text not null,
  pid text not null generated always as (protocol || ':' || authority || separator || identifier) stored,
  -- When whoever resolves the id (DataCite) was last told where the dataset stands; null: never, or nobody has to.
  pid_registered_at timestamptz(3),
  -- Whether people may ask for restricted files.
  access_requests boolean not null default true,
  created_by uuid references accounts (id),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  published_at timestamptz(3)
);

create unique index datasets_pid on datasets (lower(pid));
create index datasets_collection_id on datasets (collection_id);

create table dataset_versions (
  id bigint generated always as identity primary key,
  dataset_id bigint not null references datasets (id) on delete cascade,
  state text not null check (state in ('draft', 'released', 'deaccessioned')),
  -- Null: a draft has no number yet.
  major integer,
  minor integer,
  -- Counts every change, so that two who edit at once learn of each other.
  revision integer not null default 1,
  title text not null,
  -- By block and field name: { citation: { title: "…", author: [{ authorName: "…" }] } }.
  metadata jsonb not null,
  license_id integer references licenses (id),
  -- Custom terms of use and of access, by name.
  terms jsonb not null default '{}',
  note text,
  created_by uuid references accounts (id),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  updated_by uuid references accounts (id),
  released_at timestamptz(3),
  released_by uuid references accounts (id),
  deaccessioned_at timestamptz(3),
  deaccession_reason text,
  deaccession_url text,
  check ((state = 'draft') = (major is null)),
  check ((major is null) = (minor is null)),
  check ((state = 'draft') = (released_at is null)),
  check ((state = 'deaccessioned') = (deaccessioned_at is not null)),
  unique (dataset_id, major, minor)
);

create unique index dataset_versions_draft on dataset_versions (dataset_id) where state = 'draft';

-- What was deposited; how it is called and shown is told by each version.
create table dataset_files (
  id bigint primary key default nextval('repository_ids'),
  dataset_id bigint not null references datasets (id) on delete cascade,
  -- Of the content, in hexadecimal: where it stands in the content store.
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  md5 text not null check (md5 ~ '^[0-9a-f]{32}$'),
  sha1 text check (sha1 ~ '^[0-9a-f]{40}$'),
  sha512 text check (sha512 ~ '^[0-9a-f]{128}$'),
  bytes bigint not null check (bytes >= 0),
  media_type text not null,
  original_name text not null,
  -- The file that it replaced, and the first of the line.
  previous_file_id bigint references dataset_files (id) on delete set null,
  root_file_id bigint references dataset_files (id) on delete set null,
  created_by uuid references accounts (id),
  created_at timestamptz(3) not null,
  published_at timestamptz(3),
  downloads bigint not null default 0
);

create index dataset_files_dataset_id on dataset_files (dataset_id);
create index dataset_files_sha256 on dataset_files (sha256);

create table version_files (
  id bigint generated always as identity primary key,
  version_id bigint not null references dataset_versions (id) on delete cascade,
  file_id bigint not null references dataset_files (id),
  label text not null,
  -- Without slashes at its ends; empty: top level.
  directory text not null default '',
  description text not null default '',
  categories text[] not null default '{}',
  tags text[] not null default '{}',
  restricted boolean not null default false,
  -- The first day on which anybody may have it.
  embargo_until date,
  embargo_reason text,
  unique (version_id, file_id),
  unique (version_id, directory, label)
);

create index version_files_file_id on version_files (file_id);

create table dataset_locks (
  dataset_id bigint not null references datasets (id) on delete cascade,
  type text not null check (type in ('ingest', 'workflow', 'in_review', 'publishing', 'editing', 'validation_failed')),
  account_id uuid references accounts (id),
  message text not null default '',
  created_at timestamptz(3) not null,
  primary key (dataset_id, type)
);

-- Roles of the repository: sets of its permissions. Those without a collection come with the product.
create table repository_roles (
  id bigint generated always as identity primary key,
  alias text not null unique check (alias ~ '^[A-Za-z0-9_-]{1,40}$'),
  name text not null,
  description text not null default '',
  permissions text[] not null,
  collection_id bigint references collections (id) on delete cascade
);

create table role_assignments (
  id bigint generated always as identity primary key,
  role_id bigint not null references repository_roles (id) on delete cascade,
  -- To whom: an account, everybody signed in, or everybody.
  account_id uuid references accounts (id) on delete cascade,
  audience text check (audience in ('signed_in', 'everybody')),
  -- On what, and all below it.
  collection_id bigint references collections (id) on delete cascade,
  dataset_id bigint references datasets (id) on delete cascade,
  file_id bigint references dataset_files (id) on delete cascade,
  created_by uuid references accounts (id),
  created_at timestamptz(3) not null,
  check (num_nonnulls(account_id, audience) = 1),
  check (num_nonnulls(collection_id, dataset_id, file_id) = 1),
  unique nulls not distinct (role_id, account_id, audience, collection_id, dataset_id, file_id)
);

create index role_assignments_account_id on role_assignments (account_id);
create index role_assignments_collection_id on role_assignments (collection_id);
create index role_assignments_dataset_id on role_assignments (dataset_id);
create index role_assignments_file_id on role_assignments (file_id);

-- A link that shows a draft to whoever has it. Its secret is kept sealed, so that it can be shown to editors again.
create table preview_links (
  dataset_id bigint primary key references datasets (id) on delete cascade,
  secret_hash bytea not null unique check (octet_length(secret_hash) = 32),
  secret_sealed text not null,
  created_by uuid references accounts (id),
  created_at timestamptz(3) not null
);

create table file_access_requests (
  file_id bigint not null references dataset_files (id) on delete cascade,
  account_id uuid not null references accounts (id) on delete cascade,
  state text not null default 'open' check (state in ('open', 'granted', 'rejected')),
  created_at timestamptz(3) not null,
  decided_at timestamptz(3),
  decided_by uuid references accounts (id),
  primary key (file_id, account_id)
);

insert into licenses (name, uri, description, icon_uri, spdx_id, is_default, sort_order) values
  ('CC0 1.0', 'http://creativecommons.org/publicdomain/zero/1.0', 'Creative Commons CC0 1.0 Universal Public Domain Dedication.', 'https://licensebuttons.net/p/zero/1.0/88x31.png', 'CC0-1.0', true, 0),
  ('CC BY 4.0', 'http://creativecommons.org/licenses/by/4.0', 'Creative Commons Attribution 4.0 International License.', 'https://licensebuttons.net/l/by/4.0/88x31.png', 'CC-BY-4.0', false, 1),
  ('CC BY-SA 4.0', 'http://creativecommons.org/licenses/by-sa/4.0', 'Creative Commons Attribution-ShareAlike 4.0 International License.', 'https://licensebuttons.net/l/by-sa/4.0/88x31.png', 'CC-BY-SA-4.0', false, 2),
  ('CC BY-NC 4.0', 'http://creativecommons.org/licenses/by-nc/4.0', 'Creative Commons Attribution-NonCommercial 4.0 International License.', 'https://licensebuttons.net/l/by-nc/4.0/88x31.png', 'CC-BY-NC-4.0', false, 3);

insert into repository_roles (alias, name, description, permissions) values
  ('admin', 'Admin', 'May do everything here and below.', '{AddDataverse,AddDataset,ViewUnpublishedDataverse,ViewUnpublishedDataset,DownloadFile,EditDataverse,EditDataset,ManageDataversePermissions,ManageDatasetPermissions,ManageFilePermissions,PublishDataverse,PublishDataset,LinkDataverse,LinkDataset,DeleteDataverse,DeleteDatasetDraft}'),
  ('fileDownloader', 'File Downloader', 'May download restricted files.', '{DownloadFile}'),
  ('fullContributor', 'Dataverse + Dataset Creator', 'May add collections and datasets.', '{AddDataverse,AddDataset}'),
  ('dvContributor', 'Dataverse Creator', 'May add collections.', '{AddDataverse}'),
  ('dsContributor', 'Dataset Creator', 'May add datasets.', '{AddDataset}'),
  ('contributor', 'Contributor', 'May edit datasets, see their drafts and submit them for review.', '{ViewUnpublishedDataset,EditDataset,DownloadFile,DeleteDatasetDraft}'),
  ('curator', 'Curator', 'May edit and publish datasets, add more of them and say who may.', '{ViewUnpublishedDataset,EditDataset,DownloadFile,DeleteDatasetDraft,PublishDataset,LinkDataset,ManageDatasetPermissions,ManageFilePermissions,AddDataverse,AddDataset,ViewUnpublishedDataverse}'),
  ('member', 'Member', 'May see what is unpublished, and download it.', '{ViewUnpublishedDataset,ViewUnpublishedDataverse,DownloadFile}');

-- Who may deposit at all is told by accounts' roles and tokens' permissions; of these, everybody signed in starts here.
insert into role_assignments (role_id, audience, collection_id, created_at)
  select id, 'signed_in', 1, now() from repository_roles where alias = 'fullContributor';
