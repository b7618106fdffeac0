-- Reports, every version of them, and what people fill in. Deleting a report takes all of it along; nothing else does.

create table reports (
  -- Part of addresses and of permissions narrowed to it.
  id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,79}$'),
  title text not null check (char_length(title) between 1 and 200),
  description text not null default '' check (char_length(description) <= 2000),
  -- Null: it came with the product.
  owner_id uuid references accounts (id),
  shared_with text not null check (shared_with in ('owner', 'viewer', 'member', 'manager', 'admin')),
  definition jsonb not null,
  version integer not null default 1 check (version > 0),
  -- Counts every change of what is filled in, so that a reader learns of one without reading any.
  input_version bigint not null default 0,
  inputs_changed_at timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  updated_by uuid references accounts (id)
);

create index reports_by_title on reports (lower(title), id);

create table report_versions (
  report_id text not null references reports on delete cascade,
  version integer not null,
  title text not null,
  description text not null,
  definition jsonb not null,
  changed_at timestamptz(3) not null,
  changed_by uuid references accounts (id),
  note text,
  primary key (report_id, version)
);

-- One row per cell that was ever filled in. The row's key may be too long for an index, so its digest stands for it.
create table report_inputs (
  report_id text not null references reports on delete cascade,
  column_id text not null,
  row_id text not null check (char_length(row_id) = 22),
  -- Ids by dimension, and what they were called when the cell was last filled in.
  row_key jsonb not null,
  row_labels jsonb not null,
  -- Of the column when it was filled in: values of one type are never read as another.
  column_type text not null,
  -- Null: emptied.
  value jsonb,
  -- Of selects and persons: what the chosen ids were called then.
  choices jsonb,
  version integer not null check (version > 0),
  changed_at timestamptz(3) not null,
  changed_by uuid references accounts (id),
  primary key (report_id, column_id, row_id)
);

create table report_input_events (
  id bigint generated always as identity primary key,
  report_id text not null references reports on delete cascade,
  column_id text not null,
  row_id text not null,
  row_key jsonb not null,
  value jsonb,
  before jsonb,
  choices jsonb,
  version integer not null,
  changed_at timestamptz(3) not null,
  changed_by uuid references accounts (id),
  token_id text,
  note text
);

create index report_input_events_newest on report_input_events (report_id, id desc);
create index report_input_events_of_cell on report_input_events (report_id, column_id, row_id, id desc);
