-- What `tessera import …` brings in: jobs as immutable Parquet batches (the files stand under <data_directory>/imports,
-- their list stands here), and the reference tables that give jobs their names. Ids are given here once and never change.

create table hpc_organizations (
  id integer generated always as identity primary key,
  abbreviation text not null,
  name text not null
);
create unique index hpc_organizations_abbreviation on hpc_organizations (lower(abbreviation));

create table hpc_resource_types (
  id integer generated always as identity primary key,
  description text not null unique
);

create table hpc_resources (
  id integer generated always as identity primary key,
  code text not null unique,
  name text not null,
  type_id integer not null references hpc_resource_types,
  allocation_type text not null,
  organization_id integer not null references hpc_organizations,
  time_zone text not null,
  pi_column text not null check (pi_column in ('group', 'account')),
  host_filter text
);

-- Days are cut in the portal's time zone; both ends belong to the specification, an open end is null.
create table hpc_resource_specifications (
  resource_id integer not null references hpc_resources on delete cascade,
  valid_from date not null,
  valid_to date,
  nodes integer not null check (nodes >= 0),
  cores integer not null check (cores >= 0),
  gpus integer not null check (gpus >= 0),
  share_percent double precision not null check (share_percent between 0 and 100),
  primary key (resource_id, valid_from)
);

-- Users and PIs (groups or accounts) are the same kind of person; names differing only in case are one person.
-- A person may be named before the first job, and may have jobs without ever being named.
create table hpc_people (
  id integer generated always as identity primary key,
  username text not null,
  first_name text,
  last_name text,
  organization text
);
create unique index hpc_people_username on hpc_people (lower(username));

create table hpc_qos (
  id integer generated always as identity primary key,
  name text not null unique
);

-- Parents are kept as written: an item may name its parent before the parent is defined.
create table hpc_hierarchy (
  id integer generated always as identity primary key,
  abbreviation text not null unique,
  description text not null,
  parent text
);

create table hpc_group_hierarchy (
  group_name text primary key check (group_name = lower(group_name)),
  abbreviation text not null
);

-- A batch's jobs carry the numbers first_number … first_number + jobs - 1, in the order of their lines.
create table import_batches (
  id uuid primary key,
  resource_id integer not null references hpc_resources,
  file text not null unique,
  jobs bigint not null check (jobs > 0),
  first_number bigint not null unique,
  earliest_end bigint not null,
  latest_end bigint not null,
  sources text[] not null,
  imported_at timestamptz not null default now()
);
create index import_batches_resource on import_batches (resource_id, latest_end);
